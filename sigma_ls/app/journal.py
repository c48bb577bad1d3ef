"""Deployments on disk: written before an effect starts, found again after a crash, kept as history.

One folder for each stack, in it for each deployment a JSON file (`<id>.running.json` until it is complete, then
`<id>.json`), its events as JSON lines, and what was staged.  Files are replaced, never changed in place, and those that
cannot be read are set aside, never deleted.  Asked values are not here: a state, the facts and a template hold none.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from attrs import AttrsInstance

from sigma_ls.app import lease
from sigma_ls.app.lease import Lease
from sigma_ls.app.package import Package
from sigma_ls.app.record import BEGINNING, VERSION, Newer, Record, marked, read, written
from sigma_ls.app.wire import from_wire, to_wire
from sigma_ls.deploy import durations
from sigma_ls.deploy.ports import StackEvent
from sigma_ls.deploy.states import Completed
from sigma_ls.runtime import replacing

T = TypeVar("T", bound=AttrsInstance)

KEPT: Final = 50
"""Deployments of a stack that executed something, kept as history."""
KEPT_ATTEMPTS: Final = 5
"""Deployments of a stack that executed nothing (aborted, refused …), kept beside them."""

RECENT: Final = 10
"""Deployments of a stack by which the next one's time is guessed (a guess: each is a file to read)."""

_RUNNING: Final = ".running.json"

log = logging.getLogger(__name__)


