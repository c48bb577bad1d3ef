"""Staging and executing, against AWS as a script: the order of things, and what is left behind when they go wrong."""

import asyncio
import json

import pytest
from inline_snapshot import snapshot

from sigma_ls.deploy.ports import (
    Conflict,
    NotAuthenticated,
    NotFound,
    NothingToChange,
    Rejected,
    StagedChanges,
    StageRequest,
    TemplateFault,
    Unreachable,
)
from sigma_ls.providers.aws.artifacts import ArtifactBucket
from sigma_ls.providers.aws.changesets import BODY_LIMIT, ChangeSets
from sigma_ls.providers.aws.plans import ChangeSetPlan, from_text
from sigma_ls.providers.aws.stacks import Stacks
from sigma_ls.runtime.polling import Pace, Poller, exactly
from tests.providers.aws.script import ARN, STACK_ID, Script, added, change_set, refused, stack
from tests.support.clock import NappingClock

TEMPLATE = json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}})
NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."
CREATED = {"Id": ARN, "StackId": STACK_ID}
GONE = NotFound("Stack with id app does not exist")
SILENCE = Unreachable("cloudformation in eu-west-1 gave no answer.", certain=False)


def change_sets(script):
    clock = NappingClock()

    async def account():
        return "111122223333"

    stacks = Stacks(script, clock)
    return ChangeSets(script, stacks, ArtifactBucket(script, account), clock, lambda: Poller(clock, Pace(), exactly))


def request(**more):
    return StageRequest(**{"stack": "app", "template": TEMPLATE, "token": "t1", **more})


async def stage(script, **more):
    return await change_sets(script).stage(request(**more))


def existing(status="UPDATE_COMPLETE", **more):
    """A stack with another template than the wanted one."""
    return {"describe_stacks": [stack(status, **more)], "get_template": [{"TemplateBody": {"Resources": {}}}]}


# --- staged ----------------------------------------------------------------------------------------------------------


async def test_a_stack_that_is_not_there_is_created():
    script = Script(
        describe_stacks=[GONE],
        create_change_set=[CREATED],
        describe_change_set=[
            change_set("CREATE_PENDING", "UNAVAILABLE"),
            change_set("CREATE_IN_PROGRESS", "UNAVAILABLE"),
            change_set(changes=[added("Queue")]),
        ],
    )
    staged = await stage(script, tags={"a": "b"}, parameters={"P": "x"}, capabilities=("CAPABILITY_IAM",), role="arn:r")
    assert (staged.plan, staged.stack_id, staged.stack_is_new) == (ARN, STACK_ID, True)
    assert [change.id for change in staged.changes] == ["Queue"]
    (created,) = script.arguments("create_change_set")
    assert created.pop("ClientToken")
    assert created == snapshot(
        {
            "StackName": "app",
            "ChangeSetName": "sigma-t1",
            "ChangeSetType": "CREATE",
            "Parameters": [{"ParameterKey": "P", "ParameterValue": "x"}],
            "Capabilities": ["CAPABILITY_IAM"],
            "Tags": [{"Key": "a", "Value": "b"}],
            "TemplateBody": '{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}',
            "RoleARN": "arn:r",
        }
    )
    assert script.operations == snapshot(
        [
            "describe_stacks",
            "create_change_set",
            "describe_change_set",
            "describe_change_set",
            "describe_change_set",
            "describe_change_set",
        ]
    )


async def test_a_stack_that_is_there_is_updated():
    script = Script(
        **existing(), create_change_set=[CREATED], describe_change_set=[change_set(changes=[added("Queue")])]
    )
    staged = await stage(script)
    assert not staged.stack_is_new
    assert script.arguments("create_change_set")[0]["ChangeSetType"] == "UPDATE"
    assert script.operations == snapshot(
        ["describe_stacks", "get_template", "create_change_set", "describe_change_set", "describe_change_set"]
    )


