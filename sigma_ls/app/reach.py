"""The cloud of one deployment: reached for ahead of need, and again when that failed.

How often a call is worth repeating is said here too; what the calls are is the caller's business.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from sigma_ls.deploy.ports import Provider, Unreachable

T = TypeVar("T")

FIRST_WAIT = 1.0
"""Seconds before a look that failed is repeated (a guess); it doubles up to `LONGEST_WAIT`."""
LONGEST_WAIT = 30.0
"""Seconds, as `sigma_ls.runtime.polling` waits at most."""
ATTEMPTS = 4
"""How often a step before the execution tries a cloud that does not answer, until it fails: about ten seconds."""


class Reach:
    """The provider of one deployment.  `connect` makes one, `sleep` lets seconds pass, `report` hears of what is repeated."""

    def __init__(
        self,
        connect: Callable[[], Coroutine[Any, Any, Provider]],
        sleep: Callable[[float], Awaitable[None]],
        report: Callable[[str], None],
    ) -> None:
        self._connect = connect
        self._sleep = sleep
        self._report = report
        self._provider: asyncio.Task[Provider] | None = None

    def warm_up(self) -> None:
        """Begin to reach for the cloud while the functions are built: an SDK takes its time to load."""
        if self._provider is None:
            self._provider = asyncio.ensure_future(self._connect())
            # Where nobody comes to ask for it, its failure is nobody's.
            self._provider.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def provider(self) -> Provider:
        """The provider.

        Raises:
            ProviderError: it cannot be made; it is tried anew the next time.
        """
        self.warm_up()
        assert self._provider is not None
        try:
            return await asyncio.shield(self._provider)
        except asyncio.CancelledError:
            raise
        except Exception:
            self._provider = None  # It may be there the next time.
            raise

    def close(self) -> None:
        """Let go of what was begun ahead."""
        if self._provider is not None:
            self._provider.cancel()

    async def a_few_times(self, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What a call answers that may be repeated harmlessly.

        Raises:
            ProviderError: the last of `ATTEMPTS` got no answer, or one of them a refusal.
        """
        wait = FIRST_WAIT
        for _ in range(ATTEMPTS - 1):
            try:
                return await call()
            except Unreachable as error:
                self._report(f"{error.message} Trying again.")
            wait = await self.wait(wait)
        return await call()

    async def wait(self, seconds: float) -> float:
        """Let so many seconds pass; the result is how many the next time."""
        await self.pause(seconds)
        return min(2 * seconds, LONGEST_WAIT)

    async def pause(self, seconds: float) -> None:
        """Let so many seconds pass."""
        await self._sleep(seconds)
