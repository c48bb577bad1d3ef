"""What can be said of things of each type: their attributes (`${id.attribute}`) and the operations on them (`uses`)."""

from __future__ import annotations

from collections.abc import Mapping

from sigma_ls.manifest.schema.types import Platform

FUNCTION = "function"
"""The type of functions, beside the types of resources."""

PSEUDO_REFERENCES: Mapping[str, str] = {
    "project": "the project's name",
    "stage": "the stage that is deployed",
    "stack": "the stack's name",
    "region": "the region",
    "account": "the account (on Google Cloud the project) that is deployed to",
}

_MORE: Mapping[str, tuple[str, ...]] = {
    "bucket": ("url",),
    "table": ("streamArn",),
    "queue": ("url",),
    "topic": (),
    "api": ("id", "url"),
    "userPool": ("id", "clientId"),
    "database": ("endpoint", "port"),
    "cache": ("endpoint", "port"),
    FUNCTION: ("url",),
}
CLIENTS = "clients."
"""`${users.clients.web}`: a user pool's clients by name."""

OPERATIONS: Mapping[str, Mapping[str, str]] = {
    "bucket": {
        "read": "get objects and list them",
        "write": "put objects",
        "delete": "remove objects",
        "admin": "everything",
    },
    "table": {
        "read": "get, batch get, query and scan, indexes included",
        "query": "query and scan only",
        "write": "put, update and batch write",
        "delete": "remove items",
        "admin": "everything",
    },
    "queue": {"send": "send messages", "receive": "receive and remove messages", "admin": "everything"},
    "topic": {"publish": "publish messages", "admin": "everything"},
    "eventBus": {"publish": "put events", "admin": "everything"},
    "stream": {"read": "read records", "write": "put records"},
    "userPool": {"read": "list and get users", "write": "create and change users", "admin": "everything"},
    "secret": {"read": "get its value", "write": "put a new value"},
    "database": {"query": "run statements by the Data API", "connect": "connect with IAM authentication"},
    "stateMachine": {"start": "start executions", "read": "describe executions"},
    "logGroup": {"read": "read and filter events", "write": "write events"},
    FUNCTION: {"invoke": "call it"},
    "api": {"invoke": "call it"},
}
"""Operations by type, each with what it permits; a type that is not here has none."""


def attributes(kind: str, platform: Platform | None) -> tuple[str, ...]:
    """The attributes of a named type."""
    own = ("name", "id") if platform == "gcp" else ("name", "arn")
    return tuple(dict.fromkeys((*own, *_MORE.get(kind, ()))))
