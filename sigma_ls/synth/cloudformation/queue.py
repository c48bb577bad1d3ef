"""Queues, and functions that take messages from them."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Queue, QueueTrigger
from sigma_ls.synth.cloudformation.calls import mapping
from sigma_ls.synth.cloudformation.expressions import (
    ACCOUNT,
    REGION,
    URL_SUFFIX,
    Expression,
    arn,
    get_att,
    join,
    ref,
)
from sigma_ls.synth.cloudformation.names import arn_resource
from sigma_ls.synth.cloudformation.nodes import Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.scope import Grant, Kind, Part, Scope, TriggerKind, TriggerUse, logical_id
from sigma_ls.synth.unsupported import Unsupported

TIMEOUTS_OF_VISIBILITY = 6
"""A message should be invisible for six times the function's timeout plus the batch window, so that Lambda can try
again while it is throttled (Lambda developer guide, *Using Lambda with Amazon SQS*, queue configuration)."""


def parts(scope: Scope, queue: Queue) -> Iterator[Part]:
    """The queue."""
    origin = queue.origin

    def own(value: Node, *path: str | int) -> Node:
        return sourced(origin, value, *path)

    properties: dict[str, Node] = {
        # CloudFormation ends the name that it makes for such a queue in `.fifo`.
        "FifoQueue": own(queue.fifo or None, "fifo"),
        "MessageRetentionPeriod": own(queue.retention, "retention"),
        "QueueName": own(queue.name, "name"),
        "RedrivePolicy": own(_redrive(scope, queue), "deadLetter"),
        # Encryption with keys of SQS itself costs nothing and needs no permission.
        "SqsManagedSseEnabled": True,
        "VisibilityTimeout": own(_visibility(scope, queue), "visibilityTimeout"),
    }
    yield main_part(scope, queue, "AWS::SQS::Queue", properties)


def attribute(scope: Scope, queue: Queue, name: str) -> Expression | None:
    """`name`, `arn` and `url`."""
    del scope
    if queue.existing is not None:
        return _existing_attribute(queue.existing, name)
    match name:
        case "name":
            return get_att(logical_id(queue.id), "QueueName")
        case "arn":
            return get_att(logical_id(queue.id), "Arn")
        case "url":
            return ref(logical_id(queue.id))
        case _:
            return None


KIND = Kind(parts=parts, attribute=attribute)


def _existing_attribute(existing: str, name: str) -> Expression | None:
    """Of a queue given by its ARN, its URL or its name."""
    region, account = REGION, ACCOUNT
    queue_name = existing
    if arn_resource(existing) is not None:
        _, _, _, given_region, given_account, queue_name = existing.split(":", 5)
        region, account = join(given_region), join(given_account)
    elif existing.startswith("https://"):
        host, given_account, queue_name = existing.removeprefix("https://").split("/", 2)
        region, account = join(host.split(".")[1]), join(given_account)
    match name:
        case "name":
            return join(queue_name)
        case "arn" if arn_resource(existing) is not None:
            return join(existing)
        case "arn" if queue_name is existing:
            return arn("sqs", existing)
        case "arn":
            return join("arn:", ref("AWS::Partition"), ":sqs:", region, ":", account, ":", queue_name)
        case "url" if existing.startswith("https://"):
            return join(existing)
        case "url":
            return join("https://sqs.", region, ".", URL_SUFFIX, "/", account, "/", queue_name)
        case _:
            return None


def _redrive(scope: Scope, queue: Queue) -> Node:
    if queue.dead_letter is None:
        return None
    target = scope.attribute(queue.dead_letter.queue, "arn", queue.origin.at("deadLetter"))
    return {"deadLetterTargetArn": target, "maxReceiveCount": queue.dead_letter.after}


def _visibility(scope: Scope, queue: Queue) -> int | None:
    uses = scope.triggers.get(queue.id, ())
    if queue.visibility_timeout is not None or not uses:
        return queue.visibility_timeout
    # At most 5 700 seconds (15 minutes six times, and a window of 5 minutes), of the 43 200 that SQS allows.
    return max(TIMEOUTS_OF_VISIBILITY * use.function.timeout + (use.trigger.window or 0) for use in uses)


# --- its triggers ----------------------------------------------------------------------------------------------------


def _trigger_parts(scope: Scope, use: TriggerUse) -> Iterator[Part]:
    """The mapping by which Lambda polls the queue."""
    trigger: QueueTrigger = use.trigger
    place = use.at("queue")
    queue = scope.thing(trigger.queue, place)
    if not isinstance(queue, Queue):
        raise Unsupported(f"`{queue.id}` is no queue, so a `queue` trigger cannot name it.", place)
    concurrency = use.sourced(trigger.max_concurrency, "maxConcurrency")
    # A queue has no position to start from: StartingPosition is for streams, and refused here.
    scaling = None if concurrency is None else {"MaximumConcurrency": concurrency}
    yield mapping(scope, use, queue.id, scope.attribute(queue.id, "arn", place), ScalingConfig=scaling)


def _trigger_grants(scope: Scope, use: TriggerUse) -> Iterator[Grant]:
    queue = scope.attribute(use.trigger.queue, "arn", use.at("queue"))
    yield Grant(("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"), (queue,), use.range)


TRIGGER = TriggerKind(source=lambda trigger: trigger.queue, parts=_trigger_parts, grants=_trigger_grants)
