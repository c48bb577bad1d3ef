"""Time as a port, so that tests run on an instant clock."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Protocol


class Clock(Protocol):
    """Tells the time and lets it pass."""

    def now(self) -> dt.datetime:
        """The time, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> dt.datetime:
        """The time, in UTC."""
        return dt.datetime.now(dt.UTC)  # noqa: TID251 - this is the port's one implementation

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        await asyncio.sleep(seconds)


def timestamp(moment: dt.datetime) -> str:
    """ISO 8601 in UTC with milliseconds, as the protocol has it."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
