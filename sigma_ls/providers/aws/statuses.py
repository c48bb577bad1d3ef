"""What CloudFormation's stack statuses mean for us.

From the service model of botocore 1.44 and the CloudFormation user guide ("Stack status codes"); a status that is not
known here is judged by its ending.
"""

from __future__ import annotations

from sigma_ls.deploy.ports import StackCondition, StackOutcome
from sigma_ls.deploy.snapshot import StopMeans

REVIEW = "REVIEW_IN_PROGRESS"
"""The empty shell of a change set that was made but never executed."""

DELETED = "DELETE_COMPLETE"

HEALTHY = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"})
"""The last operation went well, so that the deployed template is the one that was given last."""

_CONTINUE_FIRST = frozenset({"UPDATE_ROLLBACK_FAILED", "IMPORT_ROLLBACK_FAILED"})
_DELETE_ONLY = frozenset({"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"})

UPDATE_PAUSED = "UPDATE_FAILED"
_CREATION_PAUSED = "CREATE_FAILED"


def is_paused(status: str, *, rollback_disabled: bool) -> bool:
    """Whether an operation failed with rollback disabled, so that the stack takes a new change set, or RollbackStack.

    A failed creation is paused only where the stack says that rollback is disabled.  It says so, too, where it was made
    to do nothing on failure; such a one refuses the change set (code-dot-org, pull request 68524).  Only another tool
    or person leaves a stack so; `plans.ChangeSetPlan.keep_on_failure` says what its next execution must ask for.
    """
    return status == UPDATE_PAUSED or (status == _CREATION_PAUSED and rollback_disabled)


def is_busy(status: str) -> bool:
    """Whether an operation runs."""
    return status.endswith("_IN_PROGRESS") and status != REVIEW


def condition(status: str, *, rollback_disabled: bool = False) -> StackCondition:
    """What can be done with a stack that exists; `rollback_disabled` is its own `DisableRollback`."""
    if is_busy(status):
        return "busy"
    if is_paused(status, rollback_disabled=rollback_disabled):
        return "paused"
    if status in _DELETE_ONLY:
        return "unrecoverable"
    if status in _CONTINUE_FIRST:
        return "rollbackFailed"
    return "ready"


def stop_means(status: str) -> StopMeans | None:
    """What stopping the running operation would do; nothing where CloudFormation offers no way.

    An update can be cancelled (`CancelUpdateStack`) until its clean-up begins, also while it only waits for alarms
    (`RollbackConfiguration`); for a creation there is only `DeleteStack`; rollbacks, clean-ups, deletions and imports
    run to their end.  That an update without rollback is not undone is for whoever executed it to know (`halt`).
    """
    if status == "CREATE_IN_PROGRESS":
        return "delete"
    if status == "UPDATE_IN_PROGRESS":
        return "rollback"
    return None


def has_ended(status: str) -> bool:
    """Whether it is the last status of an operation."""
    return not status.endswith("_IN_PROGRESS")


def outcome(status: str) -> StackOutcome:
    """How an operation ended that left the stack in `status`."""
    if status == DELETED:
        return "deleted"
    if status.endswith("ROLLBACK_COMPLETE"):
        return "rolledBack"
    if status.endswith("_COMPLETE"):
        return "succeeded"
    return "failed"
