"""What is known of a deployment beside its state: a fold over its events, kept in the journal with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import evolve, field, frozen

from sigma_ls.deploy import changelist, machine, root_cause
from sigma_ls.deploy import events as on
from sigma_ls.deploy import states as at
from sigma_ls.deploy.changelist import Fold
from sigma_ls.deploy.phases import been_through, last_active
from sigma_ls.deploy.ports import StackEvent, StackOutcome, StackPresent
from sigma_ls.deploy.root_cause import LEFT
from sigma_ls.deploy.snapshot import Change, Engine, Failure, Output, Phase, ProjectRef, StackRef


@frozen
class Facts:
    """Everything that a snapshot shows and the state does not hold.  No secret is among it."""

    id: str
    project: ProjectRef
    stage: str | None
    sandbox: bool
    engine: Engine
    stack: StackRef
    started_at: str
    updated_at: str
    ended_at: str | None = None
    reached: Phase | None = None
    """The phase that it came to: the one in which it failed, if it did."""
    started_by: str | None = None
    """Who began it: a user's name and machine."""
    commit: str | None = None
    """The id of the git commit that the project's folder was at, where that was looked at and nothing else was in it."""
    plan: str | None = None
    """The name of the changes that were staged last, of executed and of discarded ones too."""
    typical: Mapping[str, float] = field(factory=dict)
    """Seconds by kind of change, out of the stack's history (`sigma_ls.deploy.durations`)."""
    source: str | None = None
    """The SHA-256 of the manifest's text from which the staged changes were made."""
    source_now: str | None = None
    """That of its text as it is edited now, where it was edited meanwhile."""
    fold: Fold = field(factory=Fold)
    outputs: tuple[Output, ...] = ()
    failures: tuple[Failure, ...] = ()
    left_behind: tuple[Failure, ...] = ()
    """What was left on the cloud since it could not be deleted, by a person's choice."""
    stack_status: str | None = None
    detail: str | None = None
    """What the running step does just now."""
    notice: str | None = None
    """What does not work just now, or did not a moment ago."""
    code: str | None = None
    """The same for programs, where it has a code; of what has failed, why."""
    passed: tuple[Phase, ...] | None = None
    """The phases that it has been through since it was begun (again); nothing where an older version began it."""

    @property
    def is_edited(self) -> bool:
        """Whether the manifest is another one now than that which was staged."""
        return None not in (self.source, self.source_now) and self.source != self.source_now

    @property
    def changes(self) -> tuple[Change, ...]:
        """The rows of the changelist."""
        return self.fold.rows


HIDDEN = "(hidden)"
HAS_ERRORS: Final = "manifestHasErrors"
"""The code of a manifest that cannot be deployed as it is."""


def learn(facts: Facts, state: at.State, event: on.Event, now: str) -> Facts:
    """The facts after `event`, which came in `state`."""
    facts = _learned(facts, state, event, now)
    if facts.notice is None and not isinstance(event, on.Discarded | on.AnalysisRefused):
        # What is tidied up after a failure is no news of its cause.
        facts = evolve(facts, code=None)
    return evolve(facts, updated_at=now)


def entered(facts: Facts, before: at.State, after: at.State, now: str) -> Facts:
    """The facts when the state has changed."""
    if type(before) is not type(after):
        facts = evolve(facts, detail=None)
    if isinstance(before, at.Waiting) != isinstance(after, at.Waiting):
        # Someone else's changes and our own are never in one list.
        facts = evolve(facts, fold=Fold())
    if isinstance(after, at.Preparing):
        # Whatever was staged before is not what comes next.
        facts = evolve(facts, plan=None)
    facts = evolve(
        facts, reached=last_active(before, after, facts.reached), passed=been_through(before, after, facts.passed)
    )
    if isinstance(after, at.Completed):
        facts = evolve(facts, ended_at=now)
    return facts


