"""Deployments take time, fail, roll back and are removed in the sandbox as they are on AWS."""

import io
import json
import time
import zipfile

import pytest
from botocore.exceptions import ClientError

from sigma_ls.sandbox import cloud
from tests.support.stacks import Stack, deployed, staged, start, until

pytestmark = pytest.mark.sandbox

QUEUE = {"Type": "AWS::SQS::Queue"}
TOPIC = {"Type": "AWS::SNS::Topic"}


def quiet(_line):
    pass


def after(other, **properties):
    """A queue that is made after another resource."""
    return {"Type": "AWS::SQS::Queue", "DependsOn": other, "Properties": properties}


def role(**properties):
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": document, **properties}}


def function(**properties):
    arn = "arn:aws:iam::000000000000:role/none"
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Runtime": "python3.13", "Handler": "index.handler", "Role": arn, **properties},
    }


@pytest.fixture
def formation(sandbox):
    return sandbox.client("cloudformation")


def real_pace():
    cloud.ensure_running(report=quiet, pace="real")


def refusal(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


# --- creating --------------------------------------------------------------------------------------------------------


def test_resources_are_seen_in_progress_in_parallel_as_their_dependencies_allow(formation):
    real_pace()
    stack = start(formation, "paced", {"A": QUEUE, "B": TOPIC, "C": after(["A", "B"])})
    until(lambda: ("A", "CREATE_IN_PROGRESS") in stack.events() and ("B", "CREATE_IN_PROGRESS") in stack.events())
    assert not any(each == "C" for each, _ in stack.events())
    assert stack.status() == "CREATE_IN_PROGRESS"
    assert stack.settled() == "CREATE_COMPLETE"
    for name in "ABC":
        assert stack.statuses(name) == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
    order = stack.events()
    assert order.index(("C", "CREATE_IN_PROGRESS")) > max(order.index((name, "CREATE_COMPLETE")) for name in "AB")


def test_instant_means_instant(formation):
    began = time.monotonic()
    stack = deployed(formation, "instant", {f"Q{number}": QUEUE for number in range(50)})
    assert stack.status() == "CREATE_COMPLETE"
    assert time.monotonic() - began < 5.0


def test_a_change_set_in_the_making_is_not_deleted(formation):
    cloud.ensure_running(report=lambda _line: None, pace="real")
    made = formation.create_change_set(
        StackName="unripe",
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}),
    )
    with pytest.raises(formation.exceptions.InvalidChangeSetStatusException):
        formation.delete_change_set(ChangeSetName=made["Id"])
    until(lambda: formation.describe_change_set(ChangeSetName=made["Id"])["Status"] == "CREATE_COMPLETE")
    formation.delete_change_set(ChangeSetName=made["Id"])
    with pytest.raises(formation.exceptions.ChangeSetNotFoundException):
        formation.describe_change_set(ChangeSetName=made["Id"])


def test_a_change_set_ripens(formation):
    real_pace()
    formation.create_change_set(
        StackName="ripe",
        ChangeSetName="changes",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps({"Resources": {"A": QUEUE}}),
    )

    def described():
        return formation.describe_change_set(StackName="ripe", ChangeSetName="changes")

    assert described()["Status"] == "CREATE_PENDING"
    assert described()["ExecutionStatus"] == "UNAVAILABLE"
    until(lambda: described()["Status"] == "CREATE_COMPLETE")
    assert described()["ExecutionStatus"] == "AVAILABLE"


def test_a_failure_cancels_the_others_and_rolls_back_what_there_is(formation):
    real_pace()
    cloud.set_faults({"failing/create:B": "No more topics."})
    table = {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "key", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "key", "KeyType": "HASH"}],
        },
    }
    stack = deployed(
        formation, "failing", {"A": QUEUE, "B": {**TOPIC, "DependsOn": "A"}, "Slow": table, "D": after("B")}
    )
    assert stack.status() == "ROLLBACK_COMPLETE"
    assert "No more topics." in stack.reason("B", "CREATE_FAILED")
    assert stack.reason("Slow", "CREATE_FAILED") == "Resource creation cancelled"
    reason = "The following resource(s) failed to create: [B, Slow]. Rollback requested by user."
    assert stack.reason("failing", "ROLLBACK_IN_PROGRESS") == reason
    assert stack.statuses("A")[-2:] == ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"]
    assert stack.statuses("D") == []
    assert stack.resources() == []


