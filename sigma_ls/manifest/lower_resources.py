"""Resources, read by the field table, as the classes of the model."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from typing import Any

from sigma_ls.manifest.lower_triggers import lower_cors
from sigma_ls.manifest.model import (
    Api,
    ApiDomain,
    Bucket,
    Cache,
    Database,
    EventBus,
    LogGroup,
    Origin,
    Queue,
    QueueDeadLetter,
    Raw,
    Resource,
    Secret,
    StateMachine,
    Stream,
    Table,
    TableIndex,
    TableKey,
    Throughput,
    Topic,
    UserPool,
    UserPoolClient,
)


def lower_fields(resource_id: str, kind: str, fields: Dict[str, Any], origin: Origin) -> Resource:
    """The resource of a type with those fields, as read by the table."""
    common: dict[str, Any] = {
        "id": resource_id,
        "name": fields.get("name"),
        "existing": fields.get("existing"),
        "keep": fields.get("keep", False),
        "properties": fields.get("properties", {}),
        "origin": origin,
    }
    match kind:
        case "bucket":
            return Bucket(
                **common,
                versioned=fields["versioned"],
                public=fields["public"],
                cors=lower_cors(fields.get("cors")),
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
        case "stream":
            return Stream(**common, shards=fields.get("shards"), retention=fields.get("retention"))
        case "api":
            return Api(
                **common,
                kind=fields["kind"],
                cors=lower_cors(fields.get("cors")),
                domain=_domain(fields.get("domain")),
            )
        case "userPool":
            clients = fields.get("clients", {})
            return UserPool(
                **common,
                sign_in=tuple(fields.get("signIn", ())),
                clients=tuple(
                    UserPoolClient(name, client["secret"], tuple(client.get("callbacks", ())))
                    for name, client in clients.items()
                ),
            )
        case "secret":
            return Secret(**common, description=fields.get("description"))
        case "database":
            return Database(
                **common, engine=fields.get("engine"), size=fields.get("size"), storage=fields.get("storage")
            )
        case "cache":
            return Cache(**common, engine=fields.get("engine"), size=fields.get("size"), nodes=fields.get("nodes"))
        case "eventBus":
            return EventBus(**common)
        case "logGroup":
            return LogGroup(**common, retention=fields.get("retention"))
        case "stateMachine":
            return StateMachine(**common, definition=fields.get("definition"))
    return Raw(**common, type=kind)


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


def _domain(value: Any) -> ApiDomain | None:
    return None if value is None else ApiDomain(value["name"], value.get("certificate"), value.get("zone"))


def _dead_letter(value: Any) -> QueueDeadLetter | None:
    if value is None:
        return None
    if isinstance(value, str):
        return QueueDeadLetter(value)
    return QueueDeadLetter(value["queue"], value["after"])
