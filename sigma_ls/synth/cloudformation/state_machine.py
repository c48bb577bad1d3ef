"""State machines (Step Functions) with the role that their states need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from sigma_ls.manifest.model import (
    EventBus,
    Function,
    Queue,
    Reference,
    StateMachine,
    Table,
    Text,
    Topic,
)
from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation import references
from sigma_ls.synth.cloudformation.expressions import ACCOUNT, Expression, arn, get_att, join, ref
from sigma_ls.synth.cloudformation.merge import is_intrinsic
from sigma_ls.synth.cloudformation.names import arn_resource
from sigma_ls.synth.cloudformation.nodes import Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.roles import role, trust
from sigma_ls.synth.cloudformation.scope import Grant, Kind, Part, Scope, logical_id
from sigma_ls.synth.unsupported import Unsupported

_SERVICES: Mapping[type, str] = MappingProxyType(
    {EventBus: "events", Queue: "sqs", StateMachine: "states", Table: "dynamodb", Topic: "sns"}
)
"""Types whose things states work on directly, with their service in `arn:aws:states:::<service>:<action>`."""
_INTEGRATION = re.compile(r"arn:[\w-]+:states:::(\w+):(\w+)")
_ALLOWED = frozenset(
    {
        *("dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
        *("events:PutEvents", "sns:Publish", "sqs:SendMessage", "states:StartExecution"),
    }
)
"""What such states do (Step Functions developer guide, *Optimized integrations*)."""


def parts(scope: Scope, machine: StateMachine) -> Iterator[Part]:
    """The machine and its role, which may do what the definition says with what the definition names."""
    origin = machine.origin
    if not isinstance(machine.definition, Mapping):
        why = "could not be read" if machine.definition else "is missing"
        raise Unsupported(f"The `definition` of `{machine.id}` {why}.", origin.at("definition"))
    if (call := _intrinsic(machine.definition)) is not None:
        message = (
            f"`{call}` cannot stand in the definition of `{machine.id}`, which CloudFormation gets as one text: "
            "write `${id.attribute}`."
        )
        raise Unsupported(message, origin.at("definition"))
    role_id = scope.ids.companion(machine.id, kind="Role")
    properties: dict[str, Node] = {
        # A text: in a property of any shape CloudFormation makes texts of numbers, which no state takes.
        "DefinitionString": sourced(origin, references.json_text(scope, machine.definition), "definition"),
        "RoleArn": get_att(role_id, "Arn"),
        "StateMachineName": sourced(origin, machine.name, "name"),
    }
    yield main_part(scope, machine, "AWS::StepFunctions::StateMachine", properties)
    granted = tuple(_grants(scope, machine))
    trusted = trust("states.amazonaws.com", {"StringEquals": {"aws:SourceAccount": ACCOUNT}})
    yield role(role_id, machine.id, origin.key, trusted, granted)


def attribute(scope: Scope, machine: StateMachine, name: str) -> Expression | None:
    """`name` and `arn`."""
    del scope
    existing = machine.existing
    resource = arn_resource(existing) if existing is not None else None
    match name:
        case "name" if existing is not None:
            return join(existing if resource is None else resource.removeprefix("stateMachine:"))
        case "name":
            return get_att(logical_id(machine.id), "Name")
        case "arn" if existing is not None:
            return arn("states", "stateMachine:", existing) if resource is None else join(existing)
        case "arn":
            return ref(logical_id(machine.id))
        case _:
            return None


KIND = Kind(parts=parts, attribute=attribute)


def _intrinsic(value: Any) -> str | None:
    """The first call of a CloudFormation function in a value."""
    match value:
        case Mapping():
            if is_intrinsic(value):
                return str(next(iter(value)))
            return next((found for inner in value.values() if (found := _intrinsic(inner))), None)
        case list() | tuple():
            return next((found for inner in value if (found := _intrinsic(inner))), None)
        case _:
            return None


def _grants(scope: Scope, machine: StateMachine) -> Iterator[Grant]:
    """Calls of the functions that are named, and on other things the actions that states take."""
    place = machine.origin.at("definition")
    named: dict[str, Reference] = {}
    actions: set[str] = set()
    for text in _texts(machine.definition):
        for part in text.parts:
            if isinstance(part, Reference):
                named.setdefault(part.id, part)
            elif isinstance(part, str):
                actions.update(
                    f"{service}:{action[:1].upper()}{action[1:]}" for service, action in _INTEGRATION.findall(part)
                )
    for thing_id, reference in sorted(named.items()):
        thing = scope.thing(thing_id, reference.range)
        if isinstance(thing, Function):
            yield Grant(("lambda:InvokeFunction",), (scope.attribute(thing_id, "arn", place),), place)
        elif (service := _SERVICES.get(type(thing))) is not None:
            wanted = tuple(sorted(each for each in actions & _ALLOWED if each.startswith(f"{service}:")))
            if wanted:
                yield Grant(wanted, (scope.attribute(thing_id, "arn", place),), place)


def _texts(value: Any) -> Iterator[Text]:
    match value:
        case str():
            yield Text.plain(value)
        case Text():
            yield value
        case Mapping():
            for inner in value.values():
                yield from _texts(inner)
        case list() | tuple():
            for inner in value:
                yield from _texts(inner)
        case _:
            pass


def executions(scope: Scope, machine: StateMachine, place: Range) -> Expression:
    """The ARN of all executions of the machine."""
    existing = machine.existing
    if existing is not None and arn_resource(existing) is not None:
        return join(existing.replace(":stateMachine:", ":execution:"), ":*")
    return arn("states", "execution:", scope.attribute(machine.id, "name", place), ":*")
