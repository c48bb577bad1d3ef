"""Any order of requests, restarts, edits and faults, on the emulator by the real SDK: at the end cloud and journal agree.

Nothing is left over, no approved plan ran twice, none ran that nobody approved.  `tests/app/test_whole_life.py` is the
same on a cloud in memory, which has more ways to go wrong and takes less time.
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from sigma_ls.app.deployments import Deployments, DeployRequest, Refused
from sigma_ls.app.settings import Settings
from sigma_ls.deploy import states as at
from sigma_ls.deploy.snapshot import Deployment
from sigma_ls.providers.aws import statuses
from sigma_ls.providers.aws.provider import CloudFormation
from sigma_ls.providers.aws.session import AwsSession
from sigma_ls.runtime.polling import exactly
from sigma_ls.sandbox import cloud
from tests.support.clock import QuickClock
from tests.support.cloud import FakeWorld
from tests.support.front import FAULTS, Front
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.sandbox

PARTS = 4
"""The work is shared out: each part is a test of its own."""
STEPS = 500
"""In each part, at least; together the 2 000 that are promised."""
STEPS_OF_ONE = 25

HEAD = "name: demo\nplatform: aws\naws: {region: eu-west-1}\nresources:\n"
QUEUE = "  jobs: {type: AWS::SQS::Queue, properties: {DelaySeconds: %d}}\n"
BUCKET = "  images: {type: AWS::S3::Bucket}\n"
TOPIC = "  news: {type: AWS::SNS::Topic}\n"
VARIANTS = {
    "first": HEAD + QUEUE % 1,
    "with topic": HEAD + QUEUE % 1 + TOPIC,
    "with bucket": HEAD + QUEUE % 1 + BUCKET,
    "slower": HEAD + QUEUE % 2 + TOPIC,
    "another queue": HEAD + (QUEUE % 2).replace("DelaySeconds", "QueueName: renamed, DelaySeconds") + TOPIC,
    "broken": HEAD + "  jobs: {type: AWS::SQS::Queu}\n",
}
TROUBLES = sorted(set(FAULTS) - {"denied", "timeout"})
"""The faults of which some call meets one: not a refusal for good, nor what takes seconds each time."""
MOSTLY = st.sampled_from([True, True, False])
_accounts = itertools.count(200_000_000_001)


class _World(FakeWorld):
    """A world whose cloud is an account of the sandbox behind a front.  `executed`: plans and tokens, as they were sent."""

    def __init__(self, state_dir: Path, sandbox: Sandbox, url: str) -> None:
        super().__init__(state_dir)
        self.clock = QuickClock()
        self.executed: list[tuple[str, str]] = []
        self._connection = sandbox.connection(url)
        self._session = AwsSession(self._connection, read_timeout=5.0)

    async def provider(self, *_: Any, poll_interval: float) -> CloudFormation:
        executed = self.executed

        class Recording(CloudFormation):
            async def execute(self, plan: str, token: str) -> None:
                executed.append((plan, token))
                await super().execute(plan, token)

        return Recording(self._connection, self.clock, poll_interval=0.2, jitter=exactly, session=self._session)


class WholeLife(RuleBasedStateMachine):
    """One project, one stack, one process at a time."""

    sandbox: Sandbox
    front: Front
    tally: Counter[str]
    """What all examples so far came to: steps, executions, outcomes."""

    @initialize(slow=st.integers(0, 7))
    def begin(self, slow: int) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.manifest = Path(self.folder.name) / "project" / "sigma.yaml"
        self.manifest.parent.mkdir()
        mine = evolve(self.sandbox, account=str(next(_accounts)))
        self.client = mine.client("cloudformation")
        # Most of them at once, or all would take the time that resources take.
        cloud.ensure_running(report=lambda _: None, pace="real" if slow == 0 else "instant")
        self.world = _World(Path(self.folder.name) / "state", mine, self.front.url)
        self.deployments = self.run(self.make())
        self.approved: set[str] = set()
        self.automatic: set[str] = set()
        self.given_up = False
        self.manifest.write_text(VARIANTS["first"])
        self.start("deploy", auto=True, patient=slow % 2 == 1)

    async def make(self) -> Deployments:
        return Deployments(self.world, Settings)

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(work, 60))

    def step(self, work: Any, *, patient: bool = False) -> Any:
        self.tally["steps"] += 1
        done = self.run(work)
        if patient:
            self.run(self.rest())
        return done

    async def rest(self) -> None:
        """Wait until all that runs waits for a person, or a while."""
        end = self.loop.time() + 0.4
        while self.loop.time() < end:
            if not any(each.question is None and not each.can.execute for each in self.running()):
                return
            await asyncio.sleep(0.01)

    # --- people ------------------------------------------------------------------------------------------------------

    # Of each example Hypothesis leaves some rules out; that something is deployed is worth two.

    @rule(variant=st.sampled_from(sorted(VARIANTS)), auto=st.booleans(), loss=st.booleans(), patient=MOSTLY)
    def deploy(self, variant: str, auto: bool, loss: bool, patient: bool) -> None:
        self.manifest.write_text(VARIANTS[variant])
        self.start("deploy", auto=auto, loss=loss, patient=patient)

    @rule(variant=st.sampled_from(sorted(VARIANTS)))
    def deploy_as_people_do(self, variant: str) -> None:
        self.manifest.write_text(VARIANTS[variant])
        self.start("deploy", patient=True)
        self.execute(wrong=False, patient=True)

    @rule(auto=st.booleans(), loss=st.booleans(), patient=MOSTLY)
    def undeploy(self, auto: bool, loss: bool, patient: bool) -> None:
        self.start("undeploy", auto=auto, loss=loss, patient=patient)

    def start(self, operation: Any, *, auto: bool = False, loss: bool = False, patient: bool) -> None:
        request = DeployRequest(
            operation, str(self.manifest), auto_execute=auto, allow_data_loss=loss, recreate=loss, sandbox=True
        )
        begun = self.step(self.deployments.start(request))
        if auto and not begun.attached:
            self.automatic.add(begun.id)
        if patient:
            self.run(self.rest())

    @rule(wrong=st.sampled_from([False, False, False, True]), patient=MOSTLY)
    def execute(self, wrong: bool, patient: bool) -> None:
        async def execute(each: Deployment) -> None:
            plan = each.plan.id if each.plan else ""
            await self.deployments.execute(each.id, "other" if wrong else plan)
            self.approved.add(plan)

        self.step(self.request(execute, lambda each: each.can.execute and not wrong), patient=patient)

    @rule()
    def abort(self) -> None:
        async def abort(each: Deployment) -> None:
            self.given_up |= each.phase in ("execution", "monitoring", "rollingBack") and each.can.abort
            await self.deployments.abort(each.id)

        self.step(self.request(abort, lambda each: each.can.abort))

    @rule()
    def stop(self) -> None:
        self.step(self.request(lambda each: self.deployments.stop(each.id), lambda each: each.can.stop))

    @rule(consent=MOSTLY, way=st.integers(0, 2), patient=MOSTLY)
    def answer(self, consent: bool, way: int, patient: bool) -> None:
        async def reply() -> None:
            for each in self.running():
                if (asked := each.question) is not None:
                    ways = [choice.id for choice in asked.choices if choice.id != "abort"]
                    choice = ways[way % len(ways)] if consent and ways else "abort"
                    await self.deployments.answer(each.id, asked.id, choice)

        self.step(reply(), patient=patient)

    @rule(variant=st.sampled_from(sorted(VARIANTS)))
    def edit(self, variant: str) -> None:
        async def edit() -> None:
            before = [each.plan for each in self.running()]
            self.deployments.edited(self.manifest.as_uri(), lambda: VARIANTS[variant])
            assert [each.plan for each in self.running()] == before

        self.step(edit())

    # --- troubles ----------------------------------------------------------------------------------------------------

    @rule(hundredths=st.integers(1, 20))
    def pass_time(self, hundredths: int) -> None:
        self.step(asyncio.sleep(hundredths / 100))

    @rule(number=st.integers(1, 20), fault=st.sampled_from(TROUBLES))
    def spoil_a_call(self, number: int, fault: str) -> None:
        self.front.spoil_call(number, FAULTS[fault])
        self.step(asyncio.sleep(0))

    @rule(what=st.sampled_from(["create:Jobs", "update:Jobs", "create:News", "delete:Jobs", "create:Images"]))
    def break_a_resource(self, what: str) -> None:
        cloud.set_faults({f"demo/{what}": "broken"})
        self.step(asyncio.sleep(0))

    @rule()
    def mend(self) -> None:
        cloud.set_faults({})
        self.step(asyncio.sleep(0))

    @rule()
    def restart(self) -> None:
        async def restart() -> Deployments:
            await self.deployments.close()
            again = await self.make()
            await again.resume()
            return again

        self.deployments = self.step(restart())
        assert not any(
            runner.state.order.auto_execute
            for runner in self.deployments._runners.values()
            if not isinstance(runner.state, at.Executing | at.Monitoring | at.RollingBack | at.Completed)
        )

    # --- the end -----------------------------------------------------------------------------------------------------

    def teardown(self) -> None:
        if not hasattr(self, "deployments"):
            return
        cloud.set_faults({})
        self.front.spoil_call(0, None)
        try:
            self.run(self.settle())
            self.check()
        finally:
            self.run(self.deployments.close())
            self.loop.close()
            self.folder.cleanup()

    async def settle(self) -> None:
        async with asyncio.timeout(50):
            while running := self.running():
                for each in running:
                    if each.can.abort and (each.question is not None or each.phase == "staged"):
                        await self.deployments.abort(each.id)
                await asyncio.sleep(0.02)
            while any(statuses.is_busy(each["StackStatus"]) for each in self.live()):
                # Nobody watches it any more: watching was given up.
                assert self.given_up, self.told()
                await asyncio.sleep(0.05)

    def check(self) -> None:
        assert self.deployments._journal.running() == ()
        live = self.live()
        open_plans = [
            each["ChangeSetName"]
            for stack in live
            for each in self.client.list_change_sets(StackName=stack["StackName"])["Summaries"]
            if each["ExecutionStatus"] == "AVAILABLE" or each["Status"] == "FAILED"
        ]
        shells = [each["StackName"] for each in live if each["StackStatus"] == statuses.REVIEW]
        told = self.told()
        # Where credentials expire just then, all that can be done is to say what is left.
        said = "Left on the cloud" in told or "may have been left behind" in told
        assert self.given_up or said or not (open_plans or shells), told
        for plan, token in self.world.executed:
            deployment = token.rsplit("-", 1)[0]
            assert plan in self.approved or deployment in self.automatic, "executed without approval"
        begun = self.begun()
        assert len(begun) == len(set(begun)), "an operation began twice"
        self.check_last(begun[-1][1] if begun else "", live[0]["StackStatus"] if live else None)
        self.tally["executions"] += len(begun)
        for record in self.deployments._journal.history(lambda _: True, 100):
            assert isinstance(record.state, at.Completed)
            self.tally[record.state.outcome] += 1

    def begun(self) -> list[tuple[str, str]]:
        """The stack and the token of each execution, oldest first, as the cloud's events tell of them."""
        found = sorted(
            (event["Timestamp"], stack["StackId"], event["ClientRequestToken"])
            for stack in self.client.list_stacks()["StackSummaries"]
            for event in self.client.describe_stack_events(StackName=stack["StackId"])["StackEvents"]
            if event["PhysicalResourceId"] == stack["StackId"]
            if event["ResourceStatus"] in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")
        )
        return [(stack, token) for _, stack, token in found]

    def check_last(self, token: str, status: str | None) -> None:
        """The last deployment that executed something, by its token, tells of the stack as it is."""
        for record in self.deployments._journal.last():
            assert isinstance(record.state, at.Completed)
            gone = record.state.order.removal and record.state.outcome == "succeeded"
            if not record.executed or not (gone or token.startswith(f"{record.id}-")):
                continue
            match record.state.outcome:
                case "succeeded" if gone:
                    assert status is None, self.told()
                case "succeeded":
                    assert status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), self.told()
                case "stopped" | "rolledBack":
                    assert status is None or status.endswith("ROLLBACK_COMPLETE"), self.told()
                case "failed" | "partiallyApplied":
                    assert status is None or status.endswith("_FAILED"), self.told()

    # --- within ------------------------------------------------------------------------------------------------------

    def told(self) -> str:
        """How the stacks stand, and how each deployment ended, for whoever has to find out why."""
        ended = [(each.id, each.outcome, each.message) for each in self.deployments.history(str(self.manifest), 100)]
        stand = [(each["StackName"], each["StackStatus"]) for each in self.live()]
        return "\n".join(map(str, [*stand, *reversed(ended), *self.world.executed]))

    def live(self) -> list[Any]:
        """The stacks there are; the shell of a change set is none that anybody leaves."""
        return [
            each for each in self.client.list_stacks()["StackSummaries"] if each["StackStatus"] != "DELETE_COMPLETE"
        ]

    def running(self) -> list[Deployment]:
        return [runner.snapshot() for runner in self.deployments._runners.values() if not runner.is_over]

    async def request(self, ask: Any, alive: Any) -> None:
        """Ask it of all that run: a request is taken exactly where its button was alive."""
        for each in self.running():
            try:
                await ask(each)
            except Refused as refused:
                if alive(each):
                    raise AssertionError(each) from refused


@pytest.mark.seconds(60)
@pytest.mark.parametrize("part", range(PARTS))
def test_any_order_of_requests_and_troubles_ends_well(sandbox, monkeypatch, part):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with Front(sandbox.endpoint.url).running() as front:
        WholeLife.sandbox, WholeLife.front, WholeLife.tally = sandbox, front, Counter()
        while WholeLife.tally["steps"] < STEPS:
            run_state_machine_as_test(
                WholeLife,
                settings=settings(
                    max_examples=8,
                    stateful_step_count=STEPS_OF_ONE,
                    deadline=None,
                    database=None,
                    # Real time passes, so that a failure cannot be repeated to make it smaller.
                    phases=[Phase.generate],
                    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
                ),
            )
    print(f"part {part + 1} of {PARTS}:", *(f"{number} {what}," for what, number in WholeLife.tally.items()))  # noqa: T201 - the count is for whoever reads the output
    assert WholeLife.tally["steps"] >= STEPS
    assert WholeLife.tally["executions"] >= STEPS // 50, "hardly anything was executed"
