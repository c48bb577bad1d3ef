import datetime as dt
import json

import pytest
from inline_snapshot import snapshot

from sigma_ls.deploy.ports import NotAllowed, NotFound, StackAbsent, StackPresent, StageRequest
from sigma_ls.deploy.snapshot import Output
from sigma_ls.providers.aws.stacks import FRESH, Stacks, outputs_of, stack_name
from tests.providers.aws.script import STACK_ID, Script, stack
from tests.support.clock import NappingClock


def stacks(script):
    return Stacks(script, NappingClock())


# --- described -------------------------------------------------------------------------------------------------------


async def test_a_stack_that_nobody_knows_is_absent():
    assert await stacks(Script(describe_stacks=[NotFound("gone")])).describe("app") == StackAbsent()


async def test_a_deleted_stack_is_absent_though_it_can_still_be_asked_for_by_id():
    assert await stacks(Script(describe_stacks=[stack("DELETE_COMPLETE")])).describe(STACK_ID) == StackAbsent()


async def test_the_shell_of_staged_changes_is_absent_but_named():
    found = await stacks(Script(describe_stacks=[stack("REVIEW_IN_PROGRESS")])).describe("app")
    assert found == StackAbsent(shell_id=STACK_ID)


async def test_a_stack_in_good_order():
    found = await stacks(Script(describe_stacks=[stack("UPDATE_COMPLETE", EnableTerminationProtection=True)])).describe(
        "app"
    )
    assert found == StackPresent(STACK_ID, "UPDATE_COMPLETE", "ready", protected=True)


async def test_a_busy_stack_says_how_it_can_be_stopped():
    found = await stacks(Script(describe_stacks=[stack("UPDATE_IN_PROGRESS", StackStatusReason="User")])).describe(
        "app"
    )
    assert found == StackPresent(STACK_ID, "UPDATE_IN_PROGRESS", "busy", reason="User", stop_means="rollback")


async def test_a_stack_that_can_only_be_deleted_says_what_would_be_lost():
    pages = [
        {
            "StackResourceSummaries": [
                resource("Images", "CREATE_COMPLETE", "images-1"),
                resource("Gone", "DELETE_COMPLETE", "gone-1"),
                resource("Kept", "CREATE_COMPLETE", "kept-1"),
            ],
            "NextToken": "2",
        },
        {
            "StackResourceSummaries": [
                resource("Half", "CREATE_FAILED", "half-1"),
                resource("Never", "CREATE_FAILED", None),
                resource("Stuck", "DELETE_FAILED", "stuck-1"),
            ]
        },
    ]
    template = {"Resources": {"Kept": {"DeletionPolicy": "Retain"}, "Images": {"DeletionPolicy": "Delete"}}}
    script = Script(
        describe_stacks=[stack("ROLLBACK_FAILED")],
        list_stack_resources=pages,
        get_template=[{"TemplateBody": template}],
    )
    found = await stacks(script).describe("app")
    assert found.condition == "unrecoverable"
    assert found.resources == {"Images": "AWS::S3::Bucket", "Half": "AWS::S3::Bucket", "Stuck": "AWS::S3::Bucket"}
    assert script.arguments("list_stack_resources")[1] == {"StackName": STACK_ID, "NextToken": "2"}


def resource(logical_id, status, physical_id):
    more = {"PhysicalResourceId": physical_id} if physical_id else {}
    return {"LogicalResourceId": logical_id, "ResourceType": "AWS::S3::Bucket", "ResourceStatus": status, **more}


# --- remembered ------------------------------------------------------------------------------------------------------


async def test_what_was_described_is_good_for_the_next_steps_of_the_same_minute():
    clock = NappingClock()
    script = Script(describe_stacks=[stack("CREATE_COMPLETE"), stack("UPDATE_COMPLETE")])
    known = Stacks(script, clock)
    await known.describe("app")
    assert (
        (await known.recall("app"))["StackStatus"] == (await known.recall(STACK_ID))["StackStatus"] == "CREATE_COMPLETE"
    )
    assert len(script.calls) == 1
    await clock.sleep(FRESH / dt.timedelta(seconds=1))
    assert (await known.recall("app"))["StackStatus"] == "UPDATE_COMPLETE"


async def test_nothing_is_remembered_across_a_change():
    script = Script(describe_stacks=[stack("CREATE_COMPLETE"), NotFound("gone")])
    known = stacks(script)
    await known.describe("app")
    known.forget()
    assert await known.recall("app") is None


async def test_describing_always_asks():
    script = Script(describe_stacks=[stack("CREATE_COMPLETE"), stack("UPDATE_IN_PROGRESS")])
    known = stacks(script)
    await known.describe("app")
    assert (await known.describe("app")).condition == "busy"


# --- compared --------------------------------------------------------------------------------------------------------

