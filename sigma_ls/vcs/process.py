"""The git program, so that it can neither wait for somebody nor outlive what it was asked for.

It has no terminal, asks for no password, opens no editor, starts no daemon.  What it says goes to a file: a hook may leave
a process behind that holds on to a pipe for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from attrs import frozen

GRACE: Final = 2.0
"""Seconds that git has to remove its lock files when it is told to end, before it is killed (a guess)."""

_SETTINGS: Final = (
    "core.fsmonitor=false",  # a daemon, which would stay
    "gc.auto=0",  # tidying up is for when nobody waits
    "maintenance.auto=false",
    "user.useConfigOnly=true",  # no author is made up of the machine's name
    "status.relativePaths=false",
)
_ALWAYS: Final = {
    "GIT_TERMINAL_PROMPT": "0",
    "GCM_INTERACTIVE": "never",
    "GIT_EDITOR": ":",
    "GIT_PAGER": "cat",
    # Messages that can be understood; unlike LC_ALL it leaves the encoding of what hooks print alone.
    "LANGUAGE": "C",
}
_OF_ANOTHER_REPOSITORY: Final = frozenset(
    # `git rev-parse --local-env-vars`: set where we were started by a hook, or by an alias, of some other repository.
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_NAMESPACE",
        "GIT_NO_REPLACE_OBJECTS",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_QUARANTINE_PATH",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)


class GitError(Exception):
    """Git did not do it; the message says why, and what to do."""


class GitMissing(GitError):
    """There is no git program."""


@frozen
class Said:
    """How git ended, and what it said."""

    status: int
    out: bytes
    err: str


async def git(
    folder: Path, *arguments: str, limit: float, environment: Mapping[str, str], given: bytes = b"", reads: bool = True
) -> Said:
    """Run git in `folder` for at most `limit` seconds; `given` is its input, and one that only `reads` takes no locks.

    Raises:
        GitMissing: there is no git.
        GitError: it took longer.
    """
    program = shutil.which("git", path=environment.get("PATH"))
    if program is None:
        raise GitMissing("There is no git program on this machine's PATH.")
    settings = [each for setting in _SETTINGS for each in ("-c", setting)]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as into:
        into.write(given)
        into.seek(0)
        process = await asyncio.create_subprocess_exec(
            program,
            "-C",
            str(folder),
            *settings,
            *arguments,
            stdin=into,
            stdout=out,
            stderr=err,
            env=_environment(environment, reads=reads),
            # Not a child of our terminal: whoever would ask there for a passphrase finds none.
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(limit):
                status = await process.wait()
        except TimeoutError:
            await _end(process)
            raise GitError(
                f"git {_command(arguments)} took longer than {limit:g} seconds and was ended."
                f"{_said_so_far(_read(err).decode(errors='replace'))}"
            ) from None
        except BaseException:
            await asyncio.shield(_end(process))
            raise
        return Said(status, _read(out), _read(err).decode(errors="replace"))


def last_lines(text: str, most: int = 5) -> str:
    """The end of what was said, in one line: the reason comes last."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-most:])[-600:]


def _command(arguments: Sequence[str]) -> str:
    return next(each for each in arguments if not each.startswith("-"))


def _said_so_far(text: str) -> str:
    return f" It said: {last_lines(text)}" if text.strip() else ""


def _environment(environment: Mapping[str, str], *, reads: bool) -> dict[str, str]:
    kept = {name: value for name, value in environment.items() if name not in _OF_ANOTHER_REPOSITORY}
    return kept | _ALWAYS | ({"GIT_OPTIONAL_LOCKS": "0"} if reads else {})


def _read(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


async def _end(process: asyncio.subprocess.Process) -> None:
    """End git with its hooks; asked politely it removes its lock files."""
    _signal(process, signal.SIGTERM)
    try:
        async with asyncio.timeout(GRACE):
            await process.wait()
    except TimeoutError:
        pass
    else:
        return
    _signal(process, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    await process.wait()


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.terminate()
        else:
            os.killpg(process.pid, number)
