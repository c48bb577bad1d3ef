"""State and facts as one snapshot, with the words for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import evolve

from sigma_ls.deploy import changelist, durations, machine, root_cause
from sigma_ls.deploy import states as at
from sigma_ls.deploy.facts import Facts
from sigma_ls.deploy.phases import PHASES
from sigma_ls.deploy.snapshot import AskedValue, Choice, Deployment, Outcome, Plan, Progress, Question, QuestionKind

_BY_HAND: Final = frozenset(
    {
        "CREATE_FAILED",
        "DELETE_FAILED",
        "IMPORT_ROLLBACK_FAILED",
        "ROLLBACK_COMPLETE",
        "ROLLBACK_FAILED",
        "UPDATE_FAILED",
        "UPDATE_ROLLBACK_FAILED",
    }
)
"""Statuses of a stack which, left so by a deployment that failed, a person has to look at; the words are CloudFormation's."""

ABORT: Final = "abort"
"""The id of the choice that aborts, in every question."""
COMMIT: Final = "commit"
"""The id of the choice to commit, with the message that is suggested."""
WITHOUT: Final = "skip"
"""The id of the choice to deploy without a commit."""
MESSAGE: Final = "message"
"""The name of the text that a commit asks for."""


def snapshot(state: at.State, facts: Facts, *, revision: int, attached: bool | None = None) -> Deployment:
    """The whole deployment at this moment."""
    order = state.order
    plan = getattr(state, "staged", None)
    plan = facts.plan if plan is None else plan.plan
    return Deployment(
        id=facts.id,
        revision=revision,
        operation=order.operation,
        project=facts.project,
        stage=facts.stage,
        sandbox=facts.sandbox,
        engine=facts.engine,
        stack=facts.stack,
        phase=PHASES[type(state)],
        message=message(state, facts),
        changes=facts.changes,
        progress=_progress(state, facts),
        outputs=facts.outputs,
        failures=(*facts.failures, *facts.left_behind),
        can=machine.can(state),
        auto_execute=order.auto_execute,
        started_at=facts.started_at,
        updated_at=facts.updated_at,
        attached=True if attached or isinstance(state, at.Waiting) else None,
        outcome=state.outcome if isinstance(state, at.Completed) else None,
        stack_status=facts.stack_status,
        plan=None if plan is None else Plan(plan, changelist.summary(facts.changes)),
        question=question(state, facts),
        ended_at=facts.ended_at,
        reached=facts.reached if isinstance(state, at.Completed) else None,
        started_by=facts.started_by,
        commit=facts.commit,
        code=facts.code if _tells_why(state) else None,
        passed=facts.passed,
    )


def _tells_why(state: at.State) -> bool:
    """Whether what did not work is of interest: not once all has ended well, or as a person wanted."""
    return not isinstance(state, at.Completed) or state.outcome in ("failed", "refused")


def message(state: at.State, facts: Facts) -> str:
    """One line for a person: what goes on, what is waited for, how it ended."""
    line = _line(state, facts)
    if facts.notice and not isinstance(state, at.Completed):
        return f"{line} ({facts.notice})"
    return line


def question(state: at.State, facts: Facts) -> Question | None:
    """What a person must say before it goes on."""
    number = state.order.attempt
    abort = Choice(ABORT, "Abort")
    match state:
        case at.AskingValues(values=values):
            titles = ", ".join(value.title for value in values)
            return Question(f"values-{number}", "values", f"Needed for this deployment: {titles}.", (abort,), values)
        case at.ConfirmingCommit():
            return _commit(state, facts, abort)
        case at.ConfirmingRecreate():
            return _recreation(state, facts, abort)
        case at.ConfirmingRollback():
            return _continuation(state, facts, abort)
        case at.ConfirmingPaused():
            return _way_on(state, facts, abort)
        case at.ConfirmingLoss(stateful=stateful):
            rows = {row.id: row for row in facts.changes}
            lost = [f"{rows[name].resource.name} ({rows[name].resource.type})" for name in stateful if name in rows]
            verb = "removed" if state.order.removal else "removed or replaced"
            buckets = [row for row in facts.changes if row.id in stateful and row.resource.type == root_cause.BUCKET]
            full = " A bucket that still holds objects cannot be removed: empty it first." if buckets else ""
            return Question(
                f"replaceStateful-{number}",
                "replaceStateful",
                f"These would be {verb}, and their data lost: {_names(lost or stateful)}.{full} Consent to that?",
                (Choice("replace", "Lose Their Data", destructive=True), abort),
            )
        case _:
            return None


