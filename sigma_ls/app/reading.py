"""From a manifest's text to a project and its template, with what is wrong as failures at manifest lines.

The analysis itself is `sigma_ls.manifest`'s; here are the files it looks at, and the template file that it may name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from attrs import frozen

from sigma_ls.app.projects import Source
from sigma_ls.deploy.snapshot import Failure, Location
from sigma_ls.manifest.model import Project
from sigma_ls.synth.template import CodeLocation, Template


@frozen
class Reading:
    """What a manifest says for one stage.  With `errors` there may still be a project: half of it is understood."""

    source: Source
    project: Project | None
    errors: tuple[Failure, ...] = ()


class CannotDeploy(Exception):
    """No template can be made; `failure` says why and where."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


class Reader(Protocol):
    """Understands manifests."""

    def read(self, source: Source, stage: str | None) -> Reading:
        """The project as `stage` sees it (the first one declared, where none is named).

        Raises:
            Refused: `unknownStage`.
        """

    def template(self, reading: Reading, code: Mapping[str, CodeLocation]) -> Template:
        """The template, with the functions' code where `code` says.

        Raises:
            CannotDeploy: no template can be made.
        """

    def render(self, template: Template) -> str:
        """The template as the text that is deployed: canonical JSON."""


def failure_at(source: Source, reason: str, location: Location | None) -> Failure:
    """A failure of the manifest itself."""
    return Failure(resource=source.path.name, reason=reason, root_cause=True, location=location)
