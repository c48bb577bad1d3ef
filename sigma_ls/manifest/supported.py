"""What the language has and this version cannot deploy yet: one list, so that nothing is silently ignored.

It holds for AWS; deployment to Google Cloud as a whole is refused when it is asked for.
"""

from __future__ import annotations

TRIGGERS = frozenset(
    (
        "http",
        "url",
        "schedule",
        "event",
        "bucket",
        "table",
        "stream",
        "queue",
        "topic",
        "userPool",
        "logs",
        "alexa",
        "iot",
    )
)
"""Kinds of trigger that can be deployed."""

RESOURCES = frozenset(
    (
        "bucket",
        "table",
        "queue",
        "topic",
        "stream",
        "api",
        "userPool",
        "secret",
        "database",
        "cache",
        "eventBus",
        "logGroup",
        "stateMachine",
    )
)
"""Named types that can be deployed."""

KEYS = {
    ("api", "domain"): "domains of apis are",
}
"""Keys of a resource, with the words for them."""

RAW_KEYS = {
    "name": "names of resources of the cloud's own types are",
}
"""Keys of a resource of the cloud's own types."""
