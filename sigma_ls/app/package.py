"""What is staged, as it is kept on disk: enough to stage the same again after a restart, and to name what comes of it.

Asked values are not part of it: only which ones are needed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from attrs import field, frozen

from sigma_ls.syntax.span import Range
from sigma_ls.synth.template import SourceMap, Template, TemplateParameter, TemplatePath


@frozen
class Place:
    """The manifest range that a node of the template comes from."""

    path: TemplatePath
    range: Range


@frozen
class Package:
    """A rendered template and all that goes with it to the cloud, but for the values of its parameters.

    `source` is the `digest` of the manifest that it was made from.
    """

    template: str
    capabilities: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(factory=dict)
    role: str | None = None
    parameters: tuple[TemplateParameter, ...] = ()
    resources: Mapping[str, str] = field(factory=dict)
    places: tuple[Place, ...] = ()
    source: str | None = None

    def restored(self) -> Template:
        """The template again, with its places."""
        return Template(
            body=json.loads(self.template) if self.template else {},
            sources=SourceMap({each.path: each.range for each in self.places}),
            resources=self.resources,
            parameters=self.parameters,
            capabilities=self.capabilities,
        )


def digest(text: str) -> str:
    """The SHA-256 of a manifest's text, by which an edited one is told apart."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def packed(
    template: Template, text: str, *, tags: Mapping[str, str], role: str | None, source: str | None = None
) -> Package:
    """The package of a template rendered as `text`."""
    return Package(
        template=text,
        capabilities=template.capabilities,
        tags=tags,
        role=role,
        parameters=template.parameters,
        resources=template.resources,
        places=tuple(Place(path, place) for path, place in template.sources.ranges.items()),
        source=source,
    )
