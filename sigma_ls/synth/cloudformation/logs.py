"""Log groups, and functions that get their lines."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import LogGroup, LogsTrigger
from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation import references
from sigma_ls.synth.cloudformation.calls import no_grants, owner, permission
from sigma_ls.synth.cloudformation.expressions import ACCOUNT, Expression, arn, get_att, join, ref
from sigma_ls.synth.cloudformation.names import arn_resource, letters
from sigma_ls.synth.cloudformation.nodes import Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.scope import Kind, Part, Scope, TriggerKind, TriggerUse, logical_id
from sigma_ls.synth.unsupported import Unsupported


def parts(scope: Scope, group: LogGroup) -> Iterator[Part]:
    """The log group."""
    origin = group.origin
    properties: dict[str, Node] = {
        "LogGroupName": sourced(origin, group.name, "name"),
        "RetentionInDays": sourced(origin, group.retention, "retention"),
    }
    yield main_part(scope, group, "AWS::Logs::LogGroup", properties)


def attribute(scope: Scope, group: LogGroup, name: str) -> Expression | None:
    """`name`, and `arn`, which ends in `:*` as CloudFormation gives it: it takes in the group's streams."""
    del scope
    existing = group.existing
    match name:
        case "name" if existing is not None:
            return join(_existing_name(existing))
        case "name":
            return ref(logical_id(group.id))
        case "arn" if existing is not None and arn_resource(existing) is not None:
            return join(existing.removesuffix(":*"), ":*")
        case "arn" if existing is not None:
            return arn("logs", "log-group:", existing, ":*")
        case "arn":
            return get_att(logical_id(group.id), "Arn")
        case _:
            return None


KIND = Kind(parts=parts, attribute=attribute)


def _existing_name(existing: str) -> str:
    resource = arn_resource(existing)
    return existing if resource is None else resource.removeprefix("log-group:").removesuffix(":*")


# --- its triggers ----------------------------------------------------------------------------------------------------


def _trigger_parts(scope: Scope, use: TriggerUse) -> Iterator[Part]:
    """The subscription filter, and the permission that it needs to be there before it."""
    trigger: LogsTrigger = use.trigger
    place = use.at("logs")
    name, source, ids = _group(scope, use, place)
    permission_id = scope.ids.companion(*ids[0], kind=f"{ids[1]}Permission")
    yield permission(scope, use, permission_id, "logs.amazonaws.com", source, SourceAccount=ACCOUNT)
    yield Part(
        logical_id=scope.ids.companion(*ids[0], kind=f"{ids[1]}Subscription"),
        type="AWS::Logs::SubscriptionFilter",
        owner=owner(scope, use),
        range=use.range,
        properties={
            "DestinationArn": get_att(logical_id(use.function.id), "Arn"),
            # Required; an empty one takes every line.
            "FilterPattern": use.sourced(_pattern(scope, trigger), "filter"),
            "LogGroupName": use.sourced(name, "logs"),
        },
        # CloudWatch Logs tries to call the function when the filter is made.
        depends_on=(permission_id,),
    )


def _pattern(scope: Scope, trigger: LogsTrigger) -> str | Expression:
    return trigger.filter if isinstance(trigger.filter, str) else references.expression(scope, trigger.filter)


def _group(scope: Scope, use: TriggerUse, place: Range) -> tuple[Expression, Expression, tuple[tuple[str, ...], str]]:
    """Name and ARN of the group, and what the companions are named by."""
    name = use.trigger.log_group
    group = scope.project.resources.get(name)
    if group is None:
        # The name of a group in the cloud, in which hardly any character can stand in a logical id.
        return join(name), arn("logs", "log-group:", name, ":*"), ((use.function.id,), f"Logs{letters(name)}")
    if not isinstance(group, LogGroup):
        raise Unsupported(f"`{name}` is no log group, so a `logs` trigger cannot name it.", place)
    return scope.attribute(name, "name", place), scope.attribute(name, "arn", place), ((name, use.function.id), "")


TRIGGER = TriggerKind(source=lambda trigger: trigger.log_group, parts=_trigger_parts, grants=no_grants)
