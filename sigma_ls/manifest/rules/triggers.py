"""Rules for the triggers of a function."""

from __future__ import annotations

import re

from sigma_ls.manifest import codes
from sigma_ls.manifest.claims import Notification
from sigma_ls.manifest.diagnostic import Related
from sigma_ls.manifest.report import Claim, Definition, Group, Report, Use
from sigma_ls.manifest.rules.schedules import check_schedule, check_time_zone
from sigma_ls.manifest.schema.functions import FUNCTION
from sigma_ls.manifest.schema.triggers import TRIGGERS
from sigma_ls.manifest.schema.types import Id
from sigma_ls.manifest.view import View, fields_of, items_of, whole_number
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, range_of, spot_of

LARGEST_BATCH_WITHOUT_WINDOW = 10
"""Of a queue: AWS Lambda developer guide, *Creating and configuring an Amazon SQS event source mapping*."""
LARGEST_FIFO_BATCH = 10
"""Likewise."""

DEFAULT_TIMEOUT = FUNCTION.by_name["timeout"].default

_PARAMETER = re.compile(r"\{[^{}/]*?(\+?)\}")
_IMPLICIT_API = "api"
_NEEDS_API = Id(kinds=("api",), role="the api of an http trigger")


def check_triggers(view: View) -> None:
    """Every trigger by itself, and what the index needs to compare it with others."""
    triggers = view.items("triggers")
    if view.platform == "gcp" and not view.stage and len(triggers) != 1:
        message = f"A function on Google Cloud has exactly one trigger; '{view.key.value}' has {len(triggers)}."
        place = view.fields["triggers"][0] if "triggers" in view.fields else view.key
        view.report.add(codes.GCP_TRIGGERS, place, message)
    for trigger in triggers:
        fields = fields_of(trigger)
        kinds = [name for name in fields if name in TRIGGERS]
        if len(kinds) != 1:
            continue
        kind = kinds[0]
        source = fields[kind][1]
        if type(source) is Scalar:
            if view.platform == "aws":
                _claim(view, kind, source, fields)
            if kind == "http" and view.platform != "gcp":
                _http(view, source, fields)
            elif kind == "queue":
                _queue(view, source, fields)
            elif kind == "schedule" and view.platform == "aws":
                check_schedule(source, view.report)
                if "timezone" in fields:
                    check_time_zone(fields["timezone"][1], view.report)
            elif kind in _EXISTING:
                view.report.uses.append(Use(source.value, spot_of(source), judge_existing, follows=True, data=kind))
            elif kind in _JUDGES and view.platform == "aws":
                view.report.uses.append(Use(source.value, spot_of(source), _JUDGES[kind], follows=True))


def _claim(view: View, kind: str, source: Scalar, fields: dict[str, tuple[Scalar, Node]]) -> None:
    """What no other trigger may have."""
    claim: tuple[Group, str, Notification | None] | None = None
    if kind == "bucket":
        events = (
            [each.value for each in items_of(fields["events"][1]) if type(each) is Scalar] if "events" in fields else []
        )
        claim = (
            Group.NOTIFICATION,
            f"notifications {source.value}",
            Notification(tuple(events) or ("created",), _text(fields, "prefix"), _text(fields, "suffix")),
        )
    elif kind == "userPool" and (step := _text(fields, "on")):
        claim = Group.STEP, f"step {source.value} {step}", None
    elif kind == "logs":
        claim = Group.LOG_FILTER, f"logs {source.value}", None
    if claim is not None:
        group, key, data = claim
        view.report.claims.append(Claim(group, key, source.value, "functions", spot_of(source), data))


def _text(fields: dict[str, tuple[Scalar, Node]], name: str) -> str:
    value = fields[name][1] if name in fields else None
    return value.value if type(value) is Scalar else ""


def _http(view: View, route: Scalar, fields: dict[str, tuple[Scalar, Node]]) -> None:
    api = fields["api"][1] if "api" in fields else None
    if type(api) is Scalar:
        name = api.value
    else:
        name = _IMPLICIT_API
        view.report.implicit_api = True
        # It is an error where the id stands for something else.
        view.report.uses.append(Use(name, spot_of(route), _judge_implicit_api, follows=True, data=_NEEDS_API))
    key = f"route {name} {normal_route(route.value)}"
    view.report.claims.append(Claim(Group.ROUTE, key, route.value, "functions", spot_of(route)))
    auth = fields["auth"][1] if "auth" in fields else None
    if type(auth) is Scalar and auth.value not in ("none", "iam"):
        view.report.uses.append(Use(auth.value, spot_of(auth), _judge_authorizer, follows=True))


def normal_route(route: str) -> str:
    """The route with its parameters' names left out, which make no difference to what it takes."""
    return _PARAMETER.sub(r"{\1}", route)


def _judge_implicit_api(use: Use, found: Definition, report: Report) -> None:
    if found.kind != "api":
        message = (
            f"An http trigger without 'api' uses the project's api '{use.id}', but that id is a {found.kind} here: "
            "rename that, or name another api."
        )
        report.add_at(codes.WRONG_RESOURCE, use.place, message)