def _commit(state: at.ConfirmingCommit, facts: Facts, abort: Choice) -> Question:
    without = Choice(WITHOUT, "Deploy Without Committing")
    identifier = f"commit-{state.order.attempt}-{state.tries}"
    if not state.possible:
        why = f"{state.problem.rstrip('.')}."
        text = f"{_uncommitted(state)}They cannot be committed now. {why} Deploy all the same?"
        return Question(identifier, "commit", text, (without, abort))
    # What a hook says ends as it likes.
    problem = f"Nothing was committed. {state.problem.rstrip('.')}. " if state.problem else ""
    project = f"{facts.project.name} ({facts.stage})" if facts.stage else facts.project.name
    return Question(
        identifier,
        "commit",
        f"{problem}{_uncommitted(state)}Commit {'again' if state.problem else 'before deploying'}?",
        (Choice(COMMIT, "Commit"), without, abort),
        (AskedValue(MESSAGE, "Commit message", secret=False, default=f"Deploy {project}"),),
    )


def _uncommitted(state: at.ConfirmingCommit) -> str:
    work = state.work
    if work is None:
        return "There may be uncommitted changes. "
    more = work.count - len(work.changed)
    named = _names((*work.changed, f"{more} more")) if more else _names(work.changed)
    new = f" ({work.new} new)" if work.new else ""
    large = f" Large, and kept in the history for ever: {_names(work.large)}." if work.large else ""
    return f"Uncommitted changes: {named}{new}.{large} "


def _recreation(state: at.ConfirmingRecreate, facts: Facts, abort: Choice) -> Question:
    removal, undeletable = state.order.removal, state.undeletable
    loss = f" Data is lost with {_names(state.stateful)}." if state.stateful else ""
    held = f" It still holds {_names(state.resources)}." if state.resources else " It holds no resources."
    failed = f" Deleting it failed for {_names(undeletable)}." if undeletable else ""
    only = "its deletion was not finished" if removal else "it can only be deleted and made anew"
    leaving = f"Leaving {_names(undeletable)} Behind"
    keep = (Choice(machine.RETAIN, f"Delete{'' if removal else ' and Recreate'}, {leaving}"),) if undeletable else ()
    return Question(
        f"recreateStack-{state.order.attempt}",
        "recreateStack",
        f"The stack {facts.stack.name} is {state.status}: {only}.{held}{failed}{loss} "
        f"{'Delete it' if removal else 'Delete and recreate it'}?",
        (Choice("recreate", "Delete Again" if removal else "Delete and Recreate", destructive=True), *keep, abort),
    )


def _continuation(state: at.ConfirmingRollback, facts: Facts, abort: Choice) -> Question:
    number, stuck = state.order.attempt, state.stuck
    skip = (Choice(machine.SKIP, f"Continue Without {_names(stuck)}", destructive=True),) if stuck else ()
    # The last resort: where nothing can be named, or naming it has not helped.
    force = (
        (Choice(machine.FORCE, "Continue Without Whatever Fails", destructive=True),) if not stuck or number > 1 else ()
    )
    failed = f" It failed for {_names(stuck)}." if stuck else ""
    return Question(
        f"rollback-{number}",
        "rollback",
        f"The stack {facts.stack.name} is {state.status}: its rollback must be continued before it can be deployed."
        f"{failed} What is left out stays as it is, and CloudFormation takes it to be rolled back. "
        "Continue the rollback?",
        (*skip, Choice("continue", "Continue With Everything"), *force, abort),
    )


_EXPRESS: Final = (
    " That was in express mode, from which CloudFormation cannot roll back: to get back to what was deployed before, deploy "
    "the manifest of then to it (`sigma-ls status --history` names the commits), and after that the new one."
)


