"""Every state against every event: the samples, and what comes of them, for the golden table and for the diagram."""

from __future__ import annotations

from attrs import evolve

from sigma_ls.deploy import events as on
from sigma_ls.deploy import states as at
from sigma_ls.deploy.effects import Effect
from sigma_ls.deploy.machine import FORCE, RETAIN, SKIP, UNDO, IllegalEvent, advance
from sigma_ls.deploy.ports import StackAbsent, StackEvent, StackPresent, Worktree
from sigma_ls.deploy.snapshot import AskedValue

DEPLOY = at.Order("deploy")
AUTO = at.Order("deploy", auto_execute=True)
YES = at.Order("deploy", auto_execute=True, recreate=True)
CONSENTED = at.Order("deploy", auto_execute=True, allow_data_loss=True, recreate=True)
LAST = at.Order("deploy", attempt=3)
UNDEPLOY = at.Order("undeploy")
ASKED = (AskedValue("KEY", "the key", secret=True),)

RESUMED = at.Order("deploy", resume=True)
NOT_RESUMED = at.Order("deploy", recreate=True, not_resumed="No.")

ASK = at.Order("deploy", commit="ask")
MESSAGE = at.Order("deploy", commit="ask", commit_message="why")
WORK = Worktree("c0ffee", ("sigma.yaml",), count=1)

UPDATE = at.StagedPlan("plan", "stack", means="rollback")
WITHOUT_ROLLBACK = at.StagedPlan("plan", "stack", means="halt")
CREATE = at.StagedPlan("plan", "stack", stack_is_new=True, means="delete")
REMOVAL = at.StagedPlan("plan", "stack")
OWN = StackEvent("1", "2025-01-01T00:00:00.000Z", "Images", "AWS::S3::Bucket", "CREATE_IN_PROGRESS", token="t")

