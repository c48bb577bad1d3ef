"""Functions that are called at times, by EventBridge Scheduler.

Not by rules of EventBridge: these know neither time zones nor single times, and AWS recommends the scheduler.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import ScheduleTrigger, Text
from sigma_ls.synth.cloudformation import references
from sigma_ls.synth.cloudformation.calls import no_grants, no_source, own_name
from sigma_ls.synth.cloudformation.expressions import ACCOUNT, get_att
from sigma_ls.synth.cloudformation.nodes import Node
from sigma_ls.synth.cloudformation.roles import role, trust
from sigma_ls.synth.cloudformation.scope import Grant, Part, Scope, TriggerKind, TriggerUse, logical_id


def _trigger_parts(scope: Scope, use: TriggerUse) -> Iterator[Part]:
    """The schedule, and the role by which all schedules of the function call it."""
    trigger: ScheduleTrigger = use.trigger
    function = get_att(logical_id(use.function.id), "Arn")
    role_id = scope.ids.companion(use.function.id, kind="ScheduleRole")
    content = (trigger.expression, trigger.timezone, trigger.input)
    yield Part(
        logical_id=own_name(scope, use, "Schedule", *content),
        type="AWS::Scheduler::Schedule",
        owner=use.function.id,
        range=use.range,
        properties={
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ScheduleExpression": use.sourced(trigger.expression, "schedule"),
            "ScheduleExpressionTimezone": use.sourced(trigger.timezone, "timezone"),
            "State": use.sourced("ENABLED" if trigger.enabled else "DISABLED", "enabled"),
            "Target": {
                "Arn": function,
                "Input": use.sourced(_input(scope, trigger), "input"),
                "RoleArn": get_att(role_id, "Arn"),
            },
        },
    )
    if use.first:
        # Schedules of other accounts must not be able to use the role.
        trusted = trust("scheduler.amazonaws.com", {"StringEquals": {"aws:SourceAccount": ACCOUNT}})
        call = Grant(("lambda:InvokeFunction",), (function,), use.range)
        yield role(role_id, use.function.id, use.range, trusted, [call])


def _input(scope: Scope, trigger: ScheduleTrigger) -> Node:
    """JSON; a text as it is."""
    match trigger.input:
        case None | str():
            return trigger.input
        case Text():
            return references.expression(scope, trigger.input)
        case value:
            return references.json_text(scope, value)


TRIGGER = TriggerKind(source=no_source, parts=_trigger_parts, grants=no_grants)
