"""How a deployment ended, in lines of text: its failures, root causes first, and its outputs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sigma_ls.cli.words import OUTCOME, duration, one_line, place, seconds_between, title
from sigma_ls.deploy.snapshot import Deployment, Failure


def closing(deployment: Deployment) -> str:
    """One line: `thumbnailer (dev): succeeded in 14 s. Deployed thumbnailer to eu-west-1: 11 changes.`."""
    message = one_line(deployment.message)
    if deployment.outcome is None:
        return f"{title(deployment)}: {deployment.phase}. {message}"
    word = OUTCOME[deployment.outcome].word
    message = _without(word, message)
    took = duration(seconds_between(deployment.started_at, deployment.ended_at))
    return f"{title(deployment)}: {word}{f' in {took}' if took else ''}. {message}".rstrip()


def _without(word: str, message: str) -> str:
    """The message without the outcome, where it begins with that itself (`sigma_ls.deploy.report` has it stand alone)."""
    head, _, rest = message.partition(" ")
    if not rest:
        return "" if message.rstrip(".").lower() == word else message
    if head.rstrip(".:").lower() == word:
        return rest[0].upper() + rest[1:]
    if not message.startswith("Failed, and "):
        return message
    first, _, why = message.partition(". ")
    if first.endswith(" was rolled back") and why:
        return why
    return f"The stack {message.removeprefix('Failed, and ')}"


def is_bad(deployment: Deployment) -> bool:
    """Whether it ended in a way that its exit status tells."""
    return deployment.outcome is not None and OUTCOME[deployment.outcome].tone == "bad"


def failures(deployment: Deployment, folder: Path) -> Iterator[str]:
    """What failed, root causes first, each with its place in the manifest."""
    for failure in sorted(deployment.failures, key=lambda each: not each.root_cause):
        yield _failure(failure, folder)


def _failure(failure: Failure, folder: Path) -> str:
    kind = "error" if failure.root_cause else "error (a consequence)"
    text = f"{kind}: {one_line(failure.resource)}: {one_line(failure.reason)}"
    if failure.location is None:
        return text
    if failure.location.uri.endswith(f"/{failure.resource}"):
        # It is the manifest itself.
        text = f"{kind}: {one_line(failure.reason)}"
    return f"{place(failure.location, folder)}: {text}"


def outputs(deployment: Deployment) -> Iterator[str]:
    """The outputs, values aligned, each description below its value; a sensitive value is not shown."""
    width = max((len(output.name) for output in deployment.outputs), default=0)
    for output in deployment.outputs:
        value = "(hidden)" if output.sensitive else one_line(output.value)
        yield f"  {output.name:<{width}}  {value}"
        if output.description:
            yield f"  {'':<{width}}  {one_line(output.description)}"
