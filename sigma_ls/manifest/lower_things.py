"""Functions, resources and outputs, read by the field table, as the classes of the model."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from typing import Any

from sigma_ls.manifest.model import (
    Api,
    Ask,
    Bucket,
    BucketTrigger,
    Cors,
    EnvironmentValue,
    FromSecret,
    Function,
    HttpTrigger,
    ManifestOutput,
    Origin,
    OtherResource,
    OtherTrigger,
    Path,
    Queue,
    QueueDeadLetter,
    QueueTrigger,
    Raw,
    Resource,
    Table,
    TableIndex,
    TableKey,
    Throughput,
    Topic,
    Trigger,
    Vpc,
)
from sigma_ls.manifest.read import read
from sigma_ls.manifest.schema.functions import FUNCTION
from sigma_ls.manifest.schema.resources import RESOURCE, RESOURCES
from sigma_ls.manifest.schema.top import OUTPUT
from sigma_ls.manifest.schema.types import Platform
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence, range_of
from sigma_ls.syntax.span import Range

_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")


def origin_of(key: Node | None, value: Node) -> Origin:
    """The places of a tree's parts; a merged or aliased part stands where it was written."""
    keys: dict[Path, Range] = {}
    values: dict[Path, Range] = {}
    _collect(value, (), keys, values)
    return Origin(range_of(key if key is not None else value), keys, values)


def _collect(node: Node, path: Path, keys: dict[Path, Range], values: dict[Path, Range]) -> None:
    if path:
        values[path] = range_of(node)
    if type(node) is Mapping:
        for key, value in node.entries:
            if type(key) is Scalar:
                keys[*path, key.value] = range_of(key)
                _collect(value, (*path, key.value), keys, values)
    elif type(node) is Sequence:
        for index, item in enumerate(node.items):
            _collect(item, (*path, index), keys, values)


def lower_function(
    key: Scalar, value: Node, environment: Dict[str, Any], environment_origin: Origin, platform: Platform
) -> Function:
    """One function; `environment` is the project's, as read, and its origin."""
    fields = read(value, FUNCTION, platform)
    origin = origin_of(key, value)
    own: Dict[str, Any] = fields.pop("environment", {})
    for name in environment:
        # What every function gets stands where the project says it.
        if name not in own:
            _adopt(origin, environment_origin, ("environment", name), (name,))
    vpc = fields.pop("vpc", None)
    triggers = tuple(_trigger(kind, values) for kind, values in fields.pop("triggers", ()))
    fields = {_snake(name): value for name, value in fields.items()}
    return Function(
        id=key.value,
        **fields,
        vpc=Vpc(vpc["subnets"], vpc["securityGroups"]) if vpc else None,
        environment={name: _environment_value(each) for name, each in {**environment, **own}.items()},
        triggers=triggers,
        origin=origin,
    )


def lower_resource(key: Scalar, value: Node, platform: Platform) -> Resource:
    """One resource."""
    kind, fields = read(value, RESOURCE, platform)
    fields.pop("type", None)
    common = {
        "id": key.value,
        "name": fields.pop("name", None),
        "existing": fields.pop("existing", None),
        "keep": fields.pop("keep", False),
        "properties": fields.pop("properties", {}),
        "origin": origin_of(key, value),
    }
    match kind:
        case "bucket":
            return Bucket(
                **common,
                versioned=fields["versioned"],
                public=fields["public"],
                cors=_cors(fields.get("cors")),
                expire_after_days=fields.get("expireAfterDays"),
            )
        case "table":
            return _table(common, fields)
        case "queue":
            return Queue(
                **common,
                fifo=fields.get("fifo", False),
                visibility_timeout=fields.get("visibilityTimeout"),
                retention=fields.get("retention"),
                dead_letter=_dead_letter(fields.get("deadLetter")),
            )
        case "topic":
            return Topic(**common, fifo=fields.get("fifo", False))
        case "api":
            return Api(**common, kind=fields["kind"], cors=_cors(fields.get("cors")), domain=fields.get("domain"))
    if kind in RESOURCES:
        return OtherResource(**common, type=kind, fields=fields)
    return Raw(**common, type=kind)


def lower_output(key: Scalar, value: Node, platform: Platform) -> ManifestOutput:
    """One output."""
    fields = read(value, OUTPUT, platform)
    return ManifestOutput(key.value, fields["value"], fields.get("description"), origin_of(key, value))


def _adopt(origin: Origin, other: Origin, path: Path, other_path: Path) -> None:
    values, keys = origin.values, origin.keys
    assert isinstance(values, dict)
    assert isinstance(keys, dict)
    if other_path in other.keys:
        keys[path] = other.keys[other_path]
    for at, place in other.values.items():
        if at[: len(other_path)] == other_path:
            values[path + at[len(other_path) :]] = place


def _snake(name: str) -> str:
    return _CAMEL.sub(r"_\1", name).lower()


def _environment_value(value: Any) -> EnvironmentValue:
    match value:
        case ("ask", fields):
            return Ask(fields["ask"])
        case ("secret", fields):
            return FromSecret(fields["secret"], fields.get("key"))
    return value  # type: ignore[no-any-return]  # read as a text with references


def _trigger(kind: str, fields: Dict[str, Any]) -> Trigger:
    match kind:
        case "http":
            method, _, path = fields["http"].partition(" ")
            if not path:
                method = ""
            return HttpTrigger(
                method,
                path,
                api=fields.get("api", "api"),
                auth=fields.get("auth", "none"),
                cors=_cors(fields.get("cors")),
            )
        case "bucket":
            return BucketTrigger(
                fields["bucket"],
                events=tuple(fields["events"]),
                prefix=fields.get("prefix"),
                suffix=fields.get("suffix"),
            )
        case "queue":
            filters = fields.get("filter", ())
            return QueueTrigger(
                fields["queue"],
                batch=fields.get("batch"),
                window=fields.get("window"),
                max_concurrency=fields.get("maxConcurrency"),
                filters=tuple(filters) if isinstance(filters, tuple) else (filters,),
            )
    return OtherTrigger(kind, fields)


def _cors(value: Any) -> Cors | None:
    if not value:
        return Cors() if value == {} else None
    if value is True:
        return Cors()
    return Cors(
        origins=tuple(value["origins"]),
        methods=tuple(value["methods"]),
        headers=tuple(value["headers"]),
        expose_headers=tuple(value["exposeHeaders"]),
        credentials=value["credentials"],
        max_age=value.get("maxAge"),
    )


def _table(common: Dict[str, Any], fields: Dict[str, Any]) -> Table:
    billing = fields.get("billing")
    indexes = tuple(
        TableIndex(
            name,
            _required_key(index["partitionKey"]),
            _table_key(index.get("sortKey")),
            index["project"],
        )
        for name, index in fields.get("indexes", {}).items()
    )
    return Table(
        **common,
        partition_key=_table_key(fields.get("partitionKey")),
        sort_key=_table_key(fields.get("sortKey")),
        billing=Throughput(billing["read"], billing["write"]) if isinstance(billing, dict) else None,
        ttl=fields.get("ttl"),
        indexes=indexes,
        stream=fields.get("stream"),
    )


def _table_key(value: Any) -> TableKey | None:
    return None if value is None else _required_key(value)


def _required_key(value: Any) -> TableKey:
    return TableKey(value) if isinstance(value, str) else TableKey(value["name"], value["type"])


def _dead_letter(value: Any) -> QueueDeadLetter | None:
    if value is None:
        return None
    if isinstance(value, str):
        return QueueDeadLetter(value)
    return QueueDeadLetter(value["queue"], value["after"])
