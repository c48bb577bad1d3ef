"""Clocks for tests: one on which time passes only by sleeping, and then at once; one that is twenty times faster."""

import asyncio
import datetime as dt
import time


class NappingClock:
    """`naps` are the seconds slept so far, one entry for each sleep."""

    def __init__(self):
        self._now = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
        self.naps = []

    def now(self):
        return self._now

    async def sleep(self, seconds):
        self.naps.append(seconds)
        self._now += dt.timedelta(seconds=seconds)
        # Others get their turn, as they would while time passes.
        await asyncio.sleep(0)


class QuickClock:
    """The system's time, twenty times faster: patience costs little."""

    def __init__(self):
        self._begin = time.monotonic()

    def now(self):
        return dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=20 * (time.monotonic() - self._begin))

    async def sleep(self, seconds):
        await asyncio.sleep(seconds / 20)
