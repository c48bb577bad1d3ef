"""Change sets of nested stacks: included where there are any, read with the root's, and told when they fail."""

import json

import pytest

from sigma_ls.deploy.ports import NotFound, NothingToChange, Rejected, StagedChanges, StageRequest, TemplateFault
from sigma_ls.providers.aws import removal
from sigma_ls.providers.aws.stacks import Stacks
from tests.providers.aws.script import ARN, STACK_ID, Script, added, change_set, stack
from tests.providers.aws.test_changesets import CREATED, NO_CHANGES, existing, stage
from tests.support.clock import NappingClock

NESTED = "AWS::CloudFormation::Stack"
INNER, DEEP = f"{ARN}-Inner", f"{ARN}-Deep"
TEMPLATE = json.dumps({"Resources": {"Inner": {"Type": NESTED, "Properties": {"TemplateURL": "https://b/t"}}}})


def holding(logical_id, arn, **more):
    """The change of a nested stack whose own changes are in the change set `arn`."""
    change = {"Action": "Modify", "Replacement": "False", "LogicalResourceId": logical_id, "ResourceType": NESTED}
    return {"Type": "Resource", "ResourceChange": {**change, "Details": [], "ChangeSetId": arn, **more}}


def by_arn(**sets):
    """Answers of DescribeChangeSet, by the last word of the ARN; `root` is that of the root."""
    known = {ARN: sets.pop("root"), INNER: sets.get("inner"), DEEP: sets.get("deep")}
    return lambda ChangeSetName, **_: {**known[ChangeSetName], "ChangeSetId": ChangeSetName}  # noqa: N803 - AWS's name


async def staged(script):
    return await stage(script, template=TEMPLATE)


async def test_the_changes_within_come_behind_their_stack_by_their_whole_way():
    script = Script(
        **existing(),
        create_change_set=[CREATED],
        describe_change_set=[
            by_arn(
                root=change_set(changes=[holding("Inner", INNER), added("Last")]),
                inner=change_set(changes=[added("Queue"), holding("Deep", DEEP)]),
                deep=change_set(changes=[added("Table", "AWS::DynamoDB::Table")]),
            )
        ],
    )
    found = await staged(script)
    assert isinstance(found, StagedChanges)
    assert [(change.id, change.resource.name, change.action) for change in found.changes] == [
        ("Inner", "Inner", "modify"),
        ("Inner.Queue", "Inner.Queue", "add"),
        ("Inner.Deep", "Inner.Deep", "modify"),
        ("Inner.Deep.Table", "Inner.Deep.Table", "add"),
        ("Last", "Last", "add"),
    ]
    assert script.arguments("create_change_set")[0]["IncludeNestedStacks"] is True


async def test_without_nested_stacks_none_are_asked_for():
    script = Script(**existing(), create_change_set=[CREATED], describe_change_set=[change_set()])
    await stage(script)
    assert "IncludeNestedStacks" not in script.arguments("create_change_set")[0]


async def test_all_pages_of_nested_change_sets_are_read():
    def describe(ChangeSetName, IncludePropertyValues=False, NextToken=None):  # noqa: N803 - AWS's names
        if ChangeSetName == ARN:
            return change_set(changes=[holding("Inner", INNER)])
        page = change_set(changes=[added("Second" if NextToken else "First")], ChangeSetId=INNER)
        return page if NextToken else {**page, "NextToken": "2"}

    script = Script(**existing(), create_change_set=[CREATED], describe_change_set=[describe])
    assert [change.id for change in (await staged(script)).changes] == ["Inner", "Inner.First", "Inner.Second"]


async def test_a_nested_stack_that_only_a_reference_touches_is_listed_for_what_changes_within():
    moot = {"Evaluation": "Dynamic", "ChangeSource": "ResourceReference", "CausingEntity": "Steady", "Target": {}}
    steady = {**added("Steady")["ResourceChange"], "Action": "Modify", "Replacement": "False"}
    root = change_set(changes=[{"Type": "Resource", "ResourceChange": steady}, holding("Inner", INNER, Details=[moot])])
    script = Script(
        **existing(),
        create_change_set=[CREATED],
        describe_change_set=[by_arn(root=root, inner=change_set(changes=[added("Queue")]))],
    )
    assert [change.id for change in (await staged(script)).changes] == ["Steady", "Inner", "Inner.Queue"]


async def test_a_nested_stack_without_changes_has_none():
    inner = change_set("FAILED", "UNAVAILABLE", StatusReason=NO_CHANGES)
    script = Script(
        **existing(),
        create_change_set=[CREATED],
        describe_change_set=[by_arn(root=change_set(changes=[holding("Inner", INNER)]), inner=inner)],
    )
    assert [change.id for change in (await staged(script)).changes] == ["Inner"]