def test_a_rollback_can_fail(formation):
    cloud.set_faults({"stuck/create:B": "No.", "stuck/delete:A": "Still in use."})
    stack = deployed(formation, "stuck", {"A": QUEUE, "B": after("A")})
    assert stack.status() == "ROLLBACK_FAILED"
    assert "Still in use." in stack.reason("A", "DELETE_FAILED")


def test_an_output_that_cannot_be_had_fails_the_stack(formation):
    outputs = {"Outputs": {"Bad": {"Value": {"Fn::GetAtt": ["A", "Colour"]}}}}
    stack = deployed(formation, "outputs", {"A": QUEUE}, template=outputs)
    assert stack.status() == "ROLLBACK_COMPLETE"
    assert "Requested attribute Colour does not exist" in stack.reason("outputs", "ROLLBACK_IN_PROGRESS")


# --- functions whose code cannot be deployed -------------------------------------------------------------------------


def archive():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("index.py", "def handler(event, context):\n    return 'ok'\n")
    return content.getvalue()


@pytest.fixture
def artifacts(sandbox):
    bucket = f"artifacts-{sandbox.account}"
    client = sandbox.client("s3")
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    client.put_object(Bucket=bucket, Key="good.zip", Body=archive())
    client.put_object(Bucket=bucket, Key="text.zip", Body=b"hello")
    return bucket


@pytest.mark.parametrize(
    ("code", "more", "reason"),
    [
        ({"S3Key": "none.zip"}, {}, "The specified key does not exist."),
        ({"S3Key": "text.zip"}, {}, "Could not unzip uploaded file."),
        ({"S3Bucket": "no-such-bucket", "S3Key": "good.zip"}, {}, "The specified key does not exist."),
        ({"S3Key": "good.zip"}, {"Layers": ["arn:aws:lambda:eu-west-1:000000000000:layer:none:1"]}, "layer"),
    ],
    ids=["missing", "not a zip", "no bucket", "no layer"],
)
def test_code_that_cannot_be_deployed_is_rolled_back_with_the_reason(formation, artifacts, code, more, reason):
    stack = deployed(formation, "broken", {"F": function(Code={"S3Bucket": artifacts, **code}, **more)})
    assert stack.status() == "ROLLBACK_COMPLETE"
    assert reason in stack.reason("F", "CREATE_FAILED")


def test_an_update_to_code_that_cannot_be_deployed_keeps_the_old_code(formation, artifacts, sandbox):
    good = function(Code={"S3Bucket": artifacts, "S3Key": "good.zip"}, FunctionName="kept")
    deployed(formation, "code", {"F": good})
    bad = function(Code={"S3Bucket": artifacts, "S3Key": "text.zip"}, FunctionName="kept")
    stack = deployed(formation, "code", {"F": bad}, kind="UPDATE")
    assert stack.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert "Could not unzip" in stack.reason("F", "UPDATE_FAILED")
    answer = sandbox.client("lambda").invoke(FunctionName="kept")
    assert json.loads(answer["Payload"].read()) == "ok"


# --- updating --------------------------------------------------------------------------------------------------------


