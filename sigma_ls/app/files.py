"""A project's files on this machine, for rules that look at code (`sigma_ls.manifest.rules.code.Files`).

Each is read when it is asked for, at most once.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

MAX_BYTES = 4_000_000
"""Of a file that is read.  A guess: no module that a person wrote is larger, and reading it takes a few milliseconds."""


class ProjectFiles:
    """The files of the project in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._exists = cache(lambda path: exists(folder / path))
        self._read = cache(lambda path: read(folder / path))

    def exists(self, path: str) -> bool:
        """Whether there is a file or folder."""
        return self._exists(path)

    def read(self, path: str) -> str | None:
        """The text of a file; nothing where there is none, or none that can be read as UTF-8."""
        return self._read(path)


def exists(path: Path) -> bool:
    """Whether there is a file or folder; not where no file can have such a name."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def read(path: Path) -> str | None:
    """The text of a file; nothing where there is none, or none that can be read as UTF-8."""
    try:
        return path.read_text(encoding="utf-8") if path.stat().st_size <= MAX_BYTES else None
    except (OSError, ValueError):
        return None
