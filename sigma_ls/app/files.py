"""A project's files on this machine, for rules that look at code (`sigma_ls.manifest.rules.code.Files`).

Each is read when it is asked for, at most once.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from stat import S_ISREG

MAX_BYTES = 4_000_000
"""Of a file that is read.  A guess: no module that a person wrote is larger, and reading it takes a few milliseconds."""


class ProjectFiles:
    """The files of the project in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._exists = cache(lambda path: exists(folder / path))
        self._read = cache(lambda path: read(folder / path))
        self._refused = cache(lambda path: refused(folder / path))

    def exists(self, path: str) -> bool:
        """Whether there is a file or folder."""
        return self._exists(path)

    def read(self, path: str) -> str | None:
        """The text of a file; nothing where there is none, or none that can be read as UTF-8."""
        return self._read(path)

    def refused(self, path: str) -> str:
        """Why the system does not let a file be read, in its own words; empty where it does."""
        return self._refused(path)


def exists(path: Path) -> bool:
    """Whether there is a file or folder; not where no file can have such a name."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def read(path: Path) -> str | None:
    """The text of a file; nothing where there is none, or none that can be read as UTF-8."""
    try:
        status = path.stat()
        # A pipe of that name would be waited for without end.
        fine = S_ISREG(status.st_mode) and status.st_size <= MAX_BYTES
        return path.read_text(encoding="utf-8") if fine else None
    except (OSError, ValueError):
        return None


def refused(path: Path) -> str:
    """Why the system does not let a file be read, in its own words; empty where it does."""
    try:
        if not path.is_file():
            return "it is a folder" if path.is_dir() else "it is no file"
        with path.open("rb"):
            return ""
    except (OSError, ValueError) as error:
        return getattr(error, "strerror", None) or str(error)
