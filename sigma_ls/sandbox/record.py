"""The sandbox's record: what a process writes down so that the next one finds the sandbox that runs."""

import json
import shutil
from pathlib import Path

from attrs import asdict, frozen

from sigma_ls.runtime import replacing
from sigma_ls.runtime.places import state_dir


def sandbox_dir() -> Path:
    """The folder of the record, the log and the sandbox's temporary files."""
    return state_dir() / "sandbox"


def log_path() -> Path:
    """The server's log."""
    return sandbox_dir() / "sandbox.log"


def temporary_dir() -> Path:
    """The temporary folder and home of the server and of the functions it runs."""
    return sandbox_dir() / "temporary"


@frozen
class Record:
    """A sandbox that was started.  `id` is what its server answers with, and needs to see, when it is controlled."""

    id: str
    pid: int
    port: int
    started_at: str


def read() -> "Record | None":
    """The record, or nothing where there is none that can be read."""
    try:
        content = json.loads(_path().read_text(encoding="utf-8"))
        return Record(
            id=str(content["id"]),
            pid=int(content["pid"]),
            port=int(content["port"]),
            started_at=str(content["started_at"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        # Half-written, of another version, or a folder: as good as none, since it is written anew at the next start.
        return None


def write(record: Record) -> None:
    """Replace the record; readable by its owner only."""
    replacing.replace(_path(), json.dumps(asdict(record)))


def forget() -> None:
    """Remove the record and the temporary files of the sandbox that it told of.  The log stays."""
    _path().unlink(missing_ok=True)
    shutil.rmtree(temporary_dir(), ignore_errors=True)


def _path() -> Path:
    return sandbox_dir() / "sandbox.json"
