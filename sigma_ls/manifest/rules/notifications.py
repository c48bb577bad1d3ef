"""Rules for triggers by buckets: which objects they are of, and that a trigger does not take an event twice."""

from __future__ import annotations

from sigma_ls.manifest import codes
from sigma_ls.manifest.claims import Notification, is_within
from sigma_ls.manifest.fixes import replacement
from sigma_ls.manifest.report import Claim, Definition, Group, Report, Use
from sigma_ls.manifest.schema.triggers import BUCKET_EVENTS
from sigma_ls.manifest.view import items_of
from sigma_ls.syntax.nodes import Node, Scalar, spot_of

_FILTERS = {"prefix": "start", "suffix": "end"}


def claim_notification(source: Scalar, fields: dict[str, tuple[Scalar, Node]], report: Report) -> None:
    """What no other trigger of the bucket may have; and what is wrong with it alone."""
    events = [each for each in items_of(fields["events"][1]) if type(each) is Scalar] if "events" in fields else []
    texts = {name: fields[name][1] if name in fields else None for name in _FILTERS}
    prefix, suffix = (each.value if type(each) is Scalar else "" for each in texts.values())
    names = tuple(each.value for each in events) or ("created",)
    key = f"notifications {source.value}"
    data = Notification(names, prefix, suffix)
    report.claims.append(Claim(Group.NOTIFICATION, key, source.value, "functions", spot_of(source), data))
    _check_events(source.value, events, report)
    for name, node in texts.items():
        if type(node) is Scalar and "*" in node.value:
            _check_wildcard(name, node, report)


def _check_events(bucket: str, events: list[Scalar], report: Report) -> None:
    seen: dict[str, Scalar] = {}
    for event in events:
        if event.value not in BUCKET_EVENTS:
            continue  # Said already; and there may be any number of such.
        for earlier in seen.values():
            if is_within(event.value, earlier.value) or is_within(earlier.value, event.value):
                data = earlier.value, event.value
                report.uses.append(Use(bucket, spot_of(event), _judge_events, follows=True, data=data))
                break
        seen.setdefault(event.value, event)


def _judge_events(use: Use, found: Definition, report: Report) -> None:
    """Of a bucket that exists already, EventBridge tells each event once."""
    if found.kind == "bucket" and not found.existing:
        one, two = use.data
        message = f"'{one}' and '{two}' are both of one event, which S3 refuses: remove one."
        report.add_at(codes.OVERLAPPING, use.place, message)


def _check_wildcard(name: str, node: Scalar, report: Report) -> None:
    bare = node.value.removeprefix("*") if name == "suffix" else node.value.removesuffix("*")
    # An empty text would need quotes, and says nothing.
    fix = replacement(node, bare) if bare and "*" not in bare else None
    message = f"'*' in a {name} is an asterisk: S3 compares the {_FILTERS[name]} of keys letter by letter."
    report.add(codes.WILDCARD, node, message, fix=fix)
