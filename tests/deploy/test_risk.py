"""What a change puts at risk."""

from __future__ import annotations

import pytest
from attrs import evolve

from sigma_ls.deploy import risk
from sigma_ls.deploy.snapshot import Change, ChangedResource

KEPT = {"X": {"UpdateReplacePolicy": "Retain", "DeletionPolicy": "Retain"}}


def change(kind: str, action: str, replacement: str = "never", status: str = "pending") -> Change:
    return Change("X", ChangedResource(kind, "X"), action, replacement, status=status)


@pytest.mark.parametrize(
    ("found", "resources", "expected"),
    [
        (change("AWS::S3::Bucket", "remove"), {}, "dataLoss"),
        (change("AWS::DynamoDB::Table", "replace", "will"), {}, "dataLoss"),
        (change("AWS::Cognito::UserPool", "modify", "may"), {}, "dataLoss"),
        (change("AWS::RDS::DBInstance", "remove"), {}, "dataLoss"),
        (change("AWS::S3::Bucket", "add"), {}, "none"),
        (change("AWS::S3::Bucket", "modify"), {}, "none"),
        # Kept: the old one stays, so nothing is lost, but what uses it gets another one.
        (change("AWS::S3::Bucket", "replace", "will"), KEPT, "replacement"),
        (change("AWS::S3::Bucket", "remove", status="retained"), {}, "none"),
        # Messages on their way and tales of the past are no data in this sense.
        (change("AWS::SQS::Queue", "remove"), {}, "none"),
        (change("AWS::Logs::LogGroup", "remove"), {}, "none"),
        (change("AWS::SQS::Queue", "replace", "will"), {}, "replacement"),
        (change("AWS::Lambda::Function", "modify", "may"), {}, "replacement"),
        (change("AWS::IAM::Role", "modify"), {}, "permissions"),
        (change("AWS::Lambda::Permission", "add"), {}, "permissions"),
        (change("AWS::Lambda::Function", "modify"), {}, "none"),
    ],
)
def test_risk(found, resources, expected):
    assert risk.assess(found, resources).risk == expected


def test_only_what_loses_data_is_named():
    rows = [change("AWS::S3::Bucket", "remove"), change("AWS::IAM::Role", "add")]
    assert risk.loses_data([risk.assess(evolve(row, id=row.resource.type), {}) for row in rows]) == ("AWS::S3::Bucket",)
    assert risk.stateful_ids({"B": "AWS::S3::Bucket", "A": "AWS::DynamoDB::Table", "C": "AWS::IAM::Role"}) == ("A", "B")
