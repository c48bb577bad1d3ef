"""Queues and their triggers."""

import pytest

from sigma_ls.manifest.model import AwsSettings, Queue, QueueDeadLetter, QueueTrigger, Topic
from sigma_ls.synth import Unsupported, synthesize
from tests.synth.graph import statements
from tests.synth.projects import function, project, ref


def body(*things, **more):
    return synthesize(project(*things, **more)).body


def properties(queue, **trigger):
    made = body(function(timeout=20, triggers=(QueueTrigger(queue.id, **trigger),)), queue, Queue(id="failed"))
    return made["Resources"]["Jobs"]["Properties"]


def test_a_queue_with_every_option():
    queue = Queue(
        id="jobs",
        name="my-jobs",
        visibility_timeout=200,
        retention=3600,
        dead_letter=QueueDeadLetter("failed", after=5),
    )
    assert properties(queue) == {
        "MessageRetentionPeriod": 3600,
        "QueueName": "my-jobs",
        "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["Failed", "Arn"]}, "maxReceiveCount": 5},
        "SqsManagedSseEnabled": True,
        "VisibilityTimeout": 200,
    }


def test_a_fifo_queue():
    assert properties(Queue(id="jobs", fifo=True))["FifoQueue"] is True


def test_messages_stay_invisible_while_their_function_works():
    """The default of SQS, 30 seconds, is shorter than many a function's timeout, and Lambda refuses that."""
    assert properties(Queue(id="jobs"))["VisibilityTimeout"] == 120
    assert properties(Queue(id="jobs"), window=5)["VisibilityTimeout"] == 125
    slow = function("slow", timeout=900, triggers=(QueueTrigger("jobs", window=300),))
    quick = function("quick", triggers=(QueueTrigger("jobs"),))
    assert body(quick, slow, Queue(id="jobs"))["Resources"]["Jobs"]["Properties"]["VisibilityTimeout"] == 5700


def test_a_queue_without_triggers_keeps_the_default():
    made = body(function(dead_letter="jobs"), Queue(id="jobs"))["Resources"]["Jobs"]["Properties"]
    assert made == {"SqsManagedSseEnabled": True}


def test_a_trigger():
    trigger = QueueTrigger("jobs", batch=50, window=5, max_concurrency=4, filters=({"body": {"b": [1], "a": ["x"]}},))
    made = body(function(triggers=(trigger,)), Queue(id="jobs"))
    assert made["Resources"]["JobsResizeMapping"] == {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "BatchSize": 50,
            "EventSourceArn": {"Fn::GetAtt": ["Jobs", "Arn"]},
            "FilterCriteria": {"Filters": [{"Pattern": '{"body":{"a":["x"],"b":[1]}}'}]},
            "FunctionName": {"Ref": "Resize"},
            "MaximumBatchingWindowInSeconds": 5,
            "ScalingConfig": {"MaximumConcurrency": 4},
        },
    }
    assert {
        "Effect": "Allow",
        "Action": ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
        "Resource": {"Fn::GetAtt": ["Jobs", "Arn"]},
    } in statements(made, "Resize")


def test_a_queue_has_no_position_to_start_from_and_needs_no_permission():
    made = body(function(triggers=(QueueTrigger("jobs"),)), Queue(id="jobs"))["Resources"]
    assert "StartingPosition" not in made["JobsResizeMapping"]["Properties"]
    assert "AWS::Lambda::Permission" not in {resource["Type"] for resource in made.values()}


@pytest.mark.parametrize(
    ("existing", "name", "arn", "url"),
    [
        (
            "arn:aws:sqs:us-east-1:123456789012:legacy",
            "legacy",
            "arn:aws:sqs:us-east-1:123456789012:legacy",
            {"Fn::Sub": "https://sqs.us-east-1.${AWS::URLSuffix}/123456789012/legacy"},
        ),
        (
            "legacy",
            "legacy",
            {"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:legacy"},
            {"Fn::Sub": "https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/legacy"},
        ),
        (
            "https://sqs.us-east-1.amazonaws.com/123456789012/legacy",
            "legacy",
            {"Fn::Sub": "arn:${AWS::Partition}:sqs:us-east-1:123456789012:legacy"},
            "https://sqs.us-east-1.amazonaws.com/123456789012/legacy",
        ),
    ],
)
def test_an_existing_queue(existing, name, arn, url):
    environment = {attribute: ref("jobs", attribute) for attribute in ("name", "arn", "url")}
    made = body(
        function(environment=environment, triggers=(QueueTrigger("jobs"),), dead_letter="jobs"),
        Queue(id="jobs", existing=existing),
        aws=AwsSettings(region="us-east-1"),
    )["Resources"]
    assert "Jobs" not in made
    assert made["Resize"]["Properties"]["Environment"]["Variables"] == {"name": name, "arn": arn, "url": url}
    assert made["JobsResizeMapping"]["Properties"]["EventSourceArn"] == arn
    assert made["Resize"]["Properties"]["DeadLetterConfig"] == {"TargetArn": arn}


@pytest.mark.parametrize(
    "existing",
    [
        "arn:aws:sqs:us-east-1:123456789012:legacy",
        "https://sqs.us-east-1.amazonaws.com/123456789012/legacy",
    ],
)
def test_a_queue_of_another_region_cannot_be_polled(existing):
    queue = Queue(id="jobs", existing=existing)
    with pytest.raises(Unsupported, match="`jobs` is in us-east-1, and Lambda takes from sources of its own region"):
        body(function(triggers=(QueueTrigger("jobs"),)), queue)
    # Sending knows no such limit.
    assert "JobsResizeMapping" not in body(function(uses={"jobs": ("send",)}), queue)["Resources"]


@pytest.mark.parametrize(
    ("triggers", "message"),
    [
        ((QueueTrigger("news"),), "`news` is no queue"),
        ((QueueTrigger("jobs"), QueueTrigger("jobs")), "wired twice"),
    ],
)
def test_what_is_refused(triggers, message):
    with pytest.raises(Unsupported, match=message):
        body(function(triggers=triggers), Queue(id="jobs"), Topic(id="news"))
