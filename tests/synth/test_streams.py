"""Triggers by the changes of tables, the records of streams and the messages of topics."""

import pytest

from sigma_ls.manifest.model import (
    Pseudo,
    Queue,
    Stream,
    StreamTrigger,
    Table,
    TableKey,
    TableTrigger,
    Text,
    Topic,
    TopicTrigger,
)
from sigma_ls.synth import Unsupported, synthesize
from tests.synth.graph import statements
from tests.synth.projects import function, project, ref

FUNCTION = {"Fn::GetAtt": ["Resize", "Arn"]}
CARTS = Table(id="carts", partition_key=TableKey("id"))


def body(*things):
    return synthesize(project(*things)).body


def called(trigger, *things, **more):
    return body(function(triggers=(trigger,), **more), *things)["Resources"]


# --- tables ----------------------------------------------------------------------------------------------------------


def test_a_table_trigger():
    trigger = TableTrigger("carts", start="oldest", batch=5, window=2, filters=({"eventName": ["INSERT"]},))
    made = body(function(triggers=(trigger,)), CARTS)
    assert made["Resources"]["CartsResizeMapping"] == {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "BatchSize": 5,
            # By reference: another view of the items is another stream, with another ARN.
            "EventSourceArn": {"Fn::GetAtt": ["Carts", "StreamArn"]},
            "FilterCriteria": {"Filters": [{"Pattern": '{"eventName":["INSERT"]}'}]},
            "FunctionName": {"Ref": "Resize"},
            "MaximumBatchingWindowInSeconds": 2,
            "StartingPosition": "TRIM_HORIZON",
        },
    }
    granted = [(each["Action"], each["Resource"]) for each in statements(made, "Resize")]
    reading = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
    assert (reading, {"Fn::GetAtt": ["Carts", "StreamArn"]}) in granted
    assert (["dynamodb:ListStreams"], "*") in granted
    assert "AWS::Lambda::Permission" not in {each["Type"] for each in made["Resources"].values()}


@pytest.mark.parametrize(
    ("views", "stream"),
    [
        (("both",), "NEW_AND_OLD_IMAGES"),
        (("new",), "NEW_IMAGE"),
        (("old",), "OLD_IMAGE"),
        (("keys",), "KEYS_ONLY"),
        (("keys", "new"), "NEW_IMAGE"),
        (("old", "keys"), "OLD_IMAGE"),
        (("new", "old"), "NEW_AND_OLD_IMAGES"),
    ],
)
def test_one_stream_shows_what_all_ask_for(views, stream):
    functions = [function(f"f{index}", triggers=(TableTrigger("carts", view),)) for index, view in enumerate(views)]
    assert body(*functions, CARTS)["Resources"]["Carts"]["Properties"]["StreamSpecification"] == {
        "StreamViewType": stream
    }


