"""Who is told what, and how often."""

from __future__ import annotations

import asyncio
import itertools

from attrs import evolve

from sigma_ls.app.outbox import Outbox
from sigma_ls.deploy.snapshot import Change, ChangedResource, Deployment
from tests.support.cloud import InstantClock
from tests.support.scripted import STARTED


class Source:
    def __init__(self, clock: InstantClock) -> None:
        self.clock = clock
        self.now = STARTED
        self.times: list[float] = []
        self.begin = clock.now()

    def numbered(self) -> Deployment:
        self.now = evolve(self.now, revision=self.now.revision + 1)
        self.times.append((self.clock.now() - self.begin).total_seconds())
        return self.now


async def test_many_changes_become_ten_snapshots_a_second_and_the_last_is_sent():
    clock = InstantClock()
    outbox, source, sent = Outbox(clock), Source(clock), []
    outbox.observe(sent.append, None)
    for number in range(100):
        source.now = evolve(source.now, message=str(number))
        outbox.changed("d1", source, urgent=False)
        await clock.sleep(0.01)
    await clock.sleep(1)

    gaps = [after - before for before, after in zip(source.times, source.times[1:], strict=False)]
    assert min(gaps) >= 0.099
    assert len(sent) <= 11
    assert sent[-1].message == "99"
    assert [each.revision for each in sent] == list(range(2, len(sent) + 2))


async def test_many_rows_are_told_of_less_often():
    clock = InstantClock()
    outbox, source, sent = Outbox(clock), Source(clock), []
    change = Change("Q", ChangedResource("AWS::SQS::Queue", "q"), "add")
    source.now = evolve(STARTED, changes=tuple(evolve(change, id=f"Q{number}") for number in range(500)))
    outbox.observe(sent.append, None)
    for _ in range(200):
        outbox.changed("d1", source, urgent=False)
        await clock.sleep(0.01)
    gaps = [after - before for before, after in itertools.pairwise(source.times)]
    assert min(gaps) >= 0.499
    assert len(sent) in {4, 5}


async def test_what_is_urgent_is_sent_at_once_and_not_again():
    clock = InstantClock()
    outbox, source, sent = Outbox(clock), Source(clock), []
    outbox.observe(sent.append, None)
    outbox.changed("d1", source, urgent=False)
    outbox.changed("d1", source, urgent=False)
    outbox.changed("d1", source, urgent=True)
    assert len(sent) == 2
    await clock.sleep(1)
    assert len(sent) == 2


async def test_whoever_follows_sees_the_end_and_is_let_go_when_all_is_closed():
    clock = InstantClock()
    outbox, source = Outbox(clock), Source(clock)

    async def follow() -> list[Deployment]:
        return [each async for each in outbox.follow("d1", lambda: source.now)]

    follower = asyncio.create_task(follow())
    await asyncio.sleep(0)
    source.now = evolve(source.now, outcome="succeeded")
    outbox.changed("d1", source, urgent=True)
    assert [each.outcome for each in await follower] == [None, "succeeded"]

    source.now = STARTED
    follower = asyncio.create_task(follow())
    await asyncio.sleep(0)
    outbox.close()
    assert len(await follower) == 1
