"""Tables, and functions that get their changes."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from sigma_ls.manifest.model import Table, TableIndex, TableKey, TableTrigger, Throughput
from sigma_ls.synth.cloudformation.calls import mapping
from sigma_ls.synth.cloudformation.expressions import Expression, arn, get_att, join, ref
from sigma_ls.synth.cloudformation.names import arn_resource
from sigma_ls.synth.cloudformation.nodes import At, Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.scope import Grant, Kind, Part, Scope, TriggerKind, TriggerUse, logical_id
from sigma_ls.synth.unsupported import Unsupported

_TYPES = MappingProxyType({"string": "S", "number": "N", "binary": "B"})
_VIEWS = MappingProxyType({"keys": "KEYS_ONLY", "new": "NEW_IMAGE", "old": "OLD_IMAGE", "both": "NEW_AND_OLD_IMAGES"})
STARTS = MappingProxyType({"latest": "LATEST", "oldest": "TRIM_HORIZON"})
"""Where reading of a stream starts: the manifest's word → Lambda's."""


def parts(scope: Scope, table: Table) -> Iterator[Part]:
    """The table."""
    origin = table.origin
    if table.partition_key is None:
        raise Unsupported(f"The table `{table.id}` has no `partitionKey`.", origin.key)

    def own(value: Node, *path: str | int) -> Node:
        return sourced(origin, value, *path)

    properties: dict[str, Node] = {
        "AttributeDefinitions": _definitions(table),
        "BillingMode": own("PAY_PER_REQUEST" if table.billing is None else "PROVISIONED", "billing"),
        "GlobalSecondaryIndexes": own([_index(table, index) for index in _indexes(table)] or None, "indexes"),
        "KeySchema": own(_key_schema(table.partition_key, table.sort_key), "partitionKey"),
        "ProvisionedThroughput": own(_throughput(table.billing), "billing"),
        "StreamSpecification": _stream(scope, table),
        "TableName": own(table.name, "name"),
        "TimeToLiveSpecification": own(
            {"AttributeName": table.ttl, "Enabled": True} if table.ttl is not None else None, "ttl"
        ),
    }
    yield main_part(scope, table, "AWS::DynamoDB::Table", properties)


def attribute(scope: Scope, table: Table, name: str) -> Expression | None:
    """`name`, `arn` and `streamArn`; asking for the latter gives the table a stream."""
    del scope
    if table.existing is not None:
        return _existing_attribute(table, table.existing, name)
    match name:
        case "name":
            return ref(logical_id(table.id))
        case "arn":
            return get_att(logical_id(table.id), "Arn")
        case "streamArn":
            return get_att(logical_id(table.id), "StreamArn")
        case _:
            return None


KIND = Kind(parts=parts, attribute=attribute)


def _existing_attribute(table: Table, existing: str, name: str) -> Expression | None:
    resource = arn_resource(existing)
    match name:
        case "name":
            return join(existing if resource is None else resource.removeprefix("table/"))
        case "arn":
            return arn("dynamodb", "table/", existing) if resource is None else join(existing)
        case "streamArn" if table.stream is not None:
            return join(table.stream)
        case _:
            return None


def _indexes(table: Table) -> list[TableIndex]:
    return sorted(table.indexes, key=lambda index: index.name)


def _keys(partition_key: TableKey, sort_key: TableKey | None) -> tuple[TableKey, ...]:
    return (partition_key,) if sort_key is None else (partition_key, sort_key)


def _definitions(table: Table) -> Node:
    """The attributes that are keys of the table or of an index: DynamoDB refuses any other here."""
    owners: tuple[Table | TableIndex, ...] = (table, *table.indexes)
    keys = (key for owner in owners if owner.partition_key for key in _keys(owner.partition_key, owner.sort_key))
    types = {key.name: _TYPES[key.type] for key in keys}
    return [{"AttributeName": name, "AttributeType": types[name]} for name in sorted(types)]


def _key_schema(partition_key: TableKey, sort_key: TableKey | None) -> Node:
    return [
        {"AttributeName": key.name, "KeyType": key_type}
        for key, key_type in zip(_keys(partition_key, sort_key), ("HASH", "RANGE"), strict=False)
    ]


def _index(table: Table, index: TableIndex) -> Node:
    match index.project:
        case "all":
            projection: Node = {"ProjectionType": "ALL"}
        case "keys":
            projection = {"ProjectionType": "KEYS_ONLY"}
        case names:
            projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(names)}
    node = {
        "IndexName": index.name,
        "KeySchema": _key_schema(index.partition_key, index.sort_key),
        "Projection": projection,
        # An index of a table with provisioned capacity has its own; it gets the table's.
        "ProvisionedThroughput": _throughput(table.billing),
    }
    return sourced(table.origin, node, "indexes", index.name)


def _throughput(billing: Throughput | None) -> Node:
    return billing and {"ReadCapacityUnits": billing.read, "WriteCapacityUnits": billing.write}


# --- its stream and triggers -----------------------------------------------------------------------------------------


def _stream(scope: Scope, table: Table) -> Node:
    """A table has one stream, which shows what all who read it ask for.

    Another view makes another stream, with another ARN: mappings name it by reference, and so follow.
    """
    uses = scope.triggers.get(table.id, ())
    views = {use.trigger.view for use in uses}
    if (table.id, "streamArn") in scope.usage.attributes:
        # Whoever reads the stream by its ARN does not say what of.
        views.add("both")
    if not views:
        return None
    # Records hold the keys in any view.
    views = views - {"keys"} or {"keys"}
    view = views.pop() if len(views) == 1 else "both"
    specification = {"StreamViewType": _VIEWS[view]}
    return At(uses[0].range, specification) if uses else specification


def _trigger_parts(scope: Scope, use: TriggerUse) -> Iterator[Part]:
    """The mapping by which Lambda reads the stream."""
    trigger: TableTrigger = use.trigger
    stream = _stream_arn(scope, use)
    yield mapping(scope, use, trigger.table, stream, StartingPosition=use.sourced(STARTS[trigger.start], "start"))


def _stream_arn(scope: Scope, use: TriggerUse) -> Expression:
    place = use.at("table")
    table = scope.thing(use.trigger.table, place)
    if not isinstance(table, Table):
        raise Unsupported(f"`{table.id}` is no table, so a `table` trigger cannot name it.", place)
    if table.existing is not None and table.stream is None:
        message = (
            f"`{table.id}` exists already, so its stream is not known here: set `stream` to the stream's ARN "
            "(`aws dynamodb describe-table` shows it as LatestStreamArn, where the table has one)."
        )
        raise Unsupported(message, place)
    return scope.attribute(table.id, "streamArn", place)


def _trigger_grants(scope: Scope, use: TriggerUse) -> Iterator[Grant]:
    stream = _stream_arn(scope, use)
    yield Grant(("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"), (stream,), use.range)
    # This one has no resource level.
    yield Grant(("dynamodb:ListStreams",), (join("*"),), use.range)


TRIGGER = TriggerKind(source=lambda trigger: trigger.table, parts=_trigger_parts, grants=_trigger_grants)
