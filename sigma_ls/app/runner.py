"""Drives one deployment: feeds events to the machine, keeps the journal, begins the effects that it asks for.

One crash barrier: whatever an effect raises becomes an event.  What comes too late is dropped with a debug line.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from attrs import evolve

from sigma_ls.app import reasons
from sigma_ls.app.journal import Journal
from sigma_ls.app.lease import Lease
from sigma_ls.app.performer import Performer
from sigma_ls.app.record import Record
from sigma_ls.deploy import changelist, machine, report
from sigma_ls.deploy import effects as do
from sigma_ls.deploy import events as on
from sigma_ls.deploy import facts as known
from sigma_ls.deploy import states as at
from sigma_ls.deploy.machine import IllegalEvent
from sigma_ls.deploy.ports import ProviderError, StackEvent
from sigma_ls.deploy.snapshot import Deployment
from sigma_ls.runtime.clock import Clock, timestamp

T = TypeVar("T")

log = logging.getLogger(__name__)

WRITE_INTERVAL = 1.0
"""Seconds between two writings of mere progress, which the cloud would tell again anyway."""
UNWRITTEN = 100
"""More revisions than can have been sent since the last one that was written: an editor drops what is not newer."""
GRACE = 2.0
"""Seconds that the closing of a server waits for calls that are on their way (a guess at what nobody minds)."""
_BEGINNINGS: Final = do.Upload | do.Stage | do.Execute | do.Delete | do.ContinueRollback
"""What begins something on the cloud: not without a journal that says so, or a crash would leave it to nobody."""
_CHANGES: Final = _BEGINNINGS | do.Stop | do.Discard
"""What changes the cloud at all."""
EVENTS_AT_ONCE = 50
"""A stack's events that are taken in before others get their turn (a guess: a millisecond or two)."""
PAUSE_AFTER_DEFECT = 2.0
"""Seconds before a defect of ours is reported to the machine, which may have the effect begun again (a guess)."""


def taken_up(record: Record, events: tuple[StackEvent, ...]) -> Record:
    """The record of a deployment that was left alone, as it is taken up again.

    Its changelist is folded anew out of `events`, since the journal keeps each event and only now and then a changelist.
    """
    state, facts = at.unattended(record.state), record.facts
    if isinstance(state, at.Monitoring | at.RollingBack):
        confirmed = state.confirmed or bool(events)
        facts = evolve(facts, fold=changelist.anew(facts.fold), failures=())
        told = on.Progressed(facts.stack_status or "", events)
        facts = known.learn(facts, state, told, facts.updated_at)
        state = evolve(state, confirmed=confirmed)
    facts = evolve(facts, detail=None, notice=None, code=None)
    return evolve(record, state=state, facts=facts, revision=record.revision + UNWRITTEN)


def _in_parts(event: on.Event) -> Iterator[on.Event]:
    """The same news, of not too many events each."""
    if not isinstance(event, on.Progressed) or len(event.events) <= EVENTS_AT_ONCE:
        yield event
        return
    for start in range(0, len(event.events), EVENTS_AT_ONCE):
        yield evolve(event, events=event.events[start : start + EVENTS_AT_ONCE])


