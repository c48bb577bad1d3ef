"""How an operation ends: what a settled stack means, and what becomes of effects that failed."""

from __future__ import annotations

from sigma_ls.deploy import effects as do
from sigma_ls.deploy import events as on
from sigma_ls.deploy import states as at
from sigma_ls.deploy.machine.steps import (
    IllegalEvent,
    Step,
    discarding,
    outcome_of,
    prepare_again,
    restaging,
    resume,
    watch,
)
from sigma_ls.deploy.states import Order, StagedPlan, State


def settled(state: State, event: on.Settled) -> Step:
    """What the end of a watched operation means for the deployment."""
    order = state.order
    match state:
        case at.Waiting():
            return at.Preparing(order), (do.Prepare(),)
        case at.AwaitingDeletion(abort=abort):
            if event.outcome != "deleted":
                reason = event.reason or f"it is {event.status}"
                return at.Completed(order, "failed", f"The stack could not be deleted: {reason}."), ()
            if abort:
                return at.Completed(order, "aborted", "The unrecoverable stack was deleted, nothing was deployed."), ()
            return prepare_again(order, "The stack had to be deleted too often.")
        case at.Monitoring(stop_wanted=stop) if not state.confirmed:
            return _never_began(state, event, stop_wanted=stop)
        case at.RollingBack(stop=stop) if not state.confirmed:
            return _never_began(state, event, stop_wanted=stop != "none")
        case at.Monitoring(staged=staged):
            return _ended(order, staged, event, stopped=False)
        case at.RollingBack(staged=staged, stop=stop):
            return _ended(order, staged, event, stopped=stop != "none")
        case _:
            raise IllegalEvent("late", f"Settled has no place in {type(state).__name__}.")


def _ended(order: Order, staged: StagedPlan, event: on.Settled, *, stopped: bool) -> Step:
    """What a settled stack means.  `succeeded` is said only where the stack's own status says so."""
    reason = event.reason or ""
    if order.removal:
        if event.outcome == "deleted":
            return at.Completed(order, "succeeded"), ()
        return at.Completed(order, "failed", reason or f"It is {event.status}."), ()
    match event.outcome:
        case "succeeded":
            return at.Concluding(order, staged.stack_id, "succeeded"), (do.Conclude(staged.stack_id),)
        case "rolledBack" | "deleted" if stopped:
            return at.Completed(order, "stopped", reason), ()
        case "rolledBack":
            return at.Completed(order, "rolledBack", reason), ()
        case "deleted":
            return at.Completed(order, "failed", "The stack was deleted meanwhile, by someone else."), ()
        case _:
            return at.Completed(order, "partiallyApplied" if event.applied else "failed", reason), ()


def _never_began(state: at.Monitoring | at.RollingBack, event: on.Settled, *, stop_wanted: bool) -> Step:
    """A call without an answer, and then not one event of it: the cloud never began."""
    if state.order.removal and event.outcome == "deleted":
        return at.Completed(state.order, "succeeded"), ()
    if stop_wanted:
        return discarding(state.order, state.staged, "aborted")
    return restaging(state.order, state.staged)


def unreachable(state: State) -> Step:
    """To lose sight of a cloud says nothing about what it does."""
    if isinstance(state, at.Completed):
        raise IllegalEvent("late", "The deployment has ended.")
    return state, ()


def effect_failed(state: State, event: on.EffectFailed) -> Step:
    """What becomes of a deployment one of whose effects failed."""
    order = state.order
    match state, event.effect:
        case at.Initializing(), "Analyze":
            return at.Completed(order, "failed", event.message), ()
        case at.Building(), "Build":
            return at.Completed(order, "failed", event.message), ()
        case at.Preparing(), "Prepare":
            return at.Completed(order, "failed", event.message), ()
        case at.Uploading(), "Upload":
            return at.Completed(order, "failed", event.message), ()
        case at.Staging(abort=abort), "Stage":
            if event.code == "conflict" and not abort:
                # Someone else began an operation meanwhile: it is waited for.
                return prepare_again(order, event.message)
            return at.Completed(order, "aborted" if abort else "failed", event.message), ()
        case at.Deleting(stack_id=stack_id, abort=abort), "Delete":
            if not event.certain:
                return at.AwaitingDeletion(order, stack_id, abort), (do.WatchDeletion(stack_id, order.attempt),)
            return at.Completed(order, "failed", event.message), ()
        case at.Checking(staged=staged), "CheckPlan":
            # Nothing was done: the person may try again.
            return at.Staged(order, staged), ()
        case at.Executing(staged=staged), "Execute" | "Reconcile" if not event.certain or event.effect == "Reconcile":
            return state, (do.Reconcile(staged.plan),)
        case at.Executing(staged=staged, stop=stop), "Execute":
            return _execution_refused(order, staged, event, stop=stop)
        case at.Waiting() | at.AwaitingDeletion() | at.Monitoring() | at.RollingBack(), "Watch" | "WatchDeletion":
            return state, tuple(effect for effect in resume(state) if type(effect).__name__ == event.effect)
        case at.RollingBack(stop="requested"), "Stop" if not event.certain:
            return state, tuple(effect for effect in resume(state) if isinstance(effect, do.Stop))
        case at.RollingBack(staged=staged, stop="requested", means=means, confirmed=confirmed), "Stop":
            means_now = None if event.code in ("conflict", "notFound") else means
            return at.Monitoring(order, staged, means_now, confirmed, stop_wanted=not confirmed), ()
        case at.Discarding(staged=staged, uncertain=True), "Discard":
            return at.Monitoring(order, staged, staged.means, confirmed=False, stop_wanted=True), (
                watch(order, staged),
            )
        case at.Discarding(then="restage"), "Discard":
            return at.Preparing(order), (do.Prepare(),)
        case at.Discarding(then=then, message=message), "Discard":
            return at.Completed(order, outcome_of(then), f"{message} {event.message}".strip()), ()
        case at.Concluding(outcome=outcome), "Conclude":
            return at.Completed(order, outcome), ()
        case _:
            raise IllegalEvent("late", f"The failure of {event.effect} has no place in {type(state).__name__}.")


def _execution_refused(order: Order, staged: StagedPlan, event: on.EffectFailed, *, stop: bool) -> Step:
    if stop:
        return discarding(order, staged, "aborted")
    if event.code in ("conflict", "notFound"):
        return restaging(order, staged)
    if order.auto_execute:
        return discarding(order, staged, "failed", event.message)
    return at.Staged(order, staged), ()
