"""Rules for the triggers of a function."""

from __future__ import annotations

import re
from typing import cast

from attrs import frozen

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Fix, Related, TextEdit
from sigma_ls.manifest.fixes import addition, removal, replacement
from sigma_ls.manifest.report import Claim, Definition, Group, Report, Use
from sigma_ls.manifest.rules.notifications import claim_notification
from sigma_ls.manifest.rules.patterns import check_event, check_pattern
from sigma_ls.manifest.rules.routes import check_cors, check_http
from sigma_ls.manifest.rules.schedules import check_schedule, check_time_zone, check_unix_cron
from sigma_ls.manifest.schema.functions import FUNCTION
from sigma_ls.manifest.schema.triggers import TRIGGERS
from sigma_ls.manifest.view import View, fields_of, items_of, whole_number
from sigma_ls.manifest.wording import short, with_article
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Spot, range_of, spot_of
from sigma_ls.syntax.scalars import typed
from sigma_ls.syntax.span import Range

LARGEST_BATCH_WITHOUT_WINDOW = 10
"""Of a queue: AWS Lambda developer guide, *Creating and configuring an Amazon SQS event source mapping*."""
LARGEST_FIFO_BATCH = 10
"""Likewise."""

DEFAULT_TIMEOUT = cast("int", FUNCTION.by_name["timeout"].default)


def check_triggers(view: View) -> None:
    """Every trigger by itself, and what the index needs to compare it with others."""
    triggers = view.items("triggers")
    if view.platform == "gcp" and not view.stage and len(triggers) != 1:
        way_out = "give each of the others a function of its own" if triggers else "add one, such as 'http: default'"
        count = f"and '{view.key.value}' has {len(triggers) or 'none'}"
        message = f"A function on Google Cloud has exactly one trigger, {count}: {way_out}."
        place: Node = view.fields["triggers"][0] if "triggers" in view.fields else view.key
        if len(triggers) > 1 and type(second := triggers[1]) is Mapping and second.entries:
            place = second.entries[0][0]
        view.report.add(codes.GCP_TRIGGERS, place, message)
    seen: dict[str, Scalar] = {}
    for trigger in triggers:
        fields = fields_of(trigger)
        kinds = [name for name in fields if name in TRIGGERS]
        if len(kinds) != 1:
            continue
        kind = kinds[0]
        head, source = fields[kind]
        if "cors" in fields:
            check_cors(fields["cors"][1], view.report)
        if "filter" in fields and kind != "logs":
            for pattern in items_of(fields["filter"][1]):
                check_pattern(pattern, view.report)
        if view.platform is not None and view.platform not in TRIGGERS[kind].by_name[kind].platforms:
            continue  # Said already: it is of the other platform.
        if kind == "event" and view.platform == "aws":
            check_event(source, head, view.report)
        elif type(source) is Scalar:
            if view.platform == "aws":
                _claim(view, kind, source, fields)
                _check_once(view, kind, source, seen)
            if kind == "http" and view.platform != "gcp":
                check_http(view, source, fields)
            elif kind == "queue":
                assert type(trigger) is Mapping
                _queue(view, source, fields, trigger)
            elif kind == "schedule" and view.platform is not None:
                check = check_schedule if view.platform == "aws" else check_unix_cron
                check(source, view.report)
                if "timezone" in fields:
                    check_time_zone(fields["timezone"][1], view.report)
            elif kind in _EXISTING:
                view.report.uses.append(Use(source.value, spot_of(source), judge_existing, follows=True, data=kind))
            elif kind in _JUDGES and view.platform == "aws":
                view.report.uses.append(Use(source.value, spot_of(source), _JUDGES[kind], follows=True))
                if kind == "logs":
                    _check_log_group(source, view.report)


def _claim(view: View, kind: str, source: Scalar, fields: dict[str, tuple[Scalar, Node]]) -> None:
    """What no other trigger may have."""
    claim: tuple[Group, str] | None = None
    if kind == "bucket":
        claim_notification(source, fields, view.report)
    elif kind == "userPool" and "on" in fields and type(step := fields["on"][1]) is Scalar:
        claim = Group.STEP, f"step {source.value} {step.value}"
    elif kind == "logs":
        claim = Group.LOG_FILTER, f"logs {source.value}"
    if claim is not None:
        group, key = claim
        view.report.claims.append(Claim(group, key, source.value, "functions", spot_of(source)))


_ONCE = frozenset(("queue", "table", "stream", "topic", "alexa", "url"))
"""Kinds of which a source calls a function by one trigger (Lambda API reference, *CreateEventSourceMapping*, and what a
function's URL and the subscriptions of a topic are named by)."""


def _check_once(view: View, kind: str, source: Scalar, seen: dict[str, Scalar]) -> None:
    if kind not in _ONCE:
        return
    what = kind if kind == "url" else f"{kind} {source.value}"
    first = seen.setdefault(what, source)
    if first is not source:
        where = "a URL" if kind == "url" else f"a trigger of '{source.value}'"
        message = f"'{view.key.value}' has {where} already: a function has one, so make one of the two."
        related = (Related("The first one.", range_of(first)),)
        view.report.add(codes.SAME_TRIGGER, source, message, related=related)