def test_an_update_touches_what_changed_and_cleans_up_at_the_end(formation):
    before = {"Same": QUEUE, "Changed": after([], DelaySeconds=1), "Moved": after([], QueueName="one"), "Gone": TOPIC}
    stack = deployed(formation, "update", before)
    seen = len(stack.events())
    changed = {"Same": QUEUE, "Changed": after([], DelaySeconds=2), "Moved": after([], QueueName="two"), "New": TOPIC}
    stack = deployed(formation, "update", changed, kind="UPDATE")
    assert stack.status() == "UPDATE_COMPLETE"
    events = stack.events()[seen:]
    assert not any(each == "Same" for each, _ in events)
    clean_up = events.index(("update", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"))
    assert set(events[:clean_up]) >= {
        ("Changed", "UPDATE_COMPLETE"),
        ("Moved", "UPDATE_COMPLETE"),
        ("New", "CREATE_COMPLETE"),
    }
    assert set(events[clean_up:]) >= {("Moved", "DELETE_COMPLETE"), ("Gone", "DELETE_COMPLETE")}
    assert stack.resources() == ["Changed", "Moved", "New", "Same"]


def test_a_resource_that_is_kept_is_not_deleted(formation, sandbox):
    deployed(formation, "keep", {"A": QUEUE, "Kept": {**after([], QueueName="kept"), "DeletionPolicy": "Retain"}})
    stack = deployed(formation, "keep", {"A": QUEUE}, kind="UPDATE")
    assert stack.statuses("Kept")[-1] == "DELETE_SKIPPED"
    assert sandbox.client("sqs").get_queue_url(QueueName="kept")["QueueUrl"]


def test_a_failed_update_goes_back_to_what_was(formation, sandbox):
    stack = deployed(formation, "back", {"A": after([], QueueName="back", DelaySeconds=1), "B": after("A")})
    template = formation.get_template(StackName="back")["TemplateBody"]
    cloud.set_faults({"back/update:B": "Not today."})
    changed = {"A": after([], QueueName="back", DelaySeconds=2), "B": after("A", DelaySeconds=3), "New": QUEUE}
    stack = deployed(formation, "back", changed, kind="UPDATE")
    assert stack.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert "Not today." in stack.reason("B", "UPDATE_FAILED")
    assert stack.statuses("B")[-2:] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]
    assert stack.statuses("New")[-1] == "DELETE_COMPLETE"
    sqs = sandbox.client("sqs")
    attributes = sqs.get_queue_attributes(
        QueueUrl=sqs.get_queue_url(QueueName="back")["QueueUrl"], AttributeNames=["DelaySeconds"]
    )
    assert attributes["Attributes"] == {"DelaySeconds": "1"}
    assert formation.get_template(StackName="back")["TemplateBody"] == template
    assert stack.resources() == ["A", "B"]


def test_a_rollback_that_fails_can_be_continued(formation):
    deployed(formation, "continue", {"A": after([], DelaySeconds=1), "B": after("A")})
    cloud.set_faults({"continue/update:B": "No.", "continue/revert:A": "No way back."})
    stack = deployed(
        formation, "continue", {"A": after([], DelaySeconds=2), "B": after("A", DelaySeconds=3)}, kind="UPDATE"
    )
    assert stack.status() == "UPDATE_ROLLBACK_FAILED"
    cloud.set_faults({})
    formation.continue_update_rollback(StackName="continue")
    assert stack.settled() == "UPDATE_ROLLBACK_COMPLETE"


def test_a_cancelled_update_is_rolled_back(formation):
    deployed(formation, "cancel", {"A": QUEUE, "B": after("A")})
    real_pace()
    changed = {"A": {**QUEUE, "Properties": {"DelaySeconds": 2}}, "B": after("A", DelaySeconds=3)}
    stack = start(formation, "cancel", changed, kind="UPDATE")
    until(lambda: ("A", "UPDATE_IN_PROGRESS") in stack.events())
    formation.cancel_update_stack(StackName="cancel", ClientRequestToken="stop-it")
    assert stack.settled() == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.reason("cancel", "UPDATE_ROLLBACK_IN_PROGRESS") == "User Initiated"
    assert stack.reason("A", "UPDATE_FAILED") == "Resource update cancelled"
    assert stack.statuses("A")[-1] == "UPDATE_COMPLETE"
    assert refusal(formation.cancel_update_stack, StackName="cancel")[0] == "ValidationError"


@pytest.mark.parametrize("kind", ["CREATE", "UPDATE"])
def test_what_waits_for_a_signal_is_cancelled_with_its_operation(formation, kind):
    name = f"waits-{kind.lower()}"
    waiting = {
        "Door": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Knock": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "Properties": {"Handle": {"Ref": "Door"}, "Timeout": "3600"},
        },
    }
    if kind == "UPDATE":
        deployed(formation, name, {"A": QUEUE})
    stack = start(formation, name, {"A": QUEUE, **waiting}, kind=kind)
    until(lambda: ("Knock", "CREATE_IN_PROGRESS") in stack.events())
    if kind == "UPDATE":
        formation.cancel_update_stack(StackName=name)
    else:
        formation.delete_stack(StackName=name)
    assert stack.settled() == ("UPDATE_ROLLBACK_COMPLETE" if kind == "UPDATE" else "DELETE_COMPLETE")
    assert stack.reason("Knock", "CREATE_FAILED") == "Resource creation cancelled"
    assert stack.statuses("Knock") == ["CREATE_IN_PROGRESS", "CREATE_FAILED"]


