"""Operations → actions and resources."""

import pytest

from sigma_ls.manifest.model import Api, Bucket, Origin, Queue, Raw, Table, TableIndex, TableKey, Topic
from sigma_ls.syntax.span import Range
from sigma_ls.synth import Unsupported, synthesize
from tests.synth.graph import statements
from tests.synth.projects import function, project

TABLE = Table(id="x", partition_key=TableKey("id"))
INDEXED = Table(id="x", partition_key=TableKey("id"), indexes=(TableIndex("byEmail", TableKey("email")),))
BUCKET, QUEUE, TOPIC, API = Bucket(id="x"), Queue(id="x"), Topic(id="x"), Api(id="x")

ARN = {"Fn::GetAtt": ["X", "Arn"]}
CALLS = {"Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${X}/*"}


def under(suffix):
    return {"Fn::Sub": f"${{X.Arn}}{suffix}"}


GRANTED = [
    (BUCKET, "read", [(["s3:ListBucket"], ARN), (["s3:GetObject"], under("/*"))]),
    (BUCKET, "write", [(["s3:AbortMultipartUpload", "s3:PutObject"], under("/*"))]),
    (BUCKET, "delete", [(["s3:DeleteObject"], under("/*"))]),
    (BUCKET, "admin", [(["s3:*"], [ARN, under("/*")])]),
    (TABLE, "read", [(["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"], ARN)]),
    (TABLE, "query", [(["dynamodb:Query", "dynamodb:Scan"], ARN)]),
    (TABLE, "write", [(["dynamodb:BatchWriteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], ARN)]),
    (TABLE, "delete", [(["dynamodb:DeleteItem"], ARN)]),
    (TABLE, "admin", [(["dynamodb:*"], [ARN, under("/*")])]),
    (
        INDEXED,
        "read",
        [
            (["dynamodb:BatchGetItem", "dynamodb:GetItem"], ARN),
            (["dynamodb:Query", "dynamodb:Scan"], [ARN, under("/index/*")]),
        ],
    ),
    (INDEXED, "query", [(["dynamodb:Query", "dynamodb:Scan"], [ARN, under("/index/*")])]),
    (QUEUE, "send", [(["sqs:GetQueueUrl", "sqs:SendMessage"], ARN)]),
    (
        QUEUE,
        "receive",
        [
            (
                [
                    "sqs:ChangeMessageVisibility",
                    "sqs:DeleteMessage",
                    "sqs:GetQueueAttributes",
                    "sqs:GetQueueUrl",
                    "sqs:ReceiveMessage",
                ],
                ARN,
            )
        ],
    ),
    (QUEUE, "admin", [(["sqs:*"], ARN)]),
    (TOPIC, "publish", [(["sns:Publish"], {"Ref": "X"})]),
    (TOPIC, "admin", [(["sns:*"], {"Ref": "X"})]),
    (API, "invoke", [(["execute-api:Invoke"], CALLS)]),
]


def granted(*things, **uses):
    own = function(
        uses={name: (operations,) if isinstance(operations, str) else operations for name, operations in uses.items()}
    )
    made = statements(synthesize(project(own, *things)).body, "Resize")
    assert all(statement["Effect"] == "Allow" for statement in made)
    return [(s["Action"], s["Resource"]) for s in made if s["Action"][0] != "logs:CreateLogStream"]


@pytest.mark.parametrize(("resource", "operation", "expected"), GRANTED)
def test_the_table(resource, operation, expected):
    assert sorted(granted(resource, x=operation), key=str) == sorted(expected, key=str)


def test_operations_on_one_resource_are_one_statement():
    assert granted(TABLE, x=("write", "delete", "query")) == [
        (
            [
                "dynamodb:BatchWriteItem",
                "dynamodb:DeleteItem",
                "dynamodb:PutItem",
                "dynamodb:Query",
                "dynamodb:Scan",
                "dynamodb:UpdateItem",
            ],
            ARN,
        )
    ]


def test_what_all_actions_take_in_is_not_said_again():
    assert granted(QUEUE, x=("send", "admin")) == [(["sqs:*"], ARN)]


def test_what_exists_is_granted_by_its_own_arn():
    existing = "arn:aws:dynamodb:us-east-1:210987654321:table/theirs"
    # Nothing is known of its indexes, so they are taken in.
    assert granted(Table(id="x", existing=existing), x="query") == [
        (["dynamodb:Query", "dynamodb:Scan"], [existing, f"{existing}/index/*"])
    ]


def test_the_users_own_statements_come_last_and_none_is_there_twice():
    own = {"Effect": "Deny", "Action": ["s3:DeleteObject"], "Resource": "*"}
    same = {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": {"Ref": "X"}}
    app = project(function(uses={"x": ("publish",)}, permissions=(own, same, dict(reversed(own.items())))), TOPIC)
    made = statements(synthesize(app).body, "Resize")
    assert made[-1] == own
    assert made.count(same) == made.count(own) == 1


def test_an_operation_that_the_type_does_not_have():
    place = Range.of(3, 4, 3, 10)
    asking = function(uses={"x": ("fly",)}, origin=Origin(values={("uses", "x"): place}))
    with pytest.raises(Unsupported, match="its operations are `send`, `receive`, `admin`") as refused:
        synthesize(project(asking, QUEUE))
    assert refused.value.range == place
    with pytest.raises(Unsupported, match="write what is needed under `permissions`"):
        synthesize(project(asking, Raw(id="x", type="AWS::SSM::Parameter")))
