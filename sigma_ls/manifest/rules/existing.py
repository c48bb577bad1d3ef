"""Rules for resources that exist already: what names them, and what cannot be said of them."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict

from sigma_ls.manifest import codes
from sigma_ls.manifest.nearest import listed
from sigma_ls.manifest.schema.resources import RESOURCES
from sigma_ls.manifest.view import View
from sigma_ls.manifest.wording import short, with_article

SERVICES: Dict[str, tuple[str, ...]] = {
    "bucket": ("s3",),
    "table": ("dynamodb",),
    "queue": ("sqs",),
    "topic": ("sns",),
    "stream": ("kinesis",),
    "api": ("apigateway", "execute-api"),
    "userPool": ("cognito-idp",),
    "secret": ("secretsmanager",),
    "database": ("rds",),
    "cache": ("elasticache",),
    "eventBus": ("events",),
    "logGroup": ("logs",),
    "stateMachine": ("states",),
}
"""The third part of ARNs of each type: Service Authorization Reference, *Resource types*."""

_ARN = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+").fullmatch
"""Loose: accounts are also `aws`, and some services leave the region out."""

_MEANT = frozenset(("type", "existing"))
_TOLD: Dict[str, frozenset[str]] = {
    "table": frozenset(("stream",)),
    "queue": frozenset(("fifo", "visibilityTimeout")),
    "topic": frozenset(("fifo",)),
    "api": frozenset(("kind", "name")),
    "userPool": frozenset(("clients", "name")),
    "database": frozenset(("engine",)),
}
"""Keys that say what the thing is like, or of whom it is wired; all others would be of one that is generated."""


def check_existing(view: View) -> None:
    """An ARN of another service, and keys that change nothing."""
    existing, kind = view.text("existing"), view.text("type")
    if existing is None or kind is None:
        return
    parts = existing.value.split(":")
    if view.platform != "gcp" and parts[0] == "arn" and _ARN(existing.value) is None:
        message = f"'{short(existing.value)}' is no ARN: write 'arn:aws:service:region:account:resource', or a name."
        view.report.add(codes.MALFORMED, existing, message)
        return
    services = SERVICES.get(kind.value)
    if view.platform != "gcp" and parts[0] == "arn" and len(parts) > 2 and services and parts[2] not in services:
        message = (
            f"'{short(existing.value)}' is of the service '{short(parts[2])}', but the ARN of "
            f"{with_article(kind.value)} is of '{listed(services)}'."
        )
        view.report.add(codes.WRONG_ARN, existing, message)
    if kind.value not in RESOURCES:
        return
    meant = _MEANT | _TOLD.get(kind.value, frozenset())
    for name, (key, _) in view.fields.items():
        if name not in meant and name in RESOURCES[kind.value].by_name:
            message = f"'{name}' changes nothing: '{view.key.value}' exists already, and is only wired."
            view.report.add(codes.NO_EFFECT, key, message, fix=view.without(name))
