"""How an operation ends: what a settled stack means, and what becomes of effects that failed."""

from __future__ import annotations

from attrs import evolve

from sigma_ls.deploy import effects as do
from sigma_ls.deploy import events as on
from sigma_ls.deploy import states as at
from sigma_ls.deploy.machine.steps import (
    IllegalEvent,
    Step,
    begin_again,
    discarding,
    outcome_of,
    prepare_again,
    restaging,
    resume,
    waiting,
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
            if event.outcome != "deleted" and abort:
                return at.Completed(order, "aborted", f"{_undeleted(event)} Nothing was deployed."), ()
            if abort:
                return at.Completed(order, "aborted", "The unrecoverable stack was deleted, nothing was deployed."), ()
            if event.outcome != "deleted":
                # It is looked at again: what could not be deleted can be left behind, if a person says so.
                return prepare_again(order, f"{_undeleted(event)} Delete by hand what is left, then deploy again.")
            return begin_again(order, "The stack had to be deleted too often.")
        case at.AwaitingRollback(abort=True):
            done = "continued" if event.outcome == "rolledBack" else "continued in vain"
            return at.Completed(order, "aborted", f"The rollback was {done}, nothing was deployed."), ()
        case at.AwaitingRollback():
            why = f": {event.reason}" if event.reason else ""
            return prepare_again(
                order,
                f"The rollback failed again and again; the stack is {event.status}{why}. Correct by hand what keeps it "
                "from rolling back, then deploy again.",
            )
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
            return at.Completed(order, "stopped"), ()
        case "failed" if stopped and staged.means == "halt":
            said = "It was stopped where it was, since it was executed without rollback."
            return at.Completed(order, "partiallyApplied" if event.applied else "stopped", said), ()
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


def _left(staged: StagedPlan) -> str:
    stack = f", and the empty stack {staged.stack_id} that was made for them" if staged.stack_is_new else ""
    return f" Left on the cloud: the staged changes {staged.plan}{stack}. Delete them by hand when it can be reached."


def _undeleted(event: on.Settled) -> str:
    return f"The stack could not be deleted: {(event.reason or f'it is {event.status}').rstrip('. ')}."


def unreachable(state: State) -> Step:
    """To lose sight of a cloud says nothing about what it does; after a while a person may give up watching."""
    if isinstance(state, at.Completed):
        raise IllegalEvent("late", "The deployment has ended.")
    if isinstance(state, at.Distant):
        return evolve(state, unseen=min(state.unseen + 1, at.LOST)), ()
    return state, ()


def effect_failed(state: State, event: on.EffectFailed) -> Step:
    """What becomes of a deployment one of whose effects failed."""
    order = state.order
    match state, event.effect:
        case at.Initializing(), "Analyze":
            return at.Completed(order, "failed", event.message), ()
        case at.LookingForChanges(), "FindChanges":
            return at.ConfirmingCommit(order, None, event.message, possible=False), ()
        case at.Committing(work=work, tries=tries), "Commit":
            # A person knows what to do about it, and may go on without.
            return at.ConfirmingCommit(order, work, event.message, tries=tries + 1), ()
        case at.Building(), "Build":
            return at.Completed(order, "failed", event.message), ()
        case at.Preparing() | at.Foreseeing(), "Prepare":
            return at.Completed(order, "failed", event.message), ()
        case at.Uploading(), "Upload":
            return at.Completed(order, "failed", event.message), ()
        case at.Staging(abort=abort), "Stage":
            if event.code == "conflict" and order.resume and not abort:
                return prepare_again(evolve(order, resume=False, not_resumed=event.message), event.message)
            if event.code == "conflict" and not abort:
                # Someone else began an operation meanwhile: it is waited for.
                return prepare_again(order, event.message)
            return at.Completed(order, "aborted" if abort else "failed", event.message), ()
        case at.Deleting(stack_id=stack_id, abort=abort), "Delete":
            if not event.certain:
                return at.AwaitingDeletion(order, stack_id, abort), (do.WatchDeletion(stack_id, order.attempt),)
            return at.Completed(order, "failed", event.message), ()
        case at.ContinuingRollback(stack_id=stack_id, abort=abort), "ContinueRollback":
            if not event.certain:
                return at.AwaitingRollback(order, stack_id, abort), (do.WatchRollback(stack_id, order.attempt),)
            return at.Completed(order, "failed", event.message), ()
        case at.Checking(staged=staged), "CheckPlan":
            # Nothing was done: the person may try again.
            return waiting(order, staged)
        case at.Staged(), "WatchPlan":
            # Only a look ahead: the execution checks it anyway.
            return state, ()
        case at.Executing(staged=staged), "Execute" | "Reconcile" if not event.certain or event.effect == "Reconcile":
            return state, (do.Reconcile(staged.plan),)
        case at.Executing(staged=staged, stop=stop), "Execute":
            return _execution_refused(order, staged, event, stop=stop)
        case (
            at.Waiting() | at.AwaitingDeletion() | at.AwaitingRollback() | at.Monitoring() | at.RollingBack(),
            "Watch" | "WatchDeletion" | "WatchRollback",
        ):
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
        case at.Discarding(staged=staged, then=then, message=message), "Discard":
            said = f"{message} {event.message}{'' if order.removal else _left(staged)}".strip()
            return at.Completed(order, outcome_of(then), said), ()
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
    return waiting(order, staged)
