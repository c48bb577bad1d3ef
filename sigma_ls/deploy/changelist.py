"""The changelist: staged changes, then what became of each, folded out of the stack's events.

The rules are CloudFormation's, whose words the events carry: a removal that is complete is a success, the deletion of
what a replacement left behind is not the row's own news, and what a rollback does is told apart from what was wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from attrs import evolve, frozen

from sigma_ls.deploy import risk
from sigma_ls.deploy.natural import natural
from sigma_ls.deploy.ports import StackEvent, StackOutcome
from sigma_ls.deploy.snapshot import (
    Cause,
    Change,
    ChangeAction,
    ChangedResource,
    ChangeStatus,
    Location,
    PlanSummary,
    Progress,
    Risk,
)
from sigma_ls.synth.template import Template

_BY_RISK: Final[Mapping[Risk, int]] = {
    "dataLoss": 0,
    "replacement": 1,
    "interruption": 2,
    "permissions": 3,
    "none": 4,
}
_ACTIONS: Final[Mapping[str, ChangeAction]] = {
    "CREATE": "add",
    "UPDATE": "modify",
    "DELETE": "remove",
    "IMPORT": "import",
}
"""By the first word of a resource's status."""
_OVER: Final[frozenset[ChangeStatus]] = frozenset({"succeeded", "failed", "cancelled", "rolledBack", "retained"})


@frozen
class Fold:
    """The rows, whether the stack is undoing them and why, and the ids of those whose undoing failed."""

    rows: tuple[Change, ...] = ()
    rolling: bool = False
    stuck: tuple[str, ...] = ()
    because: str | None = None


def staged(changes: Iterable[Change], template: Template | None, uri: str) -> tuple[Change, ...]:
    """The rows for changes as the cloud staged them, the riskiest first, then by name: with the manifest's names and places.

    Without the template (a removal, or a restart) names stay logical ids and rows have no place.
    """
    rows = [_placed(risk.assess(change, _resources(template)), template, uri) for change in changes]
    return tuple(sorted(rows, key=lambda row: (_BY_RISK[row.risk], natural(row.resource.name))))


def anew(fold: Fold) -> Fold:
    """The rows as they were staged, before any event."""
    return Fold(
        tuple(
            evolve(row, status="pending", reason=None, root_cause=None, started_at=None, ended_at=None)
            if row.started_at or row.status != "retained"
            else row
            for row in fold.rows
        )
    )


def advance(fold: Fold, events: Sequence[StackEvent], *, removal: bool) -> Fold:
    """The fold after `events`, oldest first.  `removal`: the whole stack is meant to go."""
    rows = {row.id: row for row in fold.rows}
    rolling, stuck, because = fold.rolling, set(fold.stuck), fold.because
    for event in events:
        if event.is_stack:
            if not rolling and undoes(event, removal=removal):
                rolling, because = True, event.reason
        elif (row := rows.get(event.logical_id)) is not None:
            rows[row.id] = _after(row, event, rolling=rolling)
            if rolling and event.status.endswith("_FAILED") and not is_cancellation(event):
                stuck.add(row.id)
    return Fold(tuple(rows.values()), rolling, tuple(sorted(stuck)), because)


def observed(fold: Fold, events: Sequence[StackEvent]) -> Fold:
    """The fold of an operation that nothing is known of but its `events`: a row for each resource that it touches."""
    rows = {row.id: row for row in fold.rows}
    for event in events:
        action = _ACTIONS.get(event.status.partition("_")[0])
        if action is not None and not event.is_stack and event.logical_id not in rows:
            resource = ChangedResource(event.type, event.logical_id, event.physical_id)
            rows[event.logical_id] = Change(event.logical_id, resource, action)
    removal = all(row.action == "remove" for row in rows.values())
    return advance(evolve(fold, rows=tuple(rows.values())), events, removal=removal)


def settled(fold: Fold, outcome: StackOutcome, at: str, *, removal: bool) -> Fold:
    """The rows when the operation has ended: none is left pending or in progress."""
    if outcome == "succeeded" or (outcome == "deleted" and removal):
        # What had no events was found to need nothing, or is gone with its stack.
        end: Mapping[ChangeStatus, ChangeStatus] = {"pending": "succeeded", "inProgress": "succeeded"}
    elif outcome == "failed":
        end = {"pending": "cancelled", "inProgress": "cancelled"}
    else:
        end = {
            "pending": "cancelled",
            "inProgress": "rolledBack",
            "rollingBack": "rolledBack",
            "succeeded": "rolledBack",
        }
    rows = tuple(
        evolve(row, status=end[row.status], ended_at=row.ended_at or (at if row.started_at else None))
        if row.status in end
        else row
        for row in fold.rows
    )
    return evolve(fold, rows=rows)


