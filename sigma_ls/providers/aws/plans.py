"""The name under which staged changes are approved and executed.

CloudFormation has change sets for creations and updates but none for deletions, so a plan is one of two kinds.  Its
text crosses to the editor and lies in the journal, and holds no secret.
"""

from __future__ import annotations

from attrs import frozen

_REMOVAL = "remove"
_KEEP = "keep-on-failure"
_EXPRESS = "express"
# No ARN and no ISO time holds one.
_SEPARATOR = "|"


@frozen
class ChangeSetPlan:
    """A change set, by its ARN.

    `keep_on_failure` is set for a stack that an operation without rollback left where it was (`statuses.is_paused`):
    CloudFormation executes its next change set only without rollback, too.
    """

    arn: str
    keep_on_failure: bool = False
    express: bool = False
    """Whether it was made in express mode; then it says itself that nothing is rolled back, and its execution must not."""


@frozen
class RemovalPlan:
    """The deletion of a stack as it stood at `changed_at` (ISO 8601), with the service role to use."""

    stack_id: str
    changed_at: str
    role: str | None = None
    retain: tuple[str, ...] = ()
    """Resources that could not be deleted before, and are left behind now."""


def to_text(plan: ChangeSetPlan | RemovalPlan) -> str:
    """The plan as one word."""
    match plan:
        case ChangeSetPlan(arn, keep_on_failure, express):
            return _SEPARATOR.join([arn, *([_KEEP] if keep_on_failure else []), *([_EXPRESS] if express else [])])
        case RemovalPlan(stack_id, changed_at, role, retain):
            return _SEPARATOR.join([_REMOVAL, stack_id, changed_at, role or "", *retain])


def from_text(text: str) -> ChangeSetPlan | RemovalPlan:
    """The plan that `to_text` wrote."""
    match text.split(_SEPARATOR):
        case [word, stack_id, changed_at, role, *retain] if word == _REMOVAL:
            return RemovalPlan(stack_id, changed_at, role or None, tuple(retain))
        case [arn, *flags]:
            return ChangeSetPlan(arn, _KEEP in flags, _EXPRESS in flags)
        case _:  # pragma: no cover - a split has at least one part
            raise AssertionError(text)
