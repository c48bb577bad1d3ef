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
    return tuple(
        TemplateFault(
            event.get("ValidationStatusReason") or event.get("ResourceStatusReason") or event.get("ValidationName", ""),
            to_path(event.get("ValidationPath", "")) or _resource_of(event),
        )
        for event in events
        if event.get("EventType") == "VALIDATION_ERROR"
        and event.get("ValidationStatus", "FAILED") == "FAILED"
        and event.get("ValidationFailureMode", "FAIL") == "FAIL"
    )


def to_path(pointer: str) -> TemplatePath:
    """`("Resources", "Images", "Properties")` for `/Resources/Images/Properties`; numbers are positions in lists."""
    return tuple(int(part) if part.isdecimal() else part for part in pointer.split("/") if part)


def _resource_of(event: Mapping[str, Any]) -> TemplatePath:
    return ("Resources", event["LogicalResourceId"]) if event.get("LogicalResourceId") else ()
