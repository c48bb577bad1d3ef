"""The environments that can be installed on demand: which there are, how each is, and their removal.

`sigma_ls.runtime.environments` installs them, `sigma_ls.app.installing` asks before.  Everything here blocks.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Literal

from attrs import frozen

from sigma_ls.app.lint import CFN_LINT
from sigma_ls.app.refusal import Refused
from sigma_ls.build.tools import TOOLS
from sigma_ls.runtime import environments, installation, places
from sigma_ls.runtime.environments import Environment
from sigma_ls.runtime.installation import InstallError
from sigma_ls.sandbox import cloud
from sigma_ls.sandbox.environment import SANDBOX
from sigma_ls.sandbox.errors import SandboxError

ALL = (CFN_LINT, SANDBOX, TOOLS)

State = Literal["installed", "included", "missing"]
"""`included`: it is part of our own installation, and needs no environment."""


@frozen
class Installation:
    """One environment as it is; `size` is in bytes on the disk, for each Python and version that it was made for."""

    environment: Environment
    state: State
    size: int
    folder: Path


def find(name: str) -> Environment:
    """The environment of that name.

    Raises:
        Refused: `unknownEnvironment`.
    """
    for each in ALL:
        if each.name == name:
            return each
    names = ", ".join(each.name for each in ALL)
    raise Refused("unknownEnvironment", f"There is no environment {name}; there are {names}.")


def look(environment: Environment) -> Installation:
    """How it is now."""
    own = importlib.util.find_spec(environment.module) is not None
    there = environments.installed(environment) is not None
    state: State = "included" if own else "installed" if there else "missing"
    return Installation(environment, state, installation.size(environment), environments.place_of(environment))


def remove(environment: Environment) -> bool:
    """Delete it; whether there was anything to delete.  A running sandbox is ended before.

    Raises:
        Refused: `notRemoved`.
    """
    try:
        if environment == SANDBOX:
            cloud.stop()
        return installation.remove(environment)
    except (InstallError, SandboxError) as error:
        raise Refused("notRemoved", f"{error.message} {error.next_step}") from error


def decline(environment: Environment) -> None:
    """Never offer it again by ourselves, in any editor."""
    mark = _mark(environment)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


def is_declined(environment: Environment) -> bool:
    """Whether the user wants no more offers of it."""
    return _mark(environment).exists()


def _mark(environment: Environment) -> Path:
    return places.state_dir() / "declined" / environment.name
