"""Environments of their own: where they are, how they are made where there is no uv, and how they are removed."""

import re
import sys

import pytest
from attrs import evolve

from sigma_ls.runtime import environments
from sigma_ls.runtime.environments import Environment, interpreter_of, named, place_of
from sigma_ls.runtime.installation import BUNDLED_PIP, InstallError, install, remove, run_beside, size
from tests.support.installer import Installer


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SIGMA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SIGMA_ENVIRONMENTS", raising=False)
    return tmp_path / "home"


@pytest.fixture
def thing(tmp_path):
    lock = tmp_path / "thing.lock"
    lock.write_text("thing==1 --hash=sha256:00\n")
    return Environment("thing", "the thing", "It does things.", lock, "no_such_module", 7)


@pytest.fixture
def without_uv(monkeypatch):
    """As beside the server of an extension: `uv` cannot be found."""
    monkeypatch.setitem(sys.modules, "uv", None)


def quiet(_line):
    pass


def test_each_lock_has_a_place_of_its_own_in_the_data_folder(thing, home):
    before = place_of(thing)
    thing.lock.write_text("thing==2 --hash=sha256:00\n")
    assert before != place_of(thing)
    assert re.fullmatch(r"thing-python3\.\d+-[0-9a-f]{16}", before.name)
    assert before.parent == home / "data" / "environments"


def test_what_is_part_of_this_installation_needs_no_environment(thing):
    assert interpreter_of(evolve(thing, module="json")) is not None
    assert interpreter_of(thing) is None
    python = install(thing, report=quiet, run=Installer())
    assert interpreter_of(thing) == python


def test_the_pip_of_the_extension_installs_where_python_has_none(thing, without_uv, monkeypatch):
    monkeypatch.setenv(BUNDLED_PIP, "/extension/pip/pip")
    pip = Installer()
    python = install(thing, report=quiet, run=pip)
    made, filled = pip.commands
    assert made[:4] == [sys.executable, "-m", "venv", "--without-pip"]
    assert filled[1:3] == ["/extension/pip/pip", "install"]
    assert filled[-3:] == ["--require-hashes", "--requirement", str(thing.lock)]
    assert python.is_file()


def test_else_the_pip_of_the_environment_installs(thing, without_uv, monkeypatch):
    monkeypatch.delenv(BUNDLED_PIP, raising=False)
    pip = Installer()
    install(thing, report=quiet, run=pip)
    assert [command[1:4] for command in pip.commands] == [["-m", "venv", pip.commands[0][3]], ["-m", "pip", "install"]]


def test_a_failure_names_what_was_to_be_installed_and_where_packages_come_from(thing):
    with pytest.raises(InstallError) as failed:
        install(thing, report=quiet, run=Installer("--require-hashes", "cause: dns error"))
    assert failed.value.message.startswith("The thing could not be installed: ")
    assert "dns error" in failed.value.message
    assert "PIP_INDEX_URL" in failed.value.next_step
    assert environments.installed(thing) is None


def test_what_pip_says_each_time_it_tries_again_is_told_once(thing):
    retried = (
        "WARNING: Retrying (Retry(total={}, connect=None)) after connection broken by "
        "'NewConnectionError(\"HTTPSConnection(host='pypi.org'): [Errno 111] Connection refused\")': /simple/boto3/"
    )
    said = [*(retried.format(total) for total in (4, 3, 2, 1, 0)), "ERROR: No matching distribution found for boto3==1"]
    with pytest.raises(InstallError) as failed:
        install(thing, report=quiet, run=Installer("--require-hashes", "\n".join(said)))
    assert failed.value.message.endswith(
        "ended with status 2: No connection: NewConnectionError(\"HTTPSConnection(host='pypi.org'): [Errno 111] Connection "
        'refused") / ERROR: No matching distribution found for boto3==1'
    )


def test_what_a_killed_installation_left_is_cleared_away_by_the_next(thing):
    place = place_of(thing)
    lefts = [place.with_name(f"installing-{place.name}-x1"), place.with_name(f"removing-{place.name}")]
    for left in lefts:
        (left / "environment").mkdir(parents=True)
    install(thing, report=quiet, run=Installer())
    assert not any(left.exists() for left in lefts)


def test_a_removal_that_was_killed_is_finished_by_the_next(thing):
    install(thing, report=quiet, run=Installer())
    left = place_of(thing).with_name(f"removing-{place_of(thing).name}")
    (left / "bin").mkdir(parents=True)
    assert remove(thing) is True
    assert not left.exists()
    assert environments.installed(thing) is None


def test_all_that_was_made_for_it_is_removed(thing):
    install(thing, report=quiet, run=Installer())
    thing.lock.write_text("thing==2 --hash=sha256:00\n")
    python = install(thing, report=quiet, run=Installer())
    other = evolve(thing, name="other")
    install(other, report=quiet, run=Installer())
    python.write_text("12345")
    assert size(thing) == 5
    assert remove(thing) is True
    assert (environments.installed(thing), size(thing)) == (None, 0)
    assert remove(thing) is False
    assert [path.name for path in python.parents[2].iterdir() if path.is_dir()] == [place_of(other).name]


def test_an_installer_runs_where_no_settings_of_a_workspace_are(thing):
    place = place_of(thing)
    place.parent.mkdir(parents=True)
    done = run_beside(place)([sys.executable, "-c", "import os; print(os.getcwd())"])
    assert (done.returncode, done.stdout) == (0, f"{place.parent}\n")


def test_several_are_named_as_people_do(thing):
    assert named([thing]) == "the thing"
    assert named([thing, evolve(thing, title="cfn-lint")], capital=True) == "The thing and cfn-lint"
