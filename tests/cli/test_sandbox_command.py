"""`sigma-ls sandbox …`, with a sandbox in memory."""

from pathlib import Path

import pytest

from sigma_ls.sandbox.cloud import Endpoint, Running, Stopped
from sigma_ls.sandbox.errors import SandboxError
from tests.cli.shell import Shell

ENDPOINT = Endpoint("http://127.0.0.1:4566", "0" * 12, "us-east-1", (3, 11), "key", "secret")


class Sandbox:
    """Runs or not; `error` is raised by whatever is asked."""

    def __init__(self, state=Stopped(), error=None):  # noqa: B008 - frozen
        self.state = state
        self.error = error
        self.asked = []

    def ensure_running(self, *, report, pace, port):
        self._check()
        report("Starting the sandbox …")
        self.asked.append((pace, port))
        return ENDPOINT

    def status(self):
        return self.state

    def stop(self):
        self._check()
        return isinstance(self.state, Running)

    def reset(self):
        self._check()
        self.asked.append("reset")

    def _check(self):
        if self.error:
            raise self.error


RUNNING = Running(ENDPOINT, 12, "real", "2026-11-23T06:00:00.000Z", Path("state/sandbox/log"))


def run(tmp_path, sandbox, *arguments):
    shell = Shell(tmp_path, sandbox=sandbox)
    return shell.run("sandbox", *arguments), shell.out, shell.err


def test_start_prints_the_address_and_how_to_stop_it(tmp_path):
    sandbox = Sandbox()
    status, out, err = run(tmp_path, sandbox, "start", "--pace", "instant", "--port", "4566")
    assert (status, sandbox.asked, err) == (0, [("instant", 4566)], "Starting the sandbox …\n")
    assert "http://127.0.0.1:4566" in out
    assert "sigma-ls sandbox stop" in out


def test_start_leaves_pace_and_port_to_the_sandbox(tmp_path):
    sandbox = Sandbox()
    assert run(tmp_path, sandbox, "start")[0] == 0
    assert sandbox.asked == [(None, None)]


@pytest.mark.parametrize(("state", "says"), [(RUNNING, "is stopped"), (Stopped(), "does not run")])
def test_stop_is_no_error_when_there_is_nothing_to_stop(tmp_path, state, says):
    status, out, _ = run(tmp_path, Sandbox(state), "stop")
    assert status == 0
    assert says in out


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (RUNNING, ["http://127.0.0.1:4566", "12", "real", "state/sandbox/log", "sigma-ls sandbox stop"]),
        (Stopped(), ["stopped"]),
        (Stopped(stale=True), ["left processes behind", "sigma-ls sandbox stop"]),
    ],
)
def test_status(tmp_path, state, says):
    status, out, _ = run(tmp_path, Sandbox(state), "status")
    assert status == 0
    assert [each for each in says if each not in out] == []


def test_reset(tmp_path):
    sandbox = Sandbox(RUNNING)
    assert run(tmp_path, sandbox, "reset")[0] == 0
    assert sandbox.asked == ["reset"]


@pytest.mark.parametrize("command", ["start", "stop", "reset"])
def test_what_the_sandbox_cannot_do_is_said_with_the_next_step(tmp_path, command):
    error = SandboxError("The sandbox cannot use port 80: Permission denied.", "Name another one.")
    status, out, err = run(tmp_path, Sandbox(RUNNING, error), command)
    assert (status, out) == (1, "")
    assert err == "sigma-ls: The sandbox cannot use port 80: Permission denied.\n  Name another one.\n"
