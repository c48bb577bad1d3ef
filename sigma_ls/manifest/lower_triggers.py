"""Triggers, read by the field table, as the classes of the model."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from typing import Any

from sigma_ls.manifest.model import (
    AlexaTrigger,
    BucketTrigger,
    Cors,
    EventTrigger,
    HttpTrigger,
    IotTrigger,
    LogsTrigger,
    OtherTrigger,
    QueueTrigger,
    ScheduleTrigger,
    StreamTrigger,
    TableTrigger,
    TopicTrigger,
    Trigger,
    UrlTrigger,
    UserPoolTrigger,
)


def lower_trigger(kind: str, fields: Dict[str, Any]) -> Trigger:
    """One trigger of a function."""
    match kind:
        case "http":
            return _http(fields)
        case "url":
            return UrlTrigger(fields["url"], lower_cors(fields.get("cors")))
        case "schedule":
            return ScheduleTrigger(
                fields["schedule"],
                input=fields.get("input"),
                timezone=fields.get("timezone"),
                enabled=fields["enabled"],
            )
        case "event":
            return EventTrigger(fields["event"], fields.get("bus", "default"))
        case "bucket":
            return BucketTrigger(
                fields["bucket"],
                events=tuple(fields["events"]),
                prefix=fields.get("prefix"),
                suffix=fields.get("suffix"),
            )
        case "table":
            return TableTrigger(
                fields["table"],
                view=fields["view"],
                start=fields["start"],
                batch=fields.get("batch"),
                window=fields.get("window"),
                filters=_filters(fields),
            )
        case "stream":
            return StreamTrigger(
                fields["stream"],
                start=fields["start"],
                batch=fields.get("batch"),
                window=fields.get("window"),
                parallel=fields.get("parallel"),
                filters=_filters(fields),
            )
        case "queue":
            return QueueTrigger(
                fields["queue"],
                batch=fields.get("batch"),
                window=fields.get("window"),
                max_concurrency=fields.get("maxConcurrency"),
                filters=_filters(fields),
            )
        case "topic":
            return TopicTrigger(fields["topic"], _filters(fields), fields["filterScope"])
        case "userPool":
            return UserPoolTrigger(fields["userPool"], fields["on"])
        case "logs":
            return LogsTrigger(fields["logs"], fields.get("filter", ""))
        case "alexa":
            return AlexaTrigger(fields["alexa"])
        case "iot":
            return IotTrigger(fields["iot"])
    return OtherTrigger(kind, fields)


def lower_cors(value: Any) -> Cors | None:
    """`cors: true`, `cors: {…}`, or nothing."""
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


def _http(fields: Dict[str, Any]) -> HttpTrigger:
    method, _, path = fields["http"].partition(" ")
    return HttpTrigger(
        method if path else "",
        path,
        api=fields.get("api", "api"),
        auth=fields.get("auth", "none"),
        cors=lower_cors(fields.get("cors")),
    )


def _filters(fields: Dict[str, Any]) -> tuple[Dict[str, Any], ...]:
    """One pattern may stand without a list."""
    filters = fields.get("filter", ())
    return tuple(filters) if isinstance(filters, tuple | list) else (filters,)
