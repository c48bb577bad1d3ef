"""Getting out of stuck stacks, and seeing into nested ones, on a real emulator by the real SDK."""

import json

import pytest

from sigma_ls.deploy.ports import Conflict, StackProgressed, StageRequest
from sigma_ls.deploy.root_cause import failures
from sigma_ls.providers.aws.provider import CloudFormation
from sigma_ls.runtime.clock import SystemClock
from sigma_ls.runtime.polling import exactly
from sigma_ls.sandbox import cloud
from tests.support.sandbox import REGION
from tests.support.stacks import Stack, deployed, staged

pytestmark = pytest.mark.sandbox


@pytest.fixture
def provider(sandbox):
    return CloudFormation(sandbox.connection(), SystemClock(), poll_interval=0.05, jitter=exactly)


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
    ready = await provider.stage(StageRequest("full", "", "t2", removal=True, retain=found.undeletable))
    assert {change.id: change.status for change in ready.changes} == {"Images": "retained"}
    await provider.execute(ready.plan, "t2")
    assert (await followed(provider, ready.stack_id, "t2"))[-1].outcome == "deleted"
    assert sandbox.client("s3").list_objects_v2(Bucket=name)["KeyCount"] == 1


async def test_the_cause_of_a_failure_is_found_within_a_nested_stack(provider, sandbox):
    s3, bucket = sandbox.client("s3"), f"templates-{sandbox.account}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    inner = {"Resources": {"Good": queue(), "Bad": queue(["Good"])}}
    s3.put_object(Bucket=bucket, Key="inner", Body=json.dumps(inner))
    properties = {"TemplateURL": f"https://s3.amazonaws.com/{bucket}/inner"}
    outer = {"Resources": {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": properties}}}
    cloud.set_faults({"create:Bad": "No more queues."})

    ready = await provider.stage(StageRequest("outer", json.dumps(outer), "t1"))
    await provider.execute(ready.plan, "t1")
    news = await followed(provider, ready.stack_id, "t1")
    assert news[-1].outcome == "rolledBack"
    events = [event for item in news if isinstance(item, StackProgressed) for event in item.events]
    assert {event.logical_id for event in events if event.within} == {"Inner.Good", "Inner.Bad"}
    rows = {change.id: change for change in ready.changes}
    (cause,) = [each for each in failures(events, rows, rolling=False, removal=False) if each.root_cause]
    assert (cause.resource, cause.change) == ("Inner.Bad", "Inner.Bad")
    assert "No more queues." in cause.reason


# --- rollback disabled -----------------------------------------------------------------------------------------------


def paused(formation, name, *changes):
    """The stack after a creation, then updates, the last of which fails with rollback disabled."""
    *before, last = changes
    for number, resources in enumerate(before):
        deployed(formation, name, resources, kind="UPDATE" if number else "CREATE")
    cloud.set_faults({f"{name}/{verb}:Bad": "No." for verb in ("create", "update")})
    ready = staged(formation, name, last, kind="UPDATE" if before else "CREATE")
    formation.execute_change_set(ChangeSetName=ready["ChangeSetId"], DisableRollback=True)
    Stack(formation, name, ready["StackId"]).settled()
    cloud.set_faults({})


def request(name, resources, token):
    return StageRequest(name, json.dumps({"Resources": resources}), token)


@pytest.mark.parametrize("before", [[], [{"Good": queue()}]])
async def test_a_paused_stack_is_updated_as_it_is(provider, formation, before):
    both = {"Good": queue(), "Bad": queue(["Good"])}
    paused(formation, "half", *before, both)
    found = await provider.describe("half")
    assert (found.condition, found.stable) == ("paused", bool(before))
    assert set(found.resources) == (set() if before else {"Good"})

    ready = await provider.stage(request("half", both, "t1"))
    assert ({change.id for change in ready.changes}, ready.rolls_back, ready.stack_is_new) == ({"Bad"}, False, False)
    await provider.execute(ready.plan, "t1")
    end = (await followed(provider, ready.stack_id, "t1"))[-1]
    assert (end.status, end.outcome) == ("UPDATE_COMPLETE", "succeeded")


async def test_a_paused_stack_is_rolled_back_first(provider, formation):
    paused(formation, "back", {"Good": queue()}, {"Good": queue(DelaySeconds=3), "Bad": queue(["Good"])})
    found = await provider.describe("back")
    await provider.continue_rollback(found.id, "t1-rollback")
    end = (await followed(provider, found.id, "t1-rollback"))[-1]
    assert (end.status, end.outcome) == ("UPDATE_ROLLBACK_COMPLETE", "rolledBack")
    # Asked for again, since the first answer was lost, it is the same.
    await provider.continue_rollback(found.id, "t1-rollback")
    assert (await provider.describe("back")).condition == "ready"


async def test_a_stack_that_was_made_to_do_nothing_on_failure_says_that_it_takes_no_update(provider, formation):
    cloud.set_faults({"nothing/create:Bad": "No."})
    both = {"Good": queue(), "Bad": queue(["Good"])}
    deployed(formation, "nothing", both, kind="CREATE", OnStackFailure="DO_NOTHING")
    cloud.set_faults({})
    assert (await provider.describe("nothing")).condition == "paused"
    with pytest.raises(Conflict, match="is in CREATE_FAILED state and can not be updated"):
        await provider.stage(request("nothing", both, "t1"))


async def test_a_stopped_update_without_rollback_ends_where_it_is(provider, formation):
    cloud.ensure_running(report=lambda _line: None, pace="instant")
    paused(formation, "halt", {"Good": queue()}, {"Good": queue(), "Bad": queue(["Good"])})
    ready = await provider.stage(request("halt", {"Good": queue(), "Bad": queue(), "Last": queue(["Bad"])}, "t1"))
    cloud.ensure_running(report=lambda _line: None, pace="real")
    await provider.execute(ready.plan, "t1")
    news = []
    async for item in provider.watch(ready.stack_id, "t1"):
        if not news:
            await provider.stop(ready.stack_id, "halt", "t1")
        news.append(item)
    assert (news[-1].status, news[-1].outcome) == ("UPDATE_FAILED", "failed")


async def test_a_rollback_is_continued_without_whatever_fails(provider, formation):
    deployed(formation, "forced", {"A": queue(DelaySeconds=1), "B": queue(["A"], DelaySeconds=1)})
    cloud.set_faults({"forced/update:B": "No.", "forced/revert:A": "No way back."})
    stack = deployed(
        formation, "forced", {"A": queue(DelaySeconds=2), "B": queue(["A"], DelaySeconds=2)}, kind="UPDATE"
    )
    await provider.continue_rollback(stack.id, "t1-rollback", force=True)
    end = (await followed(provider, stack.id, "t1-rollback"))[-1]
    assert (end.status, end.outcome) == ("UPDATE_ROLLBACK_COMPLETE", "rolledBack")