async def test_the_shell_that_an_earlier_attempt_left_is_used():
    script = Script(
        describe_stacks=[stack("REVIEW_IN_PROGRESS")], create_change_set=[CREATED], describe_change_set=[change_set()]
    )
    assert (await stage(script)).stack_is_new
    assert script.arguments("create_change_set")[0]["ChangeSetType"] == "CREATE"


async def test_all_pages_of_both_descriptions_are_read():
    def describe(ChangeSetName, IncludePropertyValues=False, NextToken=None):  # noqa: N803 - AWS's names
        if NextToken:
            return change_set(changes=[added("Third" if IncludePropertyValues else "Second")])
        return change_set(changes=[added("First")], NextToken="2")

    script = Script(**existing(), create_change_set=[CREATED], describe_change_set=[describe])
    assert [change.id for change in (await stage(script)).changes] == ["First", "Second", "Third"]


async def test_a_change_of_outputs_alone_is_a_change():
    script = Script(**existing(), create_change_set=[CREATED], describe_change_set=[change_set(changes=[])])
    assert await stage(script) == StagedChanges(ARN, STACK_ID, stack_is_new=False, changes=())


async def test_a_stack_whose_update_failed_for_good_is_staged_to_be_executed_without_roll_back():
    script = Script(**existing("UPDATE_FAILED"), create_change_set=[CREATED], describe_change_set=[change_set()])
    assert (await stage(script)).plan == f"{ARN}|keep-on-failure"


async def test_a_long_template_goes_through_the_bucket():
    template = json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}, "Description": "ä" * BODY_LIMIT})
    script = Script(**existing(), put_object=[{}], create_change_set=[CREATED], describe_change_set=[change_set()])
    await stage(script, template=template)
    (put,) = script.arguments("put_object")
    assert put["Body"] == template.encode()
    assert put["ExpectedBucketOwner"] == "111122223333"
    (created,) = script.arguments("create_change_set")
    assert "TemplateBody" not in created
    assert created["TemplateURL"] == (
        f"https://s3.eu-west-1.amazonaws.com/sigma-artifacts-111122223333-eu-west-1/{put['Key']}"
    )


async def test_a_value_that_nobody_gave_stays_as_it_is_deployed():
    template = json.dumps(
        {
            "Parameters": {
                "Given": {"Type": "String"},
                "Kept": {"Type": "String"},
                "Secret": {"Type": "String", "NoEcho": True, "Default": "x"},
                "Defaulted": {"Type": "String", "Default": "x"},
                "New": {"Type": "String", "NoEcho": True},
            }
        }
    )
    deployed = [{"ParameterKey": key, "ParameterValue": "?"} for key in ("Given", "Kept", "Secret", "Defaulted", "Old")]
    script = Script(**existing(Parameters=deployed), create_change_set=[CREATED], describe_change_set=[change_set()])
    await stage(script, template=template, parameters={"Given": "1"})
    assert script.arguments("create_change_set")[0]["Parameters"] == snapshot(
        [
            {"ParameterKey": "Given", "ParameterValue": "1"},
            {"ParameterKey": "Kept", "UsePreviousValue": True},
            {"ParameterKey": "Secret", "UsePreviousValue": True},
        ]
    )


# --- nothing to change -----------------------------------------------------------------------------------------------


async def test_what_is_deployed_already_needs_no_change_set():
    script = Script(describe_stacks=[stack("UPDATE_COMPLETE")], get_template=[{"TemplateBody": json.loads(TEMPLATE)}])
    assert await stage(script) == NothingToChange(STACK_ID)
    assert script.operations == ["describe_stacks", "get_template"]


async def test_a_change_set_without_changes_is_deleted():
    script = Script(
        **existing(),
        create_change_set=[CREATED],
        describe_change_set=[change_set("FAILED", "UNAVAILABLE", StatusReason=NO_CHANGES)],
        delete_change_set=[{}],
    )
    assert await stage(script) == NothingToChange(STACK_ID)
    assert script.arguments("delete_change_set") == [{"ChangeSetName": ARN}]


