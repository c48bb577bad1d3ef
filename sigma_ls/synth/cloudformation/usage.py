"""What is deployed and what is left out: a resource of a named type to which nothing refers is not deployed.

Functions and raw types are always deployed; a resource is when something deployed, an output or the `template` block
refers to it, so two unused resources do not keep each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from sigma_ls.manifest.model import (
    BucketTrigger,
    EventTrigger,
    FromSecret,
    Function,
    HttpTrigger,
    LogsTrigger,
    Project,
    Queue,
    QueueTrigger,
    Raw,
    Reference,
    Resource,
    ScheduleTrigger,
    StreamTrigger,
    TableTrigger,
    Text,
    TopicTrigger,
    Trigger,
    UserPoolTrigger,
    pascal_case,
)

Mention = tuple[str, str | None]
"""An id, and the attribute that is asked for where it is one."""


@frozen
class Usage:
    """The ids of the resources that are deployed, those that are not, and the attributes that something asks for."""

    deployed: frozenset[str]
    unused: tuple[str, ...]
    attributes: frozenset[Mention]


def find_usage(project: Project, overlay: Mapping[str, Any]) -> Usage:
    """Follows references from what is always deployed; `overlay` is the `template` block."""
    by_logical_id = {pascal_case(thing_id): thing_id for thing_id in (*project.functions, *project.resources)}

    def of_values(*values: Any) -> Iterator[Mention]:
        for value in values:
            for name, attribute in _mentions(value):
                yield (name, attribute) if attribute is not None else (by_logical_id.get(name, name), None)

    pending: list[Mention] = []
    for function in project.functions.values():
        pending += _direct(function)
        pending += of_values(*function.environment.values(), *function.permissions)
        pending += of_values(*(text for trigger in function.triggers for text in _texts(trigger)))
    pending += of_values(*(output.value for output in project.outputs.values()), overlay)
    # To set a property of a resource in the template is to want it there.
    patched = overlay.get("Resources")
    pending += ((by_logical_id[name], None) for name in patched or () if name in by_logical_id)
    pending += ((raw_id, None) for raw_id, resource in project.resources.items() if isinstance(resource, Raw))

    deployed: set[str] = set()
    attributes: set[Mention] = set()
    while pending:
        thing_id, attribute = pending.pop()
        resource = project.resources.get(thing_id)
        if attribute is not None:
            attributes.add((thing_id, attribute))
        if resource is None or thing_id in deployed:
            continue
        deployed.add(thing_id)
        pending += _of_resource(resource)
        pending += of_values(resource.properties, getattr(resource, "definition", None))

    unused = tuple(sorted(project.resources.keys() - deployed))
    return Usage(frozenset(deployed), unused, frozenset(attributes))


def _direct(function: Function) -> Iterator[Mention]:
    for trigger in function.triggers:
        for source in _sources(trigger):
            yield source, None
    for used in function.uses:
        yield used, None
    if function.dead_letter is not None:
        yield function.dead_letter, None
    for value in function.environment.values():
        if isinstance(value, FromSecret):
            yield value.name, None


def _sources(trigger: Trigger) -> tuple[str, ...]:
    """The ids that a trigger names; words such as `default` are no ids, and do no harm."""
    match trigger:
        case HttpTrigger():
            return trigger.api, trigger.auth
        case BucketTrigger():
            return (trigger.bucket,)
        case EventTrigger():
            return (trigger.bus,)
        case LogsTrigger():
            return (trigger.log_group,)
        case QueueTrigger():
            return (trigger.queue,)
        case StreamTrigger():
            return (trigger.stream,)
        case TableTrigger():
            return (trigger.table,)
        case TopicTrigger():
            return (trigger.topic,)
        case UserPoolTrigger():
            return (trigger.user_pool,)
        case _:
            return ()


def _texts(trigger: Trigger) -> Iterator[Any]:
    """The parts of a trigger in which references may stand."""
    match trigger:
        case ScheduleTrigger():
            yield trigger.input
        case EventTrigger():
            yield trigger.pattern
        case QueueTrigger() | StreamTrigger() | TableTrigger() | TopicTrigger():
            yield trigger.filters
        case LogsTrigger():
            yield trigger.filter
        case _:
            pass


def _of_resource(resource: Resource) -> Iterator[Mention]:
    if isinstance(resource, Queue) and resource.dead_letter is not None:
        yield resource.dead_letter.queue, None


_SUB = re.compile(r"\$\{([^!}][^}]*)\}")


def _mentions(value: Any) -> Iterator[Mention]:
    """Ids with attributes from `${…}` references; logical ids without from CloudFormation's own functions."""
    match value:
        case Text():
            for part in value.parts:
                if isinstance(part, Reference):
                    yield part.id, part.attribute
        case Mapping():
            for key, inner in value.items():
                yield from ((name, None) for name in named_in(key, inner))
                yield from _mentions(inner)
        case list() | tuple():
            for item in value:
                yield from _mentions(item)
        case _:
            pass


def named_in(key: object, value: Any) -> Iterator[str]:
    """The logical ids that `key: value` names, where the key is one of CloudFormation's that name them."""
    first = value[0] if isinstance(value, list | tuple) and value else value
    match key:
        case "Ref" if isinstance(value, str):
            yield value
        case "Fn::GetAtt" if isinstance(first, str):
            yield first.partition(".")[0]
        case "Fn::Sub" if isinstance(first, str):
            for name in _SUB.findall(first):
                yield name.partition(".")[0].strip()
        case "DependsOn":
            named = value if isinstance(value, list | tuple) else [value]
            yield from (name for name in named if isinstance(name, str))
        case _:
            pass
