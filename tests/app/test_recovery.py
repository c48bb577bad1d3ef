"""Stacks that are stuck, clouds that are out of sight, plans that went stale: how each is got out of."""

from __future__ import annotations

import pytest

from sigma_ls.app.deployments import Refused
from sigma_ls.deploy.ports import CredentialsExpired, NotAllowed, NotAuthenticated, Unreachable
from tests.support.app import MANIFEST, App
from tests.support.cloud import Fault, lost

MORE_MEMORY = MANIFEST.replace("code: src", "code: src\n    memory: 512")


def choices(deployment):
    return [choice.id for choice in deployment.question.choices]


async def answered(app: App, deployment, choice: str):
    return await app.deployments.answer(deployment.id, deployment.question.id, choice)


# --- a rollback that failed ------------------------------------------------------------------------------------------


@pytest.fixture
async def stuck(app: App) -> App:
    """The stack's rollback failed, for the function; it would fail again."""
    await app.run()
    app.manifest.write_text(MORE_MEMORY)
    app.cloud.fail.update({"update:Hello": "No.", "undo:Hello": "No way back."})
    done = await app.run()
    assert done.stack_status == "UPDATE_ROLLBACK_FAILED"
    assert "https://console.example/" in done.message
    del app.cloud.fail["update:Hello"]
    return app


async def test_a_failed_rollback_is_continued_without_what_it_failed_for(stuck: App):
    asked = await stuck.waiting(await stuck.start(auto_execute=True))
    assert asked.question.kind == "rollback"
    assert "It failed for Hello." in asked.question.text
    assert choices(asked) == ["skip", "continue", "abort"]

    await answered(stuck, asked, "skip")
    assert (await stuck.end(asked)).outcome == "succeeded"
    assert stuck.cloud.skipped == ["Hello"]


async def test_a_failed_rollback_that_can_go_on_now_is_continued_whole(stuck: App):
    stuck.cloud.fail.clear()
    asked = await stuck.waiting(await stuck.start(auto_execute=True))
    await answered(stuck, asked, "continue")
    assert (await stuck.end(asked)).outcome == "succeeded"
    assert stuck.cloud.skipped == []


async def test_a_rollback_that_fails_again_is_asked_about_again(stuck: App):
    asked = await stuck.waiting(await stuck.start(auto_execute=True))
    await answered(stuck, asked, "continue")
    again = await stuck.until(asked, lambda each: each.question is not None and each.question.id != asked.question.id)
    await answered(stuck, again, "abort")
    assert (await stuck.end(asked)).outcome == "aborted"
    assert stuck.cloud.live("demo").status == "UPDATE_ROLLBACK_FAILED"


async def test_what_fails_whatever_is_tried_is_left_out_as_the_last_resort(stuck: App):
    asked = await stuck.waiting(await stuck.start(auto_execute=True))
    await answered(stuck, asked, "continue")
    again = await stuck.until(asked, lambda each: each.question is not None and each.question.id != asked.question.id)
    assert choices(again) == ["skip", "continue", "force", "abort"]
    await answered(stuck, again, "force")
    assert (await stuck.end(asked)).outcome == "succeeded"


@pytest.mark.parametrize("after", [False, True])
async def test_a_continuation_without_an_answer_is_looked_for(stuck: App, after):
    stuck.cloud.fail.clear()
    stuck.cloud.faults.append(Fault("continue_rollback", lost(), after=after))
    asked = await stuck.waiting(await stuck.start(auto_execute=True))
    await answered(stuck, asked, "continue")
    if not after:
        again = await stuck.until(asked, lambda each: each.question is not None and each.question != asked.question)
        await answered(stuck, again, "continue")
    assert (await stuck.end(asked)).outcome == "succeeded"


async def test_a_continuation_that_is_refused_says_why(stuck: App):
    stuck.cloud.faults.append(Fault("continue_rollback", NotAllowed("not allowed to cloudformation:Continue…")))
    asked = await stuck.waiting(await stuck.start(auto_execute=True))
    await answered(stuck, asked, "skip")
    done = await stuck.end(asked)
    assert (done.outcome, "not allowed to cloudformation:Continue" in done.message) == ("failed", True)