# --- queues ----------------------------------------------------------------------------------------------------------


def _queue(view: View, source: Scalar, fields: dict[str, tuple[Scalar, Node]], trigger: Mapping) -> None:
    batch = fields["batch"][1] if "batch" in fields else None
    window = fields["window"][1] if "window" in fields else None
    count, seconds = whole_number(batch), whole_number(window)
    timeout = view.number("timeout")
    data = QueueTrigger(
        DEFAULT_TIMEOUT if timeout is None else timeout,
        count or 0,
        seconds or 0,
        spot_of(batch if batch is not None else source),
        spot_of(window if window is not None else source),
        removal(trigger, fields["window"][0]) if seconds else None,
        _window_fix(trigger, batch, window) if count and count > LARGEST_BATCH_WITHOUT_WINDOW and not seconds else None,
    )
    view.report.uses.append(Use(source.value, spot_of(source), judge_queue, follows=True, data=data))


def _window_fix(trigger: Mapping, batch: Node | None, window: Node | None) -> Fix | None:
    """A window of a second, in the place of none or of an empty one."""
    if type(window) is Scalar:
        return replacement(window, "1")
    return addition(trigger, batch, "window", "1") if batch is not None else None


@frozen
class QueueTrigger:
    """What of a function and its queue trigger depends on the queue; numbers that are not there are 0."""

    timeout: int
    batch: int
    window: int
    batch_spot: Spot
    window_spot: Spot
    without_window: Fix | None
    with_window: Fix | None


def judge_queue(use: Use, found: Definition, report: Report) -> None:
    """A queue and the function that it triggers."""
    if found.kind != "queue":
        return
    data: QueueTrigger = use.data
    timeout = data.timeout
    related = (Related("The queue is declared here.", found.place),)
    if found.visibility is not None and found.visibility < timeout:
        message = (
            f"The queue '{use.id}' hides a message for {found.visibility} seconds, but the function may work on it for "
            f"{timeout}: raise the queue's 'visibilityTimeout' to at least {timeout}."
        )
        fix = None
        if found.visibility_spot is not None:
            edit = TextEdit(Range.of(*found.visibility_spot), str(timeout))
            fix = Fix(f"Change the queue's 'visibilityTimeout' to {timeout}", (edit,), at_declaration=True)
        report.add_at(codes.VISIBILITY, use.place, message, related=related, fix=fix)
    batch = Range.of(*data.batch_spot)
    if found.fifo and data.batch > LARGEST_FIFO_BATCH:
        message = f"'{use.id}' is a FIFO queue, which gives at most {LARGEST_FIFO_BATCH} messages in a batch."
        fix = Fix(f"Change to {LARGEST_FIFO_BATCH}", (TextEdit(batch, str(LARGEST_FIFO_BATCH)),))
        report.add_at(codes.FIFO_BATCH, batch, message, fix=fix, related=related)
    elif data.batch > LARGEST_BATCH_WITHOUT_WINDOW and not data.window:
        message = (
            f"A batch of {data.batch} needs a 'window' of at least 1 second: without one a queue gives at most "
            f"{LARGEST_BATCH_WITHOUT_WINDOW} messages."
        )
        report.add_at(codes.BATCH_WINDOW, batch, message, fix=data.with_window)
    if found.fifo and data.window:
        message = f"'{use.id}' is a FIFO queue, for which AWS takes no 'window': remove it."
        report.add_at(codes.FIFO_WINDOW, Range.of(*data.window_spot), message, fix=data.without_window, related=related)


# --- log groups ------------------------------------------------------------------------------------------------------

_LOG_GROUP = re.compile(r"[a-zA-Z0-9_./#-]{1,512}").fullmatch
"""CloudWatch Logs API reference, *PutSubscriptionFilter*."""


def _check_log_group(source: Scalar, report: Report) -> None:
    """A name that a log group can have, as every id is."""
    if _LOG_GROUP(source.value) is None and "${" not in source.value and type(typed(source)) is str:
        message = (
            f"'{short(source.value)}' is no name of a log group, which has 1 to 512 letters, digits, '_', '-', '.', '/' "
            "and '#': write its name, or the id of a declared one."
        )
        report.add(codes.PHYSICAL_NAME, source, message)


# --- sources that exist ----------------------------------------------------------------------------------------------

_EXISTING = {
    "userPool": "a deployment cannot set the steps of a user pool that it did not make: set them where the pool is made, "
    "or let this project make one.",
    "table": "only its stream can call a function: give the table 'stream: <the ARN of its stream>'.",
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
            f"'{use.id}' exists already, so that EventBridge calls the function: turn EventBridge on in the bucket's "
            "properties, and read the key of the object from the event's 'detail.object.key'."
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


def _judge_log_group(use: Use, found: Definition, report: Report) -> None:
    """A log group may be named by what it is called in the cloud, but an id that is declared means what it names."""
    if found.kind != "logGroup":
        message = f"'{use.id}' is {with_article(found.kind)}, but the source of a logs trigger is a logGroup."
        report.add_at(codes.WRONG_RESOURCE, use.place, message, related=(Related("It is declared here.", found.place),))


_JUDGES = {"bucket": _judge_bucket, "topic": _judge_topic, "logs": _judge_log_group}
