"""What triggers have in common: permissions to call a function, mappings by which Lambda polls, and names.

A companion that belongs to a declared source is named by source and function (`ImagesResizePermission`); one whose
source is declared nowhere, such as a schedule, by its function (`ReportSchedule`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sigma_ls.synth.cloudformation import references
from sigma_ls.synth.cloudformation.expressions import Expression, get_att, ref, to_json
from sigma_ls.synth.cloudformation.names import letters
from sigma_ls.synth.cloudformation.nodes import Node
from sigma_ls.synth.cloudformation.scope import Grant, Part, Scope, TriggerUse, logical_id
from sigma_ls.synth.unsupported import Unsupported


def permission(
    scope: Scope, use: TriggerUse, name: str, principal: str, source: Expression | None, **more: Node
) -> Part:
    """The permission for a service to call the trigger's function, for `source` only."""
    return Part(
        logical_id=name,
        type="AWS::Lambda::Permission",
        owner=owner(scope, use),
        range=use.range,
        properties={
            "Action": "lambda:InvokeFunction",
            "FunctionName": get_att(logical_id(use.function.id), "Arn"),
            "Principal": principal,
            "SourceArn": source,
            **more,
        },
    )


def mapping(scope: Scope, use: TriggerUse, source_id: str, source: Expression, **more: Node) -> Part:
    """The mapping by which Lambda polls a source; the function's role does the rest, no permission is needed."""
    trigger = use.trigger
    _check_region(scope, use, source_id, source)
    return Part(
        logical_id=scope.ids.companion(source_id, use.function.id, kind="Mapping"),
        type="AWS::Lambda::EventSourceMapping",
        owner=source_id,
        range=use.range,
        properties={
            "BatchSize": use.sourced(trigger.batch, "batch"),
            "EventSourceArn": source,
            "FilterCriteria": _filter_criteria(scope, use, trigger.filters),
            "FunctionName": ref(logical_id(use.function.id)),
            "MaximumBatchingWindowInSeconds": use.sourced(trigger.window, "window"),
            **more,
        },
    )


def _check_region(scope: Scope, use: TriggerUse, source_id: str, source: Expression) -> None:
    """Lambda polls sources of its own region only (Lambda API reference, CreateEventSourceMapping)."""
    own = scope.project.aws and scope.project.aws.region
    text = "".join(part if isinstance(part, str) else "*" for part in source.parts)
    # Partition, service, region, account and resource; of what is made here nothing of it is known.
    fields = text.split(":", 5)
    if own and len(fields) > 3 and (region := fields[3]) not in ("*", own):
        message = (
            f"`{source_id}` is in {region}, and Lambda takes from sources of its own region only: deploy to {region}, or "
            f"use what is in {own}."
        )
        raise Unsupported(message, use.range)


def rule(scope: Scope, use: TriggerUse, name: str, event_pattern: Node, bus: Node) -> Iterator[Part]:
    """A rule of EventBridge that calls the function, and the permission for it."""
    yield Part(
        logical_id=name,
        type="AWS::Events::Rule",
        owner=owner(scope, use),
        range=use.range,
        properties={
            "EventBusName": bus,
            "EventPattern": event_pattern,
            "Targets": [{"Arn": get_att(logical_id(use.function.id), "Arn"), "Id": logical_id(use.function.id)}],
        },
    )
    yield permission(
        scope, use, scope.ids.companion(kind=f"{name}Permission"), "events.amazonaws.com", get_att(name, "Arn")
    )


def _filter_criteria(scope: Scope, use: TriggerUse, filters: tuple[Mapping[str, Any], ...]) -> Node:
    patterns = [
        {"Pattern": use.sourced(references.json_text(scope, pattern), "filter", index)}
        for index, pattern in enumerate(filters)
    ]
    return use.sourced({"Filters": patterns} if patterns else None, "filter")


def pattern(scope: Scope, use: TriggerUse, value: Any, *path: str | int) -> Node:
    """An event pattern or filter policy as a node.

    As text where a number is in it: CloudFormation makes texts of the numbers in a property of any shape, and a text
    never equals a number (serverless-step-functions issue 260).
    """
    if has_number(value):
        return use.sourced(references.json_text(scope, value), *path)
    return references.node(scope, value, use.function.origin, "triggers", use.index, *path)


def has_number(value: Any) -> bool:
    """Whether a number is anywhere in a pattern."""
    match value:
        case Mapping():
            return any(map(has_number, value.values()))
        case list() | tuple():
            return any(map(has_number, value))
        case _:
            return isinstance(value, int | float) and not isinstance(value, bool)


def own_name(scope: Scope, use: TriggerUse, kind: str, *content: Any) -> str:
    """The logical id of a companion of a trigger that no declared source distinguishes.

    `content` is what does, where the function has several triggers of the kind; their order never shows.
    """
    source = _source(scope, use)
    ids = (use.function.id,) if source is None else (source, use.function.id)
    if _alike(scope, use) > 1:
        kind += letters(str(to_json(references.json_text(scope, content))))
    return scope.ids.companion(*ids, kind=kind)


def owner(scope: Scope, use: TriggerUse) -> str:
    """The id that companions of a trigger belong to: its source's where that is declared, else its function's."""
    source = _source(scope, use)
    return source if source is not None and source in scope.project.resources else use.function.id


def _source(scope: Scope, use: TriggerUse) -> str | None:
    return scope.trigger_kinds[type(use.trigger)].source(use.trigger)


def _alike(scope: Scope, use: TriggerUse) -> int:
    """How many triggers of its kind and source the function has."""
    key = type(use.trigger), _source(scope, use)
    return sum((type(other.trigger), _source(scope, other)) == key for other in scope.triggers_of[use.function.id])


def no_grants(scope: Scope, use: TriggerUse) -> tuple[Grant, ...]:
    """Of a trigger whose source calls the function: the function's role has no part in it."""
    del scope, use
    return ()


def no_source(trigger: object) -> None:
    """Of a trigger whose source is declared nowhere."""
    del trigger