# --- refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status",
    ["UPDATE_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_FAILED", "UPDATE_ROLLBACK_FAILED", "DELETE_IN_PROGRESS"],
)
async def test_a_stack_that_takes_no_changes_is_not_touched(status):
    script = Script(describe_stacks=[stack(status)])
    with pytest.raises(Conflict, match=status):
        await stage(script)
    assert script.operations == ["describe_stacks"]


async def test_a_template_that_is_refused_at_once_names_its_fault_and_leaves_nothing():
    script = Script(
        describe_stacks=[GONE],
        create_change_set=[
            Rejected("CreateChangeSet was refused: Unresolved resource dependencies [X] in the Resources block")
        ],
    )
    with pytest.raises(Rejected) as failure:
        await stage(script)
    assert failure.value.faults == (TemplateFault(failure.value.message, ("Resources",)),)
    # The second look is for a shell.
    assert script.operations == ["describe_stacks", "create_change_set", "describe_stacks"]


async def test_changes_that_are_refused_leave_neither_change_set_nor_stack():
    script = Script(
        describe_stacks=[GONE, stack("REVIEW_IN_PROGRESS"), stack("DELETE_IN_PROGRESS"), GONE],
        create_change_set=[CREATED],
        describe_change_set=[change_set("FAILED", "UNAVAILABLE", StatusReason="Resource Queue: no such type")],
        delete_change_set=[{}],
        list_change_sets=[{"Summaries": []}],
        delete_stack=[{}],
    )
    with pytest.raises(Rejected, match="no such type") as failure:
        await stage(script)
    assert failure.value.faults == (TemplateFault("Resource Queue: no such type", ("Resources", "Queue")),)
    assert script.operations == snapshot(
        [
            "describe_stacks",
            "create_change_set",
            "describe_change_set",
            "delete_change_set",
            "describe_stacks",
            "list_change_sets",
            "delete_stack",
            "describe_stacks",
            "describe_stacks",
        ]
    )


async def test_early_validation_is_asked_for_its_details():
    events = [
        {
            "EventType": "VALIDATION_ERROR",
            "ValidationStatusReason": "The name is taken.",
            "ValidationPath": "/Resources/Queue/Properties/QueueName",
        }
    ]
    script = failed_validation(describe_events=[{"OperationEvents": events}])
    with pytest.raises(Rejected) as failure:
        await stage(script)
    assert failure.value.faults == (
        TemplateFault("The name is taken.", ("Resources", "Queue", "Properties", "QueueName")),
    )


async def test_early_validation_whose_details_may_not_be_read_says_so():
    script = failed_validation(describe_events=[Rejected("You are not allowed to cloudformation:DescribeEvents")])
    with pytest.raises(Rejected) as failure:
        await stage(script)
    (fault,) = failure.value.faults
    assert "not allowed to cloudformation:DescribeEvents" in fault.reason


def failed_validation(**answers):
    reason = "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]"
    return Script(
        **existing(),
        create_change_set=[CREATED],
        describe_change_set=[change_set("FAILED", "UNAVAILABLE", StatusReason=reason)],
        delete_change_set=[{}],
        **answers,
    )


# --- raced -----------------------------------------------------------------------------------------------------------


async def test_a_stack_that_came_to_be_in_between_is_updated():
    script = Script(
        describe_stacks=[GONE, stack("CREATE_COMPLETE")],
        create_change_set=[Conflict("Stack [app] already exists and cannot be created again"), CREATED],
        describe_change_set=[change_set()],
    )
    assert not (await stage(script)).stack_is_new
    assert [call["ChangeSetType"] for call in script.arguments("create_change_set")] == ["CREATE", "UPDATE"]


async def test_a_stack_that_vanished_in_between_is_created():
    script = Script(
        describe_stacks=[stack("UPDATE_COMPLETE"), GONE],
        get_template=[{"TemplateBody": {}}],
        create_change_set=[NotFound("Stack [app] does not exist"), CREATED],
        describe_change_set=[change_set()],
    )
    assert (await stage(script)).stack_is_new


