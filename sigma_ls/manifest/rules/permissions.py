"""Rules for IAM statements that the manifest writes itself."""

from __future__ import annotations

from sigma_ls.manifest import codes
from sigma_ls.manifest.nearest import listed
from sigma_ls.manifest.rules.actions import check_actions
from sigma_ls.manifest.view import View, fields_of
from sigma_ls.syntax.nodes import Mapping, Scalar, range_of
from sigma_ls.syntax.span import Range

_NEEDED = (("Effect",), ("Action", "NotAction"), ("Resource", "NotResource"))
"""IAM user guide, *Policy elements: Statement*; `Principal` has no place in a function's own policy."""


def check_statements(view: View) -> None:
    """Each statement has an effect, actions and resources."""
    for statement in view.items("permissions"):
        if type(statement) is not Mapping:
            continue
        fields = fields_of(statement)
        missing = [listed([f"'{name}'" for name in names]) for names in _NEEDED if not any(n in fields for n in names)]
        place = Range.of(statement.line, statement.column, statement.line, statement.column + 1)
        if statement.entries:
            place = range_of(statement.entries[0][0])
        if missing:
            message = f"The statement lacks {listed(missing, 'and')}."
            view.report.add_at(codes.MALFORMED_STATEMENT, place, message)
        effect = fields["Effect"][1] if "Effect" in fields else None
        check_actions(statement, view.report)
        if effect is not None and not (type(effect) is Scalar and effect.value in ("Allow", "Deny")):
            view.report.add(codes.MALFORMED_STATEMENT, effect, "'Effect' is 'Allow' or 'Deny'.")
