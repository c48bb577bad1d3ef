"""A clock on which time passes only by sleeping, and then at once."""

import asyncio
import datetime as dt


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