async def test_a_change_set_left_by_an_earlier_attempt_is_replaced():
    script = Script(
        **existing(),
        create_change_set=[refused(Conflict("exists"), "AlreadyExistsException"), CREATED],
        describe_change_set=[change_set(changes=[added("Old")]), change_set(changes=[added("New")])],
        delete_change_set=[{}],
    )
    assert [change.id for change in (await stage(script)).changes] == ["New"]
    assert script.arguments("delete_change_set") == [{"ChangeSetName": ARN}]
    first, second = script.arguments("create_change_set")
    assert first["ClientToken"] != second["ClientToken"]


async def test_a_change_set_whose_creation_was_answered_only_the_second_time_is_ours():
    script = Script(
        **existing(),
        create_change_set=[refused(Conflict("exists"), "AlreadyExistsException", repeated=True)],
        describe_change_set=[change_set(changes=[added("Queue")])],
    )
    assert [change.id for change in (await stage(script)).changes] == ["Queue"]


async def test_a_lost_answer_leaves_nothing_behind():
    script = Script(
        describe_stacks=[GONE, stack("REVIEW_IN_PROGRESS"), stack("REVIEW_IN_PROGRESS"), GONE],
        create_change_set=[SILENCE],
        describe_change_set=[change_set()],
        delete_change_set=[{}],
        list_change_sets=[{"Summaries": []}],
        delete_stack=[{}],
    )
    with pytest.raises(Unreachable):
        await stage(script)
    assert script.arguments("delete_change_set") == [{"ChangeSetName": ARN}]
    assert script.arguments("delete_stack") == [{"StackName": STACK_ID}]


async def test_what_could_not_be_cleared_away_is_named():
    lost = Unreachable("no network")
    script = Script(**existing(), create_change_set=[CREATED], describe_change_set=[lost], delete_change_set=[lost])
    with pytest.raises(Unreachable) as failure:
        await stage(script)
    assert str(failure.value) == snapshot(
        "no network The change set sigma-t1 of the stack app may have been left behind: delete it."
    )


async def test_cancelled_while_the_changes_are_worked_out_everything_is_deleted():
    def third_time_cancelled(**_):
        if script.operations.count("describe_change_set") == 3:
            staging.cancel()
        return change_set("CREATE_IN_PROGRESS", "UNAVAILABLE")

    script = Script(
        describe_stacks=[GONE, stack("REVIEW_IN_PROGRESS"), GONE],
        create_change_set=[CREATED],
        describe_change_set=[third_time_cancelled],
        delete_change_set=[{}],
        list_change_sets=[{"Summaries": []}],
        delete_stack=[{}],
    )
    staging = asyncio.create_task(stage(script))
    with pytest.raises(asyncio.CancelledError):
        await staging
    assert script.operations[-5:] == snapshot(
        ["delete_change_set", "describe_stacks", "list_change_sets", "delete_stack", "describe_stacks"]
    )


class Slow(Script):
    """Answers the creation only when told to."""

    def __init__(self, **answers):
        super().__init__(**answers)
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()

    async def cloudformation(self, call, *, mutates=False, patient=True):
        answer = await super().cloudformation(call)
        if self.operations[-1] == "create_change_set":
            self.asked.set()
            await self.go_on.wait()
        return answer


async def test_cancelled_again_and_again_before_the_creation_was_answered_it_is_still_deleted():
    script = Slow(**existing(), create_change_set=[CREATED], delete_change_set=[{}])
    staging = asyncio.create_task(stage(script))
    await script.asked.wait()
    for _ in range(3):
        staging.cancel()
        await asyncio.sleep(0)
    assert not staging.done()
    script.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await staging
    assert script.arguments("delete_change_set") == [{"ChangeSetName": ARN}]