FAILED = f"Nested change set {INNER} was not successfully created: Currently in FAILED."


async def test_why_a_nested_change_set_failed_is_told_at_its_stack():
    script = Script(
        **existing(),
        create_change_set=[CREATED],
        delete_change_set=[{}],
        describe_events=[
            {
                "OperationEvents": [
                    {
                        "EventType": "VALIDATION_ERROR",
                        "ValidationStatusReason": "The table exists already.",
                        "ValidationPath": "/Resources/Table",
                    }
                ]
            }
        ],
        describe_change_set=[
            by_arn(
                root=change_set("FAILED", "UNAVAILABLE", [holding("Inner", INNER)], StatusReason=FAILED),
                inner=change_set("FAILED", "UNAVAILABLE", [holding("Deep", DEEP)], StatusReason=FAILED),
                deep=change_set(
                    "FAILED", "UNAVAILABLE", StatusReason="The following failed: [AWS::EarlyValidation::X]."
                ),
            )
        ],
    )
    with pytest.raises(Rejected) as failure:
        await staged(script)
    assert failure.value.faults == (TemplateFault("Deep.Table: The table exists already.", ("Resources", "Inner")),)


async def test_where_nested_stacks_fail_for_want_of_changes_alone_they_are_left_out():
    sets = {
        "root": change_set("FAILED", "UNAVAILABLE", [holding("Inner", INNER)], StatusReason=FAILED),
        "inner": change_set("FAILED", "UNAVAILABLE", StatusReason=NO_CHANGES),
    }
    script = Script(
        **existing(),
        create_change_set=[CREATED],
        delete_change_set=[{}],
        describe_change_set=[
            *[by_arn(**dict(sets))] * 3,
            change_set("FAILED", "UNAVAILABLE", StatusReason=NO_CHANGES),
        ],
    )
    assert await staged(script) == NothingToChange(STACK_ID)
    assert ["IncludeNestedStacks" in each for each in script.arguments("create_change_set")] == [True, False]


async def test_a_template_with_nested_stacks_is_never_taken_to_be_deployed_already():
    script = Script(
        describe_stacks=[stack("UPDATE_COMPLETE")],
        create_change_set=[CREATED],
        describe_change_set=[change_set("FAILED", "UNAVAILABLE", StatusReason=NO_CHANGES)],
        delete_change_set=[{}],
    )
    assert await staged(script) == NothingToChange(STACK_ID)
    assert "get_template" not in script.operations


# --- what goes with a stack ------------------------------------------------------------------------------------------


def listed(**kinds):
    return {
        "StackResourceSummaries": [
            {
                "LogicalResourceId": name,
                "PhysicalResourceId": f"arn:{name}",
                "ResourceType": kind,
                "ResourceStatus": "CREATE_COMPLETE",
            }
            for name, kind in kinds.items()
        ]
    }


def holdings(status="UPDATE_COMPLETE"):
    pages = {
        STACK_ID: listed(Inner=NESTED, Kept=NESTED),
        "arn:Inner": listed(Table="AWS::DynamoDB::Table", Log="AWS::Logs::LogGroup"),
    }
    templates = {
        STACK_ID: {"Resources": {"Kept": {"DeletionPolicy": "Retain"}}},
        "arn:Inner": {"Resources": {"Log": {"DeletionPolicy": "Retain"}}},
    }
    return Script(
        describe_stacks=[stack(status)],
        list_stack_resources=[lambda StackName: pages[StackName]],  # noqa: N803 - AWS's name
        get_template=[lambda StackName, **_: {"TemplateBody": templates[StackName]}],  # noqa: N803
    )


async def test_a_removal_lists_what_goes_with_nested_stacks():
    script = holdings()
    found = await removal.stage(Stacks(script, NappingClock()), StageRequest("app", "", "t1", removal=True))
    assert isinstance(found, StagedChanges)
    assert [(change.id, change.status) for change in found.changes] == [
        ("Inner", "pending"),
        ("Inner.Table", "pending"),
        ("Inner.Log", "retained"),
        ("Kept", "retained"),
    ]


async def test_what_would_be_lost_with_a_stack_is_told_with_what_nested_stacks_hold():
    found = await Stacks(holdings("ROLLBACK_FAILED"), NappingClock()).describe("app")
    assert found.resources == {"Inner": NESTED, "Inner.Table": "AWS::DynamoDB::Table"}


async def test_a_nested_stack_that_is_gone_meanwhile_is_an_error_and_no_empty_list():
    script = Script(
        describe_stacks=[stack("UPDATE_COMPLETE")],
        list_stack_resources=[listed(Inner=NESTED), NotFound("gone")],
        get_template=[{"TemplateBody": {}}],
    )
    with pytest.raises(NotFound):
        await removal.stage(Stacks(script, NappingClock()), StageRequest("app", "", "t1", removal=True))
