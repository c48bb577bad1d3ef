"""What is staged, as it is kept on disk: enough to stage the same again after a restart, and to name what comes of it.

Asked values are not part of it: only which ones are needed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from attrs import field, frozen

from sigma_ls.syntax.span import Range
from sigma_ls.synth.template import SourceMap, Template, TemplateParameter


@frozen
class Package:
    """A rendered template and all that goes with it to the cloud, but for the values of its parameters.

    `places` maps a logical id to the manifest range of its resource.
    """

    template: str
    capabilities: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(factory=dict)
    role: str | None = None
    parameters: tuple[TemplateParameter, ...] = ()
    resources: Mapping[str, str] = field(factory=dict)
    places: Mapping[str, Range] = field(factory=dict)

    def restored(self) -> Template:
        """The template again; its source map knows whole resources only."""
        return Template(
            body=json.loads(self.template) if self.template else {},
            sources=SourceMap({("Resources", logical_id): place for logical_id, place in self.places.items()}),
            resources=self.resources,
            parameters=self.parameters,
            capabilities=self.capabilities,
        )


def packed(template: Template, text: str, *, tags: Mapping[str, str], role: str | None) -> Package:
    """The package of a template rendered as `text`."""
    return Package(
        template=text,
        capabilities=template.capabilities,
        tags=tags,
        role=role,
        parameters=template.parameters,
        resources=template.resources,
        places={logical_id: template.sources.at("Resources", logical_id) for logical_id in template.resources},
    )
