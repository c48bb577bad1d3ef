"""What a change set tells in the sandbox: replacements and property values, as AWS does."""

import json

import pytest

from tests.support.stacks import deployed, staged

pytestmark = pytest.mark.sandbox

UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"


def queue(**properties):
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def bucket(**properties):
    return {"Type": "AWS::S3::Bucket", "Properties": properties}


def topic(**properties):
    return {"Type": "AWS::SNS::Topic", "Properties": properties}


def arn(name):
    return {"Fn::GetAtt": [name, "Arn"]}


def subscription(**properties):
    given = {"Protocol": "sqs", "Endpoint": arn("Q"), "TopicArn": {"Ref": "T"}, **properties}
    return {"Type": "AWS::SNS::Subscription", "Properties": given}


def statement(action, resource):
    return {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": resource}


def bucket_policy(resource):
    document = {"Version": "2012-10-17", "Statement": [statement("s3:GetObject", resource)]}
    return {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "B"}, "PolicyDocument": document}}


@pytest.fixture
def formation(sandbox):
    return sandbox.client("cloudformation")


def changes(formation, name, resources, *, values=False, **more):
    """The resource changes of an update, by logical id."""
    made = staged(formation, name, resources, **more)
    found = formation.describe_change_set(ChangeSetName=made["ChangeSetId"], IncludePropertyValues=values)
    return {change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"] for change in found["Changes"]}


def targets(change):
    """What of a change is before and after, by the path of its target."""
    return {
        detail["Target"]["Path"]: (detail["Target"].get("BeforeValue"), detail["Target"].get("AfterValue"))
        for detail in change["Details"]
    }


# --- replacements ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        # What merely names another resource, where the property never forces a replacement.
        (
            {"Q": queue(DelaySeconds=1), "B": bucket(), "P": bucket_policy(arn("Q"))},
            {"Q": queue(DelaySeconds=2), "B": bucket(), "P": bucket_policy(arn("Q"))},
            {"Q": ("False", {"DelaySeconds": "Never"}), "P": ("False", {"PolicyDocument": "Never"})},
        ),
        # … and where it always does: the new name is known only then.
        (
            {"Q": queue(DelaySeconds=1), "T": topic(), "S": subscription()},
            {"Q": queue(DelaySeconds=2), "T": topic(), "S": subscription()},
            {"Q": ("False", {"DelaySeconds": "Never"}), "S": ("Conditional", {"Endpoint": "Always"})},
        ),
        (
            {"Q": queue(QueueName="one"), "T": topic(), "S": subscription()},
            {"Q": queue(QueueName="two"), "T": topic(), "S": subscription()},
            {"Q": ("True", {"QueueName": "Always"}), "S": ("True", {"Endpoint": "Always"})},
        ),
        # A bucket's own properties.
        (
            {"B": bucket(BucketName="changed-before")},
            {"B": bucket(BucketName="changed-after")},
            {"B": ("True", {"BucketName": "Always"})},
        ),
        (
            {"B": bucket()},
            {"B": bucket(VersioningConfiguration={"Status": "Enabled"})},
            {"B": ("False", {"VersioningConfiguration": "Never"})},
        ),
    ],
    ids=["never", "always, perhaps", "always", "name", "in place"],
)
def test_a_replacement_is_told_by_what_the_property_requires(formation, before, after, told):
    deployed(formation, "recreation", before)
    found = changes(formation, "recreation", after)
    assert {
        name: (
            change["Replacement"],
            {detail["Target"]["Name"]: detail["Target"]["RequiresRecreation"] for detail in change["Details"]},
        )
        for name, change in found.items()
    } == told


def test_a_reference_to_an_attribute_of_another_resource_is_a_change(formation):
    def resources(name):
        return {"Q": queue(), "P": queue(), "About": topic(DisplayName={"Fn::GetAtt": [name, "QueueName"]})}

    deployed(formation, "moved", resources("Q"))
    assert {
        name: [detail["ChangeSource"] for detail in change["Details"]]
        for name, change in changes(formation, "moved", resources("P")).items()
    } == {"About": ["DirectModification"]}


def test_a_reference_to_a_new_resource_is_a_change(formation):
    about = {"Fn::GetAtt": ["New", "QueueName"]}
    deployed(formation, "new", {"About": topic(DisplayName="before")})
    found = changes(formation, "new", {"New": queue(), "About": topic(DisplayName=about)}, values=True)
    assert found.keys() == {"New", "About"}
    assert targets(found["About"]) == {"/Properties/DisplayName": ("before", UNKNOWN)}


# --- values ----------------------------------------------------------------------------------------------------------


def test_values_are_told_only_when_asked_for(formation):
    deployed(formation, "asked", {"Q": queue(DelaySeconds=1)})
    change = changes(formation, "asked", {"Q": queue(DelaySeconds=2)})["Q"]
    assert not {"BeforeContext", "AfterContext"} & change.keys()
    assert change["Details"][0]["Target"].keys() == {"Attribute", "Name", "RequiresRecreation"}