def _way_on(state: at.ConfirmingPaused, facts: Facts, abort: Choice) -> Question:
    refused = state.order.not_resumed
    resume = () if refused else (Choice(machine.RESUME, "Deploy to It As It Is"),)
    if state.stable:
        was = "an update failed and was not rolled back"
        back = Choice(machine.UNDO, "Roll It Back First", destructive=True)
        undo: tuple[Choice, ...] = (back,) if state.can_roll_back else ()
        # The words are CloudFormation's: so far its express mode is all that cannot be rolled back.
        loss = "" if state.can_roll_back else _EXPRESS
    else:
        was = "its creation failed and was not rolled back"
        undo = () if state.protected else (Choice(machine.UNDO, "Delete and Recreate", destructive=True),)
        held = f" It holds {_names(state.resources)}." if state.resources else " It holds no resources."
        loss = held + (f" Deleting it loses the data of {_names(state.stateful)}." if state.stateful else "")
        loss += " It has termination protection, so it cannot be deleted." if state.protected else ""
    as_it_is = (
        f" It takes no update as it is: {refused}"
        if refused
        else " Deployed to as it is, this deployment is not rolled back either if it fails."
    )
    kind: QuestionKind = "rollback" if state.stable else "recreateStack"
    return Question(
        f"{kind}-{state.order.attempt}",
        kind,
        f"The stack {facts.stack.name} is {state.status}: {was}.{loss}{as_it_is} How to go on?",
        (*resume, *undo, abort),
    )


def _progress(state: at.State, facts: Facts) -> Progress:
    progress = changelist.progress(facts.changes)
    if not isinstance(state, at.Executing | at.Monitoring):
        return progress
    pace = durations.SANDBOX_PACE if facts.sandbox else 1.0
    return evolve(progress, eta_seconds=durations.remaining(facts.changes, facts.typical, facts.updated_at, pace=pace))


def _line(state: at.State, facts: Facts) -> str:
    stack = facts.stack.name
    match state:
        case at.Initializing():
            return facts.detail or "Checking the manifest."
        case at.AskingValues():
            return "Waiting for values that only you know."
        case at.LookingForChanges():
            return "Looking for what is not committed."
        case at.ConfirmingCommit(possible=possible):
            return "Some of the project is not committed." if possible else "The project cannot be committed now."
        case at.Committing():
            return "Committing the project's folder."
        case at.Building():
            return facts.detail or "Building the functions."
        case at.Preparing() | at.Foreseeing():
            return facts.detail or f"Looking at the stack {stack}."
        case at.Waiting():
            return f"The stack {stack} is busy ({facts.stack_status}); waiting for that operation to end."
        case at.ConfirmingRecreate(status=status):
            if state.order.removal:
                return f"The stack {stack} is {status}: how to delete it is for you to say."
            return f"The stack {stack} is {status} and can only be deleted and recreated: consent is needed."
        case at.Deleting(abort=abort) | at.AwaitingDeletion(abort=abort):
            after = "nothing is deployed afterwards" if abort else "it is made anew afterwards"
            return f"Deleting the unrecoverable stack {stack}; {after}."
        case at.ConfirmingRollback(status=status):
            return f"The stack {stack} is {status}: its rollback must be continued, and how is for you to say."
        case at.ConfirmingPaused(status=status):
            return f"The stack {stack} is {status}, not rolled back: how to go on is for you to say."
        case at.ContinuingRollback(abort=abort) | at.AwaitingRollback(abort=abort):
            after = "nothing is deployed afterwards" if abort else "it is deployed afterwards"
            return f"Continuing the rollback of the stack {stack}; {after}."
        case at.Uploading():
            return facts.detail or "Uploading the functions' code."
        case at.Staging(abort=abort):
            return (
                "Aborting: the changes are discarded as soon as they are staged."
                if abort
                else (facts.detail or "Staging the changes.")
            )
        case at.ConfirmingLoss():
            return f"Changes are ready, and data would be lost: consent is needed. {_planned(facts)}{_edited(facts)}"
        case at.Staged(stale=True):
            return "The stack was changed since these changes were staged: abort, then deploy again."
        case at.Staged():
            return f"Changes are ready for execution: {_planned(facts)}{_edited(facts)}"
        case at.Checking():
            return "Checking that the staged changes are still valid."
        case at.Executing(stop=stop):
            return "Stopping as soon as the execution has begun." if stop else "Starting the execution."
        case at.Discarding():
            return "Discarding the staged changes."
        case at.Concluding(outcome="noChanges"):
            return "Nothing to change; reading the outputs."
        case at.Concluding():
            return f"{_counts(facts)}; reading the outputs."
        case at.Monitoring() | at.RollingBack():
            return f"{_counts(facts)}; stack state: {facts.stack_status or 'not known yet'}"
        case at.Completed(outcome=outcome, message=more):
            return _ended(outcome, more, facts, removal=state.order.removal)