def applied(fold: Fold) -> bool:
    """Whether at least one change stays in place."""
    return any(row.status == "succeeded" or row.id in fold.stuck for row in fold.rows)


def progress(rows: Iterable[Change]) -> Progress:
    """How many of the changes are done and how many failed."""
    rows = tuple(rows)
    return Progress(
        done=sum(row.status in ("succeeded", "retained") for row in rows),
        total=len(rows),
        failed=sum(row.status == "failed" for row in rows),
    )


def summary(rows: Iterable[Change]) -> PlanSummary:
    """How many changes of each kind; an import is an addition."""
    rows = tuple(rows)
    return PlanSummary(
        add=sum(row.action in ("add", "import") for row in rows),
        modify=sum(row.action == "modify" for row in rows),
        replace=sum(row.action == "replace" for row in rows),
        remove=sum(row.action == "remove" for row in rows),
    )


def undoes(event: StackEvent, *, removal: bool) -> bool:
    """Whether an event of the stack itself says that its changes are being undone."""
    return "ROLLBACK" in event.status or (not removal and event.status == "DELETE_IN_PROGRESS")


def is_cancellation(event: StackEvent) -> bool:
    """Whether a failure only followed another one (`Resource creation cancelled`)."""
    return event.status.endswith("_FAILED") and "cancelled" in (event.reason or "").lower()


def _resources(template: Template | None) -> Mapping[str, Mapping[str, object]]:
    return template.body.get("Resources", {}) if template else {}


def _placed(change: Change, template: Template | None, uri: str) -> Change:
    # What lies within a nested stack has its place in the manifest, though not its properties.
    logical_id, _, within = change.id.partition(".")
    if template is None or logical_id not in _resources(template):
        return change
    name = template.resources.get(logical_id, logical_id)
    return evolve(
        change,
        resource=evolve(change.resource, name=f"{name}.{within}" if within else name),
        location=Location(uri, template.sources.at("Resources", logical_id)),
        causes=change.causes
        if within
        else tuple(_cause_placed(cause, logical_id, template, uri) for cause in change.causes),
    )


def _cause_placed(cause: Cause, logical_id: str, template: Template, uri: str) -> Cause:
    path = [int(part) if part.isdecimal() else part for part in cause.property.split(".")]
    return evolve(cause, location=Location(uri, template.sources.at("Resources", logical_id, "Properties", *path)))


def _after(row: Change, event: StackEvent, *, rolling: bool) -> Change:
    """One row after one event of its resource."""
    if event.physical_id and (row.resource.physical_id is None or row.action == "add"):
        row = evolve(row, resource=evolve(row.resource, physical_id=event.physical_id))
    status = _status(row, event, rolling=rolling or "ROLLBACK" in event.status)
    failed = event.status.endswith("_FAILED")
    if status == row.status:
        # A second reason says more than none; the first one is the cause.
        return evolve(row, reason=event.reason) if failed and row.reason is None else row
    over = status in _OVER
    return evolve(
        row,
        status=status,
        started_at=row.started_at or event.at,
        ended_at=event.at if over else None,
        reason=event.reason if failed or status == "retained" else row.reason,
    )


def _status(row: Change, event: StackEvent, *, rolling: bool) -> ChangeStatus:
    deletes = event.status.startswith("DELETE_")
    # While nothing is undone, a deletion is the news of a removal alone: else it clears up after a replacement.
    clears_up = deletes and row.action != "remove" and not rolling
    if clears_up or row.status in ("failed", "cancelled"):
        return row.status
    if event.status == "DELETE_SKIPPED":
        return "retained"
    if event.status.endswith("_FAILED"):
        return "cancelled" if is_cancellation(event) else "failed"
    if event.status.endswith("_IN_PROGRESS"):
        return "rollingBack" if rolling else "inProgress"
    if event.status.endswith("_COMPLETE"):
        return "rolledBack" if rolling and not (deletes and row.action == "remove") else "succeeded"
    return row.status
