"""Getting a stack out of a failed state: updating it again, RollbackStack, ContinueUpdateRollback."""

import json

import pytest
from botocore.exceptions import ClientError

from sigma_ls.sandbox import cloud
from tests.support.stacks import Stack, deployed, staged, until

pytestmark = pytest.mark.sandbox

QUEUE = {"Type": "AWS::SQS::Queue"}
TOPIC = {"Type": "AWS::SNS::Topic"}


def queue(after=(), **properties):
    return {"Type": "AWS::SQS::Queue", "DependsOn": list(after), "Properties": properties}


@pytest.fixture
def formation(sandbox):
    return sandbox.client("cloudformation")


def paused(formation, name, resources, *, kind="UPDATE", **more):
    """The stack after a deployment with rollback disabled."""
    ready = staged(formation, name, resources, kind=kind, **more)
    formation.execute_change_set(ChangeSetName=ready["ChangeSetId"], DisableRollback=True)
    stack = Stack(formation, name, ready["StackId"])
    stack.settled()
    return stack


def actions(change_set):
    found = [change["ResourceChange"] for change in change_set["Changes"]]
    return {change["LogicalResourceId"]: change["Action"] for change in found}


def delay(sandbox, name):
    sqs = sandbox.client("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds"])["Attributes"]["DelaySeconds"]


# --- rollback disabled -----------------------------------------------------------------------------------------------


def test_without_rollback_a_failure_stops_only_what_depends_on_it(formation):
    cloud.ensure_running(report=lambda _line: None, pace="real")
    cloud.set_faults({"apart/create:Bad": "No."})
    resources = {"Bad": QUEUE, "After": queue(["Bad"]), "Slow": queue(), "Later": queue(["Slow"])}
    stack = paused(formation, "apart", resources, kind="CREATE")
    assert stack.status() == "CREATE_FAILED"
    assert stack.resources() == ["Later", "Slow"]
    assert stack.statuses("Later") == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
    assert stack.statuses("After") == []
    assert stack.reason("apart", "CREATE_FAILED") == "The following resource(s) failed to create: [Bad]. "


def test_a_creation_that_failed_can_be_finished_by_an_update(formation):
    cloud.set_faults({"finish/create:B": "No."})
    resources = {"A": QUEUE, "B": queue(["A"])}
    stack = paused(formation, "finish", resources, kind="CREATE")
    cloud.set_faults({})
    seen = len(stack.events())
    ready = staged(formation, "finish", resources)
    assert actions(ready) == {"B": "Add"}
    formation.execute_change_set(ChangeSetName=ready["ChangeSetId"], DisableRollback=True)
    assert stack.settled() == "UPDATE_COMPLETE"
    assert stack.resources() == ["A", "B"]
    assert not any(each == "A" for each, _ in stack.events()[seen:])


def test_an_update_that_failed_can_be_finished_by_another(formation, sandbox):
    def resources(a, b):
        return {"A": queue(QueueName="again-a", DelaySeconds=a), "B": queue(["A"], QueueName="again-b", DelaySeconds=b)}

    deployed(formation, "again", {**resources(1, 1), "Gone": TOPIC})
    cloud.set_faults({"again/update:B": "No."})
    stack = paused(formation, "again", resources(2, 2))
    assert stack.status() == "UPDATE_FAILED"
    assert (delay(sandbox, "again-a"), delay(sandbox, "again-b")) == ("2", "1")
    cloud.set_faults({})
    ready = staged(formation, "again", resources(2, 3))
    assert actions(ready) == {"B": "Modify", "Gone": "Remove"}
    formation.execute_change_set(ChangeSetName=ready["ChangeSetId"], DisableRollback=True)
    assert stack.settled() == "UPDATE_COMPLETE"
    assert (delay(sandbox, "again-a"), delay(sandbox, "again-b")) == ("2", "3")
    assert stack.resources() == ["A", "B"]


def test_a_retry_with_the_same_parameter_is_a_change_and_tells_no_secret(formation):
    resources = {"T": {**TOPIC, "Properties": {"DisplayName": {"Ref": "Secret"}}}}

    def given(value):
        return {
            "template": {"Parameters": {"Secret": {"Type": "String", "NoEcho": True}}},
            "Parameters": [{"ParameterKey": "Secret", "ParameterValue": value}],
        }

    deployed(formation, "retry", resources, **given("hush-before"))
    cloud.set_faults({"retry/update:T": "No."})
    stack = paused(formation, "retry", resources, **given("hush-after"))
    cloud.set_faults({})
    ready = staged(formation, "retry", resources, **given("hush-after"))
    assert actions(ready) == {"T": "Modify"}
    valued = formation.describe_change_set(ChangeSetName=ready["ChangeSetId"], IncludePropertyValues=True)
    assert "hush" not in json.dumps(valued, default=str)
    formation.execute_change_set(ChangeSetName=ready["ChangeSetId"], DisableRollback=True)
    assert stack.settled() == "UPDATE_COMPLETE"


