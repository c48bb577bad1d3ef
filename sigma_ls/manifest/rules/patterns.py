"""Rules for patterns of events and filters: each value is a list of what may match.

EventBridge user guide, *Creating event patterns*; Lambda developer guide, *Control which events Lambda sends*; SNS
developer guide, *Subscription filter policies*.
"""

from __future__ import annotations

from sigma_ls.manifest import codes
from sigma_ls.manifest.fixes import bracketed
from sigma_ls.manifest.references import function_of
from sigma_ls.manifest.report import Report
from sigma_ls.manifest.wording import of_key
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence

EITHER = "$or"
"""The one key whose list holds patterns."""


def check_pattern(pattern: Node, report: Report, key: Scalar | None = None) -> None:
    """Every value of a pattern; `key` is what the pattern itself belongs to."""
    if type(pattern) is Mapping:
        for name, value in pattern.entries:
            own = name if type(name) is Scalar else None
            if own is not None and own.value == EITHER and type(value) is Sequence:
                for each in value.items:
                    check_pattern(each, report, own)
            else:
                check_pattern(value, report, own)
    elif type(pattern) is Sequence:
        if not pattern.items:
            message = f"{of_key(key)} matches nothing, which AWS refuses: list what may match, or remove the key."
            report.add(codes.PATTERN, pattern, message)
    elif key is not None and type(pattern) is Scalar and not function_of(pattern.tag):
        message = f"{of_key(key)} takes a list of what may match: write '[{pattern.value}]'."
        report.add(codes.PATTERN, pattern, message, fix=bracketed(pattern))


def check_event(pattern: Node, head: Scalar, report: Report) -> None:
    """The pattern of an event trigger, whose outermost lists may be written without brackets."""
    if type(pattern) is not Mapping:
        return
    if not pattern.entries:
        message = "An event pattern needs at least one of 'source', 'detailType' and 'detail': '{}' is refused."
        report.add(codes.PATTERN, head, message)
    for key, value in pattern.entries:
        if type(key) is Scalar and type(value) is not Scalar:
            check_pattern(value, report, key)
