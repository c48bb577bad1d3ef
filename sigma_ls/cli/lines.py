"""A deployment as plain lines, one for each thing that changed: for logs, pipes and screen readers."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.cli.words import STATUS, because, caution, duration, heading, names, one_line, seconds_between, summary
from sigma_ls.deploy.snapshot import Change, Deployment


def news(before: Deployment | None, now: Deployment) -> Iterator[str]:
    """The lines that tell what is new in `now`.  How it ended is told by `sigma_ls.cli.result`."""
    called = names(now.changes)
    if before is None:
        yield heading(now)
    if now.plan is not None and (before is None or before.plan != now.plan):
        yield f"{_count(len(now.changes))} staged: {summary(now.plan.summary)}"
        for change in now.changes:
            yield _planned(change, called[change.id])
    elif now.outcome is None and (before is None or before.phase != now.phase or _says_more(before, now)):
        yield f"{now.phase}: {one_line(now.message)}"

    known = {change.id: change for change in before.changes} if before else {}
    for change in now.changes:
        was = known.get(change.id)
        if (was.status if was else "pending") != change.status:
            yield _changed(change, called[change.id])


def _says_more(before: Deployment, now: Deployment) -> bool:
    """Whether the message is news by itself: while resources change it only counts what their own lines tell."""
    return now.message != before.message and now.phase not in ("monitoring", "rollingBack", "completed")


def _count(changes: int) -> str:
    return "1 change is" if changes == 1 else f"{changes} changes are"


def _planned(change: Change, name: str) -> str:
    notes = "; ".join(filter(None, (caution(change), because(change))))
    return f"  {change.action:<8}{name} ({change.resource.type}){f' [{notes}]' if notes else ''}"


def _changed(change: Change, name: str) -> str:
    took = duration(seconds_between(change.started_at, change.ended_at))
    line = f"{STATUS[change.status].word}: {change.action} {name} ({change.resource.type})"
    if took and change.status != "inProgress":
        line += f", {took}"
    return f"{line}: {one_line(change.reason)}" if change.reason else line
