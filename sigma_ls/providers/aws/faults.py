"""Why CloudFormation did not accept a template, and where in the template it says so.

Pure: takes reasons and validation events as they come.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sigma_ls.deploy.ports import TemplateFault
from sigma_ls.synth.template import TemplatePath

NO_CHANGES = ("The submitted information didn't contain changes.", "No updates are to be performed.")
"""How the reason of a change set begins that failed for want of changes; the second is that of a template with a
transform.  The list of changes does not tell: a change of outputs alone has an empty one."""

EARLY_VALIDATION = "AWS::EarlyValidation"
"""Stands in the reason of a change set whose faults are to be had from `DescribeEvents` only."""

_HOOKS = re.compile(r"\bhooks?\b", re.IGNORECASE)
_POINTER = re.compile(r"#?(/Resources/[\w/]+|/Outputs/[\w/]+)")
_BLOCK = re.compile(r"in the (Resources|Outputs|Parameters|Conditions) block")
_LISTED = re.compile(r"\[([^\[\]]+)\]")
_NAMED = re.compile(r"\b(?:[Rr]esource|[Oo]utput)s?(?: with logical id)? ['\[]?(\w+)['\]]?")


def is_no_change(reason: str) -> bool:
    """Whether a change set failed only since there is nothing to change."""
    return reason.startswith(NO_CHANGES)


def faults_in(reason: str, template: object) -> tuple[TemplateFault, ...]:
    """The reason, at the place in the template that it names: a JSON pointer, or the id of a resource or an output."""
    if pointer := _POINTER.search(reason):
        return (TemplateFault(reason, to_path(pointer[1])),)
    if isinstance(template, Mapping):
        words = [word.strip(" '\"") for listed in _LISTED.findall(reason) for word in listed.split(",")]
        words += _NAMED.findall(reason)
        for section in ("Resources", "Outputs"):
            known = template.get(section) or {}
            for word in words:
                if word in known:
                    return (TemplateFault(reason, (section, word)),)
    if block := _BLOCK.search(reason):
        return (TemplateFault(reason, (block[1],)),)
    return (TemplateFault(reason),)


def faults_of_events(events: Iterable[Mapping[str, Any]]) -> tuple[TemplateFault, ...]:
    """The faults among the operation events of a change set; warnings do not keep it from being made."""
    events = tuple(events)
    invalid = tuple(
        TemplateFault(
            event.get("ValidationStatusReason") or event.get("ResourceStatusReason") or event.get("ValidationName", ""),
            to_path(event.get("ValidationPath", "")) or _resource_of(event),
        )
        for event in events
        if event.get("EventType") == "VALIDATION_ERROR"
        and event.get("ValidationStatus", "FAILED") == "FAILED"
        and event.get("ValidationFailureMode", "FAIL") == "FAIL"
    )
    hooks = tuple(
        TemplateFault(said_by_hook(event.get("HookType", ""), event.get("HookStatusReason", "")), _resource_of(event))
        for event in events
        if event.get("EventType") == "HOOK_INVOCATION_ERROR" and event.get("HookFailureMode", "FAIL") == "FAIL"
    )
    return invalid + hooks


def names_hooks(reason: str) -> bool:
    """Whether a change set failed for a hook, whose words are to be had elsewhere."""
    return bool(_HOOKS.search(reason))


def is_failed_hook(result: Mapping[str, Any]) -> bool:
    """Whether a hook's result keeps the operation from going on."""
    return result.get("Status") in {"HOOK_COMPLETE_FAILED", "HOOK_FAILED"} and result.get("FailureMode") != "WARN"


def is_failed_hook_event(event: Mapping[str, Any]) -> bool:
    """Whether an event of a stack tells of a hook that does not let a resource's operation go on."""
    return event.get("HookStatus") in {"HOOK_COMPLETE_FAILED", "HOOK_FAILED"} and event.get("HookFailureMode") != "WARN"


def reason_of_hook_event(event: Mapping[str, Any]) -> str | None:
    """Why the hook objects, if the event tells of that."""
    if not is_failed_hook_event(event):
        return None
    return said_by_hook(event.get("HookType", ""), event.get("HookStatusReason", ""))


def said_by_hook(hook: str, reason: str, advice: Iterable[str] = ()) -> str:
    """What a hook objects to, with its advice."""
    said = f"The hook {hook} does not allow it: {reason.rstrip('. ') or 'it gave no reason'}."
    return " ".join([said, *advice])


def fault_of_hook(result: Mapping[str, Any], detail: Mapping[str, Any]) -> TemplateFault:
    """The fault of a hook's result, of `ListHookResults` and `GetHookResult`; `Target` names no logical id."""
    failed = [note for note in detail.get("Annotations", []) if note.get("Status") == "FAILED"]
    advice = [
        " ".join(note[key] for key in ("StatusMessage", "RemediationMessage", "RemediationLink") if note.get(key))
        for note in failed
    ]
    reason = result.get("HookStatusReason") or detail.get("HookStatusReason", "")
    return TemplateFault(said_by_hook(result.get("TypeName", ""), reason, filter(None, advice)))


def to_path(pointer: str) -> TemplatePath:
    """`("Resources", "Images", "Properties")` for `/Resources/Images/Properties`; numbers are positions in lists."""
    return tuple(int(part) if part.isdecimal() else part for part in pointer.split("/") if part)


def _resource_of(event: Mapping[str, Any]) -> TemplatePath:
    return ("Resources", event["LogicalResourceId"]) if event.get("LogicalResourceId") else ()
