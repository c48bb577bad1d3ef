"""What the last deployment of each project failed at, as diagnostics at the manifest's lines, until the next one.

The places are those of the text that was deployed; edits above them move them along.  What was refused is another text
with the first edit: what is wrong with that one, the analysis says.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from attrs import evolve

from sigma_ls.lsp.workspace import key_of
from sigma_ls.manifest.codes import DEPLOYMENT_FAILED
from sigma_ls.manifest.diagnostic import Diagnostic, diagnostic

if TYPE_CHECKING:
    from sigma_ls.deploy.snapshot import Deployment


class Failures:
    """By manifest."""

    def __init__(self) -> None:
        self._by_key: dict[str, tuple[Diagnostic, ...]] = {}
        self._refused: set[str] = set()

    def of(self, uri: str) -> tuple[Diagnostic, ...]:
        """The failures to show in this manifest."""
        return self._by_key.get(key_of(uri), ())

    def take(self, deployment: Deployment) -> set[str]:
        """Note what the deployment failed at, or that another one runs.  Answers with the URIs whose failures changed."""
        before = {key: found for key, found in self._by_key.items() if found}
        found = _by_uri(deployment) if deployment.phase == "completed" else {}
        uris = {key_of(uri): uri for uri in (deployment.project.uri, *found)}
        for key, uri in uris.items():
            self._by_key[key] = found.get(uri, ())
            if deployment.outcome == "refused":
                self._refused.add(key)
            else:
                self._refused.discard(key)
        return {uri for key, uri in uris.items() if before.get(key, ()) != self._by_key[key]}

    def moved(self, uri: str, last_line: int, by: int) -> None:
        """An edit that ended at `last_line` moved what follows `by` lines."""
        key = key_of(uri)
        if key in self._refused:
            self._refused.discard(key)
            del self._by_key[key]
        if by and (found := self._by_key.get(key)):
            self._by_key[key] = moved(found, last_line, by)


def moved(found: Iterable[Diagnostic], last_line: int, by: int) -> tuple[Diagnostic, ...]:
    """Diagnostics of an earlier text, after an edit that ended at `last_line` moved what follows `by` lines."""
    return tuple(
        evolve(each, range=each.range.shifted(by)) if each.range.start.line > last_line else each for each in found
    )


def _by_uri(deployment: Deployment) -> dict[str, tuple[Diagnostic, ...]]:
    found: dict[str, list[Diagnostic]] = {}
    for failure in deployment.failures:
        if failure.location is not None:
            message = f"{failure.resource}: {failure.reason}"
            found.setdefault(failure.location.uri, []).append(
                diagnostic(DEPLOYMENT_FAILED, failure.location.range, message)
            )
    return {uri: tuple(items) for uri, items in found.items()}


def without_repeats(analysis: list[Diagnostic], failures: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Both, without the failures that the analysis says as well: those for which a deployment was refused."""
    said = [(each.range, each.message) for each in analysis]
    return analysis + [
        failure
        for failure in failures
        if not any(failure.range == where and text in failure.message for where, text in said)
    ]
