"""Topics."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Topic
from sigma_ls.synth.cloudformation.expressions import Expression, arn, get_att, join, ref
from sigma_ls.synth.cloudformation.names import arn_resource, topic_name
from sigma_ls.synth.cloudformation.nodes import Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.scope import Kind, Part, Scope, logical_id


def parts(scope: Scope, topic: Topic) -> Iterator[Part]:
    """The topic.

    Not encrypted with `alias/aws/sns`: other services could not publish to it then, and each message would be paid for.
    """
    name = topic.name
    if topic.fifo and name is None:
        # A FIFO topic's name must end so, and CloudFormation does not see to it as it does for queues.
        name = topic_name(scope.project.stack, topic.id, ".fifo")
    properties: dict[str, Node] = {
        "FifoTopic": sourced(topic.origin, topic.fifo or None, "fifo"),
        "TopicName": sourced(topic.origin, name, "name"),
    }
    yield main_part(scope, topic, "AWS::SNS::Topic", properties)


def attribute(scope: Scope, topic: Topic, name: str) -> Expression | None:
    """`name` and `arn`."""
    del scope
    existing = topic.existing
    resource = arn_resource(existing) if existing is not None else None
    match name:
        case "name" if existing is not None:
            return join(existing if resource is None else resource)
        case "name":
            return get_att(logical_id(topic.id), "TopicName")
        case "arn" if existing is not None:
            return arn("sns", existing) if resource is None else join(existing)
        case "arn":
            return ref(logical_id(topic.id))
        case _:
            return None


KIND = Kind(parts=parts, attribute=attribute)
