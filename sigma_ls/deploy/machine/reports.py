"""What the effects report, up to the execution and through it."""

from __future__ import annotations

from attrs import evolve

from sigma_ls.deploy import effects as do
from sigma_ls.deploy import events as on
from sigma_ls.deploy import states as at
from sigma_ls.deploy.events import Event
from sigma_ls.deploy.machine.steps import (
    IllegalEvent,
    Step,
    begin,
    building,
    committing,
    discarding,
    executing,
    looking_for_changes,
    outcome_of,
    ready,
    restaging,
    staging,
    started,
    stopping_with,
    watch,
)
from sigma_ls.deploy.ports import Stack, StackAbsent, StackPresent, Worktree
from sigma_ls.deploy.risk import stateful_ids
from sigma_ls.deploy.snapshot import AskedValue
from sigma_ls.deploy.states import Order, State


def reported(state: State, event: Event) -> Step:
    """The step that follows from what an effect reports."""
    order = state.order
    match state, event:
        case at.Initializing(), on.Analyzed(missing=missing):
            if order.removal:
                return at.Preparing(order), (do.Prepare(),)
            if missing:
                return at.Foreseeing(order, missing), (do.Prepare(),)
            return looking_for_changes(order)
        case at.Initializing(), on.AnalysisRefused(message=message):
            return at.Completed(order, "refused", message), ()
        case at.LookingForChanges(), on.ChangesFound(work=work):
            return _found(order, work)
        case at.Committing(), on.Committed():
            return building(order)
        case at.Building(), on.Built():
            return at.Preparing(order), (do.Prepare(),)
        case at.Foreseeing(values=values), on.StackSeen(stack=stack):
            return _foreseen(order, stack, values)
        case at.Preparing(), on.StackSeen(stack=stack):
            return _prepared(order, stack)
        case at.Uploading(), on.Uploaded():
            return staging(order)
        case at.Staging(abort=True), on.ChangesStaged(staged=staged):
            return discarding(order, staged, "aborted")
        case at.Staging(abort=True), on.NothingStaged() | on.ValuesMissing() | on.WorkLost():
            return at.Completed(order, "aborted"), ()
        case at.Staging(), on.ChangesStaged(staged=staged, stateful=stateful):
            unconfirmed = tuple(name for name in stateful if name not in order.consented)
            if unconfirmed and not order.allow_data_loss:
                return at.ConfirmingLoss(order, staged, stateful), ()
            return ready(order, staged)
        case at.Staging(), on.NothingStaged(stack_id=stack_id):
            return at.Concluding(order, stack_id, "noChanges"), (do.Conclude(stack_id),)
        case at.Staging(), on.ValuesMissing(values=values):
            return at.AskingValues(order, values, "stage"), ()
        case at.Building() | at.Uploading() | at.Staging(), on.WorkLost():
            return begin(order)
        case at.Checking(staged=staged), on.PlanChecked(current=True):
            return executing(order, staged)
        case at.Checking(staged=staged), on.PlanChecked():
            return restaging(order, staged)
        case at.Staged(), on.PlanChecked(current=current):
            # Nothing is staged again behind the back of the person who is just reading.
            return evolve(state, stale=not current), ()
        case at.Executing(staged=staged, stop=stop), on.ExecutionStarted():
            return started(order, staged, stop=stop, confirmed=True)
        case at.Executing(staged=staged, stop=True), on.PlanChecked(current=True):
            # It had not begun when we looked; what is discarded cannot begin, and the watch afterwards makes sure.
            return discarding(order, staged, "aborted", uncertain=True)
        case at.Executing(staged=staged), on.PlanChecked(current=True):
            return state, (do.Execute(staged.plan, order.attempt),)
        case at.Executing(staged=staged, stop=stop), on.PlanChecked():
            return started(order, staged, stop=stop, confirmed=False)
        case at.Deleting(stack_id=stack_id, abort=abort), on.DeletionStarted():
            return at.AwaitingDeletion(order, stack_id, abort), (do.WatchDeletion(stack_id, order.attempt),)
        case at.ContinuingRollback(stack_id=stack_id, abort=abort), on.RollbackContinued():
            return at.AwaitingRollback(order, stack_id, abort), (do.WatchRollback(stack_id, order.attempt),)
        case at.Waiting() | at.AwaitingDeletion() | at.AwaitingRollback(), on.Progressed():
            return state, ()
        case at.Monitoring() | at.RollingBack(), on.Progressed():
            return _progressed(state, event)
        case at.RollingBack(stop="requested"), on.StopAccepted():
            return evolve(state, stop="accepted"), ()
        case at.Discarding(staged=staged, uncertain=True), on.Discarded():
            return at.Monitoring(order, staged, staged.means, confirmed=False, stop_wanted=True), (
                watch(order, staged),
            )
        case at.Discarding(then="restage"), on.Discarded():
            return at.Preparing(order), (do.Prepare(),)
        case at.Discarding(then=then, message=message), on.Discarded():
            return at.Completed(order, outcome_of(then), message), ()
        case at.Concluding(outcome=outcome), on.Concluded():
            return at.Completed(order, outcome), ()
        case _:
            raise IllegalEvent("late", f"{type(event).__name__} has no place in {type(state).__name__}.")


