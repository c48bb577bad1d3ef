"""State and facts as a snapshot: phases, words, questions."""

from __future__ import annotations

import pytest
from attrs import evolve
from inline_snapshot import snapshot

from sigma_ls.deploy import events as on
from sigma_ls.deploy import report
from sigma_ls.deploy import states as at
from sigma_ls.deploy.changelist import Fold
from sigma_ls.deploy.facts import Facts, entered, learn
from sigma_ls.deploy.ports import StackPresent, Worktree
from sigma_ls.deploy.snapshot import (
    AskedValue,
    Change,
    ChangedResource,
    Choice,
    Failure,
    Output,
    PlanSummary,
    Progress,
    ProjectRef,
    StackRef,
)
from tests.support.history import history
from tests.support.transitions import DEPLOY, STATES, UNDEPLOY, UPDATE

FACTS = Facts(
    id="d1",
    project=ProjectRef("file:///p/sigma.yaml", "demo"),
    stage="dev",
    sandbox=False,
    engine="cloudformation",
    stack=StackRef("demo-dev", "eu-west-1"),
    started_at="then",
    updated_at="then",
)
ROWS = (
    Change("Images", ChangedResource("AWS::S3::Bucket", "images"), "replace", "will", "dataLoss"),
    Change("Failed", ChangedResource("AWS::SQS::Queue", "failed"), "add"),
    Change("Old", ChangedResource("AWS::SNS::Topic", "Old"), "remove"),
)
STAGED = evolve(FACTS, fold=Fold(ROWS), stack_status="UPDATE_COMPLETE")
MONITORING = at.Monitoring(DEPLOY, UPDATE, "rollback")


def after(state: at.State, *events: on.Event, facts: Facts = STAGED) -> Facts:
    for event in events:
        facts = learn(facts, state, event, "now")
    return facts


