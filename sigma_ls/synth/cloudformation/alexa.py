"""Functions that are called by Alexa skills."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import AlexaTrigger
from sigma_ls.synth.cloudformation.calls import no_grants, no_source, own_name, permission
from sigma_ls.synth.cloudformation.scope import Part, Scope, TriggerKind, TriggerUse


def _trigger_parts(scope: Scope, use: TriggerUse) -> Iterator[Part]:
    """The permission for the skill to call the function; the skill itself names the function's ARN.

    A skill has no ARN: the token is what keeps others out.
    """
    trigger: AlexaTrigger = use.trigger
    name = own_name(scope, use, "AlexaPermission", trigger.skill)
    token = use.sourced(trigger.skill, "alexa")
    yield permission(scope, use, name, "alexa-appkit.amazon.com", None, EventSourceToken=token)


TRIGGER = TriggerKind(source=no_source, parts=_trigger_parts, grants=no_grants)