TEMPLATE = {"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}


def with_parameters(**parameters):
    return {**TEMPLATE, "Parameters": parameters}


async def is_as_wanted(deployed, template=TEMPLATE, *, status="UPDATE_COMPLETE", wanted=None, **request):
    """`deployed` are the fields of the stack, `template` its template, `wanted` another one."""
    script = Script(get_template=[{"TemplateBody": template}])
    text = json.dumps(template if wanted is None else wanted) if not isinstance(template, str) else template
    return await stacks(script).is_as_wanted(
        stack(status, **deployed)["Stacks"][0], StageRequest("app", text, "t1", **request)
    )


def parameters(**values):
    return {"Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]}


def tags(**values):
    return {"Tags": [{"Key": key, "Value": value} for key, value in values.items()]}


async def test_nothing_differs():
    assert await is_as_wanted({})
    assert await is_as_wanted(tags(a="b", c="d"), tags={"c": "d", "a": "b"})
    assert await is_as_wanted({"RoleARN": "arn:r"}, role="arn:r")
    assert await is_as_wanted({"RoleARN": "arn:r"})
    assert await is_as_wanted(parameters(P="1"), with_parameters(P={"Type": "String"}), parameters={"P": "1"})
    assert await is_as_wanted(parameters(P="1"), with_parameters(P={"Type": "Number", "Default": 1}))
    assert await is_as_wanted({}, "Resources:\n  Q: {Type: AWS::SQS::Queue}\n")


async def test_something_differs():
    assert not await is_as_wanted({}, wanted={"Resources": {}})
    assert not await is_as_wanted({}, tags={"a": "b"})
    assert not await is_as_wanted(tags(a="b"))
    assert not await is_as_wanted({"RoleARN": "arn:r"}, role="arn:other")
    assert not await is_as_wanted({}, role="arn:r")
    assert not await is_as_wanted(parameters(P="1"), with_parameters(P={"Type": "String"}), parameters={"P": "2"})
    assert not await is_as_wanted(parameters(P="1"), with_parameters(P={"Type": "String", "Default": "2"}))


async def test_the_order_of_keys_is_no_difference():
    assert await is_as_wanted({}, {"A": 1, "Resources": {}}, wanted={"Resources": {}, "A": 1})


@pytest.mark.parametrize("no_echo", [True, "true"])
async def test_a_secret_cannot_be_compared(no_echo):
    template = with_parameters(P={"Type": "String", "NoEcho": no_echo})
    assert not await is_as_wanted(parameters(P="****"), template, parameters={"P": "****"})


@pytest.mark.parametrize("status", ["UPDATE_ROLLBACK_COMPLETE", "UPDATE_FAILED", "IMPORT_ROLLBACK_COMPLETE"])
async def test_after_an_operation_that_went_wrong_nothing_is_sure(status):
    assert not await is_as_wanted({}, status=status)


async def test_who_may_not_read_the_template_cannot_tell():
    script = Script(get_template=[NotAllowed("You are not allowed to cloudformation:GetTemplate")])
    found = stack("UPDATE_COMPLETE")["Stacks"][0]
    assert not await stacks(script).is_as_wanted(found, StageRequest("app", json.dumps(TEMPLATE), "t1"))


# --- read ------------------------------------------------------------------------------------------------------------


def test_outputs():
    (found,) = stack(
        "CREATE_COMPLETE",
        Outputs=[
            {"OutputKey": "Url", "OutputValue": "https://x", "Description": "Try it."},
            {"OutputKey": "Name", "OutputValue": "n"},
        ],
    )["Stacks"]
    assert outputs_of(found) == (Output("Url", "https://x", description="Try it."), Output("Name", "n"))


def test_the_name_in_an_id():
    assert [stack_name(STACK_ID), stack_name("app")] == snapshot(["app", "app"])


@pytest.mark.parametrize(
    "answer",
    [
        {"TemplateBody": "Resources: {Q: {Type: AWS::SQS::Queue, DeletionPolicy: Retain}}"},
        {"TemplateBody": {}},
        NotAllowed("You are not allowed to cloudformation:GetTemplate"),
        NotFound("Template does not exist"),
    ],
)
async def test_of_a_template_that_cannot_be_read_nothing_is_said_to_be_kept(answer):
    assert await stacks(Script(get_template=[answer])).kept(STACK_ID) == frozenset()


@pytest.mark.parametrize(("mode", "can_roll_back"), [("EXPRESS", False), ("STANDARD", True)])
async def test_an_update_that_failed_in_express_mode_cannot_be_rolled_back(mode, can_roll_back):
    failed = stack("UPDATE_FAILED", DeploymentConfig={"Mode": mode})
    found = await stacks(Script(describe_stacks=[failed])).describe("app")
    assert (found.condition, found.stable, found.can_roll_back) == ("paused", True, can_roll_back)