def test_each_state_has_a_phase_and_a_line():
    lines = {}
    for name, state in STATES.items():
        shown = report.snapshot(state, STAGED, revision=1)
        lines[name] = f"{shown.phase}: {shown.message}"

    assert lines == snapshot(
        {
            "initializing": "initialization: Checking the manifest.",
            "initializing removal": "initialization: Checking the manifest.",
            "foreseeing": "initialization: Looking at the stack demo-dev.",
            "foreseeing --yes": "initialization: Looking at the stack demo-dev.",
            "asking values": "initialization: Waiting for values that only you know.",
            "asking values again": "initialization: Waiting for values that only you know.",
            "initializing, commit": "initialization: Checking the manifest.",
            "asking values, commit": "initialization: Waiting for values that only you know.",
            "looking for changes": "initialization: Looking for what is not committed.",
            "looking for changes, message": "initialization: Looking for what is not committed.",
            "confirming commit": "initialization: Some of the project is not committed.",
            "confirming commit, impossible": "initialization: The project cannot be committed now.",
            "committing": "initialization: Committing the project's folder.",
            "building": "build: Building the functions.",
            "preparing": "preparation: Looking at the stack demo-dev.",
            "preparing --yes": "preparation: Looking at the stack demo-dev.",
            "preparing --yes --allow-data-loss": "preparation: Looking at the stack demo-dev.",
            "preparing removal": "preparation: Looking at the stack demo-dev.",
            "preparing, resumed": "preparation: Looking at the stack demo-dev.",
            "preparing --yes, not resumed": "preparation: Looking at the stack demo-dev.",
            "waiting": "preparation: The stack demo-dev is busy (UPDATE_COMPLETE); waiting for that operation to end.",
            "confirming recreate": "preparation: The stack demo-dev is ROLLBACK_COMPLETE and can only be deleted and recreated: consent is needed.",
            "deleting": "preparation: Deleting the unrecoverable stack demo-dev; it is made anew afterwards.",
            "deleting, aborted": "preparation: Deleting the unrecoverable stack demo-dev; nothing is deployed afterwards.",
            "awaiting deletion": "preparation: Deleting the unrecoverable stack demo-dev; it is made anew afterwards.",
            "awaiting deletion, aborted": "preparation: Deleting the unrecoverable stack demo-dev; nothing is deployed afterwards.",
            "awaiting deletion, third time": "preparation: Deleting the unrecoverable stack demo-dev; it is made anew afterwards.",
            "confirming recreate, undeletable": "preparation: The stack demo-dev is DELETE_FAILED and can only be deleted and recreated: consent is needed.",
            "confirming removal, undeletable": "preparation: The stack demo-dev is DELETE_FAILED: how to delete it is for you to say.",
            "awaiting deletion, unseen": "preparation: Deleting the unrecoverable stack demo-dev; nothing is deployed afterwards.",
            "confirming rollback": "preparation: The stack demo-dev is UPDATE_ROLLBACK_FAILED: its rollback must be continued, and how is for you to say.",
            "confirming paused": "preparation: The stack demo-dev is UPDATE_FAILED, not rolled back: how to go on is for you to say.",
            "confirming paused, express": "preparation: The stack demo-dev is UPDATE_FAILED, not rolled back: how to go on is for you to say.",
            "confirming paused creation": "preparation: The stack demo-dev is CREATE_FAILED, not rolled back: how to go on is for you to say.",
            "continuing rollback": "preparation: Continuing the rollback of the stack demo-dev; it is deployed afterwards.",
            "continuing rollback, aborted": "preparation: Continuing the rollback of the stack demo-dev; nothing is deployed afterwards.",
            "awaiting rollback": "preparation: Continuing the rollback of the stack demo-dev; it is deployed afterwards.",
            "awaiting rollback, aborted": "preparation: Continuing the rollback of the stack demo-dev; nothing is deployed afterwards.",
            "awaiting rollback, third time": "preparation: Continuing the rollback of the stack demo-dev; it is deployed afterwards.",
            "uploading": "staging: Uploading the functions' code.",
            "staging": "staging: Staging the changes.",
            "staging --yes": "staging: Staging the changes.",
            "staging --yes --allow-data-loss": "staging: Staging the changes.",
            "staging, aborted": "staging: Aborting: the changes are discarded as soon as they are staged.",
            "staging, resumed": "staging: Staging the changes.",
            "confirming loss": "staged: Changes are ready, and data would be lost: consent is needed. 1 to add, 1 to replace, 1 to remove.",
            "confirming loss, auto": "staged: Changes are ready, and data would be lost: consent is needed. 1 to add, 1 to replace, 1 to remove.",
            "staged": "staged: Changes are ready for execution: 1 to add, 1 to replace, 1 to remove.",
            "staged, stale": "staged: The stack was changed since these changes were staged: abort, then deploy again.",
            "checking": "staged: Checking that the staged changes are still valid.",
            "checking, third time": "staged: Checking that the staged changes are still valid.",
            "executing": "execution: Starting the execution.",
            "executing, auto": "execution: Starting the execution.",
            "executing create, stopped": "execution: Stopping as soon as the execution has begun.",
            "executing removal": "execution: Starting the execution.",
            "monitoring": "monitoring: 0/3 done; stack state: UPDATE_COMPLETE",
            "monitoring, without rollback": "monitoring: 0/3 done; stack state: UPDATE_COMPLETE",
            "monitoring, unstoppable": "monitoring: 0/3 done; stack state: UPDATE_COMPLETE",
            "monitoring, unseen": "monitoring: 0/3 done; stack state: UPDATE_COMPLETE",
            "monitoring, unconfirmed": "monitoring: 0/3 done; stack state: UPDATE_COMPLETE",
            "monitoring, unconfirmed, stop wanted": "monitoring: 0/3 done; stack state: UPDATE_COMPLETE",
            "monitoring removal": "monitoring: 0/3 done; stack state: UPDATE_COMPLETE",
            "rolling back by itself": "rollingBack: 0/3 done; stack state: UPDATE_COMPLETE",
            "rolling back, stop requested": "rollingBack: 0/3 done; stack state: UPDATE_COMPLETE",
            "rolling back, stop requested, unconfirmed": "rollingBack: 0/3 done; stack state: UPDATE_COMPLETE",
            "rolling back, stop accepted": "rollingBack: 0/3 done; stack state: UPDATE_COMPLETE",
            "rolling back, halted": "rollingBack: 0/3 done; stack state: UPDATE_COMPLETE",
            "discarding, aborted": "staged: Discarding the staged changes.",
            "discarding, aborted, uncertain": "staged: Discarding the staged changes.",
            "discarding, failed": "staged: Discarding the staged changes.",
            "discarding, staged again": "staged: Discarding the staged changes.",
            "concluding": "monitoring: 0/3 done; reading the outputs.",
            "completed": "completed: Deployed demo-dev to eu-west-1: 3 changes.",
        }
    )


