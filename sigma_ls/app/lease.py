"""Who drives the deployments of a stack: one process at a time, by a lock that the system releases when it ends.

However a process ends, `kill -9` included, its lease is free at once; a process id alone would not tell that.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path


class Lease:
    """The right to drive the deployments of one stack."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Give it up; a second time changes nothing, as the number may be another file's by then."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(descriptor)


def take(path: Path) -> Lease | None:
    """The lease of `path`, which is made; nothing where another process (or another holder in this one) has it.

    Raises:
        OSError: the file cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
    except OSError:
        os.close(descriptor)
        return None
    os.truncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())
    return Lease(descriptor)


def holder(path: Path) -> int | None:
    """The process id that was written with the newest lease, for a message."""
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        # Far behind the written process id, which others may read: Windows locks are mandatory.
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        import fcntl  # noqa: PLC0415 - does not exist on Windows

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