STATES: dict[str, at.State] = {
    "initializing": at.Initializing(DEPLOY),
    "initializing removal": at.Initializing(UNDEPLOY),
    "foreseeing": at.Foreseeing(DEPLOY, ASKED),
    "foreseeing --yes": at.Foreseeing(YES, ASKED),
    "asking values": at.AskingValues(DEPLOY, ASKED),
    "asking values again": at.AskingValues(DEPLOY, ASKED, "stage"),
    "initializing, commit": at.Initializing(ASK),
    "asking values, commit": at.AskingValues(ASK, ASKED),
    "looking for changes": at.LookingForChanges(ASK),
    "looking for changes, message": at.LookingForChanges(MESSAGE),
    "confirming commit": at.ConfirmingCommit(ASK, WORK),
    "confirming commit, impossible": at.ConfirmingCommit(ASK, WORK, "A merge is not finished.", possible=False),
    "committing": at.Committing(ASK, WORK, "why"),
    "building": at.Building(DEPLOY),
    "preparing": at.Preparing(DEPLOY),
    "preparing --yes": at.Preparing(YES),
    "preparing --yes --allow-data-loss": at.Preparing(CONSENTED),
    "preparing removal": at.Preparing(UNDEPLOY),
    "preparing, resumed": at.Preparing(RESUMED),
    "preparing --yes, not resumed": at.Preparing(NOT_RESUMED),
    "waiting": at.Waiting(DEPLOY, "stack"),
    "confirming recreate": at.ConfirmingRecreate(DEPLOY, "stack", "ROLLBACK_COMPLETE"),
    "deleting": at.Deleting(DEPLOY, "stack"),
    "deleting, aborted": at.Deleting(DEPLOY, "stack", abort=True),
    "awaiting deletion": at.AwaitingDeletion(DEPLOY, "stack"),
    "awaiting deletion, aborted": at.AwaitingDeletion(DEPLOY, "stack", abort=True),
    "awaiting deletion, third time": at.AwaitingDeletion(LAST, "stack"),
    "confirming recreate, undeletable": at.ConfirmingRecreate(
        DEPLOY, "stack", "DELETE_FAILED", ("Images",), ("Images",), ("Images",)
    ),
    "confirming removal, undeletable": at.ConfirmingRecreate(
        UNDEPLOY, "stack", "DELETE_FAILED", ("Images",), ("Images",), ("Images",)
    ),
    "awaiting deletion, unseen": at.AwaitingDeletion(DEPLOY, "stack", abort=True, unseen=at.LOST),
    "confirming rollback": at.ConfirmingRollback(DEPLOY, "stack", "UPDATE_ROLLBACK_FAILED", ("Images",)),
    "confirming paused": at.ConfirmingPaused(DEPLOY, "stack", "UPDATE_FAILED"),
    "confirming paused, express": at.ConfirmingPaused(DEPLOY, "stack", "UPDATE_FAILED", can_roll_back=False),
    "confirming paused creation": at.ConfirmingPaused(
        DEPLOY, "stack", "CREATE_FAILED", stable=False, resources=("Images",), stateful=("Images",)
    ),
    "continuing rollback": at.ContinuingRollback(DEPLOY, "stack", ("Images",)),
    "continuing rollback, aborted": at.ContinuingRollback(DEPLOY, "stack", abort=True),
    "awaiting rollback": at.AwaitingRollback(DEPLOY, "stack"),
    "awaiting rollback, aborted": at.AwaitingRollback(DEPLOY, "stack", abort=True),
    "awaiting rollback, third time": at.AwaitingRollback(LAST, "stack"),
    "uploading": at.Uploading(DEPLOY),
    "staging": at.Staging(DEPLOY),
    "staging --yes": at.Staging(YES),
    "staging --yes --allow-data-loss": at.Staging(CONSENTED),
    "staging, aborted": at.Staging(DEPLOY, abort=True),
    "staging, resumed": at.Staging(RESUMED),
    "confirming loss": at.ConfirmingLoss(DEPLOY, UPDATE, ("Images",)),
    "confirming loss, auto": at.ConfirmingLoss(AUTO, UPDATE, ("Images",)),
    "staged": at.Staged(DEPLOY, UPDATE),
    "staged, stale": at.Staged(DEPLOY, UPDATE, stale=True),
    "checking": at.Checking(DEPLOY, UPDATE),
    "checking, third time": at.Checking(LAST, UPDATE),
    "executing": at.Executing(DEPLOY, UPDATE),
    "executing, auto": at.Executing(AUTO, UPDATE),
    "executing create, stopped": at.Executing(DEPLOY, CREATE, stop=True),
    "executing removal": at.Executing(UNDEPLOY, REMOVAL),
    "monitoring": at.Monitoring(DEPLOY, UPDATE, "rollback"),
    "monitoring, without rollback": at.Monitoring(DEPLOY, WITHOUT_ROLLBACK, "halt"),
    "monitoring, unstoppable": at.Monitoring(DEPLOY, UPDATE),
    "monitoring, unseen": at.Monitoring(DEPLOY, UPDATE, "rollback", unseen=at.LOST),
    "monitoring, unconfirmed": at.Monitoring(DEPLOY, UPDATE, "rollback", confirmed=False),
    "monitoring, unconfirmed, stop wanted": at.Monitoring(
        DEPLOY, UPDATE, "rollback", confirmed=False, stop_wanted=True
    ),
    "monitoring removal": at.Monitoring(UNDEPLOY, REMOVAL),
    "rolling back by itself": at.RollingBack(DEPLOY, UPDATE),
    "rolling back, stop requested": at.RollingBack(DEPLOY, UPDATE, "requested", "rollback"),
    "rolling back, stop requested, unconfirmed": at.RollingBack(
        DEPLOY, UPDATE, "requested", "rollback", confirmed=False
    ),
    "rolling back, stop accepted": at.RollingBack(DEPLOY, CREATE, "accepted", "delete"),
    "rolling back, halted": at.RollingBack(DEPLOY, WITHOUT_ROLLBACK, "accepted", "halt"),
    "discarding, aborted": at.Discarding(DEPLOY, CREATE, "aborted"),
    "discarding, aborted, uncertain": at.Discarding(DEPLOY, CREATE, "aborted", uncertain=True),
    "discarding, failed": at.Discarding(DEPLOY, CREATE, "failed", "why"),
    "discarding, staged again": at.Discarding(DEPLOY, CREATE, "restage"),
    "concluding": at.Concluding(DEPLOY, "stack", "succeeded"),
    "completed": at.Completed(DEPLOY, "succeeded"),
}