def test_the_line_while_it_runs_counts_what_is_done():
    facts = after(
        MONITORING,
        on.Progressed(
            "UPDATE_IN_PROGRESS", history("Images UPDATE_COMPLETE\nFailed CREATE_FAILED no"), "rollback"
        ),
    )  # fmt: skip
    shown = report.snapshot(MONITORING, facts, revision=7)

    assert shown.message == "1/3 done, 1 errors; stack state: UPDATE_IN_PROGRESS"
    assert shown.progress == Progress(done=1, total=3, failed=1, eta_seconds=6)
    assert (shown.can.stop, shown.can.stop_means) == (True, "rollback")
    assert shown.revision == 7


def test_a_cloud_that_does_not_answer_is_said_until_it_does():
    facts = after(MONITORING, on.Unreachable("Not reachable, trying again: no network"))
    assert report.message(MONITORING, facts) == (
        "0/3 done; stack state: UPDATE_COMPLETE (Not reachable, trying again: no network)"
    )
    facts = after(MONITORING, on.Progressed("UPDATE_IN_PROGRESS"), facts=facts)
    assert report.message(MONITORING, facts) == "0/3 done; stack state: UPDATE_IN_PROGRESS"


def test_a_plan_comes_with_its_summary():
    shown = report.snapshot(at.Staged(DEPLOY, UPDATE), STAGED, revision=1)
    assert shown.plan is not None
    assert (shown.plan.id, shown.plan.summary) == ("plan", PlanSummary(add=1, modify=0, replace=1, remove=1))


def test_a_loss_is_asked_for_by_name():
    question = report.question(at.ConfirmingLoss(DEPLOY, UPDATE, ("Images",)), STAGED)
    assert question is not None
    assert (question.id, question.kind) == ("replaceStateful-1", "replaceStateful")
    assert question.text == snapshot(
        "These would be removed or replaced, and their data lost: images (AWS::S3::Bucket). A bucket that still holds objects cannot be removed: empty it first. Consent to that?"
    )
    assert question.choices == (Choice("replace", "Lose Their Data", destructive=True), Choice("abort", "Abort"))


@pytest.mark.parametrize(
    ("resources", "stateful", "expected"),
    [
        (
            (),
            (),
            snapshot(
                "The stack demo-dev is ROLLBACK_COMPLETE: it can only be deleted and made anew. It holds no resources. Delete and recreate it?"
            ),
        ),
        (
            ("Images", "Role"),
            ("Images",),
            snapshot(
                "The stack demo-dev is ROLLBACK_COMPLETE: it can only be deleted and made anew. It still holds Images and Role. Data is lost with Images. Delete and recreate it?"
            ),
        ),
    ],
)
def test_recreating_a_stack_says_what_is_lost(resources, stateful, expected):
    state = at.ConfirmingRecreate(DEPLOY, "stack", "ROLLBACK_COMPLETE", resources, stateful)
    question = report.question(state, FACTS)
    assert question is not None
    assert question.text == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (
            at.ConfirmingCommit(at.Order("deploy"), Worktree("c0ffee", ("sigma.yaml",), count=1)),
            "Uncommitted changes: sigma.yaml. Commit before deploying?",
        ),
        (
            at.ConfirmingCommit(
                at.Order("deploy"),
                Worktree("c0ffee", ("sigma.yaml", "src/app.py"), count=7, new=3, large=("data.bin (230 MB)",)),
                "A commit hook refused it: unused import",
                tries=2,
            ),
            (
                "Nothing was committed. A commit hook refused it: unused import. Uncommitted changes: sigma.yaml, src/app.py "
                "and 5 more (3 new). Large, and kept in the history for ever: data.bin (230 MB). Commit again?"
            ),
        ),
    ],
)
def test_a_commit_is_asked_for_with_a_message_that_can_be_taken(state: at.ConfirmingCommit, expected: str):
    asked = report.question(state, FACTS)

    assert asked.text == expected
    assert (asked.id, asked.kind) == (f"commit-1-{state.tries}", "commit")
    assert [(choice.id, choice.title) for choice in asked.choices] == [
        ("commit", "Commit"),
        ("skip", "Deploy Without Committing"),
        ("abort", "Abort"),
    ]
    assert asked.values == (AskedValue("message", "Commit message", secret=False, default="Deploy demo (dev)"),)


