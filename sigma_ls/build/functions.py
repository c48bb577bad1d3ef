"""Building one function: its files and its dependencies into a reproducible archive, unless that is there already."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from attrs import frozen

from sigma_ls.build import archive, nodejs, python, sources, store, tools
from sigma_ls.build.model import BuildError, Built, FunctionSource, Target
from sigma_ls.build.sources import Member

# Changes whenever the same source would make another archive.
_FORMAT = 1

# Runtimes whose code must be compiled, which is not done here (yet).
_COMPILED = ("java", "dotnet", "go1")


@frozen
class _Plan:
    """What goes into an archive: the function's own files, and dependencies with what tells them from others."""

    files: tuple[Member, ...]
    dependencies: "_Dependencies | None"


@frozen
class _Dependencies:
    key: str
    install: Callable[[Path], None]
    members: Callable[[Path], Iterable[Member]]


def source_hash(source: FunctionSource, target: Target) -> str:
    """What tells this source, built for that target, from any other: a SHA-256 in hexadecimal.  Raises `BuildError`.

    Reads the function's files, and nothing else.  Requirements that are not pinned count by their text.
    """
    if source.code.suffix == ".zip":
        return _hash_of_archive(source)
    return _hash(source, _plan(source, target, python.run))


def lacks_tools(source: FunctionSource) -> bool:
    """Whether building this function may fetch packages, by a program that is not installed (`tools.TOOLS`)."""
    if source.code.suffix == ".zip":
        return False
    if source.runtime.startswith("python"):
        return (source.code / python.REQUIREMENTS).is_file() and tools.uv() is None
    try:
        return source.runtime.startswith("nodejs") and bool(nodejs.manifests(source)) and tools.builders() is None
    except BuildError:
        return False  # The build says what is wrong.


def build(
    source: FunctionSource, target: Target, *, report: Callable[[str], None], run: python.Run = python.run
) -> Built:
    """The function's archive, built unless it is up to date.  Blocks.  Raises `BuildError`.

    `report` gets a line about what takes time; `run` runs the installer.
    """
    try:
        if source.code.suffix == ".zip":
            return _take_over(source)
        plan = _plan(source, target, run)
        key = _hash(source, plan)
        if known := store.find(key):
            return Built(source.function, known.path, known.hash, known.size, up_to_date=True)
        installed: dict[str, Member] = {}
        if plan.dependencies:
            fill = plan.dependencies.install

            def install(folder: Path) -> None:
                report(f"{source.function}: fetching dependencies …")
                fill(folder)

            folder = store.dependencies(plan.dependencies.key, install)
            installed = {member.name: member for member in plan.dependencies.members(folder)}
        report(f"{source.function}: packing …")
        made = store.keep(key, lambda file: _write(source, plan, installed, file))
    except archive.TooLargeError as error:
        raise _too_large(source, error.size) from error
    except OSError as error:
        raise BuildError(
            f"The archive of {source.function} cannot be written: {error.filename or 'the cache'}: "
            f"{error.strerror or error}.",
            source.function,
            "Make room and give write access to the cache folder, or set SIGMA_HOME to another one.",
        ) from error
    return Built(source.function, made.path, made.hash, made.size, up_to_date=False)


def _plan(source: FunctionSource, target: Target, run: python.Run) -> _Plan:
    files = sources.members(source)
    if source.runtime.startswith(_COMPILED):
        raise BuildError(
            f"{source.function} cannot be built: code for {source.runtime} must be compiled, which is not done yet.",
            source.function,
            "Compile and pack it yourself, and name the .zip as `code`.",
        )
    if source.runtime.startswith("python") and (texts := python.requirements(source)):
        where = python.environment(source, target)
        return _Plan(
            files, _Dependencies(_digest(where.key(), *texts), python.install(source, where, run), python.installed)
        )
    if source.runtime.startswith("nodejs") and (texts := nodejs.manifests(source)):
        # Installed anew: what lies in the folder may hold what is for development only.
        own = tuple(member for member in files if not member.name.startswith(f"{nodejs.MODULES}/"))
        key = _digest(source.runtime, source.architecture, *texts)
        return _Plan(own, _Dependencies(key, nodejs.install(source), nodejs.installed))
    return _Plan(files, None)


def _hash(source: FunctionSource, plan: _Plan) -> str:
    listed = [
        (member.name, member.executable, hashlib.sha256(sources.content(source, member)).hexdigest())
        for member in plan.files
    ]
    return _digest(_FORMAT, plan.dependencies.key if plan.dependencies else None, listed)


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _write(source: FunctionSource, plan: _Plan, installed: dict[str, Member], file: IO[bytes]) -> None:
    # The function's own file wins over one of the same name in a dependency.
    members = installed | {member.name: member for member in plan.files}

    def content(member: Member) -> bytes:
        return python.content(member) if installed.get(member.name) is member else sources.content(source, member)

    archive.write(file, members.values(), content)


# --- code that is an archive already ---------------------------------------------------------------------------------


def _hash_of_archive(source: FunctionSource) -> str:
    try:
        with source.code.open("rb") as file:
            return _digest(_FORMAT, hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        raise BuildError(
            f"The code of {source.function} cannot be read: {source.code}: {error.strerror or error}.",
            source.function,
            "Build the archive, or correct `code` in the manifest.",
        ) from error


def _take_over(source: FunctionSource) -> Built:
    """Keep a copy of the archive as it is: what is deployed must not change with the file."""
    key = _hash_of_archive(source)
    if known := store.find(key):
        return Built(source.function, known.path, known.hash, known.size, up_to_date=True)
    try:
        size = archive.unzipped_size(source.code)
    except zipfile.BadZipFile as error:
        raise BuildError(
            f"The code of {source.function} is no zip archive: {source.code}: {error}.",
            source.function,
            "Build the archive again, or correct `code` in the manifest.",
        ) from error
    if size > archive.MAX_UNZIPPED_BYTES:
        raise archive.TooLargeError(size)
    with source.code.open("rb") as given:
        made = store.keep(key, lambda file: shutil.copyfileobj(given, file))
    return Built(source.function, made.path, made.hash, made.size, up_to_date=False)


def _too_large(source: FunctionSource, size: int) -> BuildError:
    limit = archive.MAX_UNZIPPED_BYTES
    return BuildError(
        f"The archive of {source.function} is too large: more than {limit // 2**20} MB unzipped "
        f"(at least {size} bytes; AWS Lambda allows {limit}).",
        source.function,
        "Move large files to a bucket and large dependencies to a layer, or leave them out.",
    )
