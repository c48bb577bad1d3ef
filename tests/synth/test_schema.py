"""What the language's field table promises for aws, the synthesis does."""

import pytest

from sigma_ls.manifest.model import Api, Bucket, Function, Queue, Table, TableKey, Topic
from sigma_ls.manifest.schema.capabilities import OPERATIONS as PROMISED
from sigma_ls.manifest.schema.capabilities import attributes
from sigma_ls.synth import synthesize
from sigma_ls.synth.cloudformation.permissions import OPERATIONS
from tests.synth.projects import function, project, ref

TYPES = {"api": Api, "bucket": Bucket, "function": Function, "queue": Queue, "table": Table, "topic": Topic}


def test_the_operations_are_those_of_the_table():
    assert {kind: {*OPERATIONS[TYPES[kind]]} for kind in TYPES} == {kind: {*PROMISED[kind]} for kind in TYPES}


# A function has a URL where it has a `url` trigger, which cannot be deployed yet.
PAIRS = [(kind, name) for kind in TYPES for name in attributes(kind, "aws") if (kind, name) != ("function", "url")]


@pytest.mark.parametrize(("kind", "name"), PAIRS)
def test_the_attributes_are_those_of_the_table(kind, name):
    more = {"partition_key": TableKey("id")} if kind == "table" else {}
    thing = function("x") if kind == "function" else TYPES[kind](id="x", **more)
    body = synthesize(project(function(environment={"X": ref("x", name)}), thing)).body
    assert body["Resources"]["Resize"]["Properties"]["Environment"]["Variables"]["X"]
