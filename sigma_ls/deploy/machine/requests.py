"""What people want of a deployment, and what that means in each state."""

from __future__ import annotations

from attrs import evolve

from sigma_ls.deploy import effects as do
from sigma_ls.deploy import events as on
from sigma_ls.deploy import states as at
from sigma_ls.deploy.machine.steps import IllegalEvent, Step, discarding, ready, stopping_with
from sigma_ls.deploy.snapshot import Can
from sigma_ls.deploy.states import StagedPlan, State


def can(state: State) -> Can:
    """What a person may ask for now."""
    match state:
        case at.Staged():
            return Can(execute=True, abort=True)
        case at.Executing(staged=StagedPlan(means=means), stop=False) if means:
            return Can(stop=True, stop_means=means)
        case at.Monitoring(means=means, stop_wanted=False) if means:
            return Can(stop=True, stop_means=means)
        case at.Staging(abort=abort) | at.Deleting(abort=abort) | at.AwaitingDeletion(abort=abort):
            return Can(abort=not abort)
        case at.Discarding(then=then):
            return Can(abort=then == "restage")
        case at.Executing() | at.Monitoring() | at.RollingBack() | at.Concluding() | at.Completed():
            return Can()
        case _:
            return Can(abort=True)


def execute_requested(state: State, event: on.ExecuteRequested) -> Step:
    """Execute what was reviewed, and nothing else."""
    match state:
        case at.ConfirmingLoss(staged=staged) | at.Staged(staged=staged) if event.plan not in (None, staged.plan):
            raise IllegalEvent(
                "planChanged",
                f"The changes were staged again: {staged.plan} waits now, not {event.plan}. Review it first.",
            )
        case at.Staged(order=order, staged=staged):
            return at.Checking(order, staged), (do.CheckPlan(staged.plan),)
        case at.ConfirmingLoss():
            raise IllegalEvent("needsConsent", "Data would be lost: answer the question about it first.")
        case _:
            raise IllegalEvent("notStaged", "There are no staged changes that wait for execution.")


def abort_requested(state: State) -> Step:
    """Give up, and leave nothing behind that was not there before."""
    match state:
        case at.Staging() | at.Deleting() | at.AwaitingDeletion():
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


def consented(state: State) -> Step:
    """Go on with what would lose something."""
    match state:
        case at.ConfirmingRecreate(order=order, stack_id=stack_id):
            return at.Deleting(order, stack_id), (do.Delete(stack_id, order.attempt),)
        case at.ConfirmingLoss(order=order, staged=staged, stateful=stateful):
            return ready(evolve(order, consented=tuple(sorted({*order.consented, *stateful}))), staged)
        case _:
            raise IllegalEvent("questionChanged", "No such question is open.")


def values_given(state: State) -> Step:
    """Go on with what waited for values."""
    match state:
        case at.AskingValues(order=order, then="build"):
            return at.Building(order), (do.Build(),)
        case at.AskingValues(order=order):
            return at.Staging(order), (do.Stage(order.attempt),)
        case _:
            raise IllegalEvent("questionChanged", "No values are asked for.")
