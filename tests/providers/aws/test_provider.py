"""What is the provider's own: removals, stopping, the console, and that having one costs nothing."""

import subprocess
import sys

import pytest
from inline_snapshot import snapshot

from sigma_ls.deploy.ports import Conflict, NotFound, NothingToChange, Provider, StagedChanges, StageRequest
from sigma_ls.providers.aws import removal
from sigma_ls.providers.aws.connection import AwsConnection
from sigma_ls.providers.aws.plans import RemovalPlan
from sigma_ls.providers.aws.provider import CloudFormation
from sigma_ls.providers.aws.stacks import Stacks
from sigma_ls.runtime.clock import SystemClock
from tests.providers.aws.script import MOMENT, STACK_ID, Script, stack
from tests.support.clock import NappingClock

REMOVE = StageRequest("app", "", "t1", removal=True, role="arn:r")
PLAN = RemovalPlan(STACK_ID, "2026-11-23T12:00:00.000Z", "arn:r")
GONE = NotFound("gone")


def stacks(script):
    return Stacks(script, NappingClock())


def test_importing_and_making_one_loads_no_sdk():
    script = """
import sys
from sigma_ls.providers.aws.connection import AwsConnection
from sigma_ls.providers.aws.provider import CloudFormation
from sigma_ls.runtime.clock import SystemClock

CloudFormation(AwsConnection("eu-west-1"), SystemClock())
print(sorted({name.partition(".")[0] for name in sys.modules} & {"boto3", "botocore", "urllib3", "s3transfer"}))
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=20, check=True)
    assert ended.stdout == "[]\n"


def test_it_is_what_the_life_cycle_asks_for():
    provider: Provider = CloudFormation(AwsConnection("eu-west-1"), SystemClock())
    missing = [name for name in vars(Provider) if not name.startswith("_") and not hasattr(provider, name)]
    assert missing == []


@pytest.mark.parametrize(
    ("stack_id", "page"),
    [
        (STACK_ID, "https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/stackinfo?stackId=arn%3Aaws%3Acloudformation%3Aeu-west-1%3A111122223333%3Astack%2Fapp%2F0001"),
        ("arn:aws-cn:cloudformation:cn-north-1:1:stack/a/1", "https://cn-north-1.console.amazonaws.cn/cloudformation/home?region=cn-north-1#/stacks/stackinfo?stackId=arn%3Aaws-cn%3Acloudformation%3Acn-north-1%3A1%3Astack%2Fa%2F1"),
        ("app", None),
    ],
)  # fmt: skip
def test_the_page_in_the_console(stack_id, page):
    assert CloudFormation(AwsConnection("eu-west-1"), SystemClock()).console_url(stack_id) == page


def test_an_emulator_has_no_console(monkeypatch):
    local = AwsConnection("eu-west-1", endpoint_url="http://127.0.0.1:1")
    assert CloudFormation(local, SystemClock()).console_url(STACK_ID) is None
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert CloudFormation(AwsConnection("eu-west-1"), SystemClock()).console_url(STACK_ID) is None


# --- removals --------------------------------------------------------------------------------------------------------


async def test_a_removal_lists_all_that_goes():
    held = [
        {"LogicalResourceId": "Q", "PhysicalResourceId": "q-1", "ResourceType": "AWS::SQS::Queue", "ResourceStatus": "CREATE_COMPLETE"},
        {"LogicalResourceId": "B", "PhysicalResourceId": "b-1", "ResourceType": "AWS::S3::Bucket", "ResourceStatus": "DELETE_COMPLETE"},
        {"LogicalResourceId": "K", "PhysicalResourceId": "k-1", "ResourceType": "AWS::S3::Bucket", "ResourceStatus": "CREATE_COMPLETE"},
    ]  # fmt: skip
    script = Script(
        describe_stacks=[stack("UPDATE_COMPLETE")],
        list_stack_resources=[{"StackResourceSummaries": held}],
        get_template=[{"TemplateBody": {"Resources": {"K": {"DeletionPolicy": "Retain"}}}}],
    )
    staged = await removal.stage(stacks(script), REMOVE)
    assert isinstance(staged, StagedChanges)
    assert staged.plan == snapshot(
        "remove|arn:aws:cloudformation:eu-west-1:111122223333:stack/app/0001|2026-11-23T12:00:00.000Z|arn:r"
    )
    assert [(change.id, change.action, change.resource.physical_id, change.status) for change in staged.changes] == [
        ("Q", "remove", "q-1", "pending"),
        ("K", "remove", "k-1", "retained"),
    ]


async def test_a_stack_that_is_not_there_needs_no_removal():
    assert await removal.stage(stacks(Script(describe_stacks=[GONE])), REMOVE) == NothingToChange("app")


async def test_a_busy_stack_cannot_be_removed_now():
    with pytest.raises(Conflict, match="UPDATE_IN_PROGRESS"):
        await removal.stage(stacks(Script(describe_stacks=[stack("UPDATE_IN_PROGRESS")])), REMOVE)


@pytest.mark.parametrize("status", ["UPDATE_COMPLETE", "ROLLBACK_COMPLETE", "DELETE_FAILED", "REVIEW_IN_PROGRESS"])
async def test_an_approved_removal_deletes(status):
    script = Script(describe_stacks=[stack(status)], delete_stack=[None])
    await removal.execute(script, stacks(script), PLAN, "t1")
    assert script.arguments("delete_stack") == [{"StackName": STACK_ID, "ClientRequestToken": "t1", "RoleARN": "arn:r"}]


async def test_a_stack_that_was_changed_since_is_not_deleted():
    changed = stack("UPDATE_COMPLETE", LastUpdatedTime=MOMENT.replace(hour=13))
    script = Script(describe_stacks=[changed])
    assert not await removal.is_current(stacks(script), PLAN)
    with pytest.raises(Conflict, match="changed since its removal was staged"):
        await removal.execute(script, stacks(script), PLAN, "t1")


async def test_a_removal_that_runs_may_be_asked_for_again():
    deleting = stack("DELETE_IN_PROGRESS", LastUpdatedTime=MOMENT.replace(hour=13))
    script = Script(describe_stacks=[deleting], delete_stack=[None])
    await removal.execute(script, stacks(script), PLAN, "t1")
    assert len(script.arguments("delete_stack")) == 1


async def test_a_stack_that_is_gone_cannot_be_removed():
    script = Script(describe_stacks=[GONE])
    assert not await removal.is_current(stacks(script), PLAN)
    with pytest.raises(NotFound):
        await removal.execute(script, stacks(script), PLAN, "t1")


async def test_a_removal_is_current_while_the_stack_stays_as_it_is():
    assert await removal.is_current(stacks(Script(describe_stacks=[stack("UPDATE_COMPLETE")])), PLAN)


async def test_a_protected_stack_says_what_to_do():
    refusal = Conflict("Stack [x] cannot be deleted while TerminationProtection is enabled")
    script = Script(delete_stack=[refusal])
    with pytest.raises(Conflict) as failure:
        await removal.delete(script, stacks(script), STACK_ID, "t1")
    assert str(failure.value) == snapshot(
        "The stack arn:aws:cloudformation:eu-west-1:111122223333:stack/app/0001 is protected against deletion. Switch its termination protection off in the console, then try again."
    )


async def test_what_is_to_be_kept_is_said():
    script = Script(delete_stack=[None])
    await removal.delete(script, stacks(script), STACK_ID, "t1", retain=["Images"])
    assert script.arguments("delete_stack")[0]["RetainResources"] == ["Images"]
