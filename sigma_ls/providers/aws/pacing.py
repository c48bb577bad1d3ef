"""What all watchers of one account and region may ask together, however many there are in this process.

CloudFormation counts calls by account and region, and takes about five descriptions a second (as users report; it is
documented nowhere).  Each watcher has intervals of its own (`sigma_ls.runtime.polling`); this is what they share.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sigma_ls.deploy.ports import ProviderError
from sigma_ls.providers.aws.errors import is_throttled
from sigma_ls.runtime.clock import Clock
from sigma_ls.runtime.polling import Jitter, spread

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

T = TypeVar("T")

GAP = 0.5
"""Seconds from one look to the next, on average: two a second leave more than half to other tools (a guess)."""
LONGEST_GAP = 10.0
"""The same after it was throttled again and again (a guess)."""
AT_ONCE = 6
"""Looks that need not wait for each other (a guess): one deployment with a nested stack or two never waits."""
RECOVERY = 0.9
"""By what the gap shrinks with each look that is answered (a guess): from the longest back to the usual in half a
minute's worth of looks, so that many watchers do not fall into step with the throttling."""


class Calls(Protocol):
    """What calls CloudFormation, as `AwsSession` does."""

    async def cloudformation(
        self, call: Callable[[CloudFormationClient], T], *, mutates: bool = False, patient: bool = True
    ) -> T:
        """What `call` returns."""


class Budget:
    """Lets looks through in the order in which they come, no faster than it may be."""

    def __init__(self, clock: Clock, jitter: Jitter = spread) -> None:
        self._clock = clock
        self._jitter = jitter
        self._gap = GAP
        self._due: dt.datetime | None = None

    async def turn(self) -> None:
        """Wait until the next look may be made."""
        now = self._clock.now()
        # What was not used is saved up, though not for ever.
        saved = now - dt.timedelta(seconds=(AT_ONCE - 1) * self._gap)
        due = saved if self._due is None else max(self._due, saved)
        self._due = due + dt.timedelta(seconds=self._gap)
        if (wait := (due - now).total_seconds()) > 0:
            await self._clock.sleep(self._jitter(wait))

    def throttled(self) -> None:
        """A look was refused since there were too many: all go slower."""
        self._gap = min(2 * self._gap, LONGEST_GAP)
        # Nothing is saved up for a cloud that has too much already.
        self._due = max(self._due or self._clock.now(), self._clock.now()) + dt.timedelta(seconds=self._gap)

    def answered(self) -> None:
        """A look was answered: slowly back to the usual."""
        self._gap = max(RECOVERY * self._gap, GAP)


class Budgets:
    """The budgets of this process."""

    def __init__(self, clock: Clock, jitter: Jitter = spread) -> None:
        self._clock = clock
        self._jitter = jitter
        self._known: dict[tuple[str, str], Budget] = {}

    def of_stack(self, stack_id: str) -> Budget:
        """That of the stack's account and region, which are in its id (`arn:aws:cloudformation:REGION:ACCOUNT:…`)."""
        parts = stack_id.split(":")
        key = (parts[3], parts[4]) if len(parts) > 5 else ("", "")
        return self._known.setdefault(key, Budget(self._clock, self._jitter))


class Paced:
    """Calls CloudFormation within a budget."""

    def __init__(self, calls: Calls, budget: Budget) -> None:
        self._calls = calls
        self._budget = budget

    async def cloudformation(
        self, call: Callable[[CloudFormationClient], Any], *, mutates: bool = False, patient: bool = True
    ) -> Any:
        """What `call` returns, when its turn has come."""
        await self._budget.turn()
        try:
            answer = await self._calls.cloudformation(call, mutates=mutates, patient=patient)
        except ProviderError as error:
            if is_throttled(error):
                self._budget.throttled()
            raise
        self._budget.answered()
        return answer
