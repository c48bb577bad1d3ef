"""Tables."""

import pytest

from sigma_ls.manifest.model import Table, TableIndex, TableKey, Throughput
from sigma_ls.synth import Unsupported, synthesize
from tests.synth.projects import function, project, ref


def properties(table, *attributes):
    environment = {name: ref("rows", name) for name in attributes}
    made = synthesize(project(function(uses={"rows": ("read",)}, environment=environment), table)).body["Resources"]
    variables = made["Resize"]["Properties"].get("Environment", {}).get("Variables")
    return made.get("Rows", {}).get("Properties"), variables


def test_a_plain_table():
    made, _ = properties(Table(id="rows", partition_key=TableKey("key")))
    assert made == {
        "AttributeDefinitions": [{"AttributeName": "key", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "key", "KeyType": "HASH"}],
    }


def test_a_table_with_every_option():
    table = Table(
        id="rows",
        name="my-rows",
        partition_key=TableKey("key"),
        sort_key=TableKey("at", "number"),
        billing=Throughput(5, 2),
        ttl="expires",
        indexes=(
            TableIndex("z", TableKey("blob", "binary"), project="keys"),
            TableIndex("byEmail", TableKey("email"), TableKey("at", "number"), project=("b", "a")),
        ),
    )
    throughput = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 2}
    made, _ = properties(table)
    assert made == {
        # Only attributes that are keys, each once: DynamoDB refuses any other.
        "AttributeDefinitions": [
            {"AttributeName": "at", "AttributeType": "N"},
            {"AttributeName": "blob", "AttributeType": "B"},
            {"AttributeName": "email", "AttributeType": "S"},
            {"AttributeName": "key", "AttributeType": "S"},
        ],
        "BillingMode": "PROVISIONED",
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "byEmail",
                "KeySchema": [
                    {"AttributeName": "email", "KeyType": "HASH"},
                    {"AttributeName": "at", "KeyType": "RANGE"},
                ],
                "Projection": {"NonKeyAttributes": ["b", "a"], "ProjectionType": "INCLUDE"},
                "ProvisionedThroughput": throughput,
            },
            {
                "IndexName": "z",
                "KeySchema": [{"AttributeName": "blob", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
                "ProvisionedThroughput": throughput,
            },
        ],
        "KeySchema": [{"AttributeName": "key", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        "ProvisionedThroughput": throughput,
        "TableName": "my-rows",
        "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
    }


def test_asking_for_the_stream_gives_the_table_one():
    table = Table(id="rows", partition_key=TableKey("key"))
    made, variables = properties(table, "name", "arn", "streamArn")
    assert made["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert variables == {
        "arn": {"Fn::GetAtt": ["Rows", "Arn"]},
        "name": {"Ref": "Rows"},
        "streamArn": {"Fn::GetAtt": ["Rows", "StreamArn"]},
    }


@pytest.mark.parametrize(
    ("existing", "arn"),
    [
        ("theirs", {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/theirs"}),
        ("arn:aws:dynamodb:us-east-1:1:table/theirs", "arn:aws:dynamodb:us-east-1:1:table/theirs"),
    ],
)
def test_an_existing_table(existing, arn):
    made, variables = properties(Table(id="rows", existing=existing, stream="arn:s"), "name", "arn", "streamArn")
    assert made is None
    assert variables == {"arn": arn, "name": "theirs", "streamArn": "arn:s"}


def test_what_is_refused():
    with pytest.raises(Unsupported, match="`rows` has no attribute `streamArn`"):
        properties(Table(id="rows", existing="theirs"), "streamArn")
    with pytest.raises(Unsupported, match="The table `rows` has no `partitionKey`"):
        properties(Table(id="rows"))
