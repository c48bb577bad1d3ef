"""The sandbox's own Python environment: installed once, on demand, exactly as locked.

It cannot share ours, since the emulator pins another botocore.  An environment is made beside its place and renamed
into it when it is complete, so a half-made one is never used.
"""

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from sigma_ls.runtime.places import cache_dir
from sigma_ls.sandbox.errors import SandboxError
from sigma_ls.sandbox.locked import locked

# Made from `ministack==1.5.33`, `boto3` (which functions find in their runtime) and `cryptography` (without which there
# are no KMS keys, and no token of a user pool opens an API) by
# `uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header`.
LOCK = Path(__file__).with_name("requirements.lock")

# What is left in the output of an installer when it has failed: enough for the reason, which comes last.
_LAST_LINES = 8

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


def environment_dir() -> Path:
    """Where the environment for this lock file, interpreter and machine is or will be.

    `SIGMA_SANDBOX_ENV` names another folder to keep environments in, so that tests can share one.
    """
    version = "{}.{}".format(*sys.version_info[:2])
    made_of = (LOCK.read_bytes(), version.encode(), sys.platform.encode(), platform.machine().encode())
    key = hashlib.sha256(b"\0".join(made_of)).hexdigest()[:16]
    shared = os.environ.get("SIGMA_SANDBOX_ENV", "")
    return (Path(shared) if shared else cache_dir() / "sandbox") / f"python{version}-{key}"


def run(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end and keep what it wrote."""
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)


def installed(*, report: Callable[[str], None], run: Run = run) -> Path:
    """The environment's interpreter, after installing the environment if it is not there.  Raises `SandboxError`."""
    place = environment_dir()
    if (python := _interpreter(place)).exists():
        return python
    if sys.platform == "win32":
        raise SandboxError("The sandbox runs on Linux and macOS only.", "On Windows, use it inside WSL.")
    try:
        with locked(place.with_suffix(".lock"), waiting=lambda: report("Waiting for another installation …")):
            # Another process may have made it meanwhile.
            if not python.exists():
                report("Installing the sandbox (once, about 65 MB) …")
                _install(place, run)
    except OSError as error:
        raise SandboxError(
            f"The sandbox cannot be installed in {place.parent}: {error.strerror or error}.",
            "Make room and give write access, or set SIGMA_HOME to another folder.",
        ) from error
    return python


def _interpreter(place: Path) -> Path:
    return place / "bin" / "python"


def _install(place: Path, run: Run) -> None:
    beside = Path(tempfile.mkdtemp(prefix="installing-", dir=place.parent))
    try:
        for command in _commands(beside / "environment"):
            _check(run(command))
        # What is there lacks its interpreter: left from a Python that has been removed.
        shutil.rmtree(place, ignore_errors=True)
        (beside / "environment").rename(place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _commands(place: Path) -> "list[list[str]]":
    python = str(_interpreter(place))
    if importlib.util.find_spec("uv"):
        from uv import find_uv_bin  # noqa: PLC0415 - not everywhere where this is installed

        uv = find_uv_bin()
        return [
            [uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, str(place)],
            [uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "--requirement", str(LOCK)],
        ]
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return [[sys.executable, "-m", "venv", str(place)], [*pip, "--require-hashes", "--requirement", str(LOCK)]]


def _check(done: "subprocess.CompletedProcess[str]") -> None:
    if done.returncode:
        said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise SandboxError(
            f"The sandbox could not be installed: `{' '.join(map(str, done.args[:3]))} …` ended with status "
            f"{done.returncode}: {' / '.join(line.strip() for line in said[-_LAST_LINES:])}",
            "It needs the Python package index once: check the network and the proxy. Another index is named by "
            "UV_DEFAULT_INDEX (uv does not read pip's settings).",
        )
