"""A stack's history as news of one operation.

`DescribeStackEvents` gives the newest first and knows nothing of operations.  A stack runs one operation at a time, so
an operation is a run of events: from the first with its request token to the stack's next final status.  Its rollback
belongs to it, even one that was asked for under another token.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence

from attrs import frozen

from sigma_ls.deploy.ports import (
    NotFound,
    ProviderError,
    StackEvent,
    StackNews,
    StackProgressed,
    StackSettled,
    StackUnreachable,
)
from sigma_ls.providers.aws import statuses
from sigma_ls.providers.aws.history import History
from sigma_ls.providers.aws.nested import NestedStacks, in_order
from sigma_ls.providers.aws.pacing import Calls
from sigma_ls.providers.aws.stacks import Stacks
from sigma_ls.runtime.polling import Poller

DEEP_SEARCH_AFTER = 5.0
"""Seconds without an event of the operation after which the stack's whole history is read for it (a guess): it may have
ended long ago, under later ones.  Not at once, since it is also true of an operation that has only just been asked for."""

START_PATIENCE = 120.0
"""Seconds without an event of the operation, on a stack that is not busy, after which it is said not to have started
(a guess, far above the seconds that CloudFormation takes: a wrong word here would be worse than a late one)."""


FINAL_PATIENCE = 60.0
"""Seconds without an event after which a failure is taken to be the end where the stack itself cannot be looked at (a
guess, far above the seconds after which CloudFormation begins to roll back)."""


# --- the operation within the history (pure) -------------------------------------------------------------------------


@frozen
class Run:
    """A run of events, oldest first; `status` is the stack's after them, if any of them is the stack's own.

    `reason` is the last that the stack gave: at its beginning a rollback says why, at its end nothing.  `followed` says
    that the history shows a later operation, so that this one is over for sure.
    """

    events: tuple[StackEvent, ...]
    status: str | None
    reason: str | None
    has_ended: bool
    followed: bool = False


def start_of(history: Sequence[StackEvent], token: str | None) -> int | None:
    """Where in `history` (oldest first) the operation begins; nothing where it is not there.

    Without a token it is the newest operation.
    """
    if token is not None:
        return next((at for at, event in enumerate(history) if event.token == token), None)
    own = _of_the_stack(history)
    return None if not own else (_last_boundary(history) or own[0])


def shows_start(history: Sequence[StackEvent], token: str | None) -> bool:
    """Whether `history` reaches back beyond the operation's first event; with a token, or not to the operation at all."""
    if token is None:
        return _last_boundary(history) is not None
    return start_of(history, token) != 0


def run_from(history: Sequence[StackEvent], start: int) -> Run:
    """The operation that begins at `start`, up to its end or to the end of what is known."""
    last: StackEvent | None = None
    reason: str | None = None
    for at in range(start, len(history)):
        event = history[at]
        if not event.is_stack:
            continue
        if last is not None and _is_boundary(last, event):
            return Run(tuple(history[start:at]), last.status, reason, has_ended=True, followed=True)
        last, reason = event, event.reason or reason
    ended = last is not None and statuses.has_ended(last.status)
    return Run(tuple(history[start:]), last.status if last else None, reason, has_ended=ended)


def _of_the_stack(history: Sequence[StackEvent]) -> list[int]:
    return [at for at, event in enumerate(history) if event.is_stack]


def _last_boundary(history: Sequence[StackEvent]) -> int | None:
    """Where the newest operation begins, if `history` shows the end of the one before."""
    for before, after in reversed(list(itertools.pairwise(_of_the_stack(history)))):
        if _is_boundary(history[before], history[after]):
            return before + 1
    return None


def _is_boundary(event: StackEvent, following: StackEvent) -> bool:
    """Whether one operation ends with `event` and another begins with `following`, both of the stack itself."""
    if event.status == statuses.REVIEW:
        return True
    # A failure that is rolled back at once goes on under its token, a stop under one made from it.
    goes_on = event.token is not None and following.token in {event.token, stop_token(event.token)}
    return statuses.has_ended(event.status) and not goes_on


