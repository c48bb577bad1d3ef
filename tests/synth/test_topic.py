"""Topics."""

import pytest

from sigma_ls.manifest.model import Topic
from sigma_ls.synth import synthesize
from tests.synth.projects import function, project, ref


def made(topic):
    environment = {name: ref("news", name) for name in ("name", "arn")}
    resources = synthesize(project(function(environment=environment), topic)).body["Resources"]
    return resources.get("News", {}).get("Properties"), resources["Resize"]["Properties"]["Environment"]["Variables"]


@pytest.mark.parametrize(
    ("topic", "properties"),
    [
        (Topic(id="news"), None),
        (Topic(id="news", name="my-news"), {"TopicName": "my-news"}),
        # SNS wants the ending, and CloudFormation does not see to it.
        (Topic(id="news", fifo=True), {"FifoTopic": True, "TopicName": "app-News.fifo"}),
        (Topic(id="news", fifo=True, name="mine.fifo"), {"FifoTopic": True, "TopicName": "mine.fifo"}),
    ],
)
def test_a_topic(topic, properties):
    assert made(topic) == (properties, {"arn": {"Ref": "News"}, "name": {"Fn::GetAtt": ["News", "TopicName"]}})


@pytest.mark.parametrize(
    ("existing", "arn"),
    [
        ("theirs", {"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:theirs"}),
        ("arn:aws:sns:us-east-1:1:theirs", "arn:aws:sns:us-east-1:1:theirs"),
    ],
)
def test_an_existing_topic(existing, arn):
    assert made(Topic(id="news", existing=existing)) == (None, {"arn": arn, "name": "theirs"})
