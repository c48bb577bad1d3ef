"""State machines and what their states may do."""

import json

import pytest

from sigma_ls.manifest.model import EventBus, Queue, Reference, StateMachine, Table, TableKey, Text, Topic
from sigma_ls.synth import Unsupported, synthesize
from tests.synth.graph import cycle
from tests.synth.projects import function, project, ref


def task(resource, **parameters):
    return {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}


def machine(**states):
    return StateMachine(id="process", definition={"StartAt": "A", "States": states})


def resources(*things, uses=("start",)):
    return synthesize(project(function(uses={"process": uses}), *things)).body["Resources"]


def allowed(*things):
    role = resources(*things)["ProcessRole"]["Properties"]
    return [
        (statement["Action"], statement["Resource"])
        for policy in role.get("Policies", ())
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def test_a_definition_is_a_text_with_references():
    made = resources(machine(A=task(ref("step", "arn"), Seconds=30, Say='a "${b}"')), function("step"))
    definition = made["Process"]["Properties"]["DefinitionString"]["Fn::Sub"]
    assert json.loads(definition.replace("${!", "${"))["States"]["A"] == {
        "Type": "Task",
        "Resource": "${Step.Arn}",
        "Parameters": {"Seconds": 30, "Say": 'a "${b}"'},
        "End": True,
    }
    assert "${!b}" in definition


def test_states_may_call_exactly_the_functions_that_are_named():
    assert allowed(machine(A=task(ref("step", "arn"))), function("step"), function("other")) == [
        (["lambda:InvokeFunction"], {"Fn::GetAtt": ["Step", "Arn"]})
    ]


def test_states_that_work_on_other_things():
    found = allowed(
        machine(
            A=task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", QueueUrl=ref("jobs", "url")),
            B=task("arn:aws:states:::sns:publish", TopicArn=ref("news", "arn")),
            C=task("arn:aws:states:::dynamodb:getItem", TableName=ref("carts", "name")),
            D=task("arn:aws:states:::dynamodb:updateItem", TableName=ref("carts", "name")),
            E=task("arn:aws:states:::events:putEvents", Entries=[{"EventBusName": ref("bus", "name")}]),
        ),
        Queue(id="jobs"),
        Topic(id="news"),
        Table(id="carts", partition_key=TableKey("id")),
        EventBus(id="bus"),
    )
    assert sorted(found, key=str) == [
        (["dynamodb:GetItem", "dynamodb:UpdateItem"], {"Fn::GetAtt": ["Carts", "Arn"]}),
        (["events:PutEvents"], {"Fn::GetAtt": ["Bus", "Arn"]}),
        (["sns:Publish"], {"Ref": "News"}),
        (["sqs:SendMessage"], {"Fn::GetAtt": ["Jobs", "Arn"]}),
    ]


def test_what_is_only_mentioned_is_not_allowed():
    assert allowed(machine(A={"Type": "Pass", "Result": ref("jobs", "url"), "End": True}), Queue(id="jobs")) == []


def test_a_machine_that_calls_the_function_that_starts_it():
    app = project(
        function("step", uses={"process": ("start", "read")}), machine(A=task(Text((Reference("step", "arn"),))))
    )
    body = synthesize(app).body
    assert cycle(body) is None
    found = body["Resources"]["StepPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert found[0]["Resource"]["Fn::Sub"].endswith(":execution:${Process.Name}:*")
    assert found[1]["Resource"] == {"Ref": "Process"}


def test_an_existing_machine():
    existing = "arn:aws:states:eu-west-1:123456789012:stateMachine:theirs"
    made = synthesize(project(function(uses={"x": ("read",)}), StateMachine(id="x", existing=existing))).body[
        "Resources"
    ]
    assert "X" not in made
    assert "arn:aws:states:eu-west-1:123456789012:execution:theirs:*" in str(made["ResizeRole"])


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        (None, "The `definition` of `process` is missing"),
        ("states.json", "could not be read"),
        (
            {"States": {"A": [{"Resource": {"Fn::GetAtt": ["X", "Arn"]}}]}},
            "`Fn::GetAtt` cannot stand in the definition",
        ),
    ],
)
def test_what_is_refused(definition, message):
    with pytest.raises(Unsupported, match=message):
        resources(StateMachine(id="process", definition=definition))
