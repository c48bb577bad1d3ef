"""The files of a function: which of those in its folder belong into its archive."""

import stat
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from sigma_ls.build.model import BuildError, FunctionSource

# Version control, environments, caches and the litter of desktops: never part of what runs.
_LEFT_OUT = frozenset(
    {".git", ".hg", ".svn", ".venv", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".DS_Store"}
)


@frozen
class Member:
    """A file of an archive: its name there, with forward slashes, and where its content is."""

    name: str
    path: Path
    executable: bool


def members(source: FunctionSource) -> tuple[Member, ...]:
    """The files of the function's folder, sorted by name.  Raises `BuildError`."""
    folder = source.code
    if not folder.exists():
        raise BuildError(
            f"The code of {source.function} is missing: there is no {folder}.",
            source.function,
            "Make the folder, or correct `code` in the manifest.",
        )
    if not folder.is_dir():
        raise BuildError(
            f"The code of {source.function} is neither a folder nor a .zip: {folder}.",
            source.function,
            "Name the folder that the file is in as `code`.",
        )
    found = sorted(_walk(source, folder, "", ()), key=lambda member: member.name)
    if not found:
        raise BuildError(
            f"The folder of {source.function} is empty: {folder}.",
            source.function,
            "Put the file that `handler` names into it, or correct `code` in the manifest.",
        )
    return tuple(found)


def content(source: FunctionSource, member: Member) -> bytes:
    """The content of a file.  Raises `BuildError`."""
    try:
        return member.path.read_bytes()
    except OSError as error:
        raise _unreadable(source, member.path, error) from error


def _walk(source: FunctionSource, folder: Path, prefix: str, above: tuple[Path, ...]) -> Iterator[Member]:
    real = _inside_project(source, folder)
    if real in above:
        raise BuildError(
            f"A link in the code of {source.function} leads back to a folder that it is in: {folder}.",
            source.function,
            "Remove the link.",
        )
    try:
        entries = list(folder.iterdir())
        if any(entry.name == "pyvenv.cfg" for entry in entries):
            # A virtual environment, whatever it is called.
            return
        for entry in entries:
            name = f"{prefix}{entry.name}"
            if entry.name in _LEFT_OUT or entry.suffix == ".pyc" or name.endswith("node_modules/.cache"):
                continue
            mode = _inside_project(source, entry).stat().st_mode
            if stat.S_ISDIR(mode):
                yield from _walk(source, entry, f"{name}/", (*above, real))
            elif stat.S_ISREG(mode):
                yield Member(_storable(source, name), entry, executable=bool(mode & 0o111))
            else:
                raise BuildError(
                    f"The code of {source.function} holds something that is neither file nor folder: {entry}.",
                    source.function,
                    "Move it out of the folder.",
                )
    except OSError as error:
        raise _unreadable(source, Path(error.filename or folder), error) from error


def _inside_project(source: FunctionSource, path: Path) -> Path:
    """Where the path leads in the end."""
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise BuildError(
            f"A link in the code of {source.function} leads nowhere: {path}.", source.function, "Mend or remove it."
        ) from error
    border = (source.project or source.code).resolve()
    if not real.is_relative_to(border):
        raise BuildError(
            f"A link in the code of {source.function} leaves the project: {path} leads to {real}.",
            source.function,
            "Copy what it leads to into the project.",
        )
    return real


def _storable(source: FunctionSource, name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise BuildError(
            f"A file name in the code of {source.function} is not UTF-8: {name.encode(errors='backslashreplace')!r}.",
            source.function,
            "Rename it.",
        ) from error
    return name


def _unreadable(source: FunctionSource, path: Path, error: OSError) -> BuildError:
    return BuildError(
        f"The code of {source.function} cannot be read: {path}: {error.strerror or error}.",
        source.function,
        "Give yourself read access to it, or move it out of the folder.",
    )
