"""Actions and resources of IAM statements that the manifest writes itself."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache

from sigma_ls.manifest import codes
from sigma_ls.manifest.fixes import replacement
from sigma_ls.manifest.nearest import nearest
from sigma_ls.manifest.report import Report
from sigma_ls.manifest.view import fields_of, items_of
from sigma_ls.manifest.wording import short
from sigma_ls.syntax.nodes import Mapping, Scalar

_ACTION = re.compile(r"[a-zA-Z0-9-]+:[a-zA-Z0-9*?]{1,128}").fullmatch
_ARN = re.compile(r"arn:[^:]+:[^:]*:[^:]*:[^:]*:.+").fullmatch
_ALL = "*"


def check_actions(statement: Mapping, report: Report) -> None:
    """Malformed and unknown actions and resources, and `*` where a narrower resource would do."""
    fields = fields_of(statement)
    narrow = "NotAction" not in fields
    for name in ("Action", "NotAction"):
        for item in items_of(fields[name][1]) if name in fields else []:
            if type(item) is Scalar and not item.tag:
                narrow = _check_action(item, report) and narrow
    wide = None
    for name in ("Resource", "NotResource"):
        for item in items_of(fields[name][1]) if name in fields else []:
            if type(item) is not Scalar or item.tag:
                continue
            _check_arn(item, report)
            if name == "Resource" and item.value == _ALL:
                wide = item
    effect = fields["Effect"][1] if "Effect" in fields else None
    allows = type(effect) is Scalar and effect.value == "Allow"
    if wide is not None and narrow and allows and "Action" in fields and "Condition" not in fields:
        message = "These actions can be allowed on certain resources only: name their ARNs in the place of '*'."
        report.add(codes.WIDE_RESOURCE, wide, message)


def _check_action(item: Scalar, report: Report) -> bool:
    """Whether it can be allowed on certain resources only."""
    from sigma_ls.manifest.facts.actions import ACTIONS  # noqa: PLC0415 - half a megabyte for few manifests

    text = item.value
    if text == _ALL:
        return True
    if "${" in text:
        return False
    if _ACTION(text) is None:
        message = f"'{short(text)}' is no action: write 'service:Action', such as 's3:GetObject'."
        report.add(codes.MALFORMED_ACTION, item, message)
        return False
    service, _, action = text.partition(":")
    service = service.lower()
    if service not in ACTIONS:
        # Of the same letter: all would be too many to compare.
        near = nearest(service, tuple(name for name in ACTIONS if name[0] == service[0]))
        hint = f": did you mean '{near}'?" if near is not None else "."
        fix = replacement(item, f"{near}:{action}") if near is not None else None
        report.add(codes.UNKNOWN_ACTION, item, f"No service of AWS has the prefix '{service}'{hint}", fix=fix)
        return False
    narrow, wide = _actions_of(service)
    wanted = action.lower()
    some, others = _matching(wanted, narrow), _matching(wanted, wide)
    if some:
        # `service:*` takes in a few that know only `*`; where most do, nothing narrower can be named.
        return some >= others
    if not others:
        near = nearest(wanted, sorted(each for each in (*narrow, *wide) if each[0] == wanted[0]))
        hint = f": did you mean '{service}:{near}' (in any case)?" if near is not None else ", so this allows nothing."
        report.add(codes.UNKNOWN_ACTION, item, f"'{service}' has no action '{short(action)}'{hint}")
    return False


@cache
def _actions_of(service: str) -> tuple[frozenset[str], frozenset[str]]:
    """Those on certain resources, and those that know only `*`."""
    from sigma_ls.manifest.facts.actions import ACTIONS  # noqa: PLC0415 - as above

    narrow, wide = ACTIONS[service]
    return frozenset(narrow.split()), frozenset(wide.split())


def _matching(wanted: str, actions: frozenset[str]) -> int:
    """How many of the actions are meant."""
    if "*" in wanted or "?" in wanted:
        return sum(fnmatchcase(each, wanted) for each in actions)
    return wanted in actions


def _check_arn(item: Scalar, report: Report) -> None:
    text = item.value
    whole = "${" not in text and "*" not in text and "?" not in text
    if text == _ALL or (_ARN(text) if whole else text.startswith(("arn:", "${", "*"))):
        return
    message = f"'{short(text)}' is no ARN: write 'arn:aws:service:region:account:resource', or '${{id.arn}}'."
    report.add(codes.MALFORMED_ACTION, item, message)