# --- thrown away -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "listed", [{"ChangeSetId": ARN}, {"ChangeSetId": "other", "Status": "DELETE_PENDING"}, {"StackId": "another stack"}]
)
async def test_a_change_set_that_is_still_listed_though_deleted_does_not_keep_its_shell(listed):
    script = Script(
        delete_change_set=[{}],
        describe_stacks=[stack("REVIEW_IN_PROGRESS"), GONE],
        list_change_sets=[{"Summaries": [{"StackId": STACK_ID} | listed]}],
        delete_stack=[{}],
    )
    await change_sets(script).discard(ARN, STACK_ID, stack_is_new=True)
    assert script.arguments("delete_stack") == [{"StackName": STACK_ID}]


async def test_a_shell_that_another_change_set_needs_stays():
    script = Script(
        delete_change_set=[{}],
        describe_stacks=[stack("REVIEW_IN_PROGRESS")],
        list_change_sets=[{"Summaries": [{"StackId": STACK_ID, "ChangeSetId": "other"}]}],
    )
    await change_sets(script).discard(ARN, STACK_ID, stack_is_new=True)
    assert "delete_stack" not in script.operations


@pytest.mark.parametrize("status", ["CREATE_IN_PROGRESS", "CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
async def test_a_stack_that_is_no_empty_shell_stays(status):
    script = Script(delete_change_set=[{}], describe_stacks=[stack(status)])
    await change_sets(script).discard(ARN, STACK_ID, stack_is_new=True)
    assert "delete_stack" not in script.operations


async def test_a_stack_that_was_there_before_is_not_even_looked_at():
    script = Script(delete_change_set=[{}])
    await change_sets(script).discard(ARN, STACK_ID, stack_is_new=False)
    assert script.operations == ["delete_change_set"]


async def test_discarding_twice_is_harmless():
    script = Script(delete_change_set=[NotFound("ChangeSet does not exist")], describe_stacks=[GONE])
    await change_sets(script).discard(ARN, STACK_ID, stack_is_new=True)
    assert "delete_stack" not in script.operations


async def test_a_change_set_in_the_making_is_deleted_when_that_is_allowed():
    script = Script(
        delete_change_set=[Conflict("is in CREATE_IN_PROGRESS"), Conflict("is in CREATE_IN_PROGRESS"), {}],
        describe_change_set=[change_set("CREATE_IN_PROGRESS", "UNAVAILABLE")],
    )
    await change_sets(script).discard(ARN, STACK_ID, stack_is_new=False)
    assert script.operations.count("delete_change_set") == 3


async def test_a_change_set_that_was_made_just_after_it_was_refused_is_deleted():
    script = Script(
        delete_change_set=[Conflict("is in CREATE_IN_PROGRESS"), {}],
        describe_change_set=[change_set("CREATE_COMPLETE", "AVAILABLE")],
    )
    await change_sets(script).discard(ARN, STACK_ID, stack_is_new=False)
    assert script.operations == ["delete_change_set", "describe_change_set", "delete_change_set"]


async def test_a_change_set_that_is_executed_is_not_deleted_and_neither_is_its_stack():
    script = Script(
        delete_change_set=[Conflict("is in EXECUTE_IN_PROGRESS")],
        describe_change_set=[change_set(execution="EXECUTE_IN_PROGRESS")],
    )
    with pytest.raises(Conflict):
        await change_sets(script).discard(ARN, STACK_ID, stack_is_new=True)
    assert "delete_stack" not in script.operations


# --- executed --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keep_on_failure", [False, True])
async def test_an_execution_always_says_what_happens_on_failure(keep_on_failure):
    script = Script(execute_change_set=[{}])
    await change_sets(script).execute(ChangeSetPlan(ARN, keep_on_failure), "t1")
    assert script.arguments("execute_change_set") == [
        {"ChangeSetName": ARN, "ClientRequestToken": "t1", "DisableRollback": keep_on_failure}
    ]


def already_executed(token):
    return Script(
        execute_change_set=[Conflict("is in EXECUTE_IN_PROGRESS status")],
        describe_change_set=[change_set(execution="EXECUTE_IN_PROGRESS")],
        describe_stack_events=[{"StackEvents": [{"ClientRequestToken": token}, {}]}],
    )


async def test_executing_twice_with_one_token_is_harmless():
    await change_sets(already_executed("t1")).execute(ChangeSetPlan(ARN), "t1")


async def test_what_another_started_is_not_taken_for_ours():
    with pytest.raises(Conflict, match="EXECUTE_IN_PROGRESS"):
        await change_sets(already_executed("other")).execute(ChangeSetPlan(ARN), "t1")


async def test_changes_that_became_stale_say_so():
    script = Script(
        execute_change_set=[Conflict("is in OBSOLETE status")],
        describe_change_set=[change_set(execution="OBSOLETE")],
        describe_stack_events=[{"StackEvents": []}],
    )
    with pytest.raises(Conflict) as failure:
        await change_sets(script).execute(ChangeSetPlan(ARN), "t1")
    assert str(failure.value) == snapshot(
        "The stack app was changed since these changes were staged. Stage them again."
    )


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (change_set(), True),
        (change_set(execution="OBSOLETE"), False),
        (change_set(execution="EXECUTE_COMPLETE"), False),
        (change_set("FAILED", "UNAVAILABLE"), False),
        (NotFound("ChangeSet does not exist"), False),
    ],
)
async def test_only_what_can_be_executed_is_current(answer, expected):
    assert await change_sets(Script(describe_change_set=[answer])).is_current(ChangeSetPlan(ARN)) is expected