def test_an_update_of_a_failed_stack_must_not_roll_back(formation):
    cloud.set_faults({"refused/create:B": "No."})
    paused(formation, "refused", {"A": QUEUE, "B": queue(["A"])}, kind="CREATE")
    ready = staged(formation, "refused", {"A": QUEUE})
    told = (
        r"non-terminal \[CREATE_FAILED\] state\. To update the stack from this state, please use the disable-rollback"
    )
    with pytest.raises(ClientError, match=told):
        formation.execute_change_set(ChangeSetName=ready["ChangeSetId"])
    with pytest.raises(ClientError, match=told):
        formation.update_stack(StackName="refused", TemplateBody=json.dumps({"Resources": {"A": QUEUE}}))


def test_a_failed_stack_can_be_updated_without_a_change_set(formation):
    cloud.set_faults({"direct/create:B": "No."})
    resources = {"A": QUEUE, "B": queue(["A"])}
    stack = paused(formation, "direct", resources, kind="CREATE")
    body = json.dumps({"Resources": {"A": queue(["Nothing"])}})
    with pytest.raises(ClientError, match="Unresolved resource dependencies"):
        formation.update_stack(StackName="direct", TemplateBody=body, DisableRollback=True)
    assert stack.status() == "CREATE_FAILED"
    cloud.set_faults({})
    formation.update_stack(StackName="direct", TemplateBody=json.dumps({"Resources": resources}), DisableRollback=True)
    assert stack.settled() == "UPDATE_COMPLETE"
    assert stack.resources() == ["A", "B"]


def test_a_stack_that_was_made_to_do_nothing_on_failure_takes_no_update(formation):
    cloud.set_faults({"nothing/create:B": "No."})
    resources = {"A": QUEUE, "B": queue(["A"])}
    ready = staged(formation, "nothing", resources, kind="CREATE", OnStackFailure="DO_NOTHING")
    formation.execute_change_set(ChangeSetName=ready["ChangeSetId"])
    stack = Stack(formation, "nothing", ready["StackId"])
    assert stack.settled() == "CREATE_FAILED"
    with pytest.raises(ClientError, match="is in CREATE_FAILED state and can not be updated"):
        staged(formation, "nothing", resources)


def test_what_a_failed_update_replaced_goes_when_the_next_one_succeeds(formation, sandbox):
    deployed(formation, "replaced", {"A": queue(QueueName="one"), "B": queue(["A"], DelaySeconds=1)})
    cloud.set_faults({"replaced/update:B": "No."})
    changed = {"A": queue(QueueName="two"), "B": queue(["A"], DelaySeconds=2)}
    paused(formation, "replaced", changed)
    urls = sandbox.client("sqs").list_queues()["QueueUrls"]
    assert {"one", "two"} <= {url.rpartition("/")[2] for url in urls}
    cloud.set_faults({})
    stack = paused(formation, "replaced", changed)
    assert stack.status() == "UPDATE_COMPLETE"
    urls = sandbox.client("sqs").list_queues()["QueueUrls"]
    assert "one" not in {url.rpartition("/")[2] for url in urls}


def test_two_failed_updates_are_rolled_back_to_what_was_stable(formation, sandbox):
    def resources(a, b, **more):
        return {
            "A": queue(QueueName="stable-a", DelaySeconds=a),
            "B": queue(["A", *more], QueueName="stable-b", DelaySeconds=b),
            **more,
        }

    stack = deployed(formation, "stable", resources(1, 1))
    template = formation.get_template(StackName="stable")["TemplateBody"]
    cloud.set_faults({"stable/update:B": "No."})
    paused(formation, "stable", resources(2, 2, New=queue(DelaySeconds=1)))
    cloud.set_faults({"stable/update:B": "No.", "stable/update:New": "No."})
    paused(formation, "stable", resources(3, 3, New=queue(DelaySeconds=2), Newer=TOPIC))
    assert stack.status() == "UPDATE_FAILED"
    assert stack.resources() == ["A", "B", "New", "Newer"]
    formation.rollback_stack(StackName="stable")
    assert stack.settled() == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources() == ["A", "B"]
    assert (delay(sandbox, "stable-a"), delay(sandbox, "stable-b")) == ("1", "1")
    assert formation.get_template(StackName="stable")["TemplateBody"] == template
    with pytest.raises(ClientError, match="cannot be called from current stack status"):
        formation.rollback_stack(StackName="stable")