def test_what_cannot_be_committed_can_be_deployed_all_the_same():
    work = Worktree("c0ffee", ("sigma.yaml",), count=1, hindrance="A merge is not finished: finish or abort it.")
    asked = report.question(at.ConfirmingCommit(at.Order("deploy"), work, work.hindrance, possible=False), FACTS)

    assert asked.text == snapshot(
        "Uncommitted changes: sigma.yaml. They cannot be committed now. A merge is not finished: finish or abort it. Deploy all the same?"
    )
    assert [choice.id for choice in asked.choices] == ["skip", "abort"]
    assert asked.values is None


def test_of_a_stack_that_cannot_be_rolled_back_no_rollback_is_offered():
    state = at.ConfirmingPaused(DEPLOY, "stack", "UPDATE_FAILED", can_roll_back=False)
    asked = report.question(state, FACTS)
    assert [choice.id for choice in asked.choices] == ["resume", "abort"]
    assert "from which CloudFormation cannot roll back" in asked.text
    refused = report.question(evolve(state, order=evolve(DEPLOY, not_resumed="No.")), FACTS)
    assert [choice.id for choice in refused.choices] == ["abort"]


def test_values_are_asked_for_with_their_titles():
    values = (AskedValue("STRIPE_KEY", "Stripe API key", secret=True),)
    question = report.question(at.AskingValues(DEPLOY, values), FACTS)
    assert question is not None
    assert (question.kind, question.values, question.text) == (
        "values",
        values,
        "Needed for this deployment: Stripe API key.",
    )


@pytest.mark.parametrize(
    ("order", "outcome", "failures", "expected"),
    [
        (DEPLOY, "succeeded", (), snapshot("Deployed demo-dev to eu-west-1: 3 changes.")),
        (UNDEPLOY, "succeeded", (), snapshot("The stack demo-dev was removed.")),
        (DEPLOY, "noChanges", (), snapshot("The stack demo-dev is up to date: nothing to change.")),
        (DEPLOY, "aborted", (), snapshot("Aborted: nothing was changed.")),
        (DEPLOY, "stopped", (), snapshot("Stopped: the changes to demo-dev were undone.")),
        (
            DEPLOY,
            "rolledBack",
            (Failure("images", "images already exists", root_cause=True),),
            snapshot("Failed, and demo-dev was rolled back. images: images already exists"),
        ),
        (
            DEPLOY,
            "partiallyApplied",
            (),
            snapshot("Failed, and demo-dev is UPDATE_COMPLETE: some changes stay in place."),
        ),
        (
            UNDEPLOY,
            "failed",
            (Failure("images", "not empty", root_cause=True),),
            snapshot("demo-dev was not removed. images: not empty"),
        ),
    ],
)
def test_how_it_ended_in_one_line(order, outcome, failures, expected):
    assert report.message(at.Completed(order, outcome), evolve(STAGED, failures=failures)) == expected


def test_a_sensitive_output_is_hidden():
    outputs = (Output("Url", "https://x"), Output("Key", "s3cret", sensitive=True))
    facts = after(at.Concluding(DEPLOY, "stack", "succeeded"), on.Concluded(outputs))
    assert [each.value for each in facts.outputs] == ["https://x", "(hidden)"]


def test_a_failure_of_the_stack_alone_is_a_cause():
    """A hook, or a limit: no resource failed."""
    facts = after(
        MONITORING,
        on.Progressed("UPDATE_ROLLBACK_IN_PROGRESS", history("* UPDATE_ROLLBACK_IN_PROGRESS The hook said no")),
        on.Settled("rolledBack", "UPDATE_ROLLBACK_COMPLETE"),
    )
    assert facts.failures == (Failure("demo-dev", "The hook said no", root_cause=True),)