async def test_what_was_just_read_is_current_and_needs_no_call_until_it_was_executed():
    script = Script(
        **existing(),
        create_change_set=[CREATED],
        describe_change_set=[change_set(), change_set(), change_set(execution="EXECUTE_IN_PROGRESS")],
        execute_change_set=[{}],
    )
    both = change_sets(script)
    await both.stage(request())
    assert await both.is_current(ChangeSetPlan(ARN))
    assert script.operations.count("describe_change_set") == 2
    await both.execute(ChangeSetPlan(ARN), "t1")
    assert not await both.is_current(ChangeSetPlan(ARN))


async def test_what_waited_for_a_person_is_asked_for():
    script = Script(
        **existing(),
        create_change_set=[CREATED],
        describe_change_set=[change_set(), change_set(), change_set(execution="OBSOLETE")],
    )
    both = change_sets(script)
    await both.stage(request())
    await both._clock.sleep(5)
    assert not await both.is_current(ChangeSetPlan(ARN))


async def test_changes_that_are_gone_cannot_be_executed():
    script = Script(execute_change_set=[NotFound("ChangeSet [x] does not exist")])
    with pytest.raises(NotFound, match="Stage them again"):
        await change_sets(script).execute(ChangeSetPlan(ARN), "t1")


async def test_of_a_refused_change_set_nothing_is_said_to_be_left():
    ended = NotAuthenticated("Your AWS session has ended.", "Run `aws sso login`.")
    script = Script(describe_stacks=[GONE, ended], create_change_set=[ended])
    with pytest.raises(NotAuthenticated) as failure:
        await stage(script)
    assert failure.value.next_step == "Run `aws sso login`."


# --- hooks -----------------------------------------------------------------------------------------------------------


def stopped_by_a_hook(**answers):
    return Script(
        **existing(),
        create_change_set=[CREATED],
        describe_change_set=[
            change_set("FAILED", "UNAVAILABLE", StatusReason="The following hook(s) failed: [Our::Guard::Hook]")
        ],
        delete_change_set=[{}],
        **answers,
    )


