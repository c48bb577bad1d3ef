"""Whole operations, on a real emulator by the real SDK."""

import json

import pytest
from inline_snapshot import snapshot

from sigma_ls.deploy.ports import (
    Account,
    Conflict,
    NothingToChange,
    Rejected,
    StackAbsent,
    StackProgressed,
    StackSettled,
    StackUnreachable,
    StageRequest,
    Unreachable,
)
from sigma_ls.providers.aws.provider import CloudFormation
from sigma_ls.runtime.clock import SystemClock
from sigma_ls.runtime.polling import exactly
from sigma_ls.sandbox import cloud
from tests.support.front import Front, broken_gateway, expired, lost_after, lost_before, throttled
from tests.support.sandbox import REGION

pytestmark = pytest.mark.sandbox

QUEUE = {"Type": "AWS::SQS::Queue"}
SLOW_QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 40}}


@pytest.fixture
def front(sandbox, monkeypatch):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with Front(sandbox.endpoint.url).running() as running:
        yield running


@pytest.fixture
def provider(sandbox, front):
    return CloudFormation(sandbox.connection(front.url), SystemClock(), poll_interval=0.05, jitter=exactly)


@pytest.fixture
def takes_time(sandbox):
    """Operations take about a second, so that there is something to interrupt."""
    cloud.ensure_running(report=lambda _: None, pace="real")


def template(*queues, **more):
    resources = dict.fromkeys(queues, QUEUE) | more
    return json.dumps({"Resources": resources, "Outputs": {"First": {"Value": {"Ref": next(iter(resources))}}}})


def request(text, token, **more):
    return StageRequest("app", text, token, **more)


async def followed(provider, stack_id, token):
    """All that a watch says."""
    return [item async for item in provider.watch(stack_id, token)]


async def deployed(provider, text, token, **more):
    """Stage, execute and watch; the staged changes and the news."""
    staged = await provider.stage(request(text, token, **more))
    await provider.execute(staged.plan, token)
    return staged, await followed(provider, staged.stack_id, token)


def changes(staged):
    return {change.id: change.action for change in staged.changes}


def statuses(news, logical_id):
    """The statuses that a resource went through."""
    return [
        event.status
        for item in news
        if isinstance(item, StackProgressed)
        for event in item.events
        if event.logical_id == logical_id
    ]


async def left_behind(sandbox):
    """Change sets and shells of stacks in the account."""
    client = sandbox.client("cloudformation")
    stacks = client.list_stacks()["StackSummaries"]
    live = [stack for stack in stacks if stack["StackStatus"] != "DELETE_COMPLETE"]
    return [stack["StackName"] for stack in live if stack["StackStatus"] == "REVIEW_IN_PROGRESS"] + [
        change_set["ChangeSetName"]
        for stack in live
        for change_set in client.list_change_sets(StackName=stack["StackName"])["Summaries"]
        if change_set["ExecutionStatus"] == "AVAILABLE" or change_set["Status"] == "FAILED"
    ]


# --- as it should go -------------------------------------------------------------------------------------------------


async def test_from_nothing_to_nothing(provider, sandbox):
    assert await provider.account() == Account(sandbox.account, REGION)
    assert await provider.describe("app") == StackAbsent()

    staged, news = await deployed(provider, template("A", "B"), "t1", tags={"project": "x"})
    assert (changes(staged), staged.stack_is_new) == ({"A": "add", "B": "add"}, True)
    assert news[-1] == StackSettled("CREATE_COMPLETE", "succeeded")
    (output,) = await provider.outputs(staged.stack_id)
    assert (output.name, "app-A" in output.value) == ("First", True)
    found = await provider.describe(staged.stack_id)
    assert (found.id, found.condition) == (staged.stack_id, "ready")

    staged, news = await deployed(provider, template("A", "C", D=SLOW_QUEUE), "t2", tags={"project": "x"})
    assert changes(staged) == {"B": "remove", "C": "add", "D": "add"}
    assert not staged.stack_is_new
    assert news[-1] == StackSettled("UPDATE_COMPLETE", "succeeded")
    assert statuses(news, "B") == ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"]
    assert statuses(news, "A") == []

    staged = await provider.stage(request("", "t3", removal=True))
    assert changes(staged) == {"A": "remove", "C": "remove", "D": "remove"}
    assert await provider.is_current(staged.plan)
    await provider.execute(staged.plan, "t3")
    news = await followed(provider, staged.stack_id, "t3")
    assert news[-1] == StackSettled("DELETE_COMPLETE", "deleted")
    assert await provider.describe("app") == await provider.describe(staged.stack_id) == StackAbsent()
    assert await left_behind(sandbox) == []


