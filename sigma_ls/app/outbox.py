"""Tells observers of what changes: at most ten snapshots a second of one deployment, and the last one always."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from sigma_ls.deploy.snapshot import Deployment, Events
from sigma_ls.runtime.clock import Clock

INTERVAL = 0.1
"""Seconds between two snapshots of one deployment that goes on by itself (`docs/protocol.md`: at most ten a second)."""

INTERVAL_PER_CHANGE = 0.001
"""Seconds between two snapshots for each row that they hold, where that is more (a guess): to tell of hundreds takes time
that somebody may be typing in, and nobody reads hundreds of rows ten times a second."""

SnapshotObserver = Callable[[Deployment], None]
EventsObserver = Callable[[Events], None]
TroubleObserver = Callable[[str], None]


log = logging.getLogger(__name__)


class Numbered(Protocol):
    """Something whose snapshots are numbered when they are sent."""

    def numbered(self) -> Deployment:
        """The next revision."""


class Outbox:
    """The observers of one process, and those who wait for the next snapshot of one deployment."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._observers: list[tuple[SnapshotObserver | None, EventsObserver | None, TroubleObserver | None]] = []
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._due: dict[str, asyncio.Task[None]] = {}
        self._sent: dict[str, dt.datetime] = {}
        self._interval: dict[str, float] = {}
        self._closed = False

    def observe(
        self, snapshot: SnapshotObserver | None, events: EventsObserver | None, trouble: TroubleObserver | None = None
    ) -> Callable[[], None]:
        """Call these from now on, until the returned function is called."""
        entry = (snapshot, events, trouble)
        self._observers.append(entry)
        return lambda: self._observers.remove(entry) if entry in self._observers else None

    def changed(self, deployment: str, source: Numbered, *, urgent: bool) -> None:
        """Something changed: it is sent now if it is `urgent` or long enough after the last one, else soon."""
        if self._closed:
            return
        sent, interval = self._sent.get(deployment), self._interval.get(deployment, INTERVAL)
        passed = (self._clock.now() - sent).total_seconds() if sent else interval
        if urgent or passed >= interval:
            self._send(deployment, source)
        elif deployment not in self._due:
            self._due[deployment] = asyncio.get_running_loop().create_task(
                self._send_later(deployment, source, interval - passed)
            )

    def deliver(self, snapshot: Deployment) -> None:
        """Send this snapshot now."""
        for observer, _, _ in tuple(self._observers):
            if observer is not None:
                observer(snapshot)
        for news in self._waiting.get(snapshot.id, ()):
            news.set()

    def heard(self, batch: Events) -> None:
        """Send these events now."""
        for _, observer, _ in tuple(self._observers):
            if observer is not None:
                observer(batch)

    def trouble(self, what: str) -> None:
        """Log this, and tell those who want to know."""
        log.warning("%s", what)
        for _, _, observer in tuple(self._observers):
            if observer is not None:
                observer(what)

    async def follow(self, deployment: str, get: Callable[[], Deployment]) -> AsyncIterator[Deployment]:
        """The present snapshot and each later one, up to the completed one or the closing of this outbox."""
        news = asyncio.Event()
        self._waiting.setdefault(deployment, set()).add(news)
        try:
            while not self._closed:
                snapshot = get()
                yield snapshot
                if snapshot.outcome is not None:
                    return
                await news.wait()
                news.clear()
        finally:
            self._waiting[deployment].discard(news)

    def close(self) -> None:
        """Send nothing any more."""
        self._closed = True
        for task in self._due.values():
            task.cancel()
        for waiting in self._waiting.values():
            for news in waiting:
                news.set()

    async def _send_later(self, deployment: str, source: Numbered, seconds: float) -> None:
        await self._clock.sleep(seconds)
        del self._due[deployment]
        self._send(deployment, source)

    def _send(self, deployment: str, source: Numbered) -> None:
        if (task := self._due.pop(deployment, None)) is not None:
            task.cancel()
        self._sent[deployment] = self._clock.now()
        snapshot = source.numbered()
        self._interval[deployment] = max(INTERVAL, INTERVAL_PER_CHANGE * len(snapshot.changes))
        self.deliver(snapshot)