def test_without_rollback_a_failure_stays_and_can_be_rolled_back_later(formation):
    cloud.set_faults({"later/create:B": "No."})
    ready = staged(formation, "later", {"A": QUEUE, "B": after("A")}, kind="CREATE")
    formation.execute_change_set(ChangeSetName=ready["ChangeSetId"], DisableRollback=True)
    stack = Stack(formation, "later", ready["StackId"])
    assert stack.settled() == "CREATE_FAILED"
    assert "A" in stack.resources()
    formation.rollback_stack(StackName="later")
    assert stack.settled() == "ROLLBACK_COMPLETE"


# --- removing --------------------------------------------------------------------------------------------------------


def test_a_removal_takes_time_and_goes_backwards(formation):
    stack = deployed(formation, "remove", {"A": QUEUE, "B": after("A")})
    real_pace()
    formation.delete_stack(StackName="remove")
    until(lambda: stack.status() == "DELETE_IN_PROGRESS" and ("B", "DELETE_IN_PROGRESS") in stack.events())
    formation.delete_stack(StackName="remove")
    assert stack.settled() == "DELETE_COMPLETE"
    order = stack.events()
    assert order.index(("A", "DELETE_IN_PROGRESS")) > order.index(("B", "DELETE_COMPLETE"))
    assert order.count(("B", "DELETE_IN_PROGRESS")) == 1
    assert "does not exist" in refusal(formation.describe_stacks, StackName="remove")[1]


def test_a_removal_can_fail_and_be_repeated(formation):
    stack = deployed(formation, "again", {"A": QUEUE, "B": after("A")})
    cloud.set_faults({"again/delete:A": "Not empty."})
    formation.delete_stack(StackName="again")
    assert stack.settled() == "DELETE_FAILED"
    assert "Not empty." in stack.reason("A", "DELETE_FAILED")
    assert stack.resources() == ["A"]
    cloud.set_faults({})
    formation.delete_stack(StackName="again")
    assert stack.settled() == "DELETE_COMPLETE"


def test_a_removal_ends_a_creation_that_is_under_way(formation, sandbox):
    real_pace()
    stack = start(formation, "short", {"A": after([], QueueName="short"), "B": after("A")})
    until(lambda: ("A", "CREATE_COMPLETE") in stack.events())
    formation.delete_stack(StackName="short")
    assert stack.settled() == "DELETE_COMPLETE"
    assert stack.reason("B", "CREATE_FAILED") == "Resource creation cancelled"
    assert "ROLLBACK_IN_PROGRESS" not in stack.statuses("short")
    with pytest.raises(ClientError, match="does not exist"):
        sandbox.client("sqs").get_queue_url(QueueName="short")


# --- what is refused -------------------------------------------------------------------------------------------------


def test_a_stack_that_is_being_updated_takes_no_other_change(formation):
    deployed(formation, "busy", {"A": QUEUE})
    real_pace()
    changed = {"A": {**QUEUE, "Properties": {"DelaySeconds": 2}}}
    stack = start(formation, "busy", changed, kind="UPDATE")
    arguments = {"StackName": "busy", "ChangeSetName": "second", "TemplateBody": json.dumps({"Resources": changed})}
    assert refusal(formation.create_change_set, **arguments) == (
        "ValidationError",
        f"Stack:{stack.id} is in UPDATE_IN_PROGRESS state and can not be updated.",
    )
    code, message = refusal(formation.delete_stack, StackName="busy")
    assert (code, "cannot be deleted while in status UPDATE_IN_PROGRESS" in message) == ("ValidationError", True)
    stack.settled()


