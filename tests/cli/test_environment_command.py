"""`sigma-ls environment …`."""

import pytest

from sigma_ls.runtime.installation import install
from sigma_ls.sandbox.environment import SANDBOX
from tests.cli.shell import Shell
from tests.support.installer import Installer


@pytest.fixture
def shell(tmp_path, monkeypatch):
    monkeypatch.setenv("SIGMA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SIGMA_ENVIRONMENTS", raising=False)
    return Shell(tmp_path)


def test_each_is_listed_with_its_state_and_purpose(shell):
    assert shell.run("environment", "list") == 0
    lines = [line.split() for line in shell.out.splitlines()]
    assert [line[:2] for line in lines[::2]] == [
        ["cfn-lint", "included"],
        ["sandbox", "missing"],
        ["build-tools", "included"],
    ]
    assert "The embedded cloud on this machine\n" in shell.out


def test_what_is_installed_is_listed_with_its_size_and_removed(shell, tmp_path):
    python = install(SANDBOX, report=lambda _line: None, run=Installer())
    python.write_bytes(bytes(2_000_000))
    shell.run("environment", "list")
    assert f"sandbox       installed, 2 MB in {tmp_path / 'home' / 'data' / 'environments'}" in shell.out
    assert shell.run("environment", "remove", "sandbox") == 0
    assert (shell.out, python.exists()) == ("The sandbox is removed.\n", False)
    assert shell.run("environment", "remove", "sandbox") == 0
    assert shell.out == "The sandbox was not installed.\n"


def test_what_comes_with_this_installation_is_not_installed_twice(shell):
    assert shell.run("environment", "install", "cfn-lint", "build-tools") == 0
    assert shell.out.splitlines() == [
        "Cfn-lint is part of this installation of sigma-ls.",
        "The build toolkit is part of this installation of sigma-ls.",
    ]


def test_a_name_that_there_is_not_is_refused_with_those_there_are(shell):
    assert shell.run("environment", "install", "emulator") == 3
    assert "There is no environment emulator; there are cfn-lint, sandbox, build-tools." in shell.err
