"""The files beside an open manifest, read at most once until somebody says that they changed.

No keystroke touches the disk for what it has not changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from sigma_ls.app.files import exists, read, refused


class CodeFiles:
    """The project's files (`sigma_ls.manifest.rules.code.Files`)."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the manifest's."""
        self._folder = folder
        self._exists: dict[str, bool] = {}
        self._texts: dict[str, str | None] = {}

    def exists(self, path: str) -> bool:
        """Whether there is a file or folder."""
        if path not in self._exists:
            self._exists[path] = exists(self._folder / path)
        return self._exists[path]

    def read(self, path: str) -> str | None:
        """The text of a file; nothing where there is none, or none that can be read as UTF-8."""
        if path not in self._texts:
            self._texts[path] = read(self._folder / path)
        return self._texts[path]

    def refused(self, path: str) -> str:
        """Why the system does not let a file be read, in its own words; empty where it does."""
        return refused(self._folder / path)

    @property
    def asked(self) -> frozenset[Path]:
        """All files and folders that were asked for."""
        return frozenset(self._folder / path for path in (*self._exists, *self._texts))

    def forget(self, changed: Iterable[Path] | None = None) -> bool:
        """Look again at these files and folders, or at everything.

        Answers whether there was anything to forget.
        """
        known = {*self._exists, *self._texts}
        if changed is not None:
            folder = _parts(self._folder)
            changes = [parts for path in changed if _meets(parts := _parts(path), folder)]
            known = {path for path in known if self._concerned(path, changes)} if changes else set()
        for path in known:
            self._exists.pop(path, None)
            self._texts.pop(path, None)
        return bool(known)

    def _concerned(self, path: str, changes: Sequence[tuple[str, ...]]) -> bool:
        """Whether one of the changes may be of `path`: it is that, or around it, or inside of what was missing."""
        parts = _parts(self._folder / path)
        missing = not self._exists.get(path, True)
        return any(parts[: len(each)] == each or (missing and each[: len(parts)] == parts) for each in changes)


def _meets(path: tuple[str, ...], folder: tuple[str, ...]) -> bool:
    """Whether a path is in a folder, or the other way round."""
    length = min(len(path), len(folder))
    return path[:length] == folder[:length]


def _parts(path: Path) -> tuple[str, ...]:
    return Path(os.path.normcase(os.path.normpath(path))).parts
