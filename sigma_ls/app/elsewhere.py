"""Deployments that other processes drive, or did: followed while they live, taken over when nobody drives them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import Final

from sigma_ls.app.follower import Follower
from sigma_ls.app.journal import Journal
from sigma_ls.app.lease import Lease
from sigma_ls.app.outbox import Outbox
from sigma_ls.app.record import Record
from sigma_ls.app.refusal import Refused
from sigma_ls.deploy.snapshot import Deployment
from sigma_ls.runtime.clock import Clock

ATTENTION: Final = 2.0
"""Seconds between two looks for deployments that other processes began (a guess: soon enough for who looks on)."""
PATIENCE: Final = 5
"""How often, a tenth of a second apart, a lease is tried that somebody has (a guess: long enough for a first write)."""

log = logging.getLogger(__name__)


class Elsewhere:
    """What is found in the journal and not driven here.

    `own` are the ids of those that are, `adopt` goes on with one that was left alone (`OSError` where it cannot).
    """

    def __init__(
        self,
        journal: Journal,
        outbox: Outbox,
        clock: Clock,
        *,
        own: Callable[[], Collection[str]],
        adopt: Callable[[Record, Lease], Deployment],
    ) -> None:
        self.followers: dict[str, Follower] = {}
        self._journal = journal
        self._outbox = outbox
        self._clock = clock
        self._own = own
        self._adopt = adopt
        self._left: set[str] = set()
        """Those that cannot be taken up, as was said once."""
        self._attention: asyncio.Task[None] | None = None

    @property
    def attentive(self) -> bool:
        """Whether deployments that other processes begin are noticed."""
        return self._attention is not None

    def attend(self) -> None:
        """Follow, as soon as it is seen, what another process begins from now on."""
        if self._attention is None:
            self._attention = asyncio.get_running_loop().create_task(self._attend())

    def take_up(self) -> tuple[Deployment, ...]:
        """Take up, or follow, what the journal says is running and this process does not know yet."""
        taken = []
        for record in self._journal.running():
            if record.id in self._own() or record.id in self.followers:
                continue
            try:
                lease = self._journal.take(record.key)
                taken.append(self._adopt(record, lease) if lease else self._follow(record))
            except OSError as error:
                self._cannot_take_up(record.id, error)
        return tuple(taken)

    async def lease(self, key: str) -> Lease | None:
        """The lease; waits a moment for a process that holds it but has not written yet, or is just done.

        Raises:
            OSError: the folder cannot be made, or not be written to.
        """
        for attempt in range(PATIENCE):
            if attempt:
                await self._clock.sleep(0.1)
            if (lease := self._journal.take(key)) is not None or self._journal.running_for(key) is not None:
                return lease
        return None

    def follow(self, key: str) -> Deployment:
        """Follow the running one of a stack that another process drives.

        Raises:
            Refused: `busyElsewhere` where there is none yet.
        """
        if (record := self._journal.running_for(key)) is None:
            holder = self._journal.holder(key)
            raise Refused(
                "busyElsewhere", f"Process {holder} is about to deploy the same stack: try again in a moment."
            )
        return self._follow(record)

    async def end_attention(self) -> None:
        """Notice nothing more."""
        if self._attention is not None:
            self._attention.cancel()
            await asyncio.gather(self._attention, return_exceptions=True)

    # --- within ------------------------------------------------------------------------------------------------------

    async def _attend(self) -> None:
        while True:
            await self._clock.sleep(ATTENTION)
            try:
                if self._journal.running_names() - {*self._own(), *self.followers}:
                    for each in self.take_up():
                        if each.attached:
                            self._outbox.deliver(each)
            except Exception:
                log.exception("a defect in looking for what other processes began")

    def _follow(self, record: Record) -> Deployment:
        if record.id not in self.followers:
            self.followers[record.id] = Follower(
                record,
                self._journal,
                self._clock,
                changed=lambda follower: self._outbox.deliver(follower.snapshot()),
                orphaned=self._orphaned,
            )
        return self.followers[record.id].snapshot()

    def _orphaned(self, follower: Follower, lease: Lease) -> None:
        """The process that drove it is gone: it is ours now."""
        del self.followers[follower.record.id]
        try:
            self._adopt(follower.record, lease)
        except OSError as error:
            self._cannot_take_up(follower.record.id, error)

    def _cannot_take_up(self, deployment: str, error: OSError) -> None:
        if deployment not in self._left:
            self._left.add(deployment)
            self._outbox.trouble(f"Deployment {deployment} is left alone. {self._journal.unwritable(error)}")