async def test_the_rollback_question_and_its_continuation_outlive_a_restart(stuck: App):
    asked = await stuck.waiting(await stuck.start())
    later = await stuck.restarted()
    (found,) = await later.deployments.resume()
    assert found.question == asked.question

    later.cloud.paused = True
    await answered(later, found, "skip")
    await later.until(found, lambda each: each.message.startswith("Continuing"))
    last = await later.restarted()
    (found,) = await last.deployments.resume()
    last.cloud.paused = False
    staged = await last.waiting(found)
    assert staged.can.execute
    assert last.cloud.count("continue_rollback") == 1


async def test_a_stack_whose_rollback_failed_can_be_removed(stuck: App):
    assert (await stuck.run("undeploy")).outcome == "succeeded"


# --- an operation that failed without rollback -----------------------------------------------------------------------


@pytest.fixture
async def paused(app: App) -> App:
    """Someone else's update of the stack failed and was not rolled back."""
    await app.run()
    app.cloud.live("demo").status = "UPDATE_FAILED"
    app.manifest.write_text(MORE_MEMORY)
    return app


async def test_a_paused_stack_is_deployed_to_as_it_is_or_rolled_back_first(paused: App):
    asked = await paused.waiting(await paused.start(auto_execute=True))
    assert asked.question.kind == "rollback"
    assert "is UPDATE_FAILED: an update failed and was not rolled back." in asked.question.text
    assert "this deployment is not rolled back either" in asked.question.text
    assert choices(asked) == ["resume", "undo", "abort"]

    await answered(paused, asked, "undo")
    assert (await paused.end(asked)).outcome == "succeeded"
    assert paused.cloud.count("continue_rollback") == 1


async def test_going_on_from_a_failure_a_stop_halts(paused: App):
    asked = await paused.waiting(await paused.start())
    await answered(paused, asked, "resume")
    staged = await paused.until(asked, lambda each: each.can.execute)
    paused.cloud.paused = True
    await paused.deployments.execute(staged.id, staged.plan.id)
    running = await paused.until(staged, lambda each: each.can.stop)
    assert running.can.stop_means == "halt"
    paused.cloud.paused = False
    assert (await paused.end(staged)).outcome == "succeeded"


async def test_the_question_about_a_paused_stack_outlives_a_restart_and_so_does_its_answer(paused: App):
    asked = await paused.waiting(await paused.start())
    later = await paused.restarted()
    (found,) = await later.deployments.resume()
    assert found.question == asked.question

    later.cloud.slow["stage"] = 5.0
    await answered(later, found, "resume")
    last = await later.restarted()
    (found,) = await last.deployments.resume()
    # The archives are lost with the process, and made again; what was answered is not asked again.
    staged = await last.until(found, lambda each: each.can.execute or each.question is not None)
    assert (staged.can.execute, staged.question) == (True, None)


async def test_consent_beforehand_goes_on_from_a_failed_update(paused: App):
    assert (await paused.run(recreate=True)).outcome == "succeeded"
    assert paused.cloud.count("continue_rollback") == 0


async def test_a_failed_creation_that_takes_no_update_is_asked_about_again(app: App):
    app.cloud.put("demo", "CREATE_FAILED", {"Images": "AWS::S3::Bucket"})
    app.cloud.takes_no_update = True
    asked = await app.waiting(await app.start(auto_execute=True))
    assert asked.question.kind == "recreateStack"
    assert "It holds Images. Deleting it loses the data of Images." in asked.question.text
    await answered(app, asked, "resume")
    again = await app.until(asked, lambda each: each.question is not None and each.question.id != asked.question.id)
    assert "is in CREATE_FAILED state and can not be updated" in again.question.text
    assert choices(again) == ["undo", "abort"]
    await answered(app, again, "undo")
    assert (await app.end(again)).outcome == "succeeded"
    assert app.cloud.count("delete") == 1


async def test_a_failed_creation_that_is_protected_is_not_deleted(app: App):
    app.cloud.put("demo", "CREATE_FAILED", protected=True)
    app.cloud.takes_no_update = True
    asked = await app.waiting(await app.start(auto_execute=True))
    assert choices(asked) == ["resume", "abort"]
    await answered(app, asked, "resume")
    done = await app.end(asked)
    assert (done.outcome, "termination protection" in done.message) == ("refused", True)


