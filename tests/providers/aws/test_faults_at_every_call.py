"""A fault at every API call of a whole deployment, in turn: the outcome is right, and nothing is done twice or left over.

The real SDK talks HTTP to the sandbox through a front that spoils one call.  The table goes to the test's output.
"""

from __future__ import annotations

import asyncio
import hashlib
import zipfile

import pytest
from attrs import evolve

from sigma_ls.app.deployments import Deployments, DeployRequest
from sigma_ls.app.settings import Settings
from sigma_ls.deploy.ports import Artifact
from sigma_ls.providers.aws.connection import AwsConnection
from sigma_ls.providers.aws.provider import CloudFormation
from sigma_ls.providers.aws.session import AwsSession
from sigma_ls.runtime.polling import exactly
from tests.providers.aws import front as spoil
from tests.support.app import write_project
from tests.support.clock import QuickClock
from tests.support.cloud import FakeWorld
from tests.support.sandbox import REGION, Sandbox

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

FAULTS = {
    "throttled": spoil.throttled,
    "500": spoil.broken,
    "reset before": spoil.lost_before,
    "reset after": spoil.lost_after,
    "gateway": spoil.broken_gateway,
    "expired": spoil.expired,
    "denied": spoil.denied,
    "truncated": spoil.truncated,
    "timeout": spoil.unanswered,
}
NAMED = {"expired": "have expired", "denied": "not allowed to some:Action"}


class RealCloudWorld(FakeWorld):
    """A world whose cloud is the sandbox behind a front."""

    def __init__(self, state_dir, sandbox: Sandbox, url: str) -> None:
        super().__init__(state_dir)
        self.clock = QuickClock()
        self._connection = AwsConnection(
            REGION, endpoint_url=url, access_key=sandbox.account, secret_key=sandbox.endpoint.secret_key
        )

    async def provider(self, cloud, report, *, poll_interval):
        session = AwsSession(self._connection, read_timeout=READ_TIMEOUT)
        return CloudFormation(self._connection, self.clock, poll_interval=0.2, jitter=exactly, session=session)

    async def build(self, functions, folder, cloud, report):
        code = folder / "code.zip"
        digest = hashlib.sha256(code.read_bytes()).hexdigest()
        return tuple(Artifact(each.id, digest, code.stat().st_size, str(code)) for each in functions)


async def deploy(folder, sandbox, url, name):
    """One whole deployment to its end, by a process of its own."""
    manifest = write_project(folder, MANIFEST.replace("name: demo", f"name: {name}"))
    with zipfile.ZipFile(folder / "code.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("app.py"), "def handler(event, context): ...\n")
    deployments = Deployments(RealCloudWorld(folder / "state", sandbox, url), Settings)
    try:
        begun = await deployments.start(DeployRequest("deploy", str(manifest), auto_execute=True))
        async with asyncio.timeout(30):
            async for snapshot in deployments.follow(begun.id):
                if snapshot.outcome is not None:
                    return snapshot
    finally:
        await deployments.close()
    raise AssertionError("it never ended")


def stands(sandbox, name):
    """How the stack stands, how often it was begun to be made, and what lies around."""
    client = sandbox.client("cloudformation")
    live = [s for s in client.list_stacks()["StackSummaries"] if s["StackName"] == name]
    live = [s for s in live if s["StackStatus"] != "DELETE_COMPLETE"]
    if not live:
        return "-", 0, 0
    events = client.describe_stack_events(StackName=name)["StackEvents"]
    begun = sum(
        each["ResourceStatus"] == "CREATE_IN_PROGRESS" and each["LogicalResourceId"] == "Failed" for each in events
    )
    plans = client.list_change_sets(StackName=name)["Summaries"]
    return live[0]["StackStatus"], begun, sum(plan["ExecutionStatus"] == "AVAILABLE" for plan in plans)


@pytest.mark.parametrize("fault", FAULTS)
async def test_the_outcome_is_right_whatever_call_goes_wrong(tmp_path, sandbox, monkeypatch, fault):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with spoil.Front(sandbox.endpoint.url).running() as front:
        whole = await deploy(tmp_path / "whole", sandbox, front.url, "whole")
        assert whole.outcome == "succeeded", whole.message
        calls = list(front.calls)
        for number, operation in enumerate(calls, start=1):
            name = f"n{number}-{fault.replace(' ', '-')}"
            # An account in which nothing was made yet, so that the calls are the same.
            fresh = evolve(sandbox, account=f"{int(sandbox.account) * 1000 + number}"[-12:])
            front.spoil_call(number, FAULTS[fault])
            done = await deploy(tmp_path / name, fresh, front.url, name)
            # How often the cloud is polled varies; all up to the execution must have met their fault.
            assert len(front.calls) >= number or operation.startswith("DescribeStack"), operation
            operation = front.calls[number - 1] if len(front.calls) >= number else "(not called)"  # noqa: PLW2901
            status, begun, plans = stands(fresh, name)
            print(f"{number:2} {operation:24} {fault:12} {done.outcome:10} {status:16} {done.message}")  # noqa: T201 - the table is for whoever reads the output
            if done.outcome == "succeeded":
                assert status == "CREATE_COMPLETE", operation
                assert 1 <= begun <= 2, operation  # The events of one creation: initiated, and with its physical id.
            else:
                assert (done.outcome, status) == ("failed", "-"), f"{operation}: {done.message}"
                assert NAMED.get(fault, "") in done.message, operation
                assert len(done.message) > len("Failed."), operation
            assert plans == 0, operation