def stop_token(token: str) -> str:
    """The token for stopping the operation with `token`; CloudFormation takes each token for one request only."""
    return f"{token}-stop"


# --- watching --------------------------------------------------------------------------------------------------------


async def watch(
    session: Calls, stacks: Stacks, poller: Poller, stack_id: str, token: str | None
) -> AsyncIterator[StackNews]:
    """Follow the operation with `token` (or the newest one) to its end, for as long as it takes.

    No failure to look ends it, and none is taken for a failure of the operation.
    """
    history, inner = History(session, stack_id), NestedStacks(session)
    told: set[str] = set()
    status: str | None = None
    start: int | None = None
    ended_at: float | None = None
    searched = False

    while True:
        await poller.wait()
        try:
            await history.refresh(lambda events: shows_start(events, token))
            if start is None and poller.age > DEEP_SEARCH_AFTER and not searched:
                await history.read_all()
                searched = True
            start = start_of(history.events, token) if start is None else start
            if start is None:
                if poller.age > START_PATIENCE and (idle := await _is_idle(stacks, stack_id)):
                    yield StackSettled(idle, "failed", "CloudFormation never started the operation.")
                    return
                poller.succeeded()
                continue
        except NotFound:
            stacks.forget()
            yield StackSettled(statuses.DELETED, "deleted")
            return
        except ProviderError as error:
            poller.failed()
            yield StackUnreachable(str(error), error.code)
            continue
        poller.succeeded()

        run = run_from(history.events, start)
        news = tuple(event for event in run.events if event.id not in told)
        told.update(event.id for event in news)
        news = in_order(news, await inner.news(run.events, news))
        if run.status is not None and (news or run.status != status):
            status = run.status
            yield StackProgressed(news, status, statuses.stop_means(status))
        if not run.has_ended or run.status is None:
            ended_at = None
            continue
        ended_at = poller.age if ended_at is None or news else ended_at
        if not run.followed:
            try:
                if not await _is_final(stacks, stack_id, run.status, quiet=poller.age - ended_at):
                    continue
            except ProviderError as error:
                yield StackUnreachable(str(error), error.code)
                continue
        if late := await _late_events(history, start, told):
            yield StackProgressed(late, run.status)
        yield _settled(run, run.status)
        return


def _settled(run: Run, status: str) -> StackSettled:
    outcome = statuses.outcome(status)
    return StackSettled(status, outcome, run.reason if outcome in ("rolledBack", "failed") else None)


async def _is_idle(stacks: Stacks, stack_id: str) -> str | None:
    """The status of a stack on which nothing runs; raises `NotFound` when there is no stack."""
    stack = await stacks.look(stack_id, patient=False)
    if stack is None:
        raise NotFound(f"The stack {stack_id} does not exist any more.")
    return None if statuses.is_busy(stack["StackStatus"]) else stack["StackStatus"]


async def _is_final(stacks: Stacks, stack_id: str, status: str, *, quiet: float) -> bool:
    """Whether the stack itself agrees that nothing runs any more.

    After a failure it may yet roll back, and a creation that was stopped at its very end is being deleted: the next
    events will tell.  `quiet` is how many seconds there was none.

    Raises:
        ProviderError: the stack cannot be looked at, and `status` alone does not tell.
    """
    try:
        stack = await stacks.look(stack_id, patient=False)
    except ProviderError:
        # A success or a completed rollback needs no second witness; a failure is asked for again.  Whoever may not look at
        # the stack, but may read its events, learns from their silence that it ended.
        if status.endswith("_FAILED") and quiet < FINAL_PATIENCE:
            raise
        return True
    return stack is None or not statuses.is_busy(stack["StackStatus"])


async def _late_events(history: History, start: int, told: set[str]) -> tuple[StackEvent, ...]:
    """Events of the operation that turned up after its end; that they cannot be read is no failure of anything."""
    try:
        await history.refresh(lambda _: True)
    except ProviderError:
        return ()
    return tuple(event for event in run_from(history.events, start).events if event.id not in told)