async def test_a_protected_stack_is_not_removed_and_says_how_it_could_be(app: App):
    stack = app.cloud.put("demo", "CREATE_COMPLETE", protected=True)
    done = await app.run("undeploy")
    assert done.outcome == "refused"
    assert f"--no-enable-termination-protection --stack-name {stack.id}), then undeploy again." in done.message
    assert done.message.endswith(f" See https://console.example/{stack.id}")
    assert "delete" not in app.cloud.calls


# --- a deletion that failed ------------------------------------------------------------------------------------------


@pytest.fixture
async def undeletable(app: App) -> App:
    """The stack could not be deleted, since its bucket is not empty."""
    await app.run()
    app.cloud.fail["delete:Images"] = "The bucket you tried to delete is not empty"
    done = await app.run("undeploy")
    assert (done.outcome, done.stack_status) == ("failed", "DELETE_FAILED")
    assert "empty it (aws s3 rm s3://demo-Images --recursive" in done.message
    return app


async def test_a_stack_is_made_anew_and_what_cannot_be_deleted_is_left_behind(undeletable: App):
    asked = await undeletable.waiting(await undeletable.start(auto_execute=True))
    assert asked.question.kind == "recreateStack"
    assert choices(asked) == ["recreate", "retain", "abort"]
    assert "Deleting it failed for Images." in asked.question.text

    await answered(undeletable, asked, "retain")
    done = await undeletable.end(asked)
    assert done.outcome == "succeeded"
    assert undeletable.cloud.retained == ["Images"]
    assert [(failure.change, failure.root_cause) for failure in done.failures] == [("Images", False)]
    assert done.failures[0].reason.startswith("left behind: ")


async def test_a_deletion_that_fails_in_vain_is_asked_about_even_with_consent(undeletable: App):
    started = await undeletable.start(auto_execute=True, allow_data_loss=True, recreate=True)
    asked = await undeletable.waiting(started)
    assert choices(asked) == ["recreate", "retain", "abort"]
    assert undeletable.cloud.count("delete") == 1


async def test_an_undeployment_can_leave_behind_what_it_could_not_delete(undeletable: App):
    asked = await undeletable.waiting(await undeletable.start("undeploy", auto_execute=True))
    await answered(undeletable, asked, "retain")
    done = await undeletable.end(asked)
    assert done.outcome == "succeeded"
    assert undeletable.cloud.retained == ["Images"]
    assert {change.id: change.status for change in done.changes}["Failed"] == "succeeded"
    assert any(failure.reason.startswith("left behind: ") for failure in done.failures)


# --- out of sight ----------------------------------------------------------------------------------------------------


def unseen(app: App, error, times=1000):
    """From now on the running operation cannot be looked at, so often."""
    polls = app.cloud.count("poll")
    app.cloud.faults += [Fault("poll", error, nth=polls + number) for number in range(1, times + 1)]


async def test_watching_a_cloud_that_never_answers_again_can_be_given_up(app: App):
    app.cloud.paused = True
    running = await app.phase(await app.start(auto_execute=True), "monitoring")
    assert not running.can.abort
    unseen(app, Unreachable("no network"))
    seen = await app.until(running, lambda each: each.can.abort)
    with pytest.raises(Refused) as other:
        await app.deployments.execute(running.id)
    assert other.value.code == "notStaged"

    given_up = await app.deployments.abort(seen.id)
    assert given_up.outcome == "aborted"
    assert "is not known" in given_up.message
    assert app.cloud.live("demo").status == "CREATE_IN_PROGRESS"

    app.cloud.faults.clear()
    app.cloud.paused = False
    assert (await app.run()).outcome == "noChanges"


async def test_cancelling_never_gives_up_an_execution(app: App):
    app.cloud.paused = True
    running = await app.phase(await app.start(auto_execute=True), "monitoring")
    unseen(app, Unreachable("no network"), times=6)
    seen = await app.until(running, lambda each: each.can.abort)
    await app.deployments.cancel(seen.id)
    app.cloud.paused = False
    assert (await app.end(running)).outcome == "stopped"