class Journal:
    """The journal in one folder.  `problem` hears, once, of each file that cannot be read."""

    def __init__(self, folder: Path, problem: Callable[[str], None] = log.warning) -> None:
        self._folder = folder
        self._problem = problem
        self._told: set[Path] = set()
        self._executed: dict[Path, bool] = {}
        """Of complete records that were read: whether they were more than attempts."""

    def unwritable(self, error: OSError) -> str:
        """Why nothing can be begun without a journal, and what to do."""
        return (
            f"The deployment journal in {self._folder} cannot be written: {error.strerror or error}. Make room or correct the "
            "permissions, or name another folder with SIGMA_HOME."
        )

    # --- leases ------------------------------------------------------------------------------------------------------

    def take(self, key: str) -> Lease | None:
        """The right to drive the deployments of a stack, if nobody else has it.

        Raises:
            OSError: the folder cannot be made, or not be written to.
        """
        taken = lease.take(self._folder / key / "lease")
        if taken is not None:
            # Who has the lease alone writes here: a draft that lies here is of a process that was killed in writing it.
            for draft in (self._folder / key).glob(f"*{replacing.DRAFT}"):
                replacing.remove(draft)
        return taken

    def holder(self, key: str) -> int | None:
        """The process that drives them, by the id it wrote."""
        return lease.holder(self._folder / key / "lease")

    # --- writing -----------------------------------------------------------------------------------------------------

    def write(self, record: Record, *, durable: bool = True) -> None:
        """Put a record on disk; `durable`: it is there when this returns, whatever happens then.

        Raises:
            OSError: it could not be written; the older one is still there.
        """
        over = isinstance(record.state, Completed)
        folder = self._folder / record.key
        replacing.replace(folder / f"{record.id}{'.json' if over else _RUNNING}", written(record), durable=durable)
        if over:
            # What cannot be removed does no harm: a complete record counts more, and the history is then longer.
            replacing.remove(folder / f"{record.id}{_RUNNING}")
            self._prune(record.key)

    def append(self, key: str, deployment: str, events: Sequence[StackEvent]) -> None:
        """Add to a deployment's events.

        Raises:
            OSError: they could not be written.
        """
        path = self._folder / key / f"{deployment}.events.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(to_wire(event)) + "\n" for event in events)

    def keep(self, key: str, deployment: str, package: Package) -> None:
        """Keep what is about to be staged.

        Raises:
            OSError: it could not be written.
        """
        replacing.replace(self._folder / key / f"{deployment}.staged.json", json.dumps(to_wire(package)), durable=True)

    # --- reading -----------------------------------------------------------------------------------------------------

    def running(self) -> tuple[Record, ...]:
        """All that is not complete, newest first."""
        found = self._folder.glob(f"*/*{_RUNNING}")
        records = (self._unfinished(path) for path in sorted(found, key=lambda path: path.name, reverse=True))
        return tuple(record for record in records if record is not None)

    def running_names(self) -> frozenset[str]:
        """The ids of all that is not complete, as the names of their files say: to look at often."""
        return frozenset(path.name.removesuffix(_RUNNING) for path in self._folder.glob(f"*/*{_RUNNING}"))

    def running_for(self, key: str) -> Record | None:
        """The one of a stack that is not complete."""
        found = sorted((self._folder / key).glob(f"*{_RUNNING}"), reverse=True)
        return next((record for path in found if (record := self._unfinished(path)) is not None), None)

    def read(self, key: str, deployment: str) -> Record | None:
        """One record; complete or not."""
        folder = self._folder / key
        for path in (folder / f"{deployment}.json", folder / f"{deployment}{_RUNNING}"):
            if path.exists():
                return self._read(path)
        return None

    def find(self, deployment: str) -> Record | None:
        """One record, of whatever stack."""
        if not re.fullmatch(r"[A-Za-z0-9-]+", deployment):
            return None
        for path in (*self._folder.glob(f"*/{deployment}.json"), *self._folder.glob(f"*/{deployment}{_RUNNING}")):
            if (record := self._read(path)) is not None:
                return record
        return None

    def last(self) -> tuple[Record, ...]:
        """Of each stack the last complete deployment: one that was more than an attempt, where there is one."""
        if not self._folder.is_dir():
            return ()
        found = (self._last(folder.name) for folder in sorted(self._folder.iterdir()) if folder.is_dir())
        return tuple(record for record in found if record is not None)

    def history(self, concerns: Callable[[Record], bool], limit: int) -> tuple[Record, ...]:
        """Of each stack whose last complete deployment `concerns` answers for, the last `limit`; newest first."""
        if not self._folder.is_dir():
            return ()
        found: list[Record] = []
        for folder in self._folder.iterdir():
            complete = self._complete(folder.name) if folder.is_dir() else iter(())
            if (newest := next(complete, None)) is not None and concerns(newest):
                found += itertools.islice(itertools.chain([newest], complete), limit)
        return tuple(sorted(found, key=lambda record: record.facts.started_at, reverse=True))

    def typical(self, key: str) -> Mapping[str, float]:
        """How long the changes of a stack took in its last deployments (`sigma_ls.deploy.durations`)."""
        recent = itertools.islice(self._complete(key), RECENT)
        return durations.measured(record.facts.changes for record in recent)

    def events(self, key: str, deployment: str) -> tuple[StackEvent, ...]:
        """A deployment's events, oldest first, each once."""
        path = self._folder / key / f"{deployment}.events.jsonl"
        events: dict[str, StackEvent] = {}
        with contextlib.suppress(FileNotFoundError):
            for line in path.read_text(encoding="utf-8").splitlines():
                # A crash may have cut the last line short.
                with contextlib.suppress(ValueError):
                    event = from_wire(json.loads(line), StackEvent)
                    events[event.id] = event
        return tuple(events.values())

    def package(self, key: str, deployment: str) -> Package | None:
        """What was about to be staged, if it was kept and can be read."""
        path = self._folder / key / f"{deployment}.staged.json"
        with contextlib.suppress(FileNotFoundError):
            return self._parsed(path, lambda data: from_wire(data, Package))
        return None

    # --- within ------------------------------------------------------------------------------------------------------

    def _unfinished(self, path: Path) -> Record | None:
        if path.with_name(path.name.removesuffix(_RUNNING) + ".json").exists():
            # Its process ended between writing the last record and removing this one.
            replacing.remove(path)
            return None
        return self._read(path)

    def _last(self, key: str) -> Record | None:
        attempt = None
        for record in self._complete(key):
            if record.executed:
                return record
            attempt = attempt or record
        return attempt

    def _complete(self, key: str) -> Iterator[Record]:
        """The complete ones of a stack, newest first, read one by one."""
        for path in self._complete_paths(key):
            if (record := self._read(path)) is not None:
                yield record

    def _complete_paths(self, key: str) -> list[Path]:
        found = sorted((self._folder / key).glob("*.json"), reverse=True)
        return [path for path in found if not path.name.endswith((_RUNNING, ".staged.json"))]

    def _prune(self, key: str) -> None:
        executed = attempts = 0
        for path in self._complete_paths(key):
            if (was := self._was_executed(path)) is None:
                continue
            executed += was
            attempts += not was
            if (executed > KEPT) if was else (attempts > KEPT_ATTEMPTS):
                del self._executed[path]
                for each in (self._folder / key).glob(f"{path.name.removesuffix('.json')}.*"):
                    replacing.remove(each)

    def _was_executed(self, path: Path) -> bool | None:
        """Whether a complete record was more than an attempt; nothing where it cannot be read.

        It changes no more, and to read fifty large ones takes its time: their beginnings tell, and only once.
        """
        if (known := self._executed.get(path)) is None:
            with contextlib.suppress(OSError), path.open("rb") as file:
                known = marked(file.read(BEGINNING))
            if known is None and (record := self._read(path)) is not None:
                known = record.executed
            if known is not None:
                self._executed[path] = known
        return known

    def _read(self, path: Path) -> Record | None:
        return self._parsed(path, lambda data: read(data, path.parent.name))

    def _parsed(self, path: Path, parse: Callable[[Any], T]) -> T | None:
        try:
            return parse(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None  # Completed by its owner a moment ago.
        except OSError as error:
            self._tell(path, f"The deployment journal {path} cannot be read: {error.strerror or error}.")
            return None
        except Newer as newer:
            # A newer server will go on with it: it stays where that one looks for it.
            self._tell(
                path,
                f"The deployment journal {path} was written by a newer version of sigma-ls (format {newer.version}, this "
                f"one reads {VERSION}): it is left alone. To see that deployment, update sigma-ls.",
            )
            return None
        except (ValueError, KeyError, TypeError) as error:
            aside = replacing.set_aside(path)
            kept = f"it is kept as {aside.name}" if aside != path else "it is left as it is"
            self._tell(
                path,
                f"The deployment journal {path} is damaged ({error}); {kept}. What that deployment did on the cloud is seen "
                "when the stack is deployed again.",
            )
            return None

    def _tell(self, path: Path, problem: str) -> None:
        if path not in self._told:
            self._told.add(path)
            self._problem(problem)