def test_whoever_knows_the_streams_arn_may_want_all_of_it():
    made = called(TableTrigger("carts", "keys"), CARTS, environment={"STREAM": ref("carts", "streamArn")})
    assert made["Carts"]["Properties"]["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_a_filter_with_references():
    pattern = {"dynamodb": {"Keys": {"stack": {"S": [Text(("a ", Pseudo("region")))]}}}}
    made = called(TableTrigger("carts", filters=(pattern,)), CARTS)
    assert made["CartsResizeMapping"]["Properties"]["FilterCriteria"]["Filters"] == [
        {"Pattern": {"Fn::Sub": '{"dynamodb":{"Keys":{"stack":{"S":["a ${AWS::Region}"]}}}}'}}
    ]


def test_an_existing_table_is_read_by_the_stream_that_is_given():
    arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/theirs/stream/2026"
    made = called(TableTrigger("carts"), Table(id="carts", existing="theirs", stream=arn))
    assert made["CartsResizeMapping"]["Properties"]["EventSourceArn"] == arn


# --- streams ---------------------------------------------------------------------------------------------------------


def test_a_stream_trigger():
    made = body(function(triggers=(StreamTrigger("clicks", parallel=2),)), Stream(id="clicks", shards=2, retention=48))
    assert made["Resources"]["Clicks"]["Properties"] == {
        "RetentionPeriodHours": 48,
        "ShardCount": 2,
        "StreamEncryption": {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"},
        "StreamModeDetails": {"StreamMode": "PROVISIONED"},
    }
    assert made["Resources"]["ClicksResizeMapping"]["Properties"] == {
        "EventSourceArn": {"Fn::GetAtt": ["Clicks", "Arn"]},
        "FunctionName": {"Ref": "Resize"},
        "ParallelizationFactor": 2,
        "StartingPosition": "LATEST",
    }
    actions = [
        each["Action"] for each in statements(made, "Resize") if each["Resource"] == {"Fn::GetAtt": ["Clicks", "Arn"]}
    ]
    assert actions == [
        [
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamSummary",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
        ]
    ]


def test_a_stream_grows_by_itself_unless_shards_are_set():
    made = called(StreamTrigger("clicks"), Stream(id="clicks"))
    assert made["Clicks"]["Properties"]["StreamModeDetails"] == {"StreamMode": "ON_DEMAND"}


@pytest.mark.parametrize("existing", ["theirs", "arn:aws:kinesis:eu-west-1:123456789012:stream/theirs"])
def test_an_existing_stream(existing):
    made = called(
        StreamTrigger("clicks"), Stream(id="clicks", existing=existing), environment={"N": ref("clicks", "name")}
    )
    assert "Clicks" not in made
    assert made["Resize"]["Properties"]["Environment"]["Variables"] == {"N": "theirs"}
    assert "stream/theirs" in str(made["ClicksResizeMapping"]["Properties"]["EventSourceArn"])


# --- topics ----------------------------------------------------------------------------------------------------------


def test_a_topic_trigger():
    made = called(TopicTrigger("news"), Topic(id="news"))
    assert made["NewsResizeSubscription"]["Properties"] == {
        "Endpoint": FUNCTION,
        "Protocol": "lambda",
        "TopicArn": {"Ref": "News"},
    }
    assert made["NewsResizePermission"]["Properties"] == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": FUNCTION,
        "Principal": "sns.amazonaws.com",
        "SourceArn": {"Ref": "News"},
    }


@pytest.mark.parametrize(
    ("filters", "policy"),
    [
        (({"kind": ["sale"]},), {"kind": ["sale"]}),
        (({"kind": ["a"]}, {"kind": ["b"]}), {"$or": [{"kind": ["a"]}, {"kind": ["b"]}]}),
        (({"price": [{"numeric": [">", 5]}]},), '{"price":[{"numeric":[">",5]}]}'),
    ],
)
def test_a_topics_filters(filters, policy):
    made = called(TopicTrigger("news", filters, "body"), Topic(id="news"))["NewsResizeSubscription"]["Properties"]
    assert (made["FilterPolicy"], made["FilterPolicyScope"]) == (policy, "MessageBody")
    made = called(TopicTrigger("news", filters), Topic(id="news"))["NewsResizeSubscription"]["Properties"]
    assert "FilterPolicyScope" not in made


@pytest.mark.parametrize(("region", "told"), [("eu-west-1", None), ("us-east-1", "us-east-1")])
def test_a_topic_of_another_region(region, told):
    topic = Topic(id="news", existing=f"arn:aws:sns:{region}:123456789012:theirs")
    made = called(TopicTrigger("news"), topic)["NewsResizeSubscription"]["Properties"]
    assert made.get("Region") == told


@pytest.mark.parametrize(
    ("trigger", "thing", "message"),
    [
        (TopicTrigger("x"), Topic(id="x", fifo=True), "`x` is a FIFO topic, which delivers to queues only"),
        (TopicTrigger("x"), Topic(id="x", existing="theirs.fifo"), "FIFO topic"),
        (TopicTrigger("x"), Queue(id="x"), "`x` is no topic"),
        (StreamTrigger("x"), Queue(id="x"), "`x` is no stream"),
        (StreamTrigger("x"), Stream(id="x", existing="arn:aws:kinesis:us-east-1:1:stream/a"), "`x` is in us-east-1"),
        (TableTrigger("x"), Queue(id="x"), "`x` is no table"),
        (TableTrigger("x"), Table(id="x", existing="theirs"), "set `stream` to the stream's ARN"),
    ],
)
def test_what_is_refused(trigger, thing, message):
    with pytest.raises(Unsupported, match=message):
        called(trigger, thing)
