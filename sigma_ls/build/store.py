"""What was built, kept under the cache folder by the SHA-256 of its content.

`builds/<hash>.zip` are the archives; `builds/<source hash>.json` says which archive came of which source;
`builds/dependencies/<key>/` are installed dependencies.  Everything is written beside its place and renamed into it.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from attrs import frozen

from sigma_ls.runtime.places import cache_dir

# When more than this is kept, what was not used for longest goes; a guess at what nobody minds.
MAX_BYTES = 2 * 1024**3
# What was used within a day stays, since a deployment under way may still need it.
_SPARED_SECONDS = 24 * 3600.0


@frozen
class Stored:
    """An archive in the store."""

    path: Path
    hash: str
    size: int


def find(source_hash: str) -> Stored | None:
    """The archive that was built from that source, if it is still there and whole."""
    entry = _folder() / f"{source_hash}.json"
    try:
        known = json.loads(entry.read_text(encoding="utf-8"))
        path = _folder() / f"{known['hash']}.zip"
        if path.stat().st_size != known["size"]:
            return None
    except (OSError, ValueError, KeyError, TypeError):
        # Never built, removed, or broken: in each case it is built again.
        return None
    _used(entry, path)
    return Stored(path, known["hash"], known["size"])


def keep(source_hash: str, write: Callable[[IO[bytes]], None]) -> Stored:
    """Have an archive written and keep it.  Raises `OSError` and whatever `write` does."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    with _beside(folder) as made:
        with made.open("w+b") as file:
            write(file)
            size = file.tell()
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        path = folder / f"{digest}.zip"
        made.replace(path)
    with _beside(folder) as made:
        made.write_text(json.dumps({"hash": digest, "size": size}), encoding="utf-8")
        made.replace(folder / f"{source_hash}.json")
    prune()
    return Stored(path, digest, size)


def dependencies(key: str, install: Callable[[Path], None]) -> Path:
    """The folder with the dependencies of that key, after `install` has filled it where needed.  Raises `OSError`."""
    parent = _folder() / "dependencies"
    place = parent / key
    if place.is_dir():
        _used(place)
        return place
    parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix="installing-", dir=parent))
    try:
        install(beside)
        try:
            beside.rename(place)
        except OSError:
            # Another process was quicker: what it installed is the same.
            if not place.is_dir():
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return place


def prune(limit: int = MAX_BYTES) -> None:
    """Remove what was not used for longest, until no more than `limit` bytes are kept."""
    # Besides archives and dependencies: what a process that was killed left half-written.
    found = [path for pattern in ("*.zip", "writing-*", "dependencies/*") for path in _folder().glob(pattern)]
    sizes = {path: _size(path) for path in found}
    total = sum(sizes.values())
    for path in sorted(found, key=_last_used):
        if total <= limit or _last_used(path) > time.time() - _SPARED_SECONDS:
            break
        total -= sizes[path]
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return cache_dir() / "builds"


@contextlib.contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    descriptor, name = tempfile.mkstemp(prefix="writing-", dir=folder)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _used(*paths: Path) -> None:
    for path in paths:
        # Another process may be removing it; then it is built again the next time.
        with contextlib.suppress(OSError):
            os.utime(path)


def _last_used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else (path,)
    total = 0
    for file in files:
        with contextlib.suppress(OSError):
            total += file.lstat().st_size
    return total
