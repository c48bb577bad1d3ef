"""The sandbox's own Python environment.  It cannot share ours, since the emulator pins another botocore."""

import sys
from collections.abc import Callable
from pathlib import Path

from sigma_ls.runtime import environments
from sigma_ls.runtime.environments import Environment
from sigma_ls.runtime.installation import InstallError, Run, install
from sigma_ls.sandbox.errors import SandboxError

# Made from `ministack==1.5.33`, `boto3` (which functions find in their runtime) and `cryptography` (without which there
# are no KMS keys, and no token of a user pool opens an API) by
# `uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header`.
LOCK = Path(__file__).with_name("emulator.lock")

SANDBOX = Environment(
    name="sandbox",
    title="the sandbox",
    purpose="the embedded cloud on this machine",
    lock=LOCK,
    module="ministack",
    megabytes=25,
)


def environment_dir() -> Path:
    """Where the environment for this lock file, interpreter and machine is or will be."""
    return environments.place_of(SANDBOX)


def installed(*, report: Callable[[str], None], run: Run | None = None) -> Path:
    """The environment's interpreter, after installing the environment if it is not there.  Raises `SandboxError`."""
    if (python := environments.installed(SANDBOX)) is not None:
        return python
    if sys.platform == "win32":
        raise SandboxError("The sandbox runs on Linux and macOS only.", "On Windows, use it inside WSL.")
    try:
        return install(SANDBOX, report=report, run=run)
    except InstallError as error:
        raise SandboxError(error.message, error.next_step) from error
