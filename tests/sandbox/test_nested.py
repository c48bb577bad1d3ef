"""Nested stacks in the sandbox: seen in progress, rolled back and removed with their parent."""

import json

import pytest

from sigma_ls.sandbox import cloud
from tests.support.stacks import Stack, deployed, staged, start, until

pytestmark = pytest.mark.sandbox


def queue(after=(), **properties):
    return {"Type": "AWS::SQS::Queue", "DependsOn": list(after), "Properties": properties}


@pytest.fixture
def formation(sandbox):
    return sandbox.client("cloudformation")


@pytest.fixture
def nested(sandbox):
    """Makes the resource of a nested stack with these resources."""
    s3, name = sandbox.client("s3"), f"templates-{sandbox.account}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    def make(key, resources, after=(), parameters=None, **template):
        s3.put_object(Bucket=name, Key=key, Body=json.dumps({"Resources": resources, **template}))
        properties = {"TemplateURL": f"https://s3.amazonaws.com/{name}/{key}", "Parameters": parameters or {}}
        return {"Type": "AWS::CloudFormation::Stack", "DependsOn": list(after), "Properties": properties}

    return make


def inner(stack, logical_id="Inner"):
    """The nested stack, by the first event that tells its id."""

    def told():
        pages = stack.client.get_paginator("describe_stack_events").paginate(StackName=stack.id)
        events = [event for page in pages for event in page["StackEvents"]]
        return {each["PhysicalResourceId"] for each in events if each["LogicalResourceId"] == logical_id} - {""}

    (stack_id,) = until(told)
    return Stack(stack.client, stack_id.split("/")[1], stack_id)


def queues(sandbox):
    return sorted(url.rpartition("/")[2] for url in sandbox.client("sqs").list_queues().get("QueueUrls", []))


def test_a_nested_stack_is_seen_in_progress_resource_by_resource(formation, nested):
    cloud.ensure_running(report=lambda _line: None, pace="real")
    resources = {"Inner": nested("t", {"A": queue(), "B": queue(), "C": queue("A")}), "Last": queue(["Inner"])}
    outer = start(formation, "outer", resources)
    child = inner(outer)
    assert child.name.startswith("outer-Inner-")
    until(lambda: {("A", "CREATE_IN_PROGRESS"), ("B", "CREATE_IN_PROGRESS")} <= set(child.events()))
    assert (child.status(), outer.status()) == ("CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS")
    assert outer.statuses("Inner") == ["CREATE_IN_PROGRESS"]
    assert outer.reason("Inner", "CREATE_IN_PROGRESS") == "Resource creation Initiated"
    assert outer.settled() == "CREATE_COMPLETE"
    assert child.status() == "CREATE_COMPLETE"
    order = child.events()
    assert order.index(("C", "CREATE_IN_PROGRESS")) > order.index(("A", "CREATE_COMPLETE"))


def test_a_nested_stack_takes_parameters_and_gives_outputs(formation, nested, sandbox):
    template = {
        "Parameters": {"Name": {"Type": "String"}},
        "Outputs": {"Address": {"Value": {"Ref": "A"}}},
    }
    child = nested("t", {"A": queue(QueueName={"Ref": "Name"})}, parameters={"Name": "given"}, **template)
    outputs = {"Outputs": {"Address": {"Value": {"Fn::GetAtt": ["Inner", "Outputs.Address"]}}}}
    outer = deployed(formation, "outputs", {"Inner": child}, template=outputs)
    assert outer.outputs()["Address"].endswith("/given")


def test_a_nested_stack_that_fails_fails_its_parent_and_goes(formation, nested, sandbox):
    cloud.set_faults({"create:Bad": "No more queues."})
    resources = {"Inner": nested("t", {"A": queue(QueueName="inner-a"), "Bad": queue("A")})}
    outer = deployed(formation, "fails", resources)
    child = inner(outer)
    assert outer.status() == "ROLLBACK_COMPLETE"
    reason = f"Embedded stack {child.id} was not successfully created: "
    reason += "The following resource(s) failed to create: [Bad]. "
    assert outer.reason("Inner", "CREATE_FAILED") == reason
    assert "No more queues." in child.reason("Bad", "CREATE_FAILED")
    assert child.statuses(child.name) == [
        "CREATE_IN_PROGRESS",
        "CREATE_FAILED",
        "DELETE_IN_PROGRESS",
        "DELETE_COMPLETE",
    ]
    assert queues(sandbox) == []


