"""How often to look at something that takes its time: at once, then often, then ever less often.

The policy is arithmetic; time comes from a clock and chance from a function, so that tests have neither.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from attrs import frozen

from sigma_ls.runtime.clock import Clock

Jitter = Callable[[float], float]
"""Takes an interval and gives the one to use, so that many watchers do not ask in step."""

FIRST = 0.1
QUICK = 0.3
"""Seconds between the first looks (a guess): two or three at short intervals find what ends at once, on an emulator or
for an empty change, and cost nothing beside a deployment that takes its time."""

AGE_PER_SECOND = 15
"""Each second of interval asks for as many seconds of age (a guess): the delay until an end is noticed stays under 7 %
of the time that has passed, and is 3 % on average."""

LONGEST_AFTER_FAILURES = 30.0
"""Seconds (a guess): longer, and a network that is back goes unnoticed; shorter, and throttling is fed."""


def spread(seconds: float) -> float:
    """The interval, up to 15 % shorter or longer, by chance."""
    return seconds * random.uniform(0.85, 1.15)  # noqa: S311 - no secret hangs on it


def exactly(seconds: float) -> float:
    """The interval as it is."""
    return seconds


@frozen
class Pace:
    """The intervals between looks; `steady` (seconds) is what they grow to."""

    steady: float = 3.0

    def interval(self, age: float, failures: int = 0) -> float:
        """Seconds until the next look, `age` seconds after the first and `failures` failed looks in a row."""
        calm = min(max(age / AGE_PER_SECOND, min(max(age, FIRST), QUICK)), self.steady)
        if not failures:
            return calm
        # The exponent is bounded, since a float is and a lost network can last for days.
        return max(calm, min(calm * 2.0 ** min(failures, 16), LONGEST_AFTER_FAILURES))


class Poller:
    """Waits between looks: `wait` returns at once the first time, then after the pace's interval."""

    def __init__(self, clock: Clock, pace: Pace, jitter: Jitter) -> None:
        self._clock = clock
        self._pace = pace
        self._jitter = jitter
        self._began = clock.now()
        self._looks = 0
        self._failures = 0

    @property
    def age(self) -> float:
        """Seconds since the poller was made."""
        return (self._clock.now() - self._began).total_seconds()

    async def wait(self) -> None:
        """Let the time until the next look pass."""
        self._looks += 1
        if self._looks > 1:
            await self._clock.sleep(self._jitter(self._pace.interval(self.age, self._failures)))

    def failed(self) -> None:
        """The last look failed: the next one comes later."""
        self._failures += 1

    def succeeded(self) -> None:
        """The last look was answered."""
        self._failures = 0
