"""Installing environments (`sigma_ls.runtime.environments`) as locked, and removing them.

One is made beside its place and renamed into it when it is complete, so that a half-made one is never used.  Everything
here blocks.  Nobody is asked here whether to install: that is up to the caller.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from sigma_ls.runtime.environments import Environment, installed, place_of, program, program_in
from sigma_ls.runtime.locked import locked
from sigma_ls.runtime.places import environments_dir

BUNDLED_PIP = "SIGMA_BUNDLED_PIP"
"""The variable in which the extension's `start.py` says where the pip is that it brings along."""

# What is left in the output of an installer when it has failed: enough for the reason, which comes last.
_LAST_LINES = 8
_RETRIED = re.compile(r"^WARNING: Retrying \(.*?\) after connection broken by '(?P<why>.*)': \S+$")

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


class InstallError(Exception):
    """An environment could not be installed or removed; `next_step` says what to do about it."""

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(f"{message} {next_step}")
        self.message = message
        self.next_step = next_step


def install(environment: Environment, *, report: Callable[[str], None], run: Run | None = None) -> Path:
    """The environment's own interpreter, after installing the environment if it is not there.  Raises `InstallError`."""
    if (python := installed(environment)) is not None:
        return python
    place = place_of(environment)
    try:
        with locked(_lock_of(place), waiting=lambda: report("Waiting for another installation …")):
            # Another process may have made it meanwhile.
            if installed(environment) is None:
                report(f"Installing {environment.title} (once, about {environment.megabytes} MB) …")
                _install(environment, place, run or run_beside(place))
    except OSError as error:
        raise InstallError(
            f"{_capital(environment.title)} cannot be installed in {place.parent}: {error.strerror or error}.",
            "Make room and give write access, or set SIGMA_HOME to another folder.",
        ) from error
    return program(environment, "python")


def remove(environment: Environment) -> bool:
    """Delete it, for every lock and interpreter it was made for.  Whether there was any.  Raises `InstallError`."""
    gone = False
    for place in _made(environment):
        try:
            with locked(_lock_of(place), waiting=lambda: None):
                # Half of one, left by a process that was killed meanwhile, would be taken for a whole one.
                aside = place.with_name(f"removing-{place.name}")
                shutil.rmtree(aside, ignore_errors=True)
                place.rename(aside)
                shutil.rmtree(aside)
        except OSError as error:
            raise InstallError(
                f"{place} could not be deleted: {error.strerror or error}.",
                "Close what uses it, then try again, or delete the folder by hand.",
            ) from error
        gone = True
    return gone


def size(environment: Environment) -> int:
    """Bytes on the disk, of all that `remove` would delete."""
    files = (path for place in _made(environment) for path in place.rglob("*"))
    return sum(path.lstat().st_size for path in files if not path.is_dir())


def run_beside(place: Path) -> Run:
    """Runs a command to its end and keeps what it wrote; not in the workspace, whose settings uv would read."""

    def run(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False, cwd=place.parent,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip

    return run


def _lock_of(place: Path) -> Path:
    # It stays for ever: who deletes a lock file lets two at once hold "the" lock.
    return place.with_name(f"{place.name}.lock")


def _made(environment: Environment) -> list[Path]:
    return [path for path in sorted(environments_dir().glob(f"{environment.name}-python*")) if path.is_dir()]


def _install(environment: Environment, place: Path, run: Run) -> None:
    prefix = f"installing-{place.name}-"
    for left in (*place.parent.glob(f"{prefix}*"), place.with_name(f"removing-{place.name}")):
        # Of an installation or a removal that was killed: we hold the lock.
        shutil.rmtree(left, ignore_errors=True)
    beside = Path(tempfile.mkdtemp(prefix=prefix, dir=place.parent))
    try:
        for command in _commands(environment, beside / "environment"):
            _check(environment, run(command))
        # What is there lacks its interpreter: left from a Python that has been removed.
        shutil.rmtree(place, ignore_errors=True)
        (beside / "environment").rename(place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _commands(environment: Environment, place: Path) -> "list[list[str]]":
    python = str(program_in(place, "python"))
    locked_as = ["--require-hashes", "--requirement", str(environment.lock)]
    if importlib.util.find_spec("uv"):
        from uv import find_uv_bin  # noqa: PLC0415 - not everywhere where this is installed

        uv = find_uv_bin()
        return [
            [uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, str(place)],
            [uv, "pip", "install", "--quiet", "--python", python, *locked_as],
        ]
    quiet = ["install", "--quiet", "--disable-pip-version-check", "--no-input"]
    if pip := os.environ.get(BUNDLED_PIP):
        # Debian's Python can make environments, but puts no pip into them.
        return [
            [sys.executable, "-m", "venv", "--without-pip", str(place)],
            [python, pip, *quiet, *locked_as],
        ]
    return [[sys.executable, "-m", "venv", str(place)], [python, "-m", "pip", *quiet, *locked_as]]


def _check(environment: Environment, done: "subprocess.CompletedProcess[str]") -> None:
    if done.returncode:
        raise InstallError(
            f"{_capital(environment.title)} could not be installed: `{_called(done.args)} …` ended with status "
            f"{done.returncode}: {' / '.join(_reasons(done.stderr or done.stdout)[-_LAST_LINES:])}",
            "It needs the Python package index once: check the network and the proxy. Another index is named by "
            "PIP_INDEX_URL for pip, and by UV_DEFAULT_INDEX for uv (which does not read pip's settings).",
        )


def _called(command: Sequence[object]) -> str:
    """Its beginning as a person would type it: where its programs lie is of no interest."""
    return " ".join(Path(str(part)).name for part in command[:3])


def _reasons(output: str) -> list[str]:
    """What an installer said, each thing once: pip tells each time that it tries again why the time before failed."""
    said = (line.strip() for line in output.splitlines())
    return list(dict.fromkeys(_RETRIED.sub(r"No connection: \g<why>", line) for line in said if line))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
