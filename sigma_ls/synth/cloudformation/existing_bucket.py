"""Triggers by buckets that exist already: rules of EventBridge.

CloudFormation has no resource for the notifications of a bucket that it did not make.  EventBridge gets the events of
every bucket for which that is switched on, and a rule picks them; the function then gets an event of EventBridge's form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType

from sigma_ls.manifest.model import BucketTrigger
from sigma_ls.synth.cloudformation.calls import own_name, rule
from sigma_ls.synth.cloudformation.expressions import Expression
from sigma_ls.synth.cloudformation.nodes import Node
from sigma_ls.synth.cloudformation.scope import Part, Scope, TriggerUse
from sigma_ls.synth.unsupported import Unsupported

_EVENTS = MappingProxyType(
    {
        "created": ("Object Created", "reason", ""),
        "created:put": ("Object Created", "reason", "PutObject"),
        "created:post": ("Object Created", "reason", "POST Object"),
        "created:copy": ("Object Created", "reason", "CopyObject"),
        "created:multipart": ("Object Created", "reason", "CompleteMultipartUpload"),
        "removed": ("Object Deleted", "deletion-type", ""),
        "removed:delete": ("Object Deleted", "deletion-type", "Permanently Deleted"),
        "removed:marker": ("Object Deleted", "deletion-type", "Delete Marker Created"),
    }
)
"""The manifest's events → detail type, and which field of the detail has which value where only some of them are meant
(S3 user guide, *EventBridge event message structure*)."""


def rules(scope: Scope, use: TriggerUse, bucket: Expression) -> Iterator[Part]:
    """One rule for objects that are created, one for those that are removed; and permissions for them."""
    trigger: BucketTrigger = use.trigger
    wanted: dict[tuple[str, str], set[str]] = {}
    for index, event in enumerate(trigger.events):
        if event not in _EVENTS:
            raise Unsupported(f"Buckets have no event `{event}`.", use.at("events", index))
        detail_type, field, value = _EVENTS[event]
        wanted.setdefault((detail_type, field), set()).add(value)
    for (detail_type, field), values in sorted(wanted.items()):
        key = _key(trigger)
        pattern: Node = {
            "source": ["aws.s3"],
            "detail-type": [detail_type],
            "detail": {
                "bucket": {"name": [bucket]},
                "object": {"key": [key]} if key else None,
                field: None if "" in values else sorted(values),
            },
        }
        kind = f"{detail_type.rpartition(' ')[2]}Rule"
        content = (trigger.prefix, trigger.suffix, sorted(values))
        yield from rule(scope, use, own_name(scope, use, kind, *content), pattern, None)


def _key(trigger: BucketTrigger) -> Node:
    """What a key must match: EventBridge takes a list as "any of", so both ends need one pattern."""
    if trigger.prefix and trigger.suffix:
        return {"wildcard": f"{_literally(trigger.prefix)}*{_literally(trigger.suffix)}"}
    if trigger.prefix:
        return {"prefix": trigger.prefix}
    return {"suffix": trigger.suffix} if trigger.suffix else None


def _literally(text: str) -> str:
    return re.sub(r"([*\\])", r"\\\1", text)
