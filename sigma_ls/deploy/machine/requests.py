"""What people want of a deployment, and what that means in each state."""

from __future__ import annotations

from typing import Final

from attrs import evolve

from sigma_ls.deploy import effects as do
from sigma_ls.deploy import events as on
from sigma_ls.deploy import states as at
from sigma_ls.deploy.machine.steps import (
    IllegalEvent,
    Step,
    building,
    committing,
    continuing_rollback,
    discarding,
    looking_for_changes,
    ready,
    staging,
    stopping_with,
)
from sigma_ls.deploy.snapshot import Can
from sigma_ls.deploy.states import StagedPlan, State

RETAIN: Final = "retain"
"""The choice to delete a stack without what could not be deleted before."""
SKIP: Final = "skip"
"""The choice to continue a rollback without what it failed for."""
FORCE: Final = "force"
"""The choice to continue a rollback without whatever fails in it."""
RESUME: Final = "resume"
"""The choice to deploy to what an operation without rollback left, as it is."""
UNDO: Final = "undo"
"""The choice to undo first what an operation without rollback left."""


def can(state: State) -> Can:
    """What a person may ask for now."""
    match state:
        case at.Staged(stale=stale):
            return Can(execute=not stale, abort=True)
        case at.Executing(staged=StagedPlan(means=means), stop=False) if means:
            return Can(abort=is_lost(state), stop=True, stop_means=means)
        case at.Monitoring(means=means, stop_wanted=False) if means:
            return Can(abort=is_lost(state), stop=True, stop_means=means)
        case at.AwaitingDeletion(abort=abort) | at.AwaitingRollback(abort=abort):
            return Can(abort=not abort or is_lost(state))
        case at.Staging(abort=abort) | at.Deleting(abort=abort) | at.ContinuingRollback(abort=abort):
            return Can(abort=not abort)
        case at.Discarding(then=then):
            return Can(abort=then == "restage")
        case at.Executing() | at.Monitoring() | at.RollingBack():
            return Can(abort=is_lost(state))
        case at.Concluding() | at.Completed():
            return Can()
        case _:
            return Can(abort=True)


def is_lost(state: State) -> bool:
    """Whether the cloud that the state waits for has not answered for so long that watching it may be given up."""
    return isinstance(state, at.Distant) and state.unseen >= at.LOST


def execute_requested(state: State, event: on.ExecuteRequested) -> Step:
    """Execute what was reviewed, and nothing else."""
    match state:
        case at.ConfirmingLoss(staged=staged) | at.Staged(staged=staged) if event.plan not in (None, staged.plan):
            raise IllegalEvent(
                "planChanged",
                f"The changes were staged again: {staged.plan} waits now, not {event.plan}. Review it first.",
            )
        case at.Staged(stale=True):
            raise IllegalEvent(
                "planStale",
                "The stack was changed since these changes were staged, so they cannot be executed any more: abort "
                "this deployment, then deploy again.",
            )
        case at.Staged(order=order, staged=staged):
            return at.Checking(order, staged), (do.CheckPlan(staged.plan),)
        case at.ConfirmingLoss():
            raise IllegalEvent("needsConsent", "Data would be lost: answer the question about it first.")
        case _:
            raise IllegalEvent("notStaged", "There are no staged changes that wait for execution.")


def abort_requested(state: State) -> Step:
    """Give up, and leave nothing behind that was not there before."""
    if is_lost(state):
        return at.Completed(
            state.order,
            "aborted",
            "Watching was given up, since the cloud did not answer: what becomes of the operation there is not known. Look "
            "at the stack before you deploy again.",
        ), ()
    match state:
        case at.Staging() | at.Deleting() | at.AwaitingDeletion() | at.ContinuingRollback() | at.AwaitingRollback():
            # What runs on the cloud cannot be taken back; it is seen to its end first.
            return evolve(state, abort=True), ()
        case at.ConfirmingLoss() | at.Staged() | at.Checking():
            return discarding(state.order, state.staged, "aborted")
        case at.Discarding(then="restage"):
            return evolve(state, then="aborted"), ()
        case at.Discarding():
            return state, ()
        case at.Completed():
            raise IllegalEvent("notAbortable", "The deployment has ended.")
        case at.Executing() | at.Monitoring() | at.RollingBack() | at.Concluding():
            raise IllegalEvent("notAbortable", "The changes are being executed: they can be stopped, not aborted.")
        case _:
            return at.Completed(state.order, "aborted"), ()