class Runner:
    """One deployment that this process drives.

    `changed` is called after each change (`at once` when a person waits for it), `heard` with each batch of events.
    """

    def __init__(
        self,
        record: Record,
        lease: Lease,
        journal: Journal,
        clock: Clock,
        *,
        changed: Callable[[Runner, bool], None],
        heard: Callable[[Runner, tuple[StackEvent, ...]], None],
    ) -> None:
        self.record = record
        self.events: tuple[StackEvent, ...] = journal.events(record.key, record.id)
        self._lease = lease
        self._journal = journal
        self._clock = clock
        self._changed = changed
        self._heard = heard
        self._performer: Performer | None = None
        self._tasks: dict[do.Effect, asyncio.Task[None]] = {}
        self._written = clock.now()
        self._unwritten = False
        self._late: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def state(self) -> at.State:
        """Where the deployment is."""
        return self.record.state

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return machine.is_over(self.record.state)

    def snapshot(self) -> Deployment:
        """The deployment at this moment."""
        return report.snapshot(self.record.state, self.record.facts, revision=self.record.revision)

    def numbered(self) -> Deployment:
        """The next revision of the snapshot."""
        self.record = evolve(self.record, revision=self.record.revision + 1)
        return self.snapshot()

    # --- life --------------------------------------------------------------------------------------------------------

    def begin(self, performer: Performer) -> None:
        """Take it up where it is: at its beginning, or where the journal found it.

        Raises:
            OSError: the journal cannot be written, so nothing was begun.
        """
        self._performer = performer
        self._journal.write(self.record)
        for effect in machine.resume(self.record.state):
            self._start(effect)

    def request(self, event: on.Event) -> None:
        """What a person wants.

        Raises:
            IllegalEvent: it has no place now, for the reason that it gives.
        """
        self._feed(event, urgent=True)

    @property
    def cares_for_edits(self) -> bool:
        """Whether it has not gone past the changes that are staged from the manifest."""
        return not isinstance(self.state, at.Executing | at.Monitoring | at.RollingBack | at.Concluding | at.Completed)

    def edited(self, source: str) -> None:
        """The manifest's text has this digest now; told on only where that makes a difference."""
        facts = self.record.facts
        before = facts.is_edited
        if facts.source is None or evolve(facts, source_now=source).is_edited != before:
            self._feed(on.Edited(source))

    def note(self, line: str) -> None:
        """What the running step does just now."""
        if not self.is_over and not self._closed:
            facts = evolve(self.record.facts, detail=self._masked(line), updated_at=self._now())
            self.record = evolve(self.record, facts=facts)
            self._changed(self, False)

    async def close(self) -> None:
        """Let go of it: the journal keeps it, and the cloud goes on with what it does."""
        self._closed = True
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        if not self.is_over:
            self._write(durable=True)
        if tasks:
            # One that clears up after itself on the cloud gets a moment; the next process finds what it leaves.
            await asyncio.wait(tasks, timeout=GRACE)
        self._let_go()

    def _let_go(self) -> None:
        if self._late is not None:
            self._late.cancel()
        if self._performer is not None:
            self._performer.close()
        self._lease.release()

    # --- events ------------------------------------------------------------------------------------------------------

    def _feed(self, event: on.Event, *, urgent: bool = False) -> None:
        before = self.record
        own = isinstance(before.state, at.Monitoring | at.RollingBack)
        if isinstance(event, on.Progressed) and own:
            event = self._unheard(event)
        if isinstance(event, on.Settled):
            fold = changelist.settled(before.facts.fold, event.outcome, "", removal=before.state.order.removal)
            event = evolve(event, applied=changelist.applied(fold))
        state, effects = machine.advance(before.state, event)
        now = self._now()
        facts = known.entered(known.learn(before.facts, before.state, event, now), before.state, state, now)
        self.record = evolve(before, state=state, facts=facts)
        if isinstance(event, on.Progressed) and event.events:
            self._tell(event.events, own=own)
        unwritten = self._keep(moved=state != before.state, begins=any(isinstance(each, _CHANGES) for each in effects))
        self._end_all_but(effects)
        refused = [effect for effect in effects if unwritten and isinstance(effect, _BEGINNINGS)]
        for effect in effects:
            if effect not in refused:
                self._start(effect)
        if machine.is_over(state):
            self._let_go()
        self._changed(self, urgent)
        for effect in refused:
            assert unwritten is not None
            message = f"Not begun: {self._journal.unwritable(unwritten)}"
            self._report(on.EffectFailed(type(effect).__name__, message, "stateUnwritable"))

    def _unheard(self, event: on.Progressed) -> on.Progressed:
        """The news without the events that are known: after a restart, a watch tells all from the beginning."""
        heard = {each.id for each in self.events}
        return evolve(event, events=tuple(each for each in event.events if each.id not in heard))

    def _tell(self, events: tuple[StackEvent, ...], *, own: bool) -> None:
        # Those of someone else's operation are shown, but they are not part of this deployment.
        if own:
            self.events += events
            self._attempt(lambda: self._journal.append(self.record.key, self.record.id, events))
        self._heard(self, events)

    def _keep(self, *, moved: bool, begins: bool) -> OSError | None:
        """Put on disk what must outlive this process, before anything follows from it.

        What must outlive the machine too is what changes the cloud, and the end.
        """
        now = self._clock.now()
        if moved:
            return self._write(durable=begins or self.is_over)
        if (now - self._written).total_seconds() >= WRITE_INTERVAL:
            return self._write(durable=False)
        self._unwritten = True
        if self._late is None:
            self._late = asyncio.get_running_loop().create_task(self._write_late())
        return None

    async def _write_late(self) -> None:
        """Write the last of several news, too: for long there may be no other, and other processes follow by the journal."""
        await self._clock.sleep(WRITE_INTERVAL)
        self._late = None
        if self._unwritten and not self._closed and not self.is_over:
            self._write(durable=False)

    def _write(self, *, durable: bool) -> OSError | None:
        self._written, self._unwritten = self._clock.now(), False
        return self._attempt(lambda: self._journal.write(self.record, durable=durable))

    def _attempt(self, write: Callable[[], None]) -> OSError | None:
        try:
            write()
        except OSError as error:
            # The cloud goes on whether we can write or not: not to go on with it would lose more.
            notice = f"The journal cannot be written ({error.strerror or error}): a restart would lose this deployment."
            if self.record.facts.notice != notice:
                log.warning("the journal of deployment %s cannot be written: %s", self.record.id, error)
            self.record = evolve(self.record, facts=evolve(self.record.facts, notice=notice, code="stateUnwritable"))
            return error
        return None

    def _now(self) -> str:
        return timestamp(self._clock.now())

    # --- effects -----------------------------------------------------------------------------------------------------

    def _end_all_but(self, begun: tuple[do.Effect, ...]) -> None:
        """End the effects that do not belong to the state: what they would report is of no interest any more."""
        belonging = {*begun, *machine.lasting(self.record.state)}
        for effect in [effect for effect in self._tasks if effect not in belonging]:
            task = self._tasks.pop(effect)
            if task is not asyncio.current_task():
                task.cancel()

    def _start(self, effect: do.Effect) -> None:
        if effect not in self._tasks and not self._closed:
            self._tasks[effect] = asyncio.get_running_loop().create_task(self._perform(effect))

    async def _perform(self, effect: do.Effect) -> None:
        me = asyncio.current_task()
        assert self._performer is not None
        try:
            async with contextlib.aclosing(self._performer.perform(effect)) as events:
                async for event in events:
                    for part in _in_parts(event):
                        self._report(self._masked(part))
                        if self._tasks.get(effect) is not me:
                            return
                        if part is not event:
                            # A cloud may tell of hundreds of resources at once: somebody is typing meanwhile.
                            await asyncio.sleep(0)
        except ProviderError as error:
            self._failed(effect, me, reasons.of_effect(effect, error))
        except Exception as error:  # noqa: BLE001 - the crash barrier
            log.error("a defect in %s: %s", type(effect).__name__, self._masked(traceback.format_exc()))  # noqa: TRY400 - masked
            await self._clock.sleep(PAUSE_AFTER_DEFECT)
            reason = f"An internal error in {type(effect).__name__}: {str(error) or type(error).__name__}."
            # Whether it happened before or after the cloud was called, nobody knows.
            self._failed(effect, me, on.EffectFailed(type(effect).__name__, reason, certain=False))
        finally:
            if self._tasks.get(effect) is me:
                del self._tasks[effect]

    def _failed(self, effect: do.Effect, me: asyncio.Task[None] | None, event: on.EffectFailed) -> None:
        # It may be begun again by what follows, so it must not count as running any more.
        if self._tasks.get(effect) is me:
            del self._tasks[effect]
            self._report(self._masked(event))

    def _masked(self, told: T) -> T:
        return told if self._performer is None else self._performer.masked(told)

    def _report(self, event: on.Event) -> None:
        try:
            self._feed(event)
        except IllegalEvent as late:
            log.debug("deployment %s: dropped: %s", self.record.id, late.message)
