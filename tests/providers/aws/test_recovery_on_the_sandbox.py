"""Getting out of stuck stacks, and seeing into nested ones, on a real emulator by the real SDK."""

import json

import pytest

from sigma_ls.deploy.ports import StackProgressed, StageRequest
from sigma_ls.deploy.root_cause import failures
from sigma_ls.providers.aws.connection import AwsConnection
from sigma_ls.providers.aws.provider import CloudFormation
from sigma_ls.runtime.clock import SystemClock
from sigma_ls.runtime.polling import exactly
from sigma_ls.sandbox import cloud
from tests.support.sandbox import REGION
from tests.support.stacks import deployed

pytestmark = pytest.mark.sandbox


@pytest.fixture
def provider(sandbox):
    connection = AwsConnection(
        REGION, endpoint_url=sandbox.endpoint.url, access_key=sandbox.account, secret_key=sandbox.endpoint.secret_key
    )
    return CloudFormation(connection, SystemClock(), poll_interval=0.05, jitter=exactly)


@pytest.fixture
def formation(sandbox):
    return sandbox.client("cloudformation")


def queue(after=(), **properties):
    return {"Type": "AWS::SQS::Queue", "DependsOn": list(after), "Properties": properties}


async def followed(provider, stack_id, token):
    return [item async for item in provider.watch(stack_id, token)]


async def test_a_rollback_is_continued_without_what_it_failed_for(provider, formation):
    def resources(seconds):
        return {"A": queue(DelaySeconds=seconds), "B": queue(["A"], DelaySeconds=seconds)}

    deployed(formation, "stuck", resources(1))
    cloud.set_faults({"stuck/update:B": "No.", "stuck/revert:A": "No way back."})
    stack = deployed(formation, "stuck", resources(2), kind="UPDATE")
    found = await provider.describe("stuck")
    assert (found.status, found.condition, found.stuck) == ("UPDATE_ROLLBACK_FAILED", "rollbackFailed", ("A",))

    await provider.continue_rollback(stack.id, "t1-rollback")
    assert (await followed(provider, stack.id, "t1-rollback"))[-1].outcome == "failed"
    assert (await provider.describe("stuck")).stuck == ("A",)

    await provider.continue_rollback(stack.id, "t2-rollback", skip=found.stuck)
    end = (await followed(provider, stack.id, "t2-rollback"))[-1]
    assert (end.status, end.outcome) == ("UPDATE_ROLLBACK_COMPLETE", "rolledBack")
    # Asked for again, since the first answer was lost, it is the same.
    await provider.continue_rollback(stack.id, "t2-rollback", skip=found.stuck)
    assert (await provider.describe("stuck")).condition == "ready"


async def test_a_bucket_that_is_not_empty_is_left_behind_when_asked(provider, formation, sandbox):
    cloud.set_strict(buckets=True)
    name = f"full-{sandbox.account}"
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}
    stack = deployed(formation, "full", {"Images": bucket, "Q": queue()})
    sandbox.client("s3").put_object(Bucket=name, Key="photo", Body=b"x")

    await provider.delete(stack.id, "t1-delete")
    news = await followed(provider, stack.id, "t1-delete")
    assert news[-1].status == "DELETE_FAILED"
    events = [event for item in news if isinstance(item, StackProgressed) for event in item.events]
    (failure,) = failures(events, {}, rolling=False, removal=True)
    assert (failure.resource, f"aws s3 rm s3://{name} --recursive" in failure.reason) == ("Images", True)

    found = await provider.describe("full")
    assert (found.condition, found.undeletable) == ("unrecoverable", ("Images",))
    staged = await provider.stage(StageRequest("full", "", "t2", removal=True, retain=found.undeletable))
    assert {change.id: change.status for change in staged.changes} == {"Images": "retained"}
    await provider.execute(staged.plan, "t2")
    assert (await followed(provider, staged.stack_id, "t2"))[-1].outcome == "deleted"
    assert sandbox.client("s3").list_objects_v2(Bucket=name)["KeyCount"] == 1


async def test_the_cause_of_a_failure_is_found_within_a_nested_stack(provider, sandbox):
    s3, bucket = sandbox.client("s3"), f"templates-{sandbox.account}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    inner = {"Resources": {"Good": queue(), "Bad": queue(["Good"])}}
    s3.put_object(Bucket=bucket, Key="inner", Body=json.dumps(inner))
    properties = {"TemplateURL": f"https://s3.amazonaws.com/{bucket}/inner"}
    outer = {"Resources": {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": properties}}}
    cloud.set_faults({"create:Bad": "No more queues."})

    staged = await provider.stage(StageRequest("outer", json.dumps(outer), "t1"))
    await provider.execute(staged.plan, "t1")
    news = await followed(provider, staged.stack_id, "t1")
    assert news[-1].outcome == "rolledBack"
    events = [event for item in news if isinstance(item, StackProgressed) for event in item.events]
    assert {event.logical_id for event in events if event.within} == {"Inner.Good", "Inner.Bad"}
    rows = {change.id: change for change in staged.changes}
    (cause,) = [each for each in failures(events, rows, rolling=False, removal=False) if each.root_cause]
    assert (cause.resource, cause.change) == ("Inner.Bad", "Inner")
    assert "No more queues." in cause.reason
