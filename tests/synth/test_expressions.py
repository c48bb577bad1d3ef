"""Texts with references → the simplest form in which CloudFormation says the same."""

import pytest

from sigma_ls.manifest.model import Pseudo, Queue, Reference, Text
from sigma_ls.synth import synthesize
from sigma_ls.synth.cloudformation.expressions import arn, get_att, join, ref, to_json
from tests.synth.projects import function, project


@pytest.mark.parametrize(
    ("expression", "json"),
    [
        (join(), ""),
        (join("plain ", "text"), "plain text"),
        (join("${not} a reference"), "${not} a reference"),
        (ref("Failed"), {"Ref": "Failed"}),
        (get_att("Db", "Endpoint.Address"), {"Fn::GetAtt": ["Db", "Endpoint.Address"]}),
        (join("", get_att("Failed", "Arn"), ""), {"Fn::GetAtt": ["Failed", "Arn"]}),
        (join(get_att("Db", "Endpoint.Address"), ":", ref("Port")), {"Fn::Sub": "${Db.Endpoint.Address}:${Port}"}),
        (join("${kept} ", ref("Failed"), " $x"), {"Fn::Sub": "${!kept} ${Failed} $x"}),
        (arn("sns", "news"), {"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:news"}),
        (arn("s3", "b", region=False, account=False), {"Fn::Sub": "arn:${AWS::Partition}:s3:::b"}),
    ],
)
def test_forms(expression, json):
    assert to_json(expression) == json


def test_references_and_pseudo_references_of_a_text():
    names = ("project", "stage", "stack", "region", "account")
    text = Text((*(part for name in names for part in (Pseudo(name), "|")), Reference("failed", "url")))
    app = project(function(environment={"ALL": text}), Queue(id="failed"), name="app", stage="dev", stack="app-dev")
    variables = synthesize(app).body["Resources"]["Resize"]["Properties"]["Environment"]["Variables"]
    assert variables["ALL"] == {"Fn::Sub": "app|dev|app-dev|${AWS::Region}|${AWS::AccountId}|${Failed}"}
