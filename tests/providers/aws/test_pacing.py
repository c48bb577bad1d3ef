"""What watchers of one account and region share: the rate of their looks, and their restraint when it is too much."""

import asyncio

import pytest
from inline_snapshot import snapshot

from sigma_ls.deploy.ports import StackProgressed, StackUnreachable, Unreachable
from sigma_ls.providers.aws.connection import AwsConnection
from sigma_ls.providers.aws.pacing import AT_ONCE, GAP, LONGEST_GAP, Budget, Budgets, Paced
from sigma_ls.providers.aws.provider import CloudFormation
from sigma_ls.runtime.polling import exactly
from tests.providers.aws.script import MOMENT, refused
from tests.support.cloud import InstantClock

THROTTLED = refused(Unreachable("AWS is throttling DescribeStackEvents: Rate exceeded."), "Throttling")


def stack_id(number, account="111122223333"):
    return f"arn:aws:cloudformation:eu-west-1:{account}:stack/app{number}/0001"


class Cloud:
    """A cloud on which every stack is being updated for ever; `looks` are the seconds at which each was looked at."""

    def __init__(self, clock):
        self.connection = AwsConnection("eu-west-1")
        self.looks = []
        self.refuses = False
        self._clock = clock
        self._began = clock.now()

    async def cloudformation(self, call, *, mutates=False, patient=True):
        return call(self)

    def describe_stack_events(self, StackName, **_):  # noqa: N803 - AWS's name
        self.looks.append(((self._clock.now() - self._began).total_seconds(), StackName))
        if self.refuses:
            raise THROTTLED
        event = {
            "EventId": "1",
            "StackId": StackName,
            "PhysicalResourceId": StackName,
            "Timestamp": MOMENT,
            "ResourceStatus": "UPDATE_IN_PROGRESS",
            "ClientRequestToken": "t1",
        }
        return {"StackEvents": [event]}


class Watchers:
    """Several servers' worth of watchers in one process, each with a provider of its own."""

    def __init__(self, stacks):
        self.clock = InstantClock()
        self.cloud = Cloud(self.clock)
        self.news = []
        budgets = Budgets(self.clock, exactly)
        self._tasks = [asyncio.ensure_future(self._watch(stack, budgets)) for stack in stacks]

    async def _watch(self, stack, budgets):
        provider = CloudFormation(
            self.cloud.connection, self.clock, jitter=exactly, session=self.cloud, budgets=budgets
        )
        async for news in provider.watch(stack, "t1"):
            self.news.append(news)

    async def run(self, seconds):
        """Let time pass; the looks made in it."""
        before = len(self.cloud.looks)
        await self.clock.sleep(seconds)
        return self.cloud.looks[before:]

    async def close(self):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@pytest.fixture
async def watching():
    made = []

    def watch(*stacks):
        made.append(Watchers(stacks))
        return made[-1]

    yield watch
    for each in made:
        await each.close()


def busiest(looks, seconds):
    """The most looks within any span of so many seconds."""
    times = [time for time, _ in looks]
    return max(sum(begin <= time < begin + seconds for time in times) for begin in times)


@pytest.mark.parametrize("count", [1, 3, 20])
async def test_however_many_watch_together_they_look_no_faster_than_may_be(watching, count):
    looks = await watching(*map(stack_id, range(count))).run(120)
    assert busiest(looks, 10) <= AT_ONCE + 10 / GAP
    assert busiest(looks, 1) <= AT_ONCE + 1 / GAP
    # Each gets its share.
    each = [sum(stack == stack_id(number) for _, stack in looks) for number in range(count)]
    assert min(each) >= 0.7 * max(each)


async def test_one_deployment_alone_is_not_slowed_down(watching):
    looks = await watching(stack_id(1)).run(20)
    times = [time for time, _ in looks]
    assert [round(time, 1) for time in times[:8]] == snapshot([0.0, 0.1, 0.2, 0.4, 0.7, 1.0, 1.3, 1.6])


async def test_another_account_has_a_budget_of_its_own(watching):
    together = watching(*map(stack_id, range(20)), stack_id(99, account="444455556666"))
    looks = await together.run(60)
    alone = await watching(stack_id(99, account="444455556666")).run(60)
    own = [time for time, stack in looks if "444455556666" in stack]
    assert [round(time, 3) for time in own] == [round(time, 3) for time, _ in alone]


async def test_throttling_slows_all_down_and_ends_none_and_goes_by(watching):
    watchers = watching(*map(stack_id, range(10)))
    before = await watchers.run(60)
    watchers.cloud.refuses = True
    during = await watchers.run(300)
    watchers.cloud.refuses = False
    await watchers.run(400)
    after = await watchers.run(60)
    spans = ((before, 60), (during, 300), (after, 60))
    assert [round(len(looks) / seconds, 1) for looks, seconds in spans] == snapshot([2.1, 0.1, 2.0])
    # A refusal is news of the looking alone.
    assert {type(news) for news in watchers.news} == {StackProgressed, StackUnreachable}


async def test_the_gap_doubles_up_to_its_longest_and_shrinks_again():
    clock = InstantClock()
    budget = Budget(clock, exactly)

    async def gap():
        for _ in range(AT_ONCE):
            await budget.turn()
        begin = clock.now()
        await budget.turn()
        return round((clock.now() - begin).total_seconds(), 2)

    gaps = [await gap()]
    for _ in range(6):
        budget.throttled()
        gaps.append(await gap())
    for _ in range(40):
        budget.answered()
    assert [*gaps, await gap()] == [GAP, 1.0, 2.0, 4.0, 8.0, LONGEST_GAP, LONGEST_GAP, GAP]


async def test_other_failures_are_no_reason_to_go_slower():
    clock = InstantClock()
    budget = Budget(clock, exactly)

    class Lost:
        async def cloudformation(self, call, *, mutates=False, patient=True):
            raise Unreachable("no network")

    for _ in range(AT_ONCE):
        with pytest.raises(Unreachable):
            await Paced(Lost(), budget).cloudformation(lambda client: None)
    begin = clock.now()
    await budget.turn()
    assert (clock.now() - begin).total_seconds() == GAP
