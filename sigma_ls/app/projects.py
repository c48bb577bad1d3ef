"""Where manifests are and what they say: from a path, a URI or a workspace to a text.

Reads the disk, understands nothing of what it reads.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from attrs import frozen

from sigma_ls.app.refusal import Refused
from sigma_ls.manifest.codes import CHARACTER, MISSING_KEY, TOO_LARGE
from sigma_ls.manifest.diagnostic import Code, Diagnostic, diagnostic
from sigma_ls.syntax.lines import Lines
from sigma_ls.syntax.span import Range

NAMES: Final = ("sigma.yaml", "sigma.yml")
"""Manifests, by precedence: beside the first, the second is ignored."""

MAX_SIZE: Final = 5_000_000
"""Bytes; a manifest of this size is no manifest (50 000 lines are about 1.5 MB)."""

_SKIPPED: Final = frozenset({"node_modules", "__pycache__", "site-packages", "dist", "build"})
_MAX_DEPTH: Final = 8
"""Folders below a workspace in which projects are looked for (a guess)."""


class ProjectError(Refused):
    """There is no manifest that could be read; the message says why and what to do.

    Where there is a file, `found` is the same as a diagnostic of it, and `before` the text that could be read.
    """

    def __init__(self, code: str, message: str, found: Diagnostic | None = None, before: str = "") -> None:
        super().__init__(code, message)
        self.found = found
        self.before = before


@frozen
class Source:
    """A manifest's text.  `path` is absolute; `uri` is as whoever named it writes it."""

    path: Path
    text: str
    uri: str

    @property
    def folder(self) -> Path:
        """The project's root folder, which the paths in the manifest are relative to."""
        return self.path.parent


def file_path(path: str) -> str:
    """What the path of a `file:` URI is called on this machine."""
    if os.name == "nt":
        from urllib.request import url2pathname  # noqa: PLC0415 - it brings all of HTTP: 3 MB, and 10 ms of a start

        return url2pathname(path)
    return unquote(path, sys.getfilesystemencoding(), sys.getfilesystemencodeerrors())


def to_path(place: str) -> Path:
    """The absolute path of a path or `file:` URI.

    Raises:
        ProjectError: it is a URI of something that is not a file.
    """
    parts = urlsplit(place)
    if parts.scheme == "file":
        return _absolute(file_path(parts.path))
    # A single letter is a drive of Windows.
    if len(parts.scheme) > 1 and "://" in place:
        raise ProjectError("noManifest", f"{place} is no file on this machine: save the manifest to a folder first.")
    return _absolute(str(Path(place).expanduser()))


def is_of(manifest: str, project: str) -> bool:
    """Whether a manifest is that of a project, named by its manifest or its folder: one that was renamed is the same one."""
    path, place = to_path(manifest), to_path(project)
    return place in (path, path.parent) or (place.name in NAMES and path.name in NAMES and place.parent == path.parent)


def locate(place: str) -> Path:
    """The manifest at a path or URI: the file itself, or the one in the folder.

    Raises:
        ProjectError: `noManifest`.
    """
    path = to_path(place)
    if path.is_dir():
        for name in NAMES:
            if (path / name).is_file():
                return path / name
        if path.name in NAMES:
            raise ProjectError("noManifest", f"{path} is a folder: a manifest is a file of that name.")
        if folder := next((name for name in NAMES if (path / name).is_dir()), None):
            raise ProjectError("noManifest", f"{path / folder} is a folder: a manifest is a file of that name.")
        for name in NAMES:
            if (path / name).is_symlink():
                raise ProjectError("noManifest", _leads_nowhere(path / name))
        raise ProjectError("noManifest", f"There is no {NAMES[0]} in {path}: name a manifest or its folder.")
    return path


