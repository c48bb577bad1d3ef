"""The changelist as a rich table with its header: what a terminal shows while a deployment runs, and at its end.

It is a pure function of a snapshot, the time and the space there is; `sigma_ls.cli.views` keeps it on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sigma_ls.cli.words import (
    OUTCOME,
    STATUS,
    Look,
    Tone,
    because,
    caution,
    duration,
    heading,
    names,
    one_line,
    seconds_between,
    summary,
)
from sigma_ls.deploy.snapshot import Change, ChangeStatus, Deployment

_STYLE: dict[Tone, str] = {"quiet": "dim", "busy": "cyan", "good": "green", "bad": "bold red", "warning": "yellow"}
_HEADER_LINES = 6
"""Heading, phase, message, the table's own head, the line of what is left out, and one to spare for the cursor."""
_ATTENTION: dict[ChangeStatus, int] = {
    "failed": 0,
    "inProgress": 1,
    "rollingBack": 1,
    "rolledBack": 2,
    "cancelled": 2,
    "pending": 3,
    "succeeded": 4,
    "retained": 4,
}
"""Which rows stay when not all fit: lower is kept first."""


def screen(deployment: Deployment, *, now: str, width: int, height: int | None, ascii_only: bool) -> RenderableType:
    """Header and table; at most `height` lines where one is given.  `now` is ISO 8601, for running times."""
    rows = deployment.changes
    shown = rows if height is None else fitting(rows, max(1, height - _HEADER_LINES))
    parts: list[RenderableType] = [
        Text(one_line(heading(deployment)), style="bold"),
        _status_line(deployment, now=now, ascii_only=ascii_only),
        Text(one_line(deployment.message), style="dim", no_wrap=True, overflow="ellipsis"),
    ]
    if rows:
        parts.append(_table(shown, names(rows), now=now, width=width, ascii_only=ascii_only))
    if len(shown) < len(rows):
        parts.append(Text(_left_out(rows, shown), style="dim"))
    return Group(*parts)


def fitting(changes: Sequence[Change], limit: int) -> tuple[Change, ...]:
    """The changes to show when there is room for `limit`: those that need attention, in the plan's order."""
    if len(changes) <= limit:
        return tuple(changes)
    kept = sorted(range(len(changes)), key=lambda index: (_ATTENTION[changes[index].status], index))[:limit]
    return tuple(changes[index] for index in sorted(kept))


def _left_out(all_changes: Sequence[Change], shown: Sequence[Change]) -> str:
    ids = {change.id for change in shown}
    counts: dict[str, int] = {}
    for change in all_changes:
        if change.id not in ids:
            word = STATUS[change.status].word
            counts[word] = counts.get(word, 0) + 1
    told = ", ".join(f"{count} {word}" for word, count in counts.items())
    return f"… and {sum(counts.values())} more: {told}"


def _status_line(deployment: Deployment, *, now: str, ascii_only: bool) -> Text:
    line = Text(no_wrap=True, overflow="ellipsis")
    if deployment.outcome is not None:
        line.append_text(_marked(OUTCOME[deployment.outcome], ascii_only=ascii_only))
    elif deployment.phase == "rollingBack":
        line.append("rolling back", style=_STYLE["warning"])
    else:
        line.append(deployment.phase, style=_STYLE["busy"])

    progress = deployment.progress
    if deployment.outcome is None and deployment.phase in ("execution", "monitoring", "rollingBack") and progress.total:
        line.append("  ").append_text(_bar(progress.done, progress.total, ascii_only=ascii_only))
        line.append(f" {progress.done}/{progress.total}")
    elif deployment.phase == "staged" and deployment.plan is not None:
        line.append(f": {summary(deployment.plan.summary)}")
    line.append(f"  {duration(seconds_between(deployment.started_at, deployment.ended_at or now))}")
    if deployment.outcome is None and progress.eta_seconds is not None:
        line.append(f", about {duration(progress.eta_seconds)} left")
    return line


def _bar(done: int, total: int, *, ascii_only: bool) -> Text:
    cells = 20
    filled = cells * min(done, total) // total
    full, empty = ("#", "-") if ascii_only else ("█", "░")
    return Text(full * filled, style=_STYLE["busy"]) + Text(empty * (cells - filled), style="dim")


def _table(changes: Sequence[Change], called: Mapping[str, str], *, now: str, width: int, ascii_only: bool) -> Table:
    statuses = [_marked(STATUS[change.status], ascii_only=ascii_only) for change in changes]
    types = [_type(change.resource.type, width) for change in changes]
    subjects = [Text(called[change.id]) for change in changes]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    left = width
    for title, cells, most in (
        ("status", statuses, 14),
        ("action", [Text(change.action) for change in changes], 7),
        ("type", types, max(16, width // 4)),
        ("name", subjects, max(12, width // 4)),
    ):
        # Rich would shrink these to make room for long notes; a note is what may be cut.
        wide = min(most, max(len(title), *(cell.cell_len for cell in cells)))
        table.add_column(title, no_wrap=True, overflow="ellipsis", width=wide)
        left -= wide + 2
    table.add_column("time", no_wrap=True, justify="right", width=8)
    table.add_column("note", no_wrap=True, overflow="ellipsis", width=max(4, left - 8 - 2 - 2))
    for change, status, kind, name in zip(changes, statuses, types, subjects, strict=True):
        took = duration(seconds_between(change.started_at, change.ended_at or now))
        table.add_row(status, change.action, kind, name, took, _note(change))
    return table


def _marked(look: Look, *, ascii_only: bool) -> Text:
    return Text(f"{look.ascii if ascii_only else look.symbol} {look.word}", style=_STYLE[look.tone])


def _type(name: str, width: int) -> Text:
    """The type; without its vendor where the terminal is narrow (100 columns leave 30 for the note)."""
    return Text(name if width >= 100 else name.removeprefix("AWS::"), style="dim")


def _note(change: Change) -> Text:
    note = Text()
    # What to think about before the execution is only in the way once it has begun.
    if change.status == "pending" and (words := caution(change)):
        note.append(words, style=_STYLE["bad" if change.risk == "dataLoss" else "warning"])
    if reason := because(change):
        note.append(f"{'; ' if note else ''}{reason}", style=_STYLE["bad"] if change.status == "failed" else "")
    return note
