"""Files that are replaced, never changed in place: a process that is killed meanwhile leaves the older one."""

import contextlib
import os
from pathlib import Path

DRAFT = ".new"
"""What the name of a file ends with while it is written; one that is found is of a process that was killed."""


def replace(path: Path, text: str, *, durable: bool = False) -> None:
    """Make the file have this text, readable by its owner only; its folder is made.

    With `durable` it is there when this returns, whatever happens then, a loss of power included.

    Raises:
        OSError: it could not be written; the older one is still there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}{DRAFT}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        # On a full disk a half-written draft takes room that others need.
        remove(draft)
        raise
    if durable and hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def remove(path: Path) -> None:
    """Remove the file if there is one, and if it can be."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def set_aside(path: Path) -> Path:
    """Give a damaged file another name, which is told; its own where it cannot be renamed."""
    for number in range(1, 1000):
        aside = path.with_name(f"{path.name}.damaged-{number}")
        if not aside.exists():
            try:
                path.rename(aside)
            except OSError:
                return path
            return aside
    return path
