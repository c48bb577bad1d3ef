"""Python environments of their own for what is heavy or compiled: which there can be, and where.

All live in one folder of the user's, for the language server and the command line alike.  One is made for a lock file,
a Python version and a machine.  Installing and removing them is in `sigma_ls.runtime.installation`, which nothing needs
at a server's start.
"""

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen


@frozen
class Environment:
    """One environment; `module` is what it is needed for, `megabytes` about what is downloaded."""

    name: str
    title: str
    """With its article, as in `The sandbox is not installed.`: `the sandbox`."""
    purpose: str
    """What it is or does, as it would stand in brackets behind the title."""
    lock: Path
    module: str
    megabytes: int


def place_of(environment: Environment) -> Path:
    """Where the environment for this lock file, interpreter and machine is or will be."""
    import hashlib  # noqa: PLC0415 - it brings OpenSSL, 3 MB that an editor without deployments never needs
    import platform  # noqa: PLC0415 - not at a server's start

    from sigma_ls.runtime.places import environments_dir  # noqa: PLC0415 - likewise

    version = "{}.{}".format(*sys.version_info[:2])
    made_of = (environment.lock.read_bytes(), version.encode(), sys.platform.encode(), platform.machine().encode())
    key = hashlib.sha256(b"\0".join(made_of)).hexdigest()[:16]
    return environments_dir() / f"{environment.name}-python{version}-{key}"


def interpreter_of(environment: Environment) -> Path | None:
    """The interpreter that finds `environment.module`, if there is one: our own, or that of the environment."""
    return Path(sys.executable) if importlib.util.find_spec(environment.module) else installed(environment)


def installed(environment: Environment) -> Path | None:
    """The environment's own interpreter, if it is installed."""
    python = program(environment, "python")
    return python if python.exists() else None


def program(environment: Environment, name: str) -> Path:
    """Where a program of the environment is or will be."""
    return program_in(place_of(environment), name)


def program_in(place: Path, name: str) -> Path:
    """Where a program of the environment at `place` is or will be."""
    return place / "Scripts" / f"{name}.exe" if sys.platform == "win32" else place / "bin" / name


def named(some: Sequence[Environment], *, capital: bool = False) -> str:
    """Their titles as a person says them."""
    text = " and ".join(each.title for each in some)
    return text[:1].upper() + text[1:] if capital else text
