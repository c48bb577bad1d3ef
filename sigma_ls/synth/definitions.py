"""State machines whose definitions stand in files of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from sigma_ls.manifest.model import Project, Reference, Resource, StateMachine, Text
from sigma_ls.syntax.span import Range


def with_definitions(project: Project, definitions: Mapping[str, Mapping[str, Any]]) -> Project:
    """The project with the contents of the files that its state machines name in their place."""
    if not definitions:
        return project
    resources = {name: _with_definition(resource, definitions) for name, resource in project.resources.items()}
    return evolve(project, resources=resources)


def definition_files(project: Project) -> Mapping[str, Range]:
    """The files that state machines name, each with the place that does."""
    return {
        resource.definition: resource.origin.at("definition")
        for resource in project.resources.values()
        if isinstance(resource, StateMachine) and isinstance(resource.definition, str)
    }


def _with_definition(resource: Resource, definitions: Mapping[str, Mapping[str, Any]]) -> Resource:
    if not (isinstance(resource, StateMachine) and isinstance(resource.definition, str)):
        return resource
    content = definitions.get(resource.definition, resource.definition)
    return evolve(resource, definition=_placed(content, resource.origin.at("definition")))


def _placed(value: Any, place: Range) -> Any:
    """The value with all its references where the manifest names the file: other places are not the manifest's."""
    match value:
        case Text():
            return Text(
                tuple(evolve(part, range=place) if isinstance(part, Reference) else part for part in value.parts)
            )
        case Mapping():
            return {key: _placed(inner, place) for key, inner in value.items()}
        case list() | tuple():
            return [_placed(item, place) for item in value]
        case _:
            return value
