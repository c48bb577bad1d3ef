"""What the sandbox is built on: the pinned emulator's names, most of them private, and what these are."""

import json

import pytest

from sigma_ls.sandbox import environment
from tools import gen_emulator_contract

pytestmark = pytest.mark.sandbox


def test_the_emulator_is_the_one_that_the_sandbox_was_written_for():
    written = json.loads(gen_emulator_contract.OUTPUT.read_text(encoding="utf-8"))
    found = json.loads(gen_emulator_contract.content())
    differences = {name: (written.get(name), found.get(name)) for name in written | found}
    assert {name: pair for name, pair in differences.items() if pair[0] != pair[1]} == {}, (
        "the emulator changed underneath: see what each of these is now, then python tools/gen_emulator_contract.py"
    )


def test_the_lock_pins_that_emulator():
    written = json.loads(gen_emulator_contract.OUTPUT.read_text(encoding="utf-8"))
    assert f"ministack=={written['ministack']} " in environment.LOCK.read_text(encoding="utf-8")


def test_what_is_replaced_or_called_is_among_it():
    # One that is imported, one that is an attribute of a module, one that is replaced in several modules at once.
    assert {
        "ministack.core.responses:new_uuid",
        "ministack.services.cloudformation.stacks:_roll_back_operation",
        "ministack.services.cloudformation.handlers:_continue_update_rollback_async",
    } <= set(gen_emulator_contract.names())


def test_a_name_that_is_gone_is_told():
    with pytest.raises(RuntimeError, match="does not have what the sandbox is built on"):
        gen_emulator_contract.content(["ministack.app:gone"])
