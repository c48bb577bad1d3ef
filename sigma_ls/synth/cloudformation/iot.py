"""Functions that are called by MQTT messages (AWS IoT rules)."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import IotTrigger
from sigma_ls.synth.cloudformation.calls import no_grants, no_source, own_name, permission
from sigma_ls.synth.cloudformation.expressions import ACCOUNT, get_att
from sigma_ls.synth.cloudformation.scope import Part, Scope, TriggerKind, TriggerUse, logical_id

SQL_VERSION = "2016-03-23"
"""The latest (IoT developer guide, *SQL versions*); without one, rules get the first, of 2015."""


def _trigger_parts(scope: Scope, use: TriggerUse) -> Iterator[Part]:
    """The rule, and the permission for it to call the function."""
    trigger: IotTrigger = use.trigger
    name = own_name(scope, use, "TopicRule", trigger.sql)
    yield Part(
        logical_id=name,
        type="AWS::IoT::TopicRule",
        owner=use.function.id,
        range=use.range,
        # The rule has no name of ours: CloudFormation makes one without hyphens, which rules do not take.
        properties={
            "TopicRulePayload": {
                "Actions": [{"Lambda": {"FunctionArn": get_att(logical_id(use.function.id), "Arn")}}],
                "AwsIotSqlVersion": SQL_VERSION,
                "Sql": use.sourced(trigger.sql, "iot"),
            }
        },
    )
    source, permission_id = get_att(name, "Arn"), scope.ids.companion(kind=f"{name}Permission")
    yield permission(scope, use, permission_id, "iot.amazonaws.com", source, SourceAccount=ACCOUNT)


TRIGGER = TriggerKind(source=no_source, parts=_trigger_parts, grants=no_grants)