def test_a_stop_is_no_failure():
    facts = after(
        MONITORING,
        on.Progressed("UPDATE_ROLLBACK_IN_PROGRESS", history("* UPDATE_ROLLBACK_IN_PROGRESS User Initiated")),
        on.Settled("rolledBack", "UPDATE_ROLLBACK_COMPLETE"),
    )
    assert facts.failures == ()


def test_causes_come_first_and_mark_their_rows():
    facts = after(
        MONITORING,
        on.Progressed(
            "UPDATE_ROLLBACK_IN_PROGRESS",
            history("""
                Old     DELETE_FAILED  not empty
                Failed  CREATE_FAILED  no
                *       UPDATE_ROLLBACK_IN_PROGRESS
            """),
        ),
        on.Settled("rolledBack", "UPDATE_ROLLBACK_COMPLETE"),
    )  # fmt: skip
    assert [(each.resource, each.root_cause) for each in facts.failures] == [("failed", True), ("Old", False)]
    assert [row.root_cause for row in facts.changes] == [None, True, None]


def test_a_watched_operation_of_someone_else_is_shown_in_rows_of_its_own():
    waiting = at.Waiting(DEPLOY, "stack")
    facts = after(
        waiting,
        on.StackSeen(StackPresent("stack", "UPDATE_IN_PROGRESS", "busy"), "123456789012", "https://console"),
        on.Progressed("UPDATE_IN_PROGRESS", history("Images UPDATE_FAILED no")),
        facts=entered(STAGED, at.Preparing(DEPLOY), waiting, "now"),
    )
    assert [(row.id, row.action, row.status, row.reason) for row in facts.changes] == [
        ("Images", "modify", "failed", "no")
    ]
    assert facts.failures == ()
    shown = report.snapshot(waiting, facts, revision=1)
    assert (shown.attached, shown.stack_status, shown.stack.account) == (True, "UPDATE_IN_PROGRESS", "123456789012")
    assert shown.plan is None
    assert entered(facts, waiting, at.Preparing(DEPLOY), "later").changes == ()


def test_the_end_has_a_time():
    done = at.Completed(DEPLOY, "succeeded")
    assert entered(STAGED, MONITORING, done, "now").ended_at == "now"
    assert entered(STAGED, MONITORING, MONITORING, "now").ended_at is None


def test_what_stays_on_the_cloud_is_named_with_its_id():
    gone, full, kept = (
        Change(name, ChangedResource("AWS::S3::Bucket", name.lower(), f"{name.lower()}-1"), "remove", status=status)
        for name, status in (("Gone", "succeeded"), ("Full", "failed"), ("Kept", "retained"))
    )
    left = Failure("full", "left behind: not empty", root_cause=False, change="Full")
    facts = evolve(FACTS, fold=Fold((gone, full, kept)), failures=(left,))

    def said(order, outcome):
        return report.message(at.Completed(order, outcome), facts)

    named = "Left behind, to be deleted by hand: full (full-1)."
    assert said(UNDEPLOY, "succeeded") == f"The stack demo-dev was removed. Kept: kept. {named}"
    assert said(DEPLOY, "succeeded") == f"Deployed demo-dev to eu-west-1: 3 changes. {named}"
    assert said(DEPLOY, "rolledBack") == f"Failed, and demo-dev was rolled back. {named}"
    assert said(DEPLOY, "stopped") == f"Stopped: the changes to demo-dev were undone. {named}"


@pytest.mark.parametrize(
    ("status", "outcome", "linked"),
    [
        ("ROLLBACK_COMPLETE", "failed", True),
        ("CREATE_FAILED", "failed", True),
        ("DELETE_FAILED", "failed", True),
        ("CREATE_COMPLETE", "refused", True),
        (None, "refused", False),
        ("UPDATE_COMPLETE", "failed", False),
        ("ROLLBACK_COMPLETE", "rolledBack", False),
    ],
)
def test_a_stack_that_takes_a_hand_is_linked_to(status, outcome, linked):
    facts = evolve(FACTS, stack_status=status, stack=evolve(FACTS.stack, console_url="https://console.example/x"))
    said = report.message(at.Completed(DEPLOY, outcome, "You are not allowed to delete it."), facts)
    assert said.endswith(" See https://console.example/x") == linked
