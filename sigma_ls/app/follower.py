"""Follows a deployment that another process drives, by its journal; takes it over when that process is gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from attrs import evolve

from sigma_ls.app.journal import Journal
from sigma_ls.app.lease import Lease
from sigma_ls.app.record import Record
from sigma_ls.deploy import machine, report
from sigma_ls.deploy.snapshot import Can, Deployment
from sigma_ls.runtime.clock import Clock

INTERVAL = 1.0
"""Seconds between two looks at the journal: as often as the other process writes mere progress."""

log = logging.getLogger(__name__)


class Follower:
    """One deployment that another process drives.

    `changed` is called after each change, `orphaned` with the lease when nobody drives it any more.
    """

    def __init__(
        self,
        record: Record,
        journal: Journal,
        clock: Clock,
        *,
        changed: Callable[[Follower], None],
        orphaned: Callable[[Follower, Lease], None],
    ) -> None:
        self.record = record
        self._journal = journal
        self._clock = clock
        self._changed = changed
        self._orphaned = orphaned
        self._task = asyncio.get_running_loop().create_task(self._follow())

    def snapshot(self) -> Deployment:
        """The deployment as the journal has it; nothing can be asked of it here, and it asks nothing here."""
        shown = report.snapshot(self.record.state, self.record.facts, revision=self.record.revision, attached=True)
        return evolve(shown, can=Can(), question=None)

    async def close(self) -> None:
        """Follow it no more."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _follow(self) -> None:
        while not machine.is_over(self.record.state):
            await self._clock.sleep(INTERVAL)
            try:
                lease = self._journal.take(self.record.key)
            except OSError as error:
                log.debug("the lease of %s cannot be looked at: %s", self.record.key, error)
                lease = None
            record = self._journal.read(self.record.key, self.record.id)
            if record is not None and record != self.record:
                # Two writings can carry one revision, since mere progress is not always sent.
                self.record = evolve(record, revision=max(record.revision, self.record.revision + 1))
                self._changed(self)
            if lease is not None:
                if machine.is_over(self.record.state):
                    lease.release()
                else:
                    self._orphaned(self, lease)
                return