def test_a_failure_beside_it_cancels_a_nested_stack(formation, nested, sandbox):
    cloud.ensure_running(report=lambda _line: None, pace="real")
    cloud.set_faults({"beside/create:Bad": "No."})
    resources = {"Inner": nested("t", {"A": queue(), "B": queue("A"), "C": queue("B")}), "Bad": queue()}
    outer = deployed(formation, "beside", resources)
    child = inner(outer)
    assert outer.status() == "ROLLBACK_COMPLETE"
    assert outer.reason("Inner", "CREATE_FAILED") == "Resource creation cancelled"
    assert "C" not in {each for each, _ in child.events()}
    assert child.status() == "DELETE_COMPLETE"
    assert queues(sandbox) == []


def test_a_nested_stack_is_updated_in_place(formation, nested, sandbox):
    before = {"A": queue(QueueName="in-place-a", DelaySeconds=1), "Gone": queue(QueueName="in-place-gone")}
    outer = deployed(formation, "place", {"Inner": nested("one", before)})
    after = {"A": queue(QueueName="in-place-a", DelaySeconds=2), "New": queue(QueueName="in-place-new")}
    deployed(formation, "place", {"Inner": nested("two", after)}, kind="UPDATE")
    child = inner(outer)
    assert child.statuses(child.name)[-2:] == ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"]
    assert child.resources() == ["A", "New"]
    assert queues(sandbox) == ["in-place-a", "in-place-new"]


@pytest.mark.parametrize("failing", ["Bad", "Beside"], ids=["inside", "after"])
def test_an_update_that_fails_takes_the_nested_stack_back(formation, nested, sandbox, failing):
    def resources(key, seconds, **more):
        inside = {"A": queue(QueueName="back-a", DelaySeconds=seconds), "Bad": queue("A", DelaySeconds=seconds), **more}
        return {"Inner": nested(key, inside), "Beside": queue(["Inner"], DelaySeconds=seconds)}

    outer = deployed(formation, "back", resources("one", 1))
    cloud.set_faults({f"update:{failing}": "No."})
    deployed(formation, "back", resources("two", 2, New=queue(QueueName="back-new")), kind="UPDATE")
    assert outer.status() == "UPDATE_ROLLBACK_COMPLETE"
    child = inner(outer)
    assert child.status() == {"Bad": "UPDATE_ROLLBACK_COMPLETE", "Beside": "UPDATE_COMPLETE"}[failing]
    assert child.resources() == ["A", "Bad"]
    sqs = sandbox.client("sqs")
    url = sqs.get_queue_url(QueueName="back-a")["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds"])
    assert found["Attributes"] == {"DelaySeconds": "1"}
    assert "back-new" not in queues(sandbox)


def test_a_nested_stack_is_removed_with_its_parent_and_can_fail_to(formation, nested, sandbox):
    outer = deployed(formation, "gone", {"Inner": nested("t", {"A": queue(), "B": queue("A")})})
    child = inner(outer)
    cloud.set_faults({"delete:A": "Still in use."})
    formation.delete_stack(StackName="gone")
    assert outer.settled() == "DELETE_FAILED"
    assert child.status() == "DELETE_FAILED"
    assert outer.reason("Inner", "DELETE_FAILED").startswith(f"Embedded stack {child.id} was not successfully deleted")
    cloud.set_faults({})
    formation.delete_stack(StackName="gone")
    assert outer.settled() == "DELETE_COMPLETE"
    assert child.status() == "DELETE_COMPLETE"
    assert child.statuses("A")[-1] == "DELETE_COMPLETE"
    assert queues(sandbox) == []