def _learned(facts: Facts, state: at.State, event: on.Event, now: str) -> Facts:
    removal = state.order.removal
    match event:
        case on.StackSeen(stack=stack, account=account, console_url=url):
            known = evolve(facts.stack, account=account or facts.stack.account, console_url=url)
            if isinstance(stack, StackPresent):
                return evolve(facts, stack=evolve(known, id=stack.id), stack_status=stack.status, notice=None)
            return evolve(facts, stack=known, stack_status=None, notice=None)
        case on.ChangesStaged(staged=staged, changes=changes, console_url=url, source=source):
            ref = evolve(facts.stack, id=staged.stack_id, console_url=url or facts.stack.console_url)
            return evolve(
                facts, stack=ref, fold=Fold(changes), plan=staged.plan, failures=(), notice=None, source=source
            )
        case on.ChangesFound(work=work):
            return evolve(facts, commit=None if work is None or work.count else work.commit)
        case on.Committed(commit=commit):
            return evolve(facts, commit=commit)
        case on.Edited(source=source):
            return evolve(facts, source_now=source)
        case on.Consented(choice=choice) if isinstance(state, at.ConfirmingRecreate) and choice == machine.RETAIN:
            return evolve(facts, left_behind=tuple(_left(name) for name in state.undeletable))
        case on.NothingStaged(stack_id=stack_id):
            return evolve(facts, stack=evolve(facts.stack, id=stack_id), fold=Fold(), plan=None, notice=None)
        case on.Progressed(status=status, events=events):
            facts = evolve(facts, stack_status=status, notice=None)
            if isinstance(state, at.Monitoring | at.RollingBack):
                facts = _watched(facts, events, removal=removal)
            elif isinstance(state, at.Waiting):
                facts = evolve(facts, fold=changelist.observed(facts.fold, events))
            return facts
        case on.Unreachable(reason=reason, code=code):
            return evolve(facts, notice=reason, code=code)
        case on.Settled(outcome=outcome, status=status, reason=reason):
            facts = evolve(facts, stack_status=status, notice=None)
            if isinstance(state, at.Monitoring | at.RollingBack) and state.confirmed:
                fold = changelist.settled(facts.fold, outcome, now, removal=removal)
                facts = evolve(facts, fold=fold, failures=_ordered(facts, outcome, reason, removal=removal))
            return facts
        case on.Concluded(outputs=outputs):
            shown = tuple(evolve(output, value=HIDDEN) if output.sensitive else output for output in outputs)
            return evolve(facts, outputs=shown)
        case on.AnalysisRefused(failures=failures):
            return evolve(facts, failures=failures, code=HAS_ERRORS if failures else None)
        case on.EffectFailed(message=message, failures=failures, code=code):
            return evolve(facts, failures=(*facts.failures, *failures), notice=message, code=code)
        case on.ExecuteRequested() | on.ExecutionStarted() | on.StopAccepted() | on.PlanChecked() | on.Discarded():
            return evolve(facts, notice=None)
        case _:
            return facts


def _left(name: str) -> Failure:
    return Failure(name, f"{LEFT}it could not be deleted, and the stack was deleted without it", False, name)


def _watched(facts: Facts, events: tuple[StackEvent, ...], *, removal: bool) -> Facts:
    rows = {row.id: row for row in facts.changes}
    new = root_cause.failures(events, rows, rolling=facts.fold.rolling, removal=removal, sandbox=facts.sandbox)
    known = {(failure.change, failure.reason) for failure in facts.failures}
    fold = changelist.advance(facts.fold, events, removal=removal)
    causes = {failure.change for failure in new if failure.root_cause}
    marked = tuple(evolve(row, root_cause=True) if row.id in causes else row for row in fold.rows)
    return evolve(
        facts,
        fold=evolve(fold, rows=marked),
        failures=(*facts.failures, *(each for each in new if (each.change, each.reason) not in known)),
    )


def _ordered(facts: Facts, outcome: StackOutcome, reason: str | None, *, removal: bool) -> tuple[Failure, ...]:
    """Causes first; a failure of the stack as a whole, where no resource explains it, is one too."""
    failed = outcome in ("rolledBack", "failed") or (outcome == "deleted" and not removal)
    why = facts.fold.because if facts.fold.rolling else reason
    # A rollback that a person asked for has no cause to be found; its reason is then "User Initiated".
    if failed and why and "user initiated" not in why.lower() and not any(each.root_cause for each in facts.failures):
        return (Failure(facts.stack.name, root_cause.readable(why), root_cause=True), *facts.failures)
    return tuple(sorted(facts.failures, key=lambda failure: not failure.root_cause))
