"""Rules for IAM statements that the manifest writes itself."""

from __future__ import annotations

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Related
from sigma_ls.manifest.fixes import replacement
from sigma_ls.manifest.nearest import listed, nearest
from sigma_ls.manifest.report import Report
from sigma_ls.manifest.rules.actions import check_actions
from sigma_ls.manifest.view import View, fields_of
from sigma_ls.manifest.wording import short
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence, range_of
from sigma_ls.syntax.scalars import is_null
from sigma_ls.syntax.span import Range

_NEEDED: tuple[tuple[str, ...], ...] = (("Effect",), ("Action", "NotAction"), ("Resource", "NotResource"))
"""IAM user guide, *Policy elements: Statement*; `Principal` has no place in a function's own policy."""


STATEMENT_KEYS = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
EFFECTS = ("Allow", "Deny")


def check_statements(view: View) -> None:
    """Each statement has an effect, actions and resources, and nothing else."""
    if view.platform == "gcp":
        return
    for statement in view.items("permissions"):
        if type(statement) is not Mapping:
            continue
        fields = fields_of(statement)
        meant = {nearest(name, STATEMENT_KEYS) for name in fields if name not in STATEMENT_KEYS}
        given = {*fields, *meant}
        missing = [listed([f"'{name}'" for name in names]) for names in _NEEDED if given.isdisjoint(names)]
        place = Range.of(statement.line, statement.column, statement.line, statement.column + 1)
        if statement.entries:
            place = range_of(statement.entries[0][0])
        if missing:
            message = f"The statement lacks {listed(missing, 'and')}."
            view.report.add_at(codes.MALFORMED_STATEMENT, place, message)
        _check_keys(fields, view.report)
        effect = fields["Effect"][1] if "Effect" in fields else None
        check_actions(statement, view.report)
        for names in _NEEDED:
            for key, value in (fields[name] for name in names if name in fields):
                if is_null(value) or (type(value) is Sequence and not value.items):
                    where: Node = value if type(value) is Sequence else key
                    view.report.add(
                        codes.MALFORMED_STATEMENT,
                        where,
                        f"'{key.value}' is empty, which IAM refuses: say what it is, or remove it.",
                    )
        if effect is not None and not is_null(effect) and not (type(effect) is Scalar and effect.value in EFFECTS):
            near = nearest(effect.value, EFFECTS) if type(effect) is Scalar else None
            fix = replacement(effect, near) if type(effect) is Scalar and near is not None else None
            view.report.add(codes.MALFORMED_STATEMENT, effect, "'Effect' is 'Allow' or 'Deny'.", fix=fix)


def _check_keys(fields: dict[str, tuple[Scalar, Node]], report: Report) -> None:
    """Keys that no statement has, and pairs of which it has one."""
    for name, (key, _) in fields.items():
        if name in STATEMENT_KEYS:
            continue
        near = nearest(name, STATEMENT_KEYS)
        hint = f"did you mean '{near}'?" if near is not None else f"it takes {listed(STATEMENT_KEYS, 'and')}."
        if name in ("Principal", "NotPrincipal"):
            hint = "who may act is the function itself."
        fix = replacement(key, near) if near is not None and near not in fields else None
        report.add(codes.MALFORMED_STATEMENT, key, f"A statement here takes no '{short(name)}': {hint}", fix=fix)
    for names in _NEEDED:
        both = [fields[name][0] for name in names if name in fields]
        if len(both) > 1:
            message = f"A statement has '{names[0]}' or '{names[1]}', not both."
            related = (Related("The other one.", range_of(both[0])),)
            report.add(codes.MALFORMED_STATEMENT, both[1], message, related=related)