def stop_requested(state: State) -> Step:
    """Stop what is being executed."""
    match state:
        case at.Executing(stop=True) | at.Monitoring(stop_wanted=True) | at.RollingBack(stop="requested" | "accepted"):
            return state, ()
        case at.Executing(staged=StagedPlan(means=means)) if means:
            return evolve(state, stop=True), ()
        case at.Monitoring(order=order, staged=staged, means=means, confirmed=confirmed) if means:
            return stopping_with(order, staged, means=means, confirmed=confirmed)
        case at.Executing() | at.Monitoring() | at.RollingBack():
            raise IllegalEvent("notStoppable", "The cloud cannot stop what it does now.")
        case at.Completed():
            raise IllegalEvent("notStoppable", "The deployment has ended.")
        case _:
            raise IllegalEvent("notStoppable", "Nothing is being executed.")


def consented(state: State, event: on.Consented) -> Step:
    """Go on with what would lose something, or with a rollback, in the way that was chosen."""
    match state:
        case at.ConfirmingCommit(order=order):
            return building(order)
        case at.ConfirmingRecreate(order=order, undeletable=undeletable) if order.removal:
            return staging(evolve(order, retain=undeletable if event.choice == RETAIN else ()))
        case at.ConfirmingRecreate(order=order, stack_id=stack_id, undeletable=undeletable):
            retain = undeletable if event.choice == RETAIN else ()
            return at.Deleting(order, stack_id, retain=retain), (do.Delete(stack_id, order.attempt, retain),)
        case at.ConfirmingRollback(order=order, stack_id=stack_id, stuck=stuck):
            return continuing_rollback(
                order, stack_id, skip=stuck if event.choice == SKIP else (), force=event.choice == FORCE
            )
        case at.ConfirmingPaused(stable=True, can_roll_back=False) if event.choice == UNDO:
            raise IllegalEvent("badAnswer", "The cloud cannot roll this stack back.")
        case at.ConfirmingPaused(order=order, stack_id=stack_id, stable=True) if event.choice == UNDO:
            return continuing_rollback(order, stack_id)
        case at.ConfirmingPaused(order=order, stack_id=stack_id) if event.choice == UNDO:
            return at.Deleting(order, stack_id), (do.Delete(stack_id, order.attempt),)
        case at.ConfirmingPaused(order=order):
            return at.Uploading(evolve(order, resume=True)), (do.Upload(),)
        case at.ConfirmingLoss(order=order, staged=staged, stateful=stateful):
            return ready(evolve(order, consented=tuple(sorted({*order.consented, *stateful}))), staged)
        case _:
            raise IllegalEvent("questionChanged", "No such question is open.")


def values_given(state: State) -> Step:
    """Go on with what waited for values."""
    match state:
        case at.AskingValues(order=order, then="build"):
            return looking_for_changes(order)
        case at.AskingValues(order=order):
            return staging(order)
        case _:
            raise IllegalEvent("questionChanged", "No values are asked for.")


def commit_requested(state: State, event: on.CommitRequested) -> Step:
    """Commit before anything is built."""
    match state:
        case at.ConfirmingCommit(order=order, work=work, possible=True, tries=tries):
            return committing(order, work, event.message, tries)
        case at.ConfirmingCommit(problem=problem):
            raise IllegalEvent("notCommitted", problem)
        case _:
            raise IllegalEvent("questionChanged", "There is nothing to commit.")


def edited(state: State) -> Step:
    """The manifest is edited: what was begun goes on, and is said to be of an older text."""
    if isinstance(state, at.Completed):
        raise IllegalEvent("late", "The deployment has ended.")
    return state, ()