def test_a_failed_creation_is_removed_with_its_policies(formation, sandbox):
    cloud.set_faults({"policies/create:B": "No."})
    kept = {**queue(QueueName="kept-policy"), "DeletionPolicy": "Retain"}
    stack = paused(formation, "policies", {"A": kept, "B": queue(["A"])}, kind="CREATE")
    formation.delete_stack(StackName="policies")
    assert stack.settled() == "DELETE_COMPLETE"
    assert stack.statuses("A")[-1] == "DELETE_SKIPPED"
    assert delay(sandbox, "kept-policy") == "0"


# --- a rollback that failed ------------------------------------------------------------------------------------------


@pytest.fixture
def stuck(formation):
    """A stack whose rollback failed for A and B, and would fail again."""
    name = "stuck-update"

    def resources(seconds, **more):
        made = {name: queue(QueueName=f"stuck-{name}", DelaySeconds=seconds) for name in "AB"}
        return {**made, "C": queue(["A", "B"], DelaySeconds=seconds), **more}

    deployed(formation, name, resources(1))
    cloud.set_faults({f"{name}/update:C": "No.", f"{name}/revert:A": "No way back.", f"{name}/revert:B": "Nor here."})
    stack = deployed(formation, name, resources(2), kind="UPDATE")
    assert stack.status() == "UPDATE_ROLLBACK_FAILED"
    return stack


def test_a_rollback_that_is_continued_in_vain_stays_failed(formation, stuck):
    cloud.set_faults({"stuck-update/revert:A": "Still no way."})
    formation.continue_update_rollback(StackName=stuck.id)
    until(lambda: stuck.statuses("stuck-update")[-2:] == ["UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"])
    assert "Still no way." in stuck.reason("A", "UPDATE_FAILED")
    assert stuck.statuses("B")[-1] == "UPDATE_COMPLETE"
    assert stuck.reason("stuck-update", "UPDATE_ROLLBACK_FAILED") == "The following resource(s) failed to update: [A]."


def test_a_rollback_goes_on_without_what_is_skipped(formation, stuck, sandbox):
    cloud.set_faults({"stuck-update/revert:A": "Still no way."})
    formation.continue_update_rollback(StackName=stuck.id, ResourcesToSkip=["A"])
    assert until(lambda: stuck.status() != "UPDATE_ROLLBACK_FAILED" and stuck.settled()) == "UPDATE_ROLLBACK_COMPLETE"
    assert stuck.reason("A", "UPDATE_COMPLETE") == "Resource rollback skipped by user"
    assert (delay(sandbox, "stuck-A"), delay(sandbox, "stuck-B")) == ("2", "1")
    assert stuck.statuses("stuck-update")[-2:] == [
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]


def test_only_what_failed_to_roll_back_can_be_skipped(formation, stuck):
    with pytest.raises(ClientError, match=r"\[C\] cannot be skipped"):
        formation.continue_update_rollback(StackName=stuck.id, ResourcesToSkip=["C"])


def test_a_stack_whose_rollback_failed_takes_no_update(formation, stuck):
    with pytest.raises(ClientError, match="is in UPDATE_ROLLBACK_FAILED state and can not be updated"):
        staged(formation, "stuck-update", {"A": QUEUE})


def test_a_continued_rollback_takes_time(formation, stuck):
    cloud.set_faults({})
    cloud.ensure_running(report=lambda _line: None, pace="real")
    formation.continue_update_rollback(StackName=stuck.id)
    until(lambda: stuck.status() == "UPDATE_ROLLBACK_IN_PROGRESS")
    assert stuck.settled() == "UPDATE_ROLLBACK_COMPLETE"


# --- state guards ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("cancel_update_stack", {}),
        ("continue_update_rollback", {}),
        ("rollback_stack", {}),
        ("delete_stack", {"RetainResources": ["Q"]}),
    ],
)
def test_what_gets_a_stack_out_of_a_failure_is_refused_where_there_is_none(formation, operation, more):
    stack = deployed(formation, "healthy", {"Q": QUEUE})
    with pytest.raises(ClientError) as refused:
        getattr(formation, operation)(StackName="healthy", **more)
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    assert (stack.status(), stack.resources()) == ("CREATE_COMPLETE", ["Q"])


def test_a_rollback_is_forced_past_whatever_fails_in_it(formation):
    deployed(formation, "force", {"A": queue(DelaySeconds=1), "B": queue(["A"], DelaySeconds=1)})
    cloud.set_faults({"force/update:B": "No.", "force/revert:A": "No way back."})
    stack = deployed(formation, "force", {"A": queue(DelaySeconds=2), "B": queue(["A"], DelaySeconds=2)}, kind="UPDATE")
    assert stack.status() == "UPDATE_ROLLBACK_FAILED"
    with pytest.raises(ClientError, match="but not both"):
        formation.continue_update_rollback(StackName="force", ResourcesToSkip=["A"], ForceRollback=True)
    formation.continue_update_rollback(StackName="force", ForceRollback=True)
    assert stack.settled() == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.reason("A", "UPDATE_COMPLETE") == "Resource rollback skipped by user"
