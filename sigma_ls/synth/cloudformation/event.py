"""Event buses, and functions that are called by events on them."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from sigma_ls.manifest.model import EventBus, EventTrigger
from sigma_ls.synth.cloudformation.calls import has_number, no_grants, own_name, pattern, rule
from sigma_ls.synth.cloudformation.expressions import Expression, arn, get_att, join, ref
from sigma_ls.synth.cloudformation.names import EVENT_BUS_NAME_LENGTH, arn_resource, name_in_stack
from sigma_ls.synth.cloudformation.nodes import Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.scope import Kind, Part, Scope, TriggerKind, TriggerUse, logical_id
from sigma_ls.synth.unsupported import Unsupported

DEFAULT_BUS = "default"

_KEYS = MappingProxyType({"source": "source", "detailType": "detail-type", "detail": "detail"})
"""Keys of a pattern: the manifest's → EventBridge's."""


def parts(scope: Scope, bus: EventBus) -> Iterator[Part]:
    """The bus, whose name is required."""
    name = bus.name or name_in_stack(scope.project.stack, bus.id, EVENT_BUS_NAME_LENGTH)
    yield main_part(scope, bus, "AWS::Events::EventBus", {"Name": sourced(bus.origin, name, "name")})


def attribute(scope: Scope, bus: EventBus, name: str) -> Expression | None:
    """`name` and `arn`."""
    del scope
    existing = bus.existing
    resource = arn_resource(existing) if existing is not None else None
    match name:
        case "name" if existing is not None:
            return join(existing if resource is None else resource.removeprefix("event-bus/"))
        case "name":
            return ref(logical_id(bus.id))
        case "arn" if existing is not None:
            return arn("events", "event-bus/", existing) if resource is None else join(existing)
        case "arn":
            return get_att(logical_id(bus.id), "Arn")
        case _:
            return None


KIND = Kind(parts=parts, attribute=attribute)


# --- its triggers ----------------------------------------------------------------------------------------------------


def _source(trigger: EventTrigger) -> str | None:
    return None if trigger.bus == DEFAULT_BUS else trigger.bus


def _trigger_parts(scope: Scope, use: TriggerUse) -> Iterator[Part]:
    """The rule, and the permission for it to call the function."""
    trigger: EventTrigger = use.trigger
    if not trigger.pattern:
        message = "An event trigger needs a pattern: give at least one of `source`, `detailType` and `detail`."
        raise Unsupported(message, use.at("event"))
    yield from rule(scope, use, own_name(scope, use, "Rule", trigger.pattern), _pattern(scope, use), _bus(scope, use))


def _pattern(scope: Scope, use: TriggerUse) -> Node:
    written = use.trigger.pattern
    if has_number(written):
        return pattern(scope, use, {_KEYS[key]: value for key, value in written.items()}, "event")
    return {_KEYS[key]: pattern(scope, use, value, "event", key) for key, value in written.items()}


def _bus(scope: Scope, use: TriggerUse) -> Node:
    """The name of the bus; its ARN where it may be another account's; nothing for the account's own."""
    name = use.trigger.bus
    if name == DEFAULT_BUS:
        return None
    place = use.at("bus")
    bus = scope.thing(name, place)
    if not isinstance(bus, EventBus):
        raise Unsupported(f"`{name}` is no event bus, so an `event` trigger cannot name it.", place)
    by_arn = bus.existing is not None and arn_resource(bus.existing) is not None
    return use.sourced(scope.attribute(name, "arn" if by_arn else "name", place), "bus")


TRIGGER = TriggerKind(source=_source, parts=_trigger_parts, grants=no_grants)