def load(place: str, text: str | None = None) -> Source:
    """The manifest at a path or URI; `text`, the editor's own, wins over the disk.

    Raises:
        ProjectError: `noManifest`, `unreadableManifest`, `emptyManifest` or `manifestTooLarge`.
    """
    path = locate(place)
    # Editors tell documents apart by their URI as they write it themselves.
    uri = place if place.startswith("file:") and to_path(place) == path else path.as_uri()
    source = Source(path, _read(path) if text is None else text, uri)
    if not source.text.strip():
        message = "is empty: a manifest begins with `name` and `platform`."
        raise _unreadable("emptyManifest", path, message, MISSING_KEY)
    if len(source.text) > MAX_SIZE:
        raise _too_large(path)
    return source


def ignored_beside(manifest: Path) -> Path | None:
    """The file of the second name beside a manifest of the first, which is ignored."""
    other = manifest.with_name(NAMES[1])
    return other if manifest.name == NAMES[0] and other.is_file() else None


def discover(folders: Iterable[Path]) -> tuple[Path, ...]:
    """The manifests in and below `folders`, sorted; hidden folders and those of dependencies are left out."""
    found = {manifest for folder in folders for manifest in _manifests(folder.resolve(), _MAX_DEPTH)}
    return tuple(sorted(found))


def the_only_one(manifests: Iterable[Path]) -> Path:
    """The manifest that is meant when none is named.

    Raises:
        ProjectError: `noManifest`, or `ambiguousProject` where there are several.
    """
    match tuple(manifests):
        case ():
            raise ProjectError(
                "noManifest", f"There is no {NAMES[0]} here: open the folder of a project, or write one."
            )
        case (manifest,):
            return manifest
        case several:
            names = ", ".join(str(path) for path in several)
            raise ProjectError("ambiguousProject", f"There are several projects, name one of them: {names}.")


def _manifests(folder: Path, depth: int) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return  # A folder that may not be read holds no project that could be deployed.
    here = {entry.name: Path(entry.path) for entry in entries if entry.name in NAMES and entry.is_file()}
    if name := next((name for name in NAMES if name in here), None):
        yield here[name]
    if depth:
        for entry in entries:
            if entry.name not in _SKIPPED and not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                yield from _manifests(Path(entry.path), depth - 1)


def _absolute(path: str) -> Path:
    # Symbolic links stay: the name by which people and editors know the file is the one to show.
    return Path(os.path.abspath(path))  # noqa: PTH100


def _leads_nowhere(path: Path) -> str:
    return f"{path} is a link to '{path.readlink()}', which is not there: mend or remove the link."


def _read(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_SIZE:
            raise _too_large(path)
        data = path.read_bytes()
    except FileNotFoundError:
        if path.is_symlink():
            raise ProjectError("noManifest", _leads_nowhere(path)) from None
        raise ProjectError("noManifest", f"There is no {path}: name a manifest or its folder.") from None
    except IsADirectoryError:
        raise ProjectError("noManifest", f"{path} is a folder, not a manifest.") from None
    except OSError as error:
        why = error.strerror or str(error)
        raise ProjectError("unreadableManifest", f"{path} cannot be read: {why}. Check its permissions.") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"is not a text in UTF-8 (byte {error.start}): save it as UTF-8."
        before = data[: error.start].decode("utf-8-sig")
        raise _unreadable("unreadableManifest", path, message, CHARACTER, before) from None
    if "\0" in text:
        message = "is a binary file, not a manifest."
        raise _unreadable("unreadableManifest", path, message, CHARACTER, text[: text.index("\0")])
    return text


def _too_large(path: Path) -> ProjectError:
    message = f"is larger than {MAX_SIZE // 1_000_000} MB: a manifest does not get that large."
    return _unreadable("manifestTooLarge", path, message, TOO_LARGE)


def _unreadable(kind: str, path: Path, message: str, code: Code, before: str = "") -> ProjectError:
    """The error, and the same as a diagnostic behind the text `before`."""
    lines = Lines(before)
    last = len(lines) - 1
    place = Range.of(last, len(lines.content(last)), last, len(lines.content(last)))
    return ProjectError(kind, f"{path} {message}", diagnostic(code, place, f"{path.name} {message}"), before)