def test_a_change_tells_what_was_and_what_will_be(formation):
    deployed(formation, "values", {"Q": queue(DelaySeconds=1, QueueName="values"), "Gone": topic(TopicName="gone")})
    after = {"Q": {**queue(DelaySeconds=2, QueueName="values"), "Metadata": {"a": 1}}, "New": topic(TopicName="new")}
    found = changes(formation, "values", after, values=True)
    contexts = {
        name: [json.loads(change[key]) if key in change else None for key in ("BeforeContext", "AfterContext")]
        for name, change in found.items()
    }
    assert contexts == {
        "Q": [
            {"Properties": {"DelaySeconds": 1, "QueueName": "values"}},
            {"Properties": {"DelaySeconds": 2, "QueueName": "values"}, "Metadata": {"a": 1}},
        ],
        "Gone": [{"Properties": {"TopicName": "gone"}}, None],
        "New": [None, {"Properties": {"TopicName": "new"}}],
    }
    assert targets(found["Q"]) == {"/Properties/DelaySeconds": ("1", "2"), "/Metadata": (None, '{"a":1}')}


def test_each_changed_path_within_a_property_is_told(formation):
    def policy(**more):
        return {"Q": queue(RedriveAllowPolicy={"redrivePermission": "byQueue", **more}), "T": topic()}

    deployed(formation, "paths", policy(sourceQueueArns=["a", "b"]))
    changed = policy(sourceQueueArns=["a", "c", {"Ref": "T"}], more={"x": True})
    found = changes(formation, "paths", changed, values=True)["Q"]
    topic_arn = formation.describe_stack_resource(StackName="paths", LogicalResourceId="T")
    assert targets(found) == {
        "/Properties/RedriveAllowPolicy/sourceQueueArns/1": ("b", "c"),
        "/Properties/RedriveAllowPolicy/sourceQueueArns/2": (
            None,
            topic_arn["StackResourceDetail"]["PhysicalResourceId"],
        ),
        "/Properties/RedriveAllowPolicy/more": (None, '{"x":true}'),
    }
    kinds = {detail["Target"]["Path"][-1]: detail["Target"]["AttributeChangeType"] for detail in found["Details"]}
    assert kinds == {"1": "Modify", "2": "Add", "e": "Add"}


def test_what_only_the_deployment_brings_is_told_as_that(formation):
    def resources(delay):
        text = {"Fn::Sub": "about ${Q.QueueName} and ${T}"}
        return {"Q": queue(DelaySeconds=delay), "T": topic(), "About": topic(DisplayName=text, TopicName="about")}

    deployed(formation, "unknown", resources(1))
    about = changes(formation, "unknown", resources(2), values=True)["About"]
    (detail,) = about["Details"]
    assert (detail["ChangeSource"], detail["CausingEntity"]) == ("ResourceAttribute", "Q.QueueName")
    before = json.loads(about["BeforeContext"])["Properties"]["DisplayName"]
    assert before.startswith("about unknown-Q-")
    assert targets(about) == {"/Properties/DisplayName": (before, UNKNOWN)}


def test_a_reference_changes_only_the_paths_where_it_stands(formation):
    def resources(plain):
        policy = {"redrivePermission": {"Ref": "Permission"}, "sourceQueueArns": [plain]}
        return {"Q": queue(RedriveAllowPolicy=policy)}

    def given(value):
        return {
            "template": {"Parameters": {"Permission": {"Type": "String"}}},
            "Parameters": [{"ParameterKey": "Permission", "ParameterValue": value}],
        }

    deployed(formation, "places", resources("a"), **given("byQueue"))
    found = changes(formation, "places", resources("b"), values=True, **given("allowAll"))["Q"]
    by_source = {
        source: targets({"Details": [each for each in found["Details"] if each["ChangeSource"] == source]})
        for source in ("DirectModification", "ParameterReference")
    }
    permission = {"/Properties/RedriveAllowPolicy/redrivePermission": ("byQueue", "allowAll")}
    assert by_source["ParameterReference"] == permission
    assert by_source["DirectModification"] == {
        **permission,
        "/Properties/RedriveAllowPolicy/sourceQueueArns/0": ("a", "b"),
    }


def test_secret_parameters_are_masked_wherever_they_stand(formation):
    def given(value):
        return {
            "template": {"Parameters": {"Secret": {"Type": "String", "NoEcho": True}}},
            "Parameters": [{"ParameterKey": "Secret", "ParameterValue": value}],
        }

    resources = {"T": topic(DisplayName={"Fn::Sub": "it is ${Secret}"})}
    deployed(formation, "masked", resources, **given("hush-before"))
    made = staged(formation, "masked", resources, **given("hush-after"))
    found = formation.describe_change_set(ChangeSetName=made["ChangeSetId"], IncludePropertyValues=True)
    assert found["Parameters"] == [{"ParameterKey": "Secret", "ParameterValue": "****"}]
    assert "hush" not in json.dumps(found, default=str)
    change = found["Changes"][0]["ResourceChange"]
    assert targets(change) == {"/Properties/DisplayName": ("it is ****", "it is ****")}


def test_a_failed_change_set_gives_no_reason_together_with_values(formation):
    deployed(formation, "same", {"Q": queue()})
    made = staged(formation, "same", {"Q": queue()})
    assert made["StatusReason"].startswith("The submitted information didn't contain changes.")
    found = formation.describe_change_set(ChangeSetName=made["ChangeSetId"], IncludePropertyValues=True)
    assert (found["Status"], found.get("StatusReason")) == ("FAILED", None)
