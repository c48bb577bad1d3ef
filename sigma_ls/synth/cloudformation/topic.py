"""Topics, and functions that get their messages."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Topic, TopicTrigger
from sigma_ls.synth.cloudformation.calls import no_grants, pattern, permission
from sigma_ls.synth.cloudformation.expressions import Expression, arn, get_att, join, ref
from sigma_ls.synth.cloudformation.names import TOPIC_NAME_LENGTH, arn_resource, name_in_stack
from sigma_ls.synth.cloudformation.nodes import At, Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.scope import Kind, Part, Scope, TriggerKind, TriggerUse, logical_id
from sigma_ls.synth.unsupported import Unsupported


def parts(scope: Scope, topic: Topic) -> Iterator[Part]:
    """The topic.

    Not encrypted with `alias/aws/sns`: other services could not publish to it then, and each message would be paid for.
    """
    name = topic.name
    if topic.fifo and name is None:
        # A FIFO topic's name must end so, and CloudFormation does not see to it as it does for queues.
        name = name_in_stack(scope.project.stack, topic.id, TOPIC_NAME_LENGTH, ".fifo")
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


# --- its triggers ----------------------------------------------------------------------------------------------------


def _trigger_parts(scope: Scope, use: TriggerUse) -> Iterator[Part]:
    """The subscription, and the permission for the topic to call the function."""
    trigger: TopicTrigger = use.trigger
    place = use.at("topic")
    topic = scope.thing(trigger.topic, place)
    if not isinstance(topic, Topic):
        raise Unsupported(f"`{topic.id}` is no topic, so a `topic` trigger cannot name it.", place)
    if topic.fifo or (topic.existing or "").endswith(".fifo"):
        # SNS developer guide, *Message delivery for FIFO topics*: only queues can subscribe.
        message = (
            f"`{topic.id}` is a FIFO topic, which delivers to queues only: let a queue subscribe to it "
            "(AWS::SNS::Subscription), and give the function a `queue` trigger."
        )
        raise Unsupported(message, place)
    source = scope.attribute(topic.id, "arn", place)
    name = scope.ids.companion(topic.id, use.function.id, kind="Permission")
    yield permission(scope, use, name, "sns.amazonaws.com", source)
    policy = _filter_policy(scope, use)
    yield Part(
        logical_id=scope.ids.companion(topic.id, use.function.id, kind="Subscription"),
        type="AWS::SNS::Subscription",
        owner=topic.id,
        range=use.range,
        properties={
            "Endpoint": get_att(logical_id(use.function.id), "Arn"),
            "FilterPolicy": policy,
            "FilterPolicyScope": use.sourced(
                "MessageBody" if policy is not None and trigger.filter_scope == "body" else None, "filterScope"
            ),
            "Protocol": "lambda",
            "Region": _region(scope, topic),
            "TopicArn": source,
        },
    )


def _filter_policy(scope: Scope, use: TriggerUse) -> Node:
    """One pattern as it is; of several any may match."""
    filters = use.trigger.filters
    if len(filters) <= 1:
        return pattern(scope, use, filters[0], "filter") if filters else None
    return At(use.at("filter"), pattern(scope, use, {"$or": filters}, "filter"))


def _region(scope: Scope, topic: Topic) -> str | None:
    """The region of a topic that is not in the stack's own: CloudFormation subscribes there only when it is told."""
    if topic.existing is None or arn_resource(topic.existing) is None:
        return None
    region = topic.existing.split(":")[3]
    return region if scope.project.aws is None or region != scope.project.aws.region else None


TRIGGER = TriggerKind(source=lambda trigger: trigger.topic, parts=_trigger_parts, grants=no_grants)