def test_a_stack_that_failed_at_first_takes_only_a_removal(formation):
    cloud.set_faults({"dead/create:A": "No."})
    stack = deployed(formation, "dead", {"A": QUEUE})
    for kind in ("CREATE", "UPDATE"):
        arguments = {
            "StackName": "dead",
            "ChangeSetName": "more",
            "ChangeSetType": kind,
            "TemplateBody": json.dumps({"Resources": {"A": QUEUE}}),
        }
        assert refusal(formation.create_change_set, **arguments)[0] == "ValidationError"
    formation.delete_stack(StackName="dead")
    assert stack.settled() == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    ("resources", "template", "told"),
    [
        ({"A": {**QUEUE, "DependsOn": "B"}}, {}, "Unresolved resource dependencies [B] in the Resources block"),
        (
            {"A": after([], QueueName={"Ref": "Nmae"})},
            {},
            "Unresolved resource dependencies [Nmae] in the Resources block",
        ),
        ({"A": after([], QueueName={"Fn::Sub": "${B.Arn}"})}, {}, "Unresolved resource dependencies [B]"),
        ({"A": QUEUE}, {"Outputs": {"O": {"Value": {"Ref": "B"}}}}, "[B] in the Outputs block of the template"),
        ({"A": after("B"), "B": after("A")}, {}, "Circular dependency"),
        ({"A": {"Type": "AWS::Nothing::AtAll"}}, {}, "Unrecognized resource types"),
        ({"A": role()}, {}, "Requires capabilities : [CAPABILITY_IAM]"),
        ({"A": role(RoleName="named")}, {"Capabilities": ["CAPABILITY_IAM"]}, "[CAPABILITY_NAMED_IAM]"),
    ],
)
def test_a_template_that_aws_refuses_is_refused_before_there_is_a_stack(formation, resources, template, told):
    capabilities = template.pop("Capabilities", [])
    body = json.dumps({"Resources": resources, **template})
    arguments = {"StackName": "refused", "ChangeSetName": "c", "ChangeSetType": "CREATE", "TemplateBody": body}
    assert told in refusal(formation.create_change_set, Capabilities=capabilities, **arguments)[1]
    assert formation.list_stacks()["StackSummaries"] == []


def test_pseudo_parameters_and_parameters_are_references_like_any_other(formation):
    parameters = {"Parameters": {"Delay": {"Type": "String", "Default": "3"}}}
    resources = {
        "A": after([], QueueName={"Fn::Sub": "${AWS::StackName}-${!literal}"[:17]}, DelaySeconds={"Ref": "Delay"})
    }
    assert deployed(formation, "fine", resources, template=parameters).status() == "CREATE_COMPLETE"


def test_a_resource_cannot_become_another_kind_of_thing(formation):
    deployed(formation, "kind", {"A": QUEUE})
    body = json.dumps({"Resources": {"A": TOPIC}})
    told = refusal(formation.create_change_set, StackName="kind", ChangeSetName="c", TemplateBody=body)[1]
    assert told.endswith("modifies resource type of the following resources: [A]")


# --- repeats are harmless --------------------------------------------------------------------------------------------


def test_the_same_request_twice_makes_one_change_set_and_one_execution(formation):
    arguments = {
        "StackName": "twice",
        "ChangeSetName": "changes",
        "ChangeSetType": "CREATE",
        "TemplateBody": json.dumps({"Resources": {"A": QUEUE}}),
    }
    first = formation.create_change_set(ClientToken="one", **arguments)
    assert formation.create_change_set(ClientToken="one", **arguments)["Id"] == first["Id"]
    assert refusal(formation.create_change_set, ClientToken="two", **arguments)[0] == "AlreadyExistsException"
    execute = {"ChangeSetName": "changes", "StackName": first["StackId"]}
    formation.execute_change_set(ClientRequestToken="one", **execute)
    formation.execute_change_set(ClientRequestToken="one", **execute)
    assert refusal(formation.execute_change_set, ClientRequestToken="two", **execute)[0] == "InvalidChangeSetStatus"
    stack = Stack(formation, "twice", first["StackId"])
    assert stack.settled() == "CREATE_COMPLETE"
    assert stack.events().count(("A", "CREATE_COMPLETE")) == 1


