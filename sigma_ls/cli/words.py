"""The words, symbols and numbers in which the command line speaks of a deployment.  Pure: no terminal is known here."""

from __future__ import annotations

import datetime as dt
import os.path
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from attrs import frozen

from sigma_ls.app.projects import file_path
from sigma_ls.deploy.snapshot import Change, ChangeStatus, Deployment, Location, Outcome, PlanSummary

Tone = Literal["quiet", "busy", "good", "bad", "warning"]


@frozen
class Look:
    """How a status shows: a symbol, the same for terminals without Unicode, a word (never colour alone), a tone."""

    symbol: str
    ascii: str
    word: str
    tone: Tone


STATUS: Mapping[ChangeStatus, Look] = {
    "pending": Look("·", ".", "pending", "quiet"),
    "inProgress": Look("▸", ">", "in progress", "busy"),
    "succeeded": Look("✓", "+", "done", "good"),
    "failed": Look("✗", "x", "failed", "bad"),
    "cancelled": Look("○", "o", "cancelled", "quiet"),
    "rollingBack": Look("◂", "<", "rolling back", "warning"),
    "rolledBack": Look("↩", "<", "rolled back", "warning"),
    "retained": Look("=", "=", "kept", "good"),
}

OUTCOME: Mapping[Outcome, Look] = {
    "succeeded": Look("✓", "+", "succeeded", "good"),
    "noChanges": Look("✓", "+", "no changes", "good"),
    "failed": Look("✗", "x", "failed", "bad"),
    "rolledBack": Look("✗", "x", "failed and rolled back", "bad"),
    "partiallyApplied": Look("✗", "x", "failed, partially applied", "bad"),
    "aborted": Look("○", "o", "aborted", "warning"),
    "stopped": Look("○", "o", "stopped", "warning"),
    "refused": Look("✗", "x", "refused", "bad"),
}


def title(deployment: Deployment) -> str:
    """The project with its stage: `thumbnailer (dev)`."""
    stage = f" ({deployment.stage})" if deployment.stage else ""
    return f"{deployment.project.name}{stage}"


def heading(deployment: Deployment) -> str:
    """What is done to what, and where: `Deploying thumbnailer (dev): stack thumbnailer-dev in eu-west-1, sandbox`."""
    verb = "Deploying" if deployment.operation == "deploy" else "Removing"
    return f"{verb} {title(deployment)}: {there}" if (there := where(deployment)) else f"{verb} {title(deployment)}"


def where(deployment: Deployment) -> str:
    """`stack thumbnailer-dev in eu-west-1, account 123456789012`; empty when the manifest does not say."""
    if not deployment.stack.name:
        return ""
    parts = [f"stack {deployment.stack.name} in {deployment.stack.region}"]
    if deployment.sandbox:
        parts.append("sandbox")
    elif deployment.stack.account:
        parts.append(f"account {deployment.stack.account}")
    return ", ".join(parts)


def names(changes: Iterable[Change]) -> dict[str, str]:
    """By logical id, what each change is called: the manifest's id, or the logical id where that alone is no name.

    Several resources come from one id; those of different types are told apart by their types.
    """
    found = tuple(changes)
    taken = Counter((change.resource.name, change.resource.type) for change in found)
    return {
        change.id: one_line(
            change.resource.name if taken[change.resource.name, change.resource.type] == 1 else change.id
        )
        for change in found
    }


def caution(change: Change) -> str:
    """What a reader should think about before this change is executed; empty when nothing."""
    words: list[str] = []
    if change.risk == "dataLoss":
        words.append("data loss")
    if change.replacement == "will" and change.action != "replace":
        words.append("replacement")
    elif change.replacement == "may":
        words.append("may be replaced")
    if change.risk in ("interruption", "permissions"):
        words.append(change.risk)
    return ", ".join(words)


def because(change: Change) -> str:
    """Why: the cloud's reason where there is one, else the properties that differ; empty for what is simply new."""
    if change.reason:
        return one_line(change.reason)
    return ", ".join(
        f"{cause.property} {cause.before} → {cause.after}"
        if cause.before is not None and cause.after is not None
        else cause.property
        for cause in change.causes
    )


def summary(plan: PlanSummary) -> str:
    """`3 to add, 1 to modify`."""
    counts = {"add": plan.add, "modify": plan.modify, "replace": plan.replace, "remove": plan.remove}
    return ", ".join(f"{count} to {word}" for word, count in counts.items() if count) or "nothing to change"


def one_line(text: str) -> str:
    """The text without line breaks, runs of blanks, and what a terminal would take for a command."""
    return " ".join("".join(each for each in word if each.isprintable()) for word in text.split())


def place(location: Location, folder: Path) -> str:
    """`file:line:column`, counted from one; the file as seen from `folder` where it lies below it."""
    start = location.range.start
    return f"{file_of(location.uri, folder)}:{start.line + 1}:{start.character + 1}"


def file_of(uri: str, folder: Path) -> str:
    """The path of a `file:` URI, as seen from `folder` where it lies below it; other URIs stay as they are."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return unquote(uri)
    path = file_path(parts.path)
    relative = os.path.relpath(path, folder)
    return path if relative.startswith(os.pardir) else relative


def seconds_between(start: str | None, end: str | None) -> float | None:
    """The seconds from one ISO 8601 time to another, where both are known."""
    if start is None or end is None:
        return None
    return max(0.0, (dt.datetime.fromisoformat(end) - dt.datetime.fromisoformat(start)).total_seconds())


def duration(seconds: float | None) -> str:
    """`0.4 s`, `12 s`, `3:05 min`; empty when unknown."""
    if seconds is None:
        return ""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02} min"