async def test_what_a_hook_objects_to_is_said_at_its_resource():
    events = [
        {
            "EventType": "HOOK_INVOCATION_ERROR",
            "HookType": "Our::Guard::Hook",
            "HookStatusReason": "Queues need encryption.",
            "LogicalResourceId": "Queue",
        },
        {"EventType": "HOOK_INVOCATION_ERROR", "HookFailureMode": "WARN", "HookType": "Our::Hint::Hook"},
    ]
    pages = [{"OperationEvents": events[:1], "NextToken": "2"}, {"OperationEvents": events[1:]}]
    with pytest.raises(Rejected) as failure:
        await stage(stopped_by_a_hook(describe_events=pages))
    assert failure.value.faults == (
        TemplateFault("The hook Our::Guard::Hook does not allow it: Queues need encryption.", ("Resources", "Queue")),
    )


async def test_a_hook_on_the_change_set_itself_is_told_with_its_advice():
    results = [
        {
            "HookResultId": "1",
            "TypeName": "Our::Guard::Hook",
            "Status": "HOOK_COMPLETE_FAILED",
            "HookStatusReason": "No",
        },
        {"HookResultId": "2", "TypeName": "Our::Hint::Hook", "Status": "HOOK_COMPLETE_FAILED", "FailureMode": "WARN"},
    ]
    notes = [
        {"Status": "PASSED", "StatusMessage": "Names are fine."},
        {"Status": "FAILED", "StatusMessage": "Open to all.", "RemediationMessage": "Close it."},
    ]
    script = stopped_by_a_hook(
        describe_events=[{"OperationEvents": []}],
        list_hook_results=[{"HookResults": results}],
        get_hook_result=[{"Annotations": notes}],
    )
    with pytest.raises(Rejected) as failure:
        await stage(script)
    assert failure.value.faults == (
        TemplateFault("The hook Our::Guard::Hook does not allow it: No. Open to all. Close it."),
    )


# --- express mode ----------------------------------------------------------------------------------------------------

EXPRESS = {"Mode": "EXPRESS", "DisableRollback": True}


@pytest.mark.parametrize(
    ("status", "config", "sent", "plan"),
    [
        ("UPDATE_FAILED", {"Mode": "EXPRESS"}, EXPRESS, ChangeSetPlan(ARN, keep_on_failure=True, express=True)),
        ("CREATE_FAILED", {"Mode": "EXPRESS"}, EXPRESS, ChangeSetPlan(ARN, keep_on_failure=True, express=True)),
        ("UPDATE_FAILED", {"Mode": "STANDARD"}, None, ChangeSetPlan(ARN, keep_on_failure=True)),
        ("UPDATE_COMPLETE", {"Mode": "EXPRESS"}, None, ChangeSetPlan(ARN)),
    ],
)
async def test_after_a_failure_in_express_mode_the_next_operation_is_in_it_too(status, config, sent, plan):
    script = Script(
        **existing(status, DeploymentConfig=config),
        create_change_set=[CREATED],
        describe_change_set=[change_set(changes=[added("Queue")])],
    )
    staged = await stage(script)
    (created,) = script.arguments("create_change_set")
    assert created.get("DeploymentConfig") == sent
    assert (from_text(staged.plan), staged.rolls_back) == (plan, not plan.keep_on_failure)


async def test_an_execution_in_express_mode_leaves_it_to_the_change_set_what_happens_on_failure():
    script = Script(execute_change_set=[{}])
    await change_sets(script).execute(ChangeSetPlan(ARN, keep_on_failure=True, express=True), "t1")
    assert script.arguments("execute_change_set") == [{"ChangeSetName": ARN, "ClientRequestToken": "t1"}]


async def test_what_was_made_is_cleared_away_even_where_the_cloud_does_not_answer_at_once():
    lost = Unreachable("no network")
    script = Script(**existing(), create_change_set=[CREATED], describe_change_set=[lost], delete_change_set=[lost, {}])
    with pytest.raises(Unreachable) as failure:
        await stage(script)
    assert str(failure.value) == "no network"
    assert script.operations[-2:] == ["delete_change_set", "delete_change_set"]
