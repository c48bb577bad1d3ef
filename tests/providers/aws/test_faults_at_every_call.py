"""A fault at every API call of whole deployments, in turn: the outcome is right, and nothing is done twice or left over.

The real SDK talks HTTP to the sandbox through a front that spoils one call.  The table of call, fault and result is shown
at the end of the test run (`tests/conftest.py`).
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import zipfile

import pytest
from attrs import evolve, frozen

from sigma_ls.app.deployments import Deployments, DeployRequest
from sigma_ls.app.settings import Settings
from sigma_ls.deploy.ports import Artifact
from sigma_ls.deploy.snapshot import Operation
from sigma_ls.providers.aws.provider import CloudFormation
from sigma_ls.providers.aws.session import AwsSession
from sigma_ls.runtime.polling import exactly
from sigma_ls.sandbox import cloud
from tests.support.app import write_project
from tests.support.clock import QuickClock
from tests.support.cloud import FakeWorld
from tests.support.faults import PROPERTY
from tests.support.front import FAULTS, Front
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.sandbox

MANIFEST = """\
name: demo
platform: aws
aws: {region: eu-west-1}
functions:
  hello: {runtime: python3.13, handler: app.handler, code: src, uses: {failed: send}}
resources:
  failed: {type: queue}
"""

READ_TIMEOUT = 1.0
"""Seconds; far longer than the sandbox takes, far shorter than a person would be made to wait for a test."""

NAMED = {"expired": "have expired", "denied": "not allowed to some:Action"}


_ids = itertools.count()


class RealCloudWorld(FakeWorld):
    """A world whose cloud is the sandbox behind a front."""

    def __init__(self, state_dir, sandbox: Sandbox, url: str) -> None:
        super().__init__(state_dir)
        self.clock = QuickClock()
        self._connection = sandbox.connection(url)

    def new_id(self):
        # No two deployments of these tests are named alike, though their clock may say so.
        return f"{next(_ids):06x}"

    async def provider(self, cloud, report, *, poll_interval):
        session = AwsSession(self._connection, read_timeout=READ_TIMEOUT)
        return CloudFormation(self._connection, self.clock, poll_interval=0.2, jitter=exactly, session=session)

    async def build(self, functions, folder, cloud, report):
        code = folder / "code.zip"
        digest = hashlib.sha256(code.read_bytes()).hexdigest()
        return tuple(Artifact(each.id, digest, code.stat().st_size, str(code)) for each in functions)


UPDATED = MANIFEST.replace("uses: {failed: send}", "uses: {failed: send, second: send}") + "  second: {type: queue}\n"
"""The same with one queue more."""


@frozen
class Life:
    """What a project goes through: `before` without faults, then `operation` with them, of these manifests.

    `watched` is the resource that the operation makes, where it makes one; done, the stack is `done`, else as it was.
    """

    operation: Operation
    before: str | None
    now: str
    watched: str | None
    done: str
    undone: str


LIVES = {
    "create": Life("deploy", None, MANIFEST, "Failed", "CREATE_COMPLETE", "-"),
    "update": Life("deploy", MANIFEST, UPDATED, "Second", "UPDATE_COMPLETE", "CREATE_COMPLETE"),
    "undeploy": Life("undeploy", MANIFEST, MANIFEST, None, "-", "CREATE_COMPLETE"),
}


async def run(request, folder, sandbox, url, *, stop=False):
    """A whole deployment (operation, manifest, name) by a process of its own; `stop`: stopped as soon as it can be."""
    operation, manifest, name = request
    path = write_project(folder, manifest.replace("name: demo", f"name: {name}"))
    with zipfile.ZipFile(folder / "code.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("app.py"), "def handler(event, context): ...\n")
    deployments = Deployments(RealCloudWorld(folder / "state", sandbox, url), Settings)
    try:
        begun = await deployments.start(DeployRequest(operation, str(path), auto_execute=True, allow_data_loss=True))
        async with asyncio.timeout(30):
            async for snapshot in deployments.follow(begun.id):
                if snapshot.outcome is not None:
                    return snapshot
                if stop and snapshot.can.stop:
                    stop = False
                    await deployments.stop(snapshot.id)
    finally:
        await deployments.close()
    raise AssertionError("it never ended")


def stands(sandbox, name, watched):
    """How the stack stands, how often `watched` was begun to be made, and how many change sets lie around."""
    client = sandbox.client("cloudformation")
    live = [s for s in client.list_stacks()["StackSummaries"] if s["StackName"] == name]
    live = [s for s in live if s["StackStatus"] != "DELETE_COMPLETE"]
    if not live:
        return "-", 0, 0
    events = client.describe_stack_events(StackName=name)["StackEvents"]
    begun = sum(
        each["ResourceStatus"] == "CREATE_IN_PROGRESS" and each["LogicalResourceId"] == watched for each in events
    )
    plans = client.list_change_sets(StackName=name)["Summaries"]
    return live[0]["StackStatus"], begun, sum(plan["ExecutionStatus"] == "AVAILABLE" for plan in plans)


@pytest.mark.seconds(20)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", LIVES)
async def test_the_outcome_is_right_whatever_call_goes_wrong(
    tmp_path, sandbox, monkeypatch, record_property, *, kind, fault
):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    life = LIVES[kind]

    standing = None

    async def lived(number, spoiler):
        nonlocal standing
        if standing is None:
            # An account in which nothing was made yet, so that the calls are the same.
            standing = f"n{number}", evolve(sandbox, account=f"{int(sandbox.account) * 1000 + number}"[-12:])
            if life.before is not None:
                request = "deploy", life.before, standing[0]
                before = await run(request, tmp_path / f"before{number}", standing[1], sandbox.endpoint.url)
                assert before.outcome == "succeeded", before.message
        name, account = standing
        front.spoil_call(number, spoiler)
        done = await run((life.operation, life.now, name), tmp_path / f"now{number}", account, front.url)
        stand = stands(account, name, life.watched)
        if done.outcome == "succeeded" or life.before is None:
            # Else all is as it was before.
            standing = None
        return done, *stand

    with Front(sandbox.endpoint.url).running() as front:
        whole, status, _, _ = await lived(0, None)
        assert (whole.outcome, status) == ("succeeded", life.done), whole.message
        for number, operation in enumerate(tuple(front.calls), start=1):
            done, status, begun, plans = await lived(number, FAULTS[fault])
            # How often the cloud is polled varies; all up to the execution must have met their fault.
            assert len(front.calls) >= number or operation.startswith("DescribeStack"), operation
            if len(front.calls) >= number:
                operation = front.calls[number - 1]  # noqa: PLW2901
                record_property(PROPERTY, (kind, number, operation, fault, done.outcome, status))
            if done.outcome == "succeeded":
                assert status == life.done, operation
                if life.watched:
                    # The events of one creation: initiated, and with its physical id.
                    assert 1 <= begun <= 2, operation
            else:
                assert (done.outcome, status) == ("failed", life.undone), f"{operation}: {done.message}"
                assert begun == 0, operation
                assert NAMED.get(fault, "") in done.message, operation
                assert len(done.message) > len("Failed."), operation
            assert plans == 0, operation


STOPS = {
    "stop of a creation": ("DeleteStack", None, MANIFEST, "-", "CREATE_COMPLETE"),
    "stop of an update": ("CancelUpdateStack", MANIFEST, UPDATED, "UPDATE_ROLLBACK_COMPLETE", "UPDATE_COMPLETE"),
}
"""The call that stops it, the manifests before and now, and how the stack stands when it was stopped, or was not."""


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", STOPS)
async def test_a_stop_is_told_as_it_went_whatever_becomes_of_its_call(
    tmp_path, sandbox, monkeypatch, record_property, *, kind, fault
):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    operation, before, now, stopped, went_on = STOPS[kind]
    if before is not None:
        deployed = await run(("deploy", before, "stopped"), tmp_path, sandbox, sandbox.endpoint.url)
        assert deployed.outcome == "succeeded", deployed.message
    # What takes no time cannot be stopped.
    cloud.ensure_running(report=lambda _: None, pace="real")
    with Front(sandbox.endpoint.url).running() as front:
        front.spoil(operation, FAULTS[fault], times=1)
        done = await run(("deploy", now, "stopped"), tmp_path, sandbox, front.url, stop=True)
        assert operation in front.calls
    status, _, plans = stands(sandbox, "stopped", None)
    record_property(PROPERTY, (kind, 0, operation, fault, done.outcome, status))
    assert (done.outcome, status) in {("stopped", stopped), ("succeeded", went_on)}, done.message
    assert plans == 0
