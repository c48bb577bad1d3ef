"""Project → CloudFormation template.

`scope` is what all modules are given, `kinds` lists what can be deployed, one module for each; `nodes`, `merge` and
`builder` make the template of their parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sigma_ls.manifest.model import Project
from sigma_ls.synth.cloudformation.builder import build
from sigma_ls.synth.cloudformation.capabilities import capabilities
from sigma_ls.synth.cloudformation.circular import refuse_circles
from sigma_ls.synth.cloudformation.kinds import KINDS, TRIGGER_KINDS
from sigma_ls.synth.cloudformation.names import LogicalIds
from sigma_ls.synth.cloudformation.nodes import sourced
from sigma_ls.synth.cloudformation.outputs import outputs
from sigma_ls.synth.cloudformation.overlay import check_overlay, overlay_node
from sigma_ls.synth.cloudformation.parameters import asked_values
from sigma_ls.synth.cloudformation.scope import Part, Scope, TriggerUse, logical_id
from sigma_ls.synth.cloudformation.usage import Usage, find_usage
from sigma_ls.synth.template import CodeLocation, Template
from sigma_ls.synth.unsupported import Unsupported


def synthesize(project: Project, code: Mapping[str, CodeLocation], overlay: Mapping[str, Any] | None) -> Template:
    """The template that deploys `project`; see `sigma_ls.synth.synthesize`."""
    over: Mapping[str, Any] = project.template if isinstance(project.template, Mapping) else overlay or {}
    check_overlay(project, over)
    usage = find_usage(project, over)
    ids = LogicalIds(logical_id(thing_id) for thing_id in (*project.functions, *project.resources))
    asked = asked_values(project, ids)
    triggers_of = _triggers(project)
    scope = Scope(
        project=project,
        code=code,
        ids=ids,
        usage=usage,
        triggers=_by_source(triggers_of),
        triggers_of=triggers_of,
        parameters=asked.by_use,
        kinds=KINDS,
        trigger_kinds=TRIGGER_KINDS,
        overlay=over,
    )
    built = build(
        description=sourced(project.origin, project.description, "description"),
        parameters=asked.nodes,
        parts=_parts(scope, usage),
        outputs=outputs(scope),
        overlay=overlay_node(scope, over),
    )
    template = Template(
        body=built.body,
        sources=built.sources,
        resources=built.resources,
        parameters=asked.parameters,
        unused=usage.unused,
        capabilities=capabilities(built.body),
    )
    refuse_circles(template)
    return template


def _triggers(project: Project) -> dict[str, tuple[TriggerUse, ...]]:
    triggers_of: dict[str, tuple[TriggerUse, ...]] = {}
    for function in sorted(project.functions.values(), key=lambda function: function.id):
        sources: set[tuple[type, str | None]] = set()
        uses = []
        for index, trigger in enumerate(function.triggers):
            kind = TRIGGER_KINDS.get(type(trigger))
            if kind is None:
                name = getattr(trigger, "kind", type(trigger).__name__)
                message = (
                    f"The `{name}` trigger of `{function.id}` cannot be deployed: this version does not support it yet."
                )
                raise Unsupported(message, function.origin.at("triggers", index))
            source = (type(trigger), kind.source(trigger))
            uses.append(TriggerUse(function, index, trigger, first=source not in sources))
            sources.add(source)
        triggers_of[function.id] = tuple(uses)
    return triggers_of


def _by_source(triggers_of: Mapping[str, tuple[TriggerUse, ...]]) -> dict[str, tuple[TriggerUse, ...]]:
    by_source: dict[str, list[TriggerUse]] = {}
    for uses in triggers_of.values():
        for use in uses:
            if (source := TRIGGER_KINDS[type(use.trigger)].source(use.trigger)) is not None:
                by_source.setdefault(source, []).append(use)
    return {source: tuple(uses) for source, uses in by_source.items()}


def _parts(scope: Scope, usage: Usage) -> Iterator[Part]:
    """All resources of the template, in an order that does not depend on the manifest's."""
    for uses in scope.triggers_of.values():
        for use in uses:
            yield from TRIGGER_KINDS[type(use.trigger)].parts(scope, use)
    for _, function in sorted(scope.project.functions.items()):
        yield from scope.kind(function).parts(scope, function)
    for resource_id in sorted(usage.deployed):
        resource = scope.project.resources[resource_id]
        kind = scope.kind(resource)
        yield from (kind.parts if resource.existing is None else kind.wiring)(scope, resource)
