"""What the language's field table promises for aws, the synthesis does."""

import pytest

from sigma_ls.manifest.model import (
    Api,
    Bucket,
    Cache,
    Database,
    EventBus,
    Function,
    LogGroup,
    Queue,
    Secret,
    StateMachine,
    Stream,
    Table,
    TableKey,
    Topic,
    UrlTrigger,
    UserPool,
    UserPoolClient,
)
from sigma_ls.manifest.schema.capabilities import OPERATIONS as PROMISED
from sigma_ls.manifest.schema.capabilities import attributes
from sigma_ls.manifest.schema.resources import RESOURCES
from sigma_ls.manifest.schema.triggers import TRIGGERS
from sigma_ls.synth import synthesize
from sigma_ls.synth.cloudformation.kinds import TRIGGER_KINDS
from sigma_ls.synth.cloudformation.operations import OPERATIONS
from tests.synth.projects import function, project, ref

THINGS = {
    "api": Api(id="x"),
    "bucket": Bucket(id="x"),
    "cache": Cache(id="x"),
    "database": Database(id="x"),
    "eventBus": EventBus(id="x"),
    "function": function("x", triggers=(UrlTrigger("public"),)),
    "logGroup": LogGroup(id="x"),
    "queue": Queue(id="x"),
    "secret": Secret(id="x"),
    "stateMachine": StateMachine(id="x", definition={"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}),
    "stream": Stream(id="x"),
    "table": Table(id="x", partition_key=TableKey("id")),
    "topic": Topic(id="x"),
    "userPool": UserPool(id="x", clients=(UserPoolClient("web"),)),
}


def test_every_type_and_kind_of_aws_can_be_deployed():
    assert {*RESOURCES} == THINGS.keys() - {"function"}
    names = (trigger.__name__.removesuffix("Trigger") for trigger in TRIGGER_KINDS)
    # A document is a thing of Google Cloud.
    assert {name[:1].lower() + name[1:] for name in names} == TRIGGERS.keys() - {"document"}


def test_the_operations_are_those_of_the_table():
    types = {kind: type(thing) for kind, thing in THINGS.items() if kind in PROMISED}
    assert {kind: {*OPERATIONS[types[kind]]} for kind in types} == {kind: {*PROMISED[kind]} for kind in PROMISED}
    assert {*OPERATIONS} == {*types.values()}


PAIRS = [(kind, name) for kind in THINGS for name in attributes(kind, "aws")]


@pytest.mark.parametrize(("kind", "name"), [*PAIRS, ("userPool", "clients.web")])
def test_the_attributes_are_those_of_the_table(kind, name):
    body = synthesize(project(function(environment={"X": ref("x", name)}), THINGS[kind])).body
    assert body["Resources"]["Resize"]["Properties"]["Environment"]["Variables"]["X"]


def test_a_function_without_a_url_has_none():
    assert Function in OPERATIONS
    body = synthesize(project(function(uses={"x": ("invoke",)}), function("x"))).body
    assert "XUrl" not in body["Resources"]
