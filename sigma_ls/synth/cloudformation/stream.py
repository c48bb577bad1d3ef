"""Data streams (Kinesis), and functions that get their records."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Stream, StreamTrigger
from sigma_ls.synth.cloudformation.calls import mapping
from sigma_ls.synth.cloudformation.expressions import Expression, arn, get_att, join, ref
from sigma_ls.synth.cloudformation.names import arn_resource
from sigma_ls.synth.cloudformation.nodes import Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.scope import Grant, Kind, Part, Scope, TriggerKind, TriggerUse, logical_id
from sigma_ls.synth.cloudformation.table import STARTS
from sigma_ls.synth.unsupported import Unsupported


def parts(scope: Scope, stream: Stream) -> Iterator[Part]:
    """The stream; without a number of shards its capacity is on demand."""
    origin = stream.origin
    properties: dict[str, Node] = {
        "Name": sourced(origin, stream.name, "name"),
        "RetentionPeriodHours": sourced(origin, stream.retention, "retention"),
        # With the account's own key of Kinesis, which everyone of the account who may use the stream may use too.
        "StreamEncryption": {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"},
        "ShardCount": sourced(origin, stream.shards, "shards"),
        "StreamModeDetails": {"StreamMode": "ON_DEMAND" if stream.shards is None else "PROVISIONED"},
    }
    yield main_part(scope, stream, "AWS::Kinesis::Stream", properties)


def attribute(scope: Scope, stream: Stream, name: str) -> Expression | None:
    """`name` and `arn`."""
    del scope
    existing = stream.existing
    resource = arn_resource(existing) if existing is not None else None
    match name:
        case "name" if existing is not None:
            return join(existing if resource is None else resource.removeprefix("stream/"))
        case "name":
            return ref(logical_id(stream.id))
        case "arn" if existing is not None:
            return arn("kinesis", "stream/", existing) if resource is None else join(existing)
        case "arn":
            return get_att(logical_id(stream.id), "Arn")
        case _:
            return None


KIND = Kind(parts=parts, attribute=attribute)


# --- its triggers ----------------------------------------------------------------------------------------------------


def _trigger_parts(scope: Scope, use: TriggerUse) -> Iterator[Part]:
    """The mapping by which Lambda reads the stream."""
    trigger: StreamTrigger = use.trigger
    place = use.at("stream")
    stream = scope.thing(trigger.stream, place)
    if not isinstance(stream, Stream):
        raise Unsupported(f"`{stream.id}` is no stream, so a `stream` trigger cannot name it.", place)
    yield mapping(
        scope,
        use,
        stream.id,
        scope.attribute(stream.id, "arn", place),
        ParallelizationFactor=use.sourced(trigger.parallel, "parallel"),
        StartingPosition=use.sourced(STARTS[trigger.start], "start"),
    )


def _trigger_grants(scope: Scope, use: TriggerUse) -> Iterator[Grant]:
    actions = (
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
    )
    yield Grant(actions, (scope.attribute(use.trigger.stream, "arn", use.at("stream")),), use.range)


TRIGGER = TriggerKind(source=lambda trigger: trigger.stream, parts=_trigger_parts, grants=_trigger_grants)