def _judge_authorizer(use: Use, found: Definition, report: Report) -> None:
    """A user pool whose users may call: they get tokens by its clients only."""
    if found.kind == "userPool" and not found.clients and not found.existing:
        message = f"The user pool '{use.id}' has no client, so nobody gets a token of it: add 'clients: {{web: {{}}}}'."
        report.add_at(
            codes.POOL_CLIENT, use.place, message, related=(Related("The pool is declared here.", found.place),)
        )


# --- queues ----------------------------------------------------------------------------------------------------------


def _queue(view: View, source: Scalar, fields: dict[str, tuple[Scalar, Node]]) -> None:
    batch = whole_number(fields["batch"][1]) if "batch" in fields else None
    window = whole_number(fields["window"][1]) if "window" in fields else None
    if batch is not None and batch > LARGEST_BATCH_WITHOUT_WINDOW and not window:
        message = (
            f"A batch of {batch} needs a 'window' of at least 1 second: without one a queue gives at most "
            f"{LARGEST_BATCH_WITHOUT_WINDOW} messages."
        )
        view.report.add(codes.BATCH_WINDOW, fields["batch"][1], message)
    timeout = view.number("timeout")
    data = (DEFAULT_TIMEOUT if timeout is None else timeout, batch, window)
    view.report.uses.append(Use(source.value, spot_of(source), judge_queue, follows=True, data=data))


def judge_queue(use: Use, found: Definition, report: Report) -> None:
    """A queue and the function that it triggers."""
    if found.kind != "queue":
        return
    timeout, batch, window = use.data
    if found.visibility is not None and found.visibility < timeout:
        message = (
            f"The queue '{use.id}' hides a message for {found.visibility} seconds, but the function may work on it for "
            f"{timeout}: raise the queue's 'visibilityTimeout' to at least {timeout}."
        )
        report.add_at(
            codes.VISIBILITY, use.place, message, related=(Related("The queue is declared here.", found.place),)
        )
    if found.fifo and batch is not None and batch > LARGEST_FIFO_BATCH:
        message = f"'{use.id}' is a FIFO queue, which gives at most {LARGEST_FIFO_BATCH} messages in a batch."
        report.add_at(codes.FIFO_BATCH, use.place, message)
    if found.fifo and window:
        message = f"'{use.id}' is a FIFO queue, for which AWS takes no 'window': remove it."
        report.add_at(codes.FIFO_WINDOW, use.place, message)


# --- sources that exist ----------------------------------------------------------------------------------------------

_EXISTING = {
    "userPool": "a deployment cannot set the steps of a user pool that it did not make.",
    "table": "a table that exists needs 'stream: <the ARN of its stream>'.",
}


def judge_existing(use: Use, found: Definition, report: Report) -> None:
    """A source that exists already, and so cannot be wired."""
    if found.existing and found.kind == use.data and not (found.kind == "table" and found.stream):
        message = f"'{use.id}' exists already, and {_EXISTING[use.data]}"
        report.add_at(codes.CANNOT_WIRE, use.place, message, related=(Related("It is declared here.", found.place),))


def _judge_bucket(use: Use, found: Definition, report: Report) -> None:
    """A bucket that exists can call a function by EventBridge only."""
    if found.existing and found.kind == "bucket":
        message = (
            f"'{use.id}' exists already: EventBridge calls the function, if the bucket sends its events there, and the "
            "event has EventBridge's form (the key is in 'detail.object.key')."
        )
        report.add_at(codes.EVENTBRIDGE, use.place, message, related=(Related("It is declared here.", found.place),))


def _judge_topic(use: Use, found: Definition, report: Report) -> None:
    """A topic that delivers to functions at all."""
    if found.fifo and found.kind == "topic":
        message = (
            f"'{use.id}' is a FIFO topic, which delivers to queues only: let a FIFO queue subscribe to it, and give the "
            "function a 'queue' trigger."
        )
        report.add_at(codes.FIFO_TOPIC, use.place, message, related=(Related("It is declared here.", found.place),))


_JUDGES = {"bucket": _judge_bucket, "topic": _judge_topic}


# --- functions that call themselves ----------------------------------------------------------------------------------

_WRITES = frozenset(("write", "admin"))


def check_recursion(view: View) -> None:
    """Bucket → function → the same bucket, unless a filter may leave out what the function writes."""
    if "uses" not in view.fields or "triggers" not in view.fields:
        return
    written = {
        key.value: key
        for key, value in view.entries("uses")
        if type(key) is Scalar and any(type(item) is Scalar and item.value in _WRITES for item in items_of(value))
    }
    for trigger in view.items("triggers"):
        if type(trigger) is not Mapping:
            continue
        fields = fields_of(trigger)
        source = fields["bucket"][1] if "bucket" in fields else None
        if type(source) is not Scalar or source.value not in written or not _sees_new_objects(fields):
            continue
        message = (
            f"Objects in '{source.value}' call '{view.key.value}', which may write to '{source.value}' again: it could "
            "call itself without end. Write to another bucket, or narrow the trigger by 'prefix' or 'suffix'."
        )
        related = (Related("It may write here.", range_of(written[source.value])),)
        view.report.add(codes.RECURSION, source, message, related=related)


def _sees_new_objects(fields: dict[str, tuple[Scalar, Node]]) -> bool:
    if "prefix" in fields or "suffix" in fields:
        return False
    if "events" not in fields:
        return True
    return any(type(item) is Scalar and item.value.startswith("created") for item in items_of(fields["events"][1]))