EVENTS: dict[str, on.Event] = {
    "execute": on.ExecuteRequested("plan"),
    "execute other": on.ExecuteRequested("other"),
    "abort": on.AbortRequested(),
    "stop": on.StopRequested(),
    "consent": on.Consented(),
    "consent, retain": on.Consented(RETAIN),
    "consent, skip": on.Consented(SKIP),
    "consent, force": on.Consented(FORCE),
    "consent, undo": on.Consented(UNDO),
    "values": on.ValuesGiven(),
    "commit": on.CommitRequested("why"),
    "edited": on.Edited("other"),
    "analyzed": on.Analyzed(),
    "analyzed, missing": on.Analyzed(ASKED),
    "analysis refused": on.AnalysisRefused("2 errors"),
    "no repository": on.ChangesFound(None),
    "nothing uncommitted": on.ChangesFound(Worktree("c0ffee")),
    "uncommitted": on.ChangesFound(WORK),
    "uncommittable": on.ChangesFound(evolve(WORK, hindrance="A merge is not finished.")),
    "committed": on.Committed("c0ffee"),
    "built": on.Built(),
    "work lost": on.WorkLost(),
    "absent": on.StackSeen(StackAbsent()),
    "ready": on.StackSeen(StackPresent("stack", "CREATE_COMPLETE", "ready")),
    "ready, protected": on.StackSeen(StackPresent("stack", "CREATE_COMPLETE", "ready", protected=True)),
    "busy": on.StackSeen(StackPresent("stack", "UPDATE_IN_PROGRESS", "busy")),
    "unrecoverable": on.StackSeen(StackPresent("stack", "ROLLBACK_COMPLETE", "unrecoverable")),
    "unrecoverable, stateful": on.StackSeen(
        StackPresent("stack", "DELETE_FAILED", "unrecoverable", resources={"Images": "AWS::S3::Bucket"})
    ),
    "unrecoverable, protected": on.StackSeen(
        StackPresent("stack", "ROLLBACK_COMPLETE", "unrecoverable", protected=True)
    ),
    "rollback failed": on.StackSeen(StackPresent("stack", "UPDATE_ROLLBACK_FAILED", "rollbackFailed")),
    "paused": on.StackSeen(StackPresent("stack", "UPDATE_FAILED", "paused")),
    "paused, express": on.StackSeen(StackPresent("stack", "UPDATE_FAILED", "paused", can_roll_back=False)),
    "paused creation": on.StackSeen(StackPresent("stack", "CREATE_FAILED", "paused", stable=False)),
    "paused creation, stateful, protected": on.StackSeen(
        StackPresent(
            "stack",
            "CREATE_FAILED",
            "paused",
            stable=False,
            protected=True,
            resources={"Images": "AWS::S3::Bucket"},
        )
    ),
    "deletion failed": on.StackSeen(
        StackPresent("stack", "DELETE_FAILED", "unrecoverable", resources={"Topic": "T"}, undeletable=("Topic",))
    ),
    "uploaded": on.Uploaded(),
    "values missing": on.ValuesMissing(ASKED),
    "staged": on.ChangesStaged(UPDATE),
    "staged, stateful": on.ChangesStaged(UPDATE, ("Images",)),
    "nothing staged": on.NothingStaged("stack"),
    "current": on.PlanChecked(current=True),
    "stale": on.PlanChecked(current=False),
    "started": on.ExecutionStarted(),
    "deletion started": on.DeletionStarted(),
    "rollback continued": on.RollbackContinued(),
    "stop accepted": on.StopAccepted(),
    "progress": on.Progressed("UPDATE_IN_PROGRESS", (OWN,), "rollback"),
    "progress, cleanup": on.Progressed("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", (OWN,)),
    "progress, rollback": on.Progressed("UPDATE_ROLLBACK_IN_PROGRESS", (OWN,)),
    "progress, nothing new": on.Progressed("UPDATE_IN_PROGRESS", (), "rollback"),
    "unreachable": on.Unreachable("no network"),
    "settled succeeded": on.Settled("succeeded", "UPDATE_COMPLETE"),
    "settled rolledBack": on.Settled("rolledBack", "UPDATE_ROLLBACK_COMPLETE"),
    "settled failed": on.Settled("failed", "UPDATE_ROLLBACK_FAILED"),
    "settled failed, applied": on.Settled("failed", "UPDATE_FAILED", applied=True),
    "settled deleted": on.Settled("deleted", "DELETE_COMPLETE"),
    "discarded": on.Discarded(),
    "concluded": on.Concluded(),
    **{
        f"{effect} failed": on.EffectFailed(effect, "why", "notAllowed")
        for effect in (
            "Analyze",
            "FindChanges",
            "Commit",
            "Build",
            "Prepare",
            "Delete",
            "ContinueRollback",
            "Upload",
            "Stage",
            "WatchPlan",
            "CheckPlan",
            "Reconcile",
            "Execute",
            "Watch",
            "WatchDeletion",
            "WatchRollback",
            "Stop",
            "Discard",
            "Conclude",
        )
    },
    **{
        f"{effect} unanswered": on.EffectFailed(effect, "why", "unreachable", certain=False)
        for effect in ("Delete", "ContinueRollback", "Stage", "Execute", "Stop", "Discard")
    },
    **{
        f"{effect} conflicts": on.EffectFailed(effect, "why", "conflict")
        for effect in ("Stage", "Execute", "Stop", "Discard")
    },
}


