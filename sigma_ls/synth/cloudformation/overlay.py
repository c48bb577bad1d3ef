"""What is laid over the generated template: the `template` block, or the file that it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sigma_ls.manifest.model import Project
from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation import references
from sigma_ls.synth.cloudformation.nodes import At, Node
from sigma_ls.synth.cloudformation.scope import Scope
from sigma_ls.synth.unsupported import Unsupported

_SECTIONS = ("Conditions", "Mappings", "Metadata", "Outputs", "Parameters", "Resources", "Rules")
"""Sections that are mappings (CloudFormation user guide, *Template sections*)."""
_OF_MAPPINGS = ("Outputs", "Parameters", "Resources")
"""Those of them whose entries are mappings, too."""


def check_overlay(project: Project, over: Mapping[str, Any]) -> None:
    """See to it that it has the shape of a template, as far as the work on templates goes by it.

    Raises:
        Unsupported: at the first place where it has not.
    """
    for section in _SECTIONS:
        content = over.get(section)
        if content is None:
            continue
        if not isinstance(content, Mapping):
            raise Unsupported(f"`{section}` of a template is a mapping.", _place(project, section))
        for name, entry in content.items() if section in _OF_MAPPINGS else ():
            if entry is not None and not isinstance(entry, Mapping):
                message = f"`{name}` in `{section}` of a template is a mapping, or null to leave it out."
                raise Unsupported(message, _place(project, section, str(name)))


def overlay_node(scope: Scope, over: Mapping[str, Any]) -> Node:
    """The node for it; all that comes from a file stands where the manifest names the file."""
    origin = scope.project.origin
    if isinstance(scope.project.template, Mapping):
        return references.node(scope, over, origin, "template")
    return _marked(over, origin.at("template"))


def _place(project: Project, *path: str) -> Range:
    in_manifest = isinstance(project.template, Mapping)
    return project.origin.at("template", *path) if in_manifest else project.origin.at("template")


def _marked(value: Any, place: Range) -> Node:
    if isinstance(value, Mapping):
        return At(place, {key: _marked(inner, place) for key, inner in value.items()})
    return value if value is None else At(place, value)