def _ended(outcome: Outcome, more: str, facts: Facts, *, removal: bool) -> str:
    stack, changes = facts.stack.name, facts.changes
    cause = next((f"{each.resource}: {each.reason}" for each in facts.failures if each.root_cause), more)
    match outcome:
        case "succeeded":
            done = f"{len(changes)} change{'s' if len(changes) != 1 else ''}"
            said = (
                f"The stack {stack} was removed." if removal else f"Deployed {stack} to {facts.stack.region}: {done}."
            )
            return said + _staying(facts, removal=removal)
        case "noChanges":
            return more or f"The stack {stack} is up to date: nothing to change."
        case "aborted":
            return more or "Aborted: nothing was changed."
        case "stopped":
            said = f"Stopped. {more}" if more else f"Stopped: the changes to {stack} were undone."
            return said + _staying(facts)
        case "rolledBack":
            return _said(f"Failed, and {stack} was rolled back", cause) + _staying(facts)
        case "partiallyApplied":
            stays = f"Failed, and {stack} is {facts.stack_status}: some changes stay in place"
            return _said(stays, cause) + _by_hand(facts)
        case "refused":
            # Where the stack was seen, it is the stack that keeps it from being done.
            return (more or "Refused.") + (_see(facts) if facts.stack_status else "")
        case "failed":
            return _said(f"{stack} was not removed" if removal else "Failed", cause) + _by_hand(facts)


def _edited(facts: Facts) -> str:
    if not facts.is_edited:
        return ""
    return " The manifest changed since staging: execution brings what was staged; abort and deploy again for the rest."


def _by_hand(facts: Facts) -> str:
    """Where to look at a stack that takes a person to put right."""
    return _see(facts) if facts.stack_status in _BY_HAND else ""


def _see(facts: Facts) -> str:
    return f" See {facts.stack.console_url}" if facts.stack.console_url else ""


def _staying(facts: Facts, *, removal: bool = False) -> str:
    """What is still on the cloud though it was to go, and what a removal kept as it should, by names."""
    rows = {row.id: row for row in facts.changes}
    left = [each for each in (*facts.failures, *facts.left_behind) if each.reason.startswith(root_cause.LEFT)]
    ids = {each.change for each in left}
    kept = [row.resource.name for row in facts.changes if removal and row.status == "retained" and row.id not in ids]
    named = [
        f"{each.resource} ({row.resource.physical_id})"
        if (row := rows.get(each.change or "")) and row.resource.physical_id
        else each.resource
        for each in left
    ]
    return (f" Kept: {_names(kept)}." if kept else "") + (
        f" Left behind, to be deleted by hand: {_names(named)}." if named else ""
    )


def _said(what: str, why: str) -> str:
    return f"{what}. {why}" if why else f"{what}."


def _counts(facts: Facts) -> str:
    progress = changelist.progress(facts.changes)
    failed = f", {progress.failed} errors" if progress.failed else ""
    return f"{progress.done}/{progress.total} done{failed}"


def _planned(facts: Facts) -> str:
    summary = changelist.summary(facts.changes)
    parts = [
        f"{count} to {word}"
        for word, count in (
            ("add", summary.add),
            ("modify", summary.modify),
            ("replace", summary.replace),
            ("remove", summary.remove),
        )
        if count
    ]
    return f"{', '.join(parts) or 'only outputs change'}."


def _names(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