# --- protection and validation ---------------------------------------------------------------------------------------


def test_a_protected_stack_is_not_removed_until_it_is_unprotected(formation):
    stack = deployed(formation, "protected", {"A": QUEUE})
    formation.update_termination_protection(StackName="protected", EnableTerminationProtection=True)
    assert formation.describe_stacks(StackName="protected")["Stacks"][0]["EnableTerminationProtection"] is True
    code, message = refusal(formation.delete_stack, StackName=stack.id)
    assert (code, message) == (
        "ValidationError",
        f"Stack [{stack.id}] cannot be deleted while TerminationProtection is enabled",
    )
    assert stack.status() == "CREATE_COMPLETE"
    formation.update_termination_protection(StackName="protected", EnableTerminationProtection=False)
    formation.delete_stack(StackName="protected")
    assert stack.settled() == "DELETE_COMPLETE"


@pytest.fixture
def taken(sandbox):
    """A bucket that is there already, as a resource."""
    name = f"taken-{sandbox.account}"
    sandbox.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}


def validation_errors(events):
    return [
        (event["LogicalResourceId"], event["ValidationName"], event["ValidationPath"], event["ValidationStatusReason"])
        for event in events["OperationEvents"]
        if event["EventType"] == "VALIDATION_ERROR"
    ]


def test_a_name_that_is_taken_fails_the_change_set_whose_events_say_so(formation, taken):
    made = staged(formation, "early", {"B": taken}, kind="CREATE")
    assert (made["Status"], made["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert "[AWS::EarlyValidation::ResourceExistenceCheck]" in made["StatusReason"]
    reason = f"Resource of type 'AWS::S3::Bucket' with identifier '{taken['Properties']['BucketName']}' already exists."
    events = formation.describe_events(ChangeSetName=made["ChangeSetId"])
    assert validation_errors(events) == [("B", "NAME_CONFLICT_VALIDATION", "/Resources/B", reason)]
    fine = staged(formation, "fine", {"B": QUEUE}, kind="CREATE")
    assert formation.describe_events(ChangeSetName=fine["ChangeSetId"])["OperationEvents"] == []


def test_a_change_set_without_validation_fails_where_it_is_executed(formation, taken):
    stack = deployed(formation, "late", {"B": taken}, DisableValidation=True)
    assert stack.status() == "ROLLBACK_COMPLETE"
    assert "already exists" in stack.reason("B", "CREATE_FAILED")


def test_a_name_that_is_taken_is_told_by_the_events_of_a_stack(formation, taken):
    made = formation.create_stack(StackName="taken", TemplateBody=json.dumps({"Resources": {"B": taken}}))
    stack = Stack(formation, "taken", made["StackId"])
    assert stack.settled() == "ROLLBACK_COMPLETE"
    assert "Call DescribeEvents to retrieve the full list" in stack.reason("taken", "CREATE_FAILED")
    events = formation.describe_events(StackName="taken", Filters={"FailedEvents": True})
    assert [error[:3] for error in validation_errors(events)] == [("B", "NAME_CONFLICT_VALIDATION", "/Resources/B")]


def test_what_is_to_be_kept_stays_when_a_removal_ends_the_creation(formation, sandbox):
    real_pace()
    kept = {**after([], QueueName="kept-early"), "DeletionPolicy": "Retain"}
    stack = start(formation, "early", {"A": kept, "B": after("A")})
    until(lambda: ("A", "CREATE_COMPLETE") in stack.events())
    formation.delete_stack(StackName="early")
    assert stack.settled() == "DELETE_COMPLETE"
    assert stack.statuses("A")[-1] == "DELETE_SKIPPED"
    assert sandbox.client("sqs").get_queue_url(QueueName="kept-early")["QueueUrl"]