async def test_nothing_to_change_leaves_nothing_behind(provider, sandbox):
    first, _ = await deployed(provider, template("A"), "t1")
    assert await provider.stage(request(template("A"), "t2")) == NothingToChange(first.stack_id)
    assert await left_behind(sandbox) == []


async def test_a_change_set_without_changes_leaves_nothing_behind(provider, sandbox, front):
    secret = json.dumps({"Parameters": {"P": {"Type": "String", "NoEcho": True}}, "Resources": {"A": QUEUE}})
    first, _ = await deployed(provider, secret, "t1", parameters={"P": "x"})
    assert await provider.stage(request(secret, "t2", parameters={"P": "x"})) == NothingToChange(first.stack_id)
    assert front.calls.count("CreateChangeSet") == 2
    assert await left_behind(sandbox) == []


async def test_a_change_names_its_cause(provider):
    await deployed(provider, template("A", B={"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "b"}}), "t1")
    changed = template(
        A={"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 3}},
        B={"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "c"}},
    )
    staged = await provider.stage(request(changed, "t2"))
    assert {
        change.id: (change.action, change.replacement, [cause.property for cause in change.causes])
        for change in staged.changes
    } == snapshot({"A": ("modify", "never", ["DelaySeconds"]), "B": ("replace", "will", ["QueueName"])})
    await provider.discard(staged.plan, staged.stack_id, stack_is_new=False)


async def test_new_tags_alone_are_a_change(provider):
    await deployed(provider, template("A"), "t1", tags={"a": "1", "b": "2"})
    _, news = await deployed(provider, template("A"), "t2", tags={"a": "1"})
    assert news[-1].outcome == "succeeded"
    assert isinstance(await provider.stage(request(template("A"), "t3", tags={"a": "1"})), NothingToChange)


async def test_a_template_too_long_to_be_sent_along(provider):
    long = json.dumps(json.loads(template("A")) | {"Metadata": {"x": "ä" * 60_000}})
    _, news = await deployed(provider, long, "t1")
    assert news[-1].outcome == "succeeded"
    assert isinstance(await provider.stage(request(long, "t2")), NothingToChange)


async def test_a_watch_that_begins_late_tells_everything(provider):
    staged, news = await deployed(provider, template("A"), "t1")
    again = await followed(provider, staged.stack_id, "t1")
    assert statuses(again, "A") == statuses(news, "A")
    assert again[-1] == news[-1]


# --- thrown away -----------------------------------------------------------------------------------------------------


async def test_discarded_changes_take_their_stack_along(provider, sandbox):
    staged = await provider.stage(request(template("A"), "t1"))
    assert await provider.is_current(staged.plan)
    for _ in range(2):
        await provider.discard(staged.plan, staged.stack_id, stack_is_new=True)
    assert not await provider.is_current(staged.plan)
    assert await provider.describe("app") == StackAbsent()
    assert await left_behind(sandbox) == []


async def test_discarded_changes_leave_the_stack_that_was_there(provider, sandbox):
    first, _ = await deployed(provider, template("A"), "t1")
    staged = await provider.stage(request(template("B"), "t2"))
    await provider.discard(staged.plan, staged.stack_id, stack_is_new=False)
    assert (await provider.describe(first.stack_id)).status == "CREATE_COMPLETE"
    assert await left_behind(sandbox) == []


async def test_changes_staged_again_under_one_token_replace_the_earlier_ones(provider, sandbox):
    await provider.stage(request(template("A"), "t1"))
    staged = await provider.stage(request(template("A", "B"), "t1"))
    assert changes(staged) == {"A": "add", "B": "add"}
    assert await left_behind(sandbox) == ["app", "sigma-t1"]


async def test_a_template_that_is_refused_leaves_nothing_behind(provider, sandbox):
    broken = template(A={"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "Missing"}}})
    with pytest.raises(Rejected) as failure:
        await provider.stage(request(broken, "t1"))
    assert "Missing" in failure.value.message
    assert await left_behind(sandbox) == []


async def test_a_missing_capability_is_named(provider, sandbox):
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}
    with pytest.raises(Rejected, match="CAPABILITY_IAM"):
        await provider.stage(request(template(R=role), "t1"))
    assert await left_behind(sandbox) == []


# --- failures --------------------------------------------------------------------------------------------------------


async def test_a_creation_that_fails_is_rolled_back_with_its_reason(provider):
    cloud.set_faults({"app/create:B": "The queue was deleted too recently."})
    staged, news = await deployed(provider, template("A", "B"), "t1")
    assert (news[-1].status, news[-1].outcome) == ("ROLLBACK_COMPLETE", "rolledBack")
    assert "B" in news[-1].reason
    (failure,) = [
        event
        for item in news[:-1]
        for event in item.events
        if event.status == "CREATE_FAILED" and event.logical_id == "B"
    ]
    assert "deleted too recently" in failure.reason
    found = await provider.describe("app")
    assert found.condition == "unrecoverable"
    with pytest.raises(Conflict, match="ROLLBACK_COMPLETE"):
        await provider.stage(request(template("A"), "t2"))
    await provider.delete(staged.stack_id, "t3")
    assert (await followed(provider, staged.stack_id, "t3"))[-1].outcome == "deleted"


async def test_an_update_that_fails_is_rolled_back(provider):
    await deployed(provider, template("A"), "t1")
    cloud.set_faults({"app/create:B": "No."})
    _staged, news = await deployed(provider, template("A", "B"), "t2")
    assert (news[-1].status, news[-1].outcome) == ("UPDATE_ROLLBACK_COMPLETE", "rolledBack")
    assert (await provider.describe("app")).condition == "ready"
    cloud.set_faults({})
    _, news = await deployed(provider, template("A", "B"), "t3")
    assert news[-1].outcome == "succeeded"


async def test_a_roll_back_that_fails_leaves_the_stack_stuck(provider):
    await deployed(provider, template("A"), "t1")
    cloud.set_faults({"app/create:B": "No.", "app/revert:A": "Neither."})
    changed = template("B", A=SLOW_QUEUE | {"DependsOn": []})
    depending = json.loads(changed)
    depending["Resources"]["B"] = QUEUE | {"DependsOn": "A"}
    _staged, news = await deployed(provider, json.dumps(depending), "t2")
    assert (news[-1].status, news[-1].outcome) == ("UPDATE_ROLLBACK_FAILED", "failed")
    assert (await provider.describe("app")).condition == "rollbackFailed"


async def test_a_removal_that_fails_says_what_is_left(provider):
    staged, _ = await deployed(provider, template("A", "B"), "t1")
    cloud.set_faults({"app/delete:A": "The bucket is not empty."})
    await provider.delete(staged.stack_id, "t2")
    news = await followed(provider, staged.stack_id, "t2")
    assert (news[-1].status, news[-1].outcome) == ("DELETE_FAILED", "failed")
    found = await provider.describe("app")
    assert (found.condition, list(found.resources)) == ("unrecoverable", ["A"])
    cloud.set_faults({})
    await provider.delete(staged.stack_id, "t3", retain=["A"])
    assert (await followed(provider, staged.stack_id, "t3"))[-1].outcome == "deleted"


async def test_a_protected_stack_is_not_deleted(provider, sandbox):
    staged, _ = await deployed(provider, template("A"), "t1")
    sandbox.client("cloudformation").update_termination_protection(EnableTerminationProtection=True, StackName="app")
    assert (await provider.describe("app")).protected
    with pytest.raises(Conflict, match="protected against deletion"):
        await provider.delete(staged.stack_id, "t2")


# --- stopping --------------------------------------------------------------------------------------------------------


async def until_busy(watching):
    """The first news of a resource in progress."""
    async for item in watching:
        if isinstance(item, StackProgressed) and any(not event.is_stack for event in item.events):
            return item
    raise AssertionError("it ended before it began")


async def test_stopping_an_update_rolls_it_back(provider, takes_time):
    await deployed(provider, template("A"), "t1")
    staged = await provider.stage(request(template("A", "B", "C"), "t2"))
    await provider.execute(staged.plan, "t2")
    watching = provider.watch(staged.stack_id, "t2")
    begun = await until_busy(watching)
    assert begun.stop_means == "rollback"
    await provider.stop(staged.stack_id, "rollback", "t2")
    rest = [item async for item in watching]
    assert (rest[-1].status, rest[-1].outcome) == ("UPDATE_ROLLBACK_COMPLETE", "rolledBack")
    await provider.stop(staged.stack_id, "rollback", "t2")
    with pytest.raises(Conflict, match="too late"):
        await provider.stop(staged.stack_id, "rollback", "t3")


async def test_stopping_a_creation_deletes_it(provider, takes_time):
    staged = await provider.stage(request(template("A", "B"), "t1"))
    await provider.execute(staged.plan, "t1")
    watching = provider.watch(staged.stack_id, "t1")
    begun = await until_busy(watching)
    assert begun.stop_means == "delete"
    await provider.stop(staged.stack_id, "delete", "t1")
    rest = [item async for item in watching]
    assert rest[-1] == StackSettled("DELETE_COMPLETE", "deleted", rest[-1].reason)
    assert await provider.describe("app") == StackAbsent()


async def test_someone_elses_operation_is_followed(provider, takes_time):
    staged = await provider.stage(request(template("A"), "t1"))
    await provider.execute(staged.plan, "t1")
    found = await provider.describe("app")
    assert (found.condition, found.stop_means) == ("busy", "delete")
    with pytest.raises(Conflict, match="busy"):
        await provider.stage(request(template("A"), "t2"))
    assert (await followed(provider, found.id, None))[-1].outcome == "succeeded"


# --- a bad line ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spoiler", [throttled, expired, lost_before, broken_gateway])
async def test_what_spoils_a_look_only_delays_the_end(provider, front, spoiler):
    staged = await provider.stage(request(template("A"), "t1"))
    await provider.execute(staged.plan, "t1")
    front.spoil("DescribeStackEvents", spoiler, times=3)
    news = await followed(provider, staged.stack_id, "t1")
    assert [type(item) for item in news[:3]] == [StackUnreachable] * 3
    assert news[-1] == StackSettled("CREATE_COMPLETE", "succeeded")
    assert statuses(news, "A")[-1] == "CREATE_COMPLETE"


async def test_an_execution_whose_answer_was_lost_is_found_running(provider, front):
    staged = await provider.stage(request(template("A"), "t1"))
    front.spoil("ExecuteChangeSet", lost_after, times=1)
    with pytest.raises(Unreachable) as failure:
        await provider.execute(staged.plan, "t1")
    assert not failure.value.certain
    news = await followed(provider, staged.stack_id, "t1")
    assert news[-1] == StackSettled("CREATE_COMPLETE", "succeeded")


async def test_an_execution_that_never_arrived_can_be_asked_for_again(provider, front):
    staged = await provider.stage(request(template("A"), "t1"))
    front.spoil("ExecuteChangeSet", lost_before, times=1)
    with pytest.raises(Unreachable) as failure:
        await provider.execute(staged.plan, "t1")
    assert not failure.value.certain
    assert await provider.is_current(staged.plan)
    for _ in range(2):
        await provider.execute(staged.plan, "t1")
    assert (await followed(provider, staged.stack_id, "t1"))[-1].outcome == "succeeded"


async def test_an_execution_repeated_by_the_sdk_is_one(provider, front, monkeypatch):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")
    staged = await provider.stage(request(template("A"), "t1"))
    front.spoil("ExecuteChangeSet", lost_after, times=1)
    await provider.execute(staged.plan, "t1")
    assert front.calls.count("ExecuteChangeSet") == 2
    news = await followed(provider, staged.stack_id, "t1")
    assert statuses(news, "app").count("CREATE_IN_PROGRESS") == 1


@pytest.mark.parametrize("spoiler", [lost_before, lost_after, broken_gateway])
async def test_staging_that_lost_its_line_leaves_nothing_behind(provider, sandbox, front, spoiler):
    front.spoil("CreateChangeSet", spoiler, times=1)
    with pytest.raises(Unreachable):
        await provider.stage(request(template("A"), "t1"))
    assert await left_behind(sandbox) == []


async def test_staging_repeated_by_the_sdk_is_one(provider, sandbox, front, monkeypatch):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")
    front.spoil("CreateChangeSet", lost_after, times=1)
    staged = await provider.stage(request(template("A"), "t1"))
    assert changes(staged) == {"A": "add"}
    await provider.discard(staged.plan, staged.stack_id, stack_is_new=True)
    assert await left_behind(sandbox) == []


async def test_a_cancelled_staging_leaves_nothing_behind(provider, sandbox, takes_time):
    import asyncio

    staging = asyncio.create_task(provider.stage(request(template("A"), "t1")))
    _, pending = await asyncio.wait({staging}, timeout=0.3)
    assert pending
    staging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await staging
    assert await left_behind(sandbox) == []
    assert await provider.describe("app") == StackAbsent()
