"""How a deployment ended, in lines of text: its failures, root causes first, and its outputs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sigma_ls.cli.words import OUTCOME, duration, one_line, place, seconds_between, title
from sigma_ls.deploy.snapshot import Deployment, Failure


def closing(deployment: Deployment) -> str:
    """One line: `thumbnailer (dev): succeeded in 14 s. 11/11 done; …`."""
    if deployment.outcome is None:
        return f"{title(deployment)}: {deployment.phase}. {one_line(deployment.message)}"
    took = duration(seconds_between(deployment.started_at, deployment.ended_at))
    word = OUTCOME[deployment.outcome].word + (f" in {took}" if took else "")
    return f"{title(deployment)}: {word}. {one_line(deployment.message)}"


def failures(deployment: Deployment, folder: Path) -> Iterator[str]:
    """What failed, root causes first, each with its place in the manifest."""
    for failure in sorted(deployment.failures, key=lambda each: not each.root_cause):
        yield _failure(failure, folder)


def _failure(failure: Failure, folder: Path) -> str:
    where = f"{place(failure.location, folder)}: " if failure.location else ""
    kind = "error" if failure.root_cause else "error (a consequence)"
    return f"{where}{kind}: {failure.resource}: {one_line(failure.reason)}"


def outputs(deployment: Deployment) -> Iterator[str]:
    """The outputs, values aligned, each description below its value; a sensitive value is not shown."""
    width = max((len(output.name) for output in deployment.outputs), default=0)
    for output in deployment.outputs:
        value = "(hidden)" if output.sensitive else one_line(output.value)
        yield f"  {output.name:<{width}}  {value}"
        if output.description:
            yield f"  {'':<{width}}  {one_line(output.description)}"