def _found(order: Order, work: Worktree | None) -> Step:
    if work is None and order.commit_message:
        return at.ConfirmingCommit(order, None, "The project is in no git repository.", possible=False), ()
    if work is None or not work.count:
        return building(order)
    if work.hindrance:
        return at.ConfirmingCommit(order, work, work.hindrance, possible=False), ()
    if order.commit_message:
        return committing(order, work, order.commit_message)
    return at.ConfirmingCommit(order, work), ()


def _prepared(order: Order, stack: Stack) -> Step:
    match stack:
        case StackAbsent() if order.removal:
            return at.Completed(order, "noChanges", "There is no such stack."), ()
        case StackPresent(condition="busy", id=stack_id):
            return at.Waiting(order, stack_id), (do.Watch(stack_id),)
        case StackPresent(protected=True) if order.removal:
            return at.Completed(
                order, "refused", f"The stack has termination protection. {_unprotect(stack)}, then undeploy again."
            ), ()
        case StackPresent(undeletable=undeletable) if order.removal and undeletable and not order.recreate:
            return _asking_to_recreate(order, stack)
        case _ if order.removal:
            return staging(order)
        case StackPresent(condition="unrecoverable"):
            return _unrecoverable(order, stack)
        case StackPresent(condition="rollbackFailed", id=stack_id, status=status, stuck=stuck):
            return at.ConfirmingRollback(order, stack_id, status, stuck), ()
        case StackPresent(condition="paused"):
            return _paused(order, stack)
        case _:
            return at.Uploading(order), (do.Upload(),)


def _foreseen(order: Order, stack: Stack, values: tuple[AskedValue, ...]) -> Step:
    state, effects = _prepared(order, stack)
    # What was consented to beforehand waits for the values: nothing is deleted for a deployment that lacks them.
    return (at.AskingValues(order, values), ()) if effects else (state, ())


def _paused(order: Order, stack: StackPresent) -> Step:
    # Consent beforehand does what loses least: what was in good order is updated, what never was is made anew.
    if order.resume or (stack.stable and order.recreate and not order.not_resumed):
        return at.Uploading(order), (do.Upload(),)
    stateful = stateful_ids(stack.resources)
    if not stack.stable and not stack.protected and order.recreate and (order.allow_data_loss or not stateful):
        return at.Deleting(order, stack.id), (do.Delete(stack.id, order.attempt),)
    if not stack.stable and stack.protected and order.not_resumed:
        return _unrecoverable(order, stack)
    held = tuple(stack.resources)
    stable, protected, can_roll_back = stack.stable, stack.protected, stack.can_roll_back
    return at.ConfirmingPaused(order, stack.id, stack.status, stable, held, stateful, protected, can_roll_back), ()


def _unrecoverable(order: Order, stack: StackPresent) -> Step:
    if stack.protected:
        return at.Completed(
            order,
            "refused",
            f"The stack is {stack.status}: it must be deleted before it can be deployed, and it has termination "
            f"protection. {_unprotect(stack)}, then deploy again.",
        ), ()
    consented = order.recreate and (order.allow_data_loss or not stateful_ids(stack.resources))
    # What this deployment could not delete just now, it cannot delete now either: only a person knows what to do.
    in_vain = bool(stack.undeletable) and order.attempt > 1
    if consented and not in_vain:
        return at.Deleting(order, stack.id), (do.Delete(stack.id, order.attempt),)
    return _asking_to_recreate(order, stack)


def _unprotect(stack: StackPresent) -> str:
    return (
        "If it may go, switch that off (aws cloudformation update-termination-protection "
        f"--no-enable-termination-protection --stack-name {stack.id})"
    )


def _asking_to_recreate(order: Order, stack: StackPresent) -> Step:
    stateful = stateful_ids(stack.resources)
    return (
        at.ConfirmingRecreate(order, stack.id, stack.status, tuple(stack.resources), stateful, stack.undeletable),
        (),
    )


def _progressed(state: at.Monitoring | at.RollingBack, event: on.Progressed) -> Step:
    confirmed = state.confirmed or bool(event.events)
    if isinstance(state, at.RollingBack):
        return evolve(state, confirmed=confirmed), ()
    # What is executed without rollback is not undone when it is stopped either, though it is stopped in the same way.
    means = "halt" if state.staged.means == "halt" and event.means == "rollback" else event.means
    if state.stop_wanted and confirmed and means:
        return stopping_with(state.order, state.staged, means=means, confirmed=True)
    if rolls_back(event.status) and confirmed:
        return at.RollingBack(state.order, state.staged), ()
    return evolve(state, means=means, confirmed=confirmed), ()


def rolls_back(status: str) -> bool:
    """Whether a stack of this status is undoing its changes.  The word is CloudFormation's; others have none."""
    return "ROLLBACK" in status