async def test_a_cloud_that_is_seen_again_cannot_be_given_up(app: App):
    app.cloud.paused = True
    running = await app.phase(await app.start(auto_execute=True), "monitoring")
    unseen(app, Unreachable("no network"), times=6)
    await app.until(running, lambda each: each.can.abort)
    await app.until(running, lambda each: not each.can.abort)
    with pytest.raises(Refused) as refusal:
        await app.deployments.abort(running.id)
    assert refusal.value.code == "notAbortable"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CredentialsExpired("Your session has ended."), "Not signed in, trying again: Your session has ended."),
        (NotAllowed("You may not cloudformation:DescribeStackEvents."), "Not allowed, trying again: You may not cloud"),
        (NotAuthenticated("Your credentials have expired."), "Not signed in, trying again: Your credentials"),
        (Unreachable("No network."), "Not reachable, trying again: No network."),
    ],
)
async def test_why_it_cannot_be_seen_is_said_and_ends_nothing(app: App, error, said):
    running = await app.phase(await app.start(auto_execute=True), "monitoring")
    unseen(app, error, times=3)
    unseen_now = await app.until(running, lambda each: said in each.message)
    assert unseen_now.code == error.code
    done = await app.end(running)
    assert (done.outcome, done.code) == ("succeeded", None)


# --- while a person reads --------------------------------------------------------------------------------------------


async def test_changes_that_went_stale_are_noticed_before_execute(app: App):
    staged = await app.waiting(await app.start())
    for plan in app.cloud.plans.values():
        plan.current = False
    stale = await app.until(staged, lambda each: not each.can.execute)
    assert "The stack was changed" in stale.message
    with pytest.raises(Refused) as refusal:
        await app.deployments.execute(staged.id, staged.plan.id)
    assert refusal.value.code == "planStale"
    await app.deployments.abort(staged.id)
    assert (await app.end(staged)).outcome == "aborted"
    assert app.cloud.executions == []


async def test_an_edit_while_changes_wait_is_said_and_changes_nothing(app: App):
    staged = await app.waiting(await app.start())
    uri = app.manifest.as_uri()
    app.deployments.edited(uri, lambda: MORE_MEMORY)
    assert "The manifest changed since staging" in app.deployments.get(staged.id).message
    assert app.deployments.get(staged.id).plan == staged.plan

    app.deployments.edited(uri, lambda: MANIFEST)
    assert app.deployments.get(staged.id).message == staged.message


async def test_an_edit_while_changes_are_staged_is_said_when_they_are(app: App):
    app.cloud.slow["stage"] = 5
    started = await app.start()
    await app.phase(started, "staging")
    app.deployments.edited(app.manifest.as_uri(), lambda: MORE_MEMORY)
    assert "The manifest changed since staging" in (await app.waiting(started)).message


async def test_an_edit_of_another_manifest_is_not_said(app: App):
    staged = await app.waiting(await app.start())
    app.deployments.edited("file:///elsewhere/sigma.yaml", lambda: MORE_MEMORY)
    assert app.deployments.get(staged.id).message == staged.message


# --- time ------------------------------------------------------------------------------------------------------------


async def test_the_time_that_is_left_is_guessed_and_learned(app: App):
    first = await app.phase(await app.start(auto_execute=True), "monitoring")
    assert first.progress.eta_seconds > 60
    done = await app.end(first)
    assert done.progress.eta_seconds is None

    await app.run("undeploy")
    again = await app.phase(await app.start(auto_execute=True), "monitoring")
    assert 0 <= again.progress.eta_seconds <= 5


# --- several processes -----------------------------------------------------------------------------------------------


async def test_what_another_process_begins_later_is_followed_once_it_is_listed(app: App):
    other = App(app.folder, app.cloud)
    assert await other.deployments.resume() == ()
    staged = await app.waiting(await app.start())
    (listed,) = other.deployments.list()
    assert (listed.id, listed.attached, listed.can.execute) == (staged.id, True, False)

    await app.deployments.execute(staged.id)
    assert (await other.end(listed)).outcome == "succeeded"


async def test_who_only_lists_takes_up_nothing(app: App):
    staged = await app.waiting(await app.start())
    later = await app.restarted()
    (listed,) = later.deployments.list()
    assert listed.id == staged.id
    assert later.deployments._held() == ()
