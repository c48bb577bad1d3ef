"""What happens within nested stacks, told with the events of the stack that holds them.

Each nested stack has a history of its own, which is read from when its parent first names it until it has ended there.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Iterator, Sequence

from attrs import define, evolve, field

from sigma_ls.deploy.ports import ProviderError, StackEvent
from sigma_ls.providers.aws.history import History
from sigma_ls.providers.aws.holdings import NESTED
from sigma_ls.providers.aws.pacing import Calls

log = logging.getLogger(__name__)


@define
class _Nested:
    """One nested stack: where it is (`Inner`, `Inner.Deeper`), and the logical id in the watched stack that it is under."""

    history: History
    path: str
    within: str
    since: str
    open: bool = True
    told: set[str] = field(factory=set)
    rolling: bool = False


class NestedStacks:
    """The nested stacks of one watched stack."""

    def __init__(self, session: Calls) -> None:
        self._session = session
        self._known: dict[str, _Nested] = {}

    async def news(self, run: Sequence[StackEvent], fresh: Sequence[StackEvent]) -> tuple[StackEvent, ...]:
        """The new events within; `run` are those of the watched stack's operation, `fresh` the new ones of them.

        What cannot be read is left out, and read the next time: the watched stack itself tells how all ends.
        """
        if run:
            self._meet(fresh, "", "", run[0].at)
        found: list[StackEvent] = []
        looked: set[str] = set()
        while waiting := [key for key, each in self._known.items() if each.open and key not in looked]:
            for key in waiting:
                looked.add(key)
                found += await self._look(key, self._known[key])
        for event in fresh:
            if event.type == NESTED and not event.is_stack and not event.status.endswith("_IN_PROGRESS"):
                self._close(event.logical_id)
        return tuple(found)

    def _meet(self, events: Iterable[StackEvent], path: str, within: str, since: str) -> None:
        for event in events:
            named = event.type == NESTED and not event.is_stack and (event.physical_id or "").startswith("arn:")
            if not named or event.physical_id is None:
                continue
            if (known := self._known.get(event.physical_id)) is not None:
                known.open = True
                continue
            whole = f"{path}.{event.logical_id}" if path else event.logical_id
            history = History(self._session, event.physical_id)
            self._known[event.physical_id] = _Nested(history, whole, within or event.logical_id, since)

    async def _look(self, key: str, nested: _Nested) -> Iterator[StackEvent]:
        try:
            await nested.history.refresh(lambda events: bool(events) and events[0].at < nested.since)
        except ProviderError as error:
            log.debug("the nested stack %s cannot be looked at: %s", key, error)
            return iter(())
        fresh = [event for event in nested.history.events if event.at >= nested.since and event.id not in nested.told]
        nested.told.update(event.id for event in fresh)
        self._meet(fresh, nested.path, nested.within, nested.since)
        return iter([told for event in fresh if (told := _told(nested, event)) is not None])

    def _close(self, within: str) -> None:
        for nested in self._known.values():
            if nested.within == within:
                nested.open = False


def in_order(outer: tuple[StackEvent, ...], inner: tuple[StackEvent, ...]) -> tuple[StackEvent, ...]:
    """Both by time; what happens within a stack comes before what it makes of it at the same moment."""
    if not inner:
        return outer
    return tuple(sorted(itertools.chain(inner, outer), key=lambda event: event.at))


def _told(nested: _Nested, event: StackEvent) -> StackEvent | None:
    """The event as one within the watched stack; not those of the nested stack itself, which its parent tells."""
    if event.is_stack:
        nested.rolling = nested.rolling or "ROLLBACK" in event.status
        return None
    if nested.rolling and event.status.endswith("_FAILED"):
        # Not a cause of anything, but what came of one; the parent does not roll back yet, so that it would look like one.
        return None
    return evolve(event, logical_id=f"{nested.path}.{event.logical_id}", within=nested.within, token=None)