def test_a_removal_ends_the_creation_of_a_nested_stack(formation, nested, sandbox):
    cloud.ensure_running(report=lambda _line: None, pace="real")
    outer = start(formation, "short", {"Inner": nested("t", {"A": queue(), "B": queue("A"), "C": queue("B")})})
    child = inner(outer)
    until(lambda: ("A", "CREATE_COMPLETE") in child.events())
    formation.delete_stack(StackName="short")
    assert outer.settled() == "DELETE_COMPLETE"
    assert child.status() == "DELETE_COMPLETE"
    assert queues(sandbox) == []


def test_a_cancelled_update_takes_the_nested_stack_back(formation, nested):
    def resources(key, seconds):
        inside = {"A": queue(DelaySeconds=seconds), "B": queue("A", DelaySeconds=seconds)}
        return {"Inner": nested(key, inside)}

    outer = deployed(formation, "cancelled", resources("one", 1))
    child = inner(outer)
    cloud.ensure_running(report=lambda _line: None, pace="real")
    start(formation, "cancelled", resources("two", 2), kind="UPDATE")
    until(lambda: ("A", "UPDATE_COMPLETE") in child.events())
    formation.cancel_update_stack(StackName="cancelled")
    assert outer.settled() == "UPDATE_ROLLBACK_COMPLETE"
    assert child.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert child.reason("B", "UPDATE_FAILED") == "Resource update cancelled"


def test_a_template_that_is_not_there_fails_the_nested_stack(formation):
    properties = {"TemplateURL": "https://s3.amazonaws.com/none/none"}
    outer = deployed(formation, "none", {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": properties}})
    assert outer.status() == "ROLLBACK_COMPLETE"
    assert "https://s3.amazonaws.com/none/none" in outer.reason("Inner", "CREATE_FAILED")


def test_the_parent_has_to_acknowledge_what_a_nested_stack_makes(formation, nested):
    document = {"Version": "2012-10-17", "Statement": []}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": document}}
    outer = deployed(formation, "capable", {"Inner": nested("t", {"R": role})})
    assert "CAPABILITY_IAM" in outer.reason("Inner", "CREATE_FAILED")


# --- change sets -----------------------------------------------------------------------------------------------------


def changes(formation, change_set):
    """The changes of a change set, and of each nested one in it."""
    found = {}
    for change in change_set["Changes"]:
        resource = change["ResourceChange"]
        inner = resource.get("ChangeSetId")
        within = changes(formation, formation.describe_change_set(ChangeSetName=inner)) if inner else None
        found[resource["LogicalResourceId"]] = (resource["Action"], within) if inner else resource["Action"]
    return found


def test_a_change_set_includes_those_of_nested_stacks_when_asked(formation, nested):
    resources = {"Inner": nested("t1", {"A": queue(), "Deep": nested("t2", {"B": queue()})}), "Last": queue()}
    outer = staged(formation, "sets", resources, kind="CREATE", IncludeNestedStacks=True)
    assert changes(formation, outer) == {"Inner": ("Add", {"A": "Add", "Deep": ("Add", {"B": "Add"})}), "Last": "Add"}
    formation.execute_change_set(ChangeSetName=outer["ChangeSetId"])
    stack = Stack(formation, "sets", outer["StackId"])
    assert stack.settled() == "CREATE_COMPLETE"

    resources["Inner"] = nested("t3", {"A": queue(DelaySeconds=3), "Deep": nested("t2", {"B": queue()})})
    outer = staged(formation, "sets", resources, IncludeNestedStacks=True)
    assert changes(formation, outer) == {"Inner": ("Modify", {"A": "Modify"})}
    assert changes(formation, staged(formation, "sets", resources)) == {"Inner": "Modify"}


def test_nested_change_sets_go_with_the_roots(formation, nested):
    resources = {"Inner": nested("t1", {"A": queue()})}
    outer = staged(formation, "gone", resources, kind="CREATE", IncludeNestedStacks=True)
    inner_id = outer["Changes"][0]["ResourceChange"]["ChangeSetId"]
    described = formation.describe_change_set(ChangeSetName=inner_id, IncludePropertyValues=True)
    assert "AfterContext" in described["Changes"][0]["ResourceChange"]
    formation.delete_change_set(ChangeSetName=outer["ChangeSetId"])
    with pytest.raises(formation.exceptions.ChangeSetNotFoundException):
        formation.describe_change_set(ChangeSetName=inner_id)
