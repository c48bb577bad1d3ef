"""The steps that several transitions share: a state with the effects that bring it about."""

from __future__ import annotations

from typing import Final

from attrs import evolve

from sigma_ls.deploy import effects as do
from sigma_ls.deploy import states as at
from sigma_ls.deploy.effects import Effect
from sigma_ls.deploy.ports import Worktree
from sigma_ls.deploy.snapshot import Outcome, StopMeans
from sigma_ls.deploy.states import Order, StagedPlan, State

MAX_ATTEMPTS: Final = 3
"""How often changes that went stale are staged again by themselves.  A guess: who changes a stack thrice meanwhile is
still at work on it."""

Step = tuple[State, tuple[Effect, ...]]


class IllegalEvent(Exception):
    """The event has no place in the state; `code` is what a person's request is refused with."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def begin(order: Order) -> Step:
    """The first step of a deployment."""
    return at.Initializing(order), (do.Analyze(),)


def resume(state: State) -> tuple[Effect, ...]:
    """What to begin when a deployment in this state is taken up again."""
    match state:
        case at.Initializing():
            return (do.Analyze(),)
        case at.LookingForChanges():
            return (do.FindChanges(),)
        case at.Committing(message=message):
            return (do.Commit(message),)
        case at.Building():
            return (do.Build(),)
        case at.Preparing() | at.Foreseeing():
            return (do.Prepare(),)
        case at.Waiting(stack_id=stack_id):
            return (do.Watch(stack_id),)
        case at.Deleting(order=order, stack_id=stack_id, retain=retain):
            return (do.Delete(stack_id, order.attempt, retain),)
        case at.AwaitingDeletion(order=order, stack_id=stack_id):
            return (do.WatchDeletion(stack_id, order.attempt),)
        case at.ContinuingRollback(order=order, stack_id=stack_id, skip=skip, force=force):
            return (do.ContinueRollback(stack_id, order.attempt, skip, force),)
        case at.AwaitingRollback(order=order, stack_id=stack_id):
            return (do.WatchRollback(stack_id, order.attempt),)
        case at.Uploading():
            return (do.Upload(),)
        case at.Staging(order=order):
            return (stage(order),)
        case at.Staged(staged=staged, stale=False):
            return (do.WatchPlan(staged.plan),)
        case at.Checking(staged=staged):
            return (do.CheckPlan(staged.plan),)
        case at.Executing(staged=staged):
            # Whether an execution began before a restart is not known: look, then decide.
            return (do.Reconcile(staged.plan),)
        case at.RollingBack(order=order, staged=staged, stop="requested", means=means) if means:
            return watch(order, staged), do.Stop(staged.stack_id, means, order.attempt)
        case at.Monitoring(order=order, staged=staged) | at.RollingBack(order=order, staged=staged):
            return (watch(order, staged),)
        case at.Discarding():
            return (discard(state),)
        case at.Concluding(stack_id=stack_id):
            return (do.Conclude(stack_id),)
        case _:
            return ()


def lasting(state: State) -> frozenset[Effect]:
    """The effects that may run on in a state; all others are to be ended when it is entered."""
    match state:
        case at.Executing(order=order, staged=staged):
            # A call that was sent is waited for: what came of it must be known.
            return frozenset({*resume(state), do.Execute(staged.plan, order.attempt)})
        case _:
            return frozenset(resume(state))


def building(order: Order) -> Step:
    """Nothing is left to ask before the code is built."""
    return at.Building(evolve(order, commit="skip", commit_message="")), (do.Build(),)


def looking_for_changes(order: Order) -> Step:
    """See what is not committed, where somebody wants to know; else build at once."""
    return building(order) if order.commit == "skip" else (at.LookingForChanges(order), (do.FindChanges(),))


def committing(order: Order, work: Worktree | None, message: str, tries: int = 1) -> Step:
    """Commit the project's folder."""
    return at.Committing(order, work, message, tries), (do.Commit(message),)


def ready(order: Order, staged: StagedPlan) -> Step:
    """Changes are staged, and nothing is left to ask."""
    return executing(order, staged) if order.auto_execute else waiting(order, staged)


def waiting(order: Order, staged: StagedPlan) -> Step:
    """The staged changes wait for a person, and are looked at now and then."""
    return at.Staged(order, staged), (do.WatchPlan(staged.plan),)


def stage(order: Order) -> do.Stage:
    """The effect that stages this attempt."""
    return do.Stage(order.attempt, order.retain)


def staging(order: Order) -> Step:
    """Have the changes worked out."""
    return at.Staging(order), (stage(order),)


def executing(order: Order, staged: StagedPlan) -> Step:
    """Ask for the execution."""
    return at.Executing(order, staged), (do.Execute(staged.plan, order.attempt),)


def started(order: Order, staged: StagedPlan, *, stop: bool, confirmed: bool) -> Step:
    """The execution began, as far as is known; a stop that raced with it is not forgotten."""
    if stop and staged.means:
        stopping, effects = stopping_with(order, staged, means=staged.means, confirmed=confirmed)
        return stopping, (watch(order, staged), *effects)
    return at.Monitoring(order, staged, staged.means, confirmed=confirmed), (watch(order, staged),)


def stopping_with(order: Order, staged: StagedPlan, *, means: StopMeans, confirmed: bool) -> Step:
    """Stop as `means` says.  The watch that runs already goes on."""
    return (
        at.RollingBack(order, staged, "requested", means, confirmed),
        (do.Stop(staged.stack_id, means, order.attempt),),
    )


def continuing_rollback(order: Order, stack_id: str, *, skip: tuple[str, ...] = (), force: bool = False) -> Step:
    """Have a rollback go on, or begin."""
    return (
        at.ContinuingRollback(order, stack_id, skip, force=force),
        (do.ContinueRollback(stack_id, order.attempt, skip, force),),
    )


def discarding(order: Order, staged: StagedPlan, then: at.Then, message: str = "", *, uncertain: bool = False) -> Step:
    """Delete what was staged, then go on with `then`."""
    state = at.Discarding(order, staged, then, message, uncertain)
    return state, (discard(state),)


def discard(state: at.Discarding) -> do.Discard:
    """The effect that a `Discarding` is about.

    The empty stack goes too where the changes are staged anew: whatever ends the deployment until then, none is left.
    """
    return do.Discard(state.staged)


def restaging(order: Order, staged: StagedPlan) -> Step:
    """The changes went stale: stage them again, unless that was done too often."""
    if order.attempt >= MAX_ATTEMPTS:
        return discarding(order, staged, "failed", "The stack was changed meanwhile, again and again. Try again later.")
    return discarding(evolve(order, attempt=order.attempt + 1), staged, "restage")


def begin_again(order: Order, message: str) -> Step:
    """Start from initialization, unless that was done too often."""
    if order.attempt >= MAX_ATTEMPTS:
        return at.Completed(order, "failed", message), ()
    return begin(evolve(order, attempt=order.attempt + 1))


def prepare_again(order: Order, message: str) -> Step:
    """Look at the stack anew, unless that was done too often."""
    if order.attempt >= MAX_ATTEMPTS:
        return at.Completed(order, "failed", message), ()
    return at.Preparing(evolve(order, attempt=order.attempt + 1)), (do.Prepare(),)


def outcome_of(then: at.Then) -> Outcome:
    """How a deployment ends whose changes were discarded."""
    return "aborted" if then == "aborted" else "failed"


def watch(order: Order, staged: StagedPlan) -> do.Watch:
    """The effect that follows this attempt."""
    return do.Watch(staged.stack_id, order.attempt)