def outcome(state: at.State, event: on.Event) -> tuple[at.State | None, str]:
    """The next state, and one line that says it; for a person's request that is refused, the code."""
    try:
        after, effects = advance(state, event)
    except IllegalEvent as illegal:
        return None, illegal.code
    begun = f" / {shown_effects(effects)}" if effects else ""
    return after, ("(same)" if after == state else _shown_state(after, state)) + begun


def shown_effects(effects: tuple[Effect, ...]) -> str:
    """Effects in one line."""
    return ", ".join(_shown(effect) for effect in effects)


def _shown_state(state: at.State, before: at.State) -> str:
    words = []
    for name, default in _DEFAULTS.items():
        value = getattr(state, name, default)
        if value not in (default, ""):
            words.append(f"{name}={value}" if value is not True else name)
    if state.order != before.order:
        order = state.order
        decided = evolve(before.order, commit=order.commit, commit_message=order.commit_message) == order
        again = order.attempt > before.order.attempt
        words.append("attempt+1" if again else "commit decided" if decided else "consent")
        words += ["resume"] if order.resume and not before.order.resume else []
        words += ["not resumed"] if order.not_resumed and not before.order.not_resumed else []
        kept = evolve(
            before.order,
            attempt=order.attempt,
            consented=order.consented,
            retain=order.retain,
            resume=order.resume,
            not_resumed=order.not_resumed,
            commit=order.commit,
            commit_message=order.commit_message,
        )
        assert order == kept
    if isinstance(state, at.Monitoring | at.RollingBack):
        words += [] if state.confirmed else ["unconfirmed"]
        words += [f"means={state.means}"] if state.means else []
    return type(state).__name__ + (f"({', '.join(words)})" if words else "")


_DEFAULTS = {"abort": False, "stop": None, "then": None, "outcome": None, "uncertain": False, "stop_wanted": False} | {
    "stale": False,
    "unseen": 0,
    "retain": (),
    "skip": (),
    "force": False,
    "possible": True,
    "tries": 1,
}


def _shown(effect: object) -> str:
    name = type(effect).__name__
    means = getattr(effect, "means", None)
    new = getattr(getattr(effect, "staged", None), "stack_is_new", None)
    return name + (f"({means})" if means else "") + ("(stack too)" if new else "")
