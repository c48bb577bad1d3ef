"""The processes of one sandbox: its server, the workers of its functions, and whatever these started.

They are known by the sandbox's id, which each inherits in its environment; so a child that left the process group or
lost its parent is found as well.  Where the environment of another process cannot be read (macOS), they are the
descendants of the process that has the id on its command line.
"""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

ID_VARIABLE = "SIGMA_SANDBOX_ID"

_PROC = Path("/proc")


def family(sandbox_id: str) -> "set[int]":
    """The ids of all living processes of that sandbox, except the caller's own."""
    found = _by_environment(sandbox_id) if _PROC.joinpath("self", "environ").exists() else _by_descent(sandbox_id)
    return found - {os.getpid()}


def end(sandbox_id: str, *, grace: float = 2.0, patience: float = 5.0) -> "set[int]":
    """End them: ask, wait up to `grace` seconds, then kill.  Returns those that lived through it, after `patience`."""
    _signal_all(family(sandbox_id), signal.SIGTERM)
    if not _gone_within(grace, sandbox_id):
        deadline = time.monotonic() + patience
        # Again and again: a process may start another one while it is being killed.
        while (left := family(sandbox_id)) and time.monotonic() < deadline:
            _signal_all(left, signal.SIGKILL)
            time.sleep(0.02)
    return family(sandbox_id)


def _gone_within(seconds: float, sandbox_id: str) -> bool:
    deadline = time.monotonic() + seconds
    while family(sandbox_id):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _signal_all(pids: "set[int]", number: int) -> None:
    for pid in pids:
        # It ended by itself, or it has become someone else's: both are fine.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _by_environment(sandbox_id: str) -> "set[int]":
    mark = f"{ID_VARIABLE}={sandbox_id}".encode()
    found = set()
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            # Other users' processes are not readable, a zombie's environment is empty; neither is ours to end.
            with contextlib.suppress(OSError):
                if mark in folder.joinpath("environ").read_bytes().split(b"\0"):
                    found.add(int(folder.name))
    return found


def _by_descent(sandbox_id: str) -> "set[int]":
    command = ["ps", "-axo", "pid=,ppid=,command="]
    return descendants(sandbox_id, subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def descendants(sandbox_id: str, listing: str) -> "set[int]":
    """Processes with the id on their command line, and all that came of them; `listing` has pid, parent, command."""
    children: dict[int, list[int]] = {}
    pending = []
    for line in listing.splitlines():
        pid, parent, command = line.split(maxsplit=2)
        children.setdefault(int(parent), []).append(int(pid))
        if sandbox_id in command:
            pending.append(int(pid))
    found: set[int] = set()
    while pending:
        pid = pending.pop()
        if pid not in found:
            found.add(pid)
            pending += children.get(pid, [])
    return found
