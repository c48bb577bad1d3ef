"""Whole deployments on a cloud in memory: what people see, what stays on the cloud."""

from __future__ import annotations

import pytest

from sigma_ls.app.deployments import DeployRequest, Refused
from sigma_ls.app.world import BuildFailed, BuildFault
from sigma_ls.deploy.ports import (
    Conflict,
    CredentialsExpired,
    CredentialsMissing,
    NotAllowed,
    NotAuthenticated,
    Unreachable,
)
from sigma_ls.deploy.snapshot import PlanSummary
from tests.support.app import MANIFEST, App, write_project
from tests.support.cloud import Fault, lost

ASKING = MANIFEST.replace("    uses:", "    environment: {KEY: {ask: the key}}\n    uses:")


def phases(app: App) -> list[str]:
    found = [each.phase for each in app.seen]
    return [phase for number, phase in enumerate(found) if number == 0 or found[number - 1] != phase]


# --- the usual ways --------------------------------------------------------------------------------------------------


async def test_a_new_stack_waits_for_execute_and_is_created(app: App):
    staged = await app.waiting(await app.start())

    assert staged.phase == "staged"
    assert staged.plan is not None
    assert staged.plan.summary == PlanSummary(add=len(staged.changes))
    assert (staged.can.execute, staged.can.abort, staged.can.stop) == (True, True, False)
    assert {change.resource.name for change in staged.changes} == {"hello", "images", "failed"}
    assert app.cloud.executions == []

    await app.deployments.execute(staged.id, staged.plan.id)
    done = await app.end(staged)

    assert done.outcome == "succeeded"
    assert app.cloud.live("demo").status == "CREATE_COMPLETE"
    assert {change.status for change in done.changes} == {"succeeded"}
    assert done.progress.done == done.progress.total == len(staged.changes)
    assert [output.name for output in done.outputs] == ["Failed", "HelloArn"]
    assert done.stack.account == "123456789012"
    assert phases(app)[-3:] == ["staged", "monitoring", "completed"]
    assert [each.revision for each in app.seen] == list(range(1, len(app.seen) + 1))


async def test_the_same_again_changes_nothing_and_leaves_nothing(app: App):
    await app.run()
    done = await app.run()

    assert done.outcome == "noChanges"
    assert done.changes == ()
    assert [output.name for output in done.outputs] == ["Failed", "HelloArn"]
    assert app.cloud.open_plans() == []
    assert len(app.cloud.executions) == 1


async def test_an_update_changes_exactly_what_was_edited(app: App):
    await app.run()
    app.manifest.write_text(
        MANIFEST.replace("  failed: {type: queue}", "  failed: {type: queue, retention: 3600}\n  news: {type: topic}")
        .replace("failed: send}", "failed: send, news: publish}")
        .replace("code: src", "code: src\n    memory: 512")
    )  # fmt: skip
    done = await app.run()

    assert done.outcome == "succeeded"
    assert {(change.resource.name, change.resource.type): change.action for change in done.changes} == {
        ("failed", "AWS::SQS::Queue"): "modify",
        ("news", "AWS::SNS::Topic"): "add",
        ("hello", "AWS::Lambda::Function"): "modify",
        ("hello", "AWS::IAM::Role"): "modify",
    }


async def test_rows_know_their_place_in_the_manifest(app: App):
    staged = await app.waiting(await app.start())
    images = next(change for change in staged.changes if change.resource.name == "images")

    assert images.location is not None
    assert images.location.uri == app.manifest.as_uri()
    line = images.location.range.start.line
    assert MANIFEST.splitlines()[line].strip().startswith("images")


async def test_an_undeployment_asks_by_name_and_removes_the_stack(app: App):
    await app.run()
    asked = await app.waiting(await app.start("undeploy"))

    assert asked.question is not None
    assert asked.question.kind == "replaceStateful"
    assert "images (AWS::S3::Bucket)" in asked.question.text
    assert "failed" not in asked.question.text
    with pytest.raises(Refused) as refusal:
        await app.deployments.execute(asked.id)
    assert refusal.value.code == "needsConsent"

    ready = await app.deployments.answer(asked.id, asked.question.id, "replace")
    assert ready.can.execute
    await app.deployments.execute(ready.id)
    done = await app.end(ready)

    assert (done.outcome, done.operation) == ("succeeded", "undeploy")
    assert app.cloud.live("demo") is None


async def test_an_undeployment_of_nothing_changes_nothing(app: App):
    assert (await app.run("undeploy")).outcome == "noChanges"


async def test_a_manifest_with_errors_can_still_be_undeployed(app: App):
    await app.run()
    app.manifest.write_text(MANIFEST.replace("app.handler", "gone.handler"))

    assert (await app.run("deploy")).outcome == "refused"
    assert (await app.run("undeploy")).outcome == "succeeded"


async def test_a_protected_stack_is_not_removed(app: App):
    await app.run()
    app.cloud.live("demo").protected = True
    done = await app.run("undeploy")

    assert done.outcome == "refused"
    assert "termination protection" in done.message
    assert app.cloud.live("demo") is not None


async def test_the_editors_text_wins_over_the_disk(app: App):
    done = await app.run(text=MANIFEST.replace("name: demo", "name: other"))
    assert (done.stack.name, done.project.name) == ("other", "other")


# --- automatically ---------------------------------------------------------------------------------------------------


async def test_a_loss_of_data_is_asked_for_even_when_execution_is_automatic(app: App):
    await app.run()
    app.manifest.write_text(MANIFEST.replace("  images: {type: bucket}\n", "").replace("images: read, ", ""))
    asked = await app.waiting(await app.start(auto_execute=True))

    assert asked.question is not None
    assert len(app.cloud.executions) == 1
    await app.deployments.answer(asked.id, asked.question.id, "replace")
    assert (await app.end(asked)).outcome == "succeeded"


async def test_the_setting_starts_execution_by_itself(tmp_path):
    write_project(tmp_path / "project")
    app = App(tmp_path, auto_execute=True)
    assert (await app.end(await app.start())).outcome == "succeeded"


# --- refusals --------------------------------------------------------------------------------------------------------


async def test_a_manifest_with_errors_is_refused_with_their_places(app: App):
    app.manifest.write_text(MANIFEST.replace("handler: app.handler\n", "handler: gone.handler\n"))
    done = await app.start()

    assert (done.phase, done.outcome) == ("completed", "refused")
    assert [failure.location.range.start.line for failure in done.failures] == [6]
    assert app.deployments.get(done.id) == done
    assert app.cloud.calls == []


async def test_a_manifest_that_is_no_project_is_refused(app: App):
    app.manifest.write_text("- just\n- a list\n")
    done = await app.start()
    assert (done.outcome, done.project.name) == ("refused", "project")


async def test_nothing_is_deployed_from_an_untrusted_workspace(tmp_path):
    write_project(tmp_path / "project")
    app = App(tmp_path, trusted=False)
    with pytest.raises(Refused) as refusal:
        await app.start()
    assert refusal.value.code == "untrusted"
    assert await app.deployments.resume() == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"manifest": "nowhere"}, "noManifest"),
        ({"stage": "prod"}, "unknownStage"),
        ({"text": "  \n"}, "emptyManifest"),
    ],
)
async def test_what_cannot_be_begun_says_why(app: App, change, code):
    request = {"manifest": str(app.manifest), **change}
    with pytest.raises(Refused) as refusal:
        await app.deployments.start(DeployRequest("deploy", **request))
    assert refusal.value.code == code
    assert app.cloud.calls == []


async def test_a_project_with_nothing_to_deploy_is_refused(app: App):
    done = await app.run(
        text="name: demo\nplatform: aws\naws: {region: eu-west-1}\nresources:\n  unused: {type: queue}\n"
    )
    assert done.outcome == "refused"
    assert "nothing to deploy" in done.message
    assert app.cloud.calls == []


async def test_google_cloud_is_not_there_yet(app: App):
    text = "name: demo\nplatform: gcp\ngcp: {project: p, region: europe-west1, serviceAccount: a@p.iam.gserviceaccount.com}\n"
    with pytest.raises(Refused) as refusal:
        await app.start(text=text)
    assert refusal.value.code == "unsupported"


async def test_a_stage_of_the_settings_counts_only_where_the_project_has_it(tmp_path):
    write_project(tmp_path / "project")
    app = App(tmp_path, stage="prod")
    assert (await app.start()).stage is None

    app.manifest.write_text(MANIFEST + "stages: {dev: {}, prod: {}}\n")
    assert (await app.start()).stage == "prod"
    assert (await app.start(stage="dev")).stage == "dev"
    await app.deployments.close()


async def test_a_journal_that_cannot_be_written_keeps_a_deployment_from_beginning(app: App):
    (app.folder / "state").write_text("a file where a folder should be")
    with pytest.raises(Refused) as refusal:
        await app.start()
    assert refusal.value.code == "stateUnwritable"
    assert app.cloud.calls == []


# --- the plan --------------------------------------------------------------------------------------------------------


async def test_the_plan_stays_through_execution_to_the_end_and_in_the_history(app: App):
    staged = await app.waiting(await app.start())
    await app.deployments.execute(staged.id, staged.plan.id)
    done = await app.end(staged)
    assert done.plan == staged.plan
    shown = [each.plan for each in app.seen if each.id == staged.id and each.revision >= staged.revision]
    assert set(shown) == {staged.plan}
    assert App(app.folder, app.cloud).deployments.get(staged.id).plan == staged.plan


async def test_what_was_discarded_is_told_and_what_was_never_staged_is_not(app: App):
    staged = await app.waiting(await app.start())
    await app.deployments.abort(staged.id)
    assert (await app.end(staged)).plan == staged.plan
    await app.run()
    assert (await app.run()).plan is None


async def test_a_plan_that_was_staged_again_is_the_new_one(app: App):
    staged = await app.waiting(await app.start())
    app.cloud.plans[staged.plan.id].current = False
    await app.deployments.execute(staged.id, staged.plan.id)
    again = await app.until(staged, lambda each: each.can.execute and each.plan != staged.plan)
    plans = [each.plan and each.plan.id for each in app.seen if each.revision > staged.revision]
    assert plans[plans.index(None) :][-1] == again.plan.id
    assert staged.plan.id not in plans[plans.index(None) :]


# --- a disk that cannot be written -----------------------------------------------------------------------------------


class Blocked:
    """A disk on which no record can be written, from the first call of a method on."""

    def __init__(self, app: App, method: str) -> None:
        app.cloud.at_call = lambda called: self.block(app) if called == method else None

    def block(self, app: App) -> None:
        (key,) = {path.parent for path in (app.folder / "state").rglob("lease")}
        (name,) = {path.name.split(".")[0] for path in key.glob("*.running.json")} or {"none"}
        # Folders in the way of drafts: as good as a full disk, also for root.
        for suffix in (".running.json", ".json", ".staged.json"):
            (key / f"{name}{suffix}.new" / "in the way").mkdir(parents=True, exist_ok=True)


@pytest.mark.parametrize("method", ["account", "upload"])
async def test_nothing_is_staged_that_the_journal_cannot_tell_of(app: App, method):
    Blocked(app, method)
    ended = await app.end(await app.start(auto_execute=True))
    assert ended.outcome == "failed"
    assert "cannot be written" in ended.message
    assert "SIGMA_HOME" in ended.message
    assert "stage" not in app.cloud.calls


async def test_nothing_is_executed_that_the_journal_cannot_tell_of(app: App):
    Blocked(app, "is_current")
    staged = await app.waiting(await app.start())
    await app.deployments.execute(staged.id, staged.plan.id)
    again = await app.until(staged, lambda each: "cannot be written" in each.message)
    assert again.can.execute
    assert app.cloud.executions == []


async def test_nothing_is_executed_by_itself_that_the_journal_cannot_tell_of(app: App):
    Blocked(app, "stage")
    ended = await app.end(await app.start(auto_execute=True))
    assert (ended.outcome, app.cloud.executions, app.cloud.open_plans()) == ("failed", [], [])
    assert app.cloud.live("demo") is None


async def test_what_the_cloud_executes_is_watched_to_its_end_whatever_can_be_written(app: App):
    Blocked(app, "poll")
    begun = await app.start(auto_execute=True)
    ended = await app.end(begun)
    assert ended.outcome == "succeeded"
    assert any("a restart would lose this deployment" in each.message for each in app.seen)
    # What could still be written is enough for the next process to find its end.
    after = await app.restarted()
    for path in list((app.folder / "state").rglob("in the way")):
        path.rmdir()
        path.parent.rmdir()
    (taken,) = await after.deployments.resume()
    assert (await after.end(taken)).outcome == "succeeded"
    assert len(app.cloud.executions) == 1
    await after.deployments.close()


# --- requests that come at the wrong time ----------------------------------------------------------------------------


async def test_a_plan_that_was_not_reviewed_is_not_executed(app: App):
    staged = await app.waiting(await app.start())
    with pytest.raises(Refused) as refusal:
        await app.deployments.execute(staged.id, "another plan")
    assert refusal.value.code == "planChanged"
    assert app.cloud.executions == []


async def test_what_has_ended_takes_no_requests(app: App):
    done = await app.run()
    for request, code in (
        (app.deployments.execute, "notStaged"),
        (app.deployments.abort, "notAbortable"),
        (app.deployments.stop, "notStoppable"),
    ):
        with pytest.raises(Refused) as refusal:
            await request(done.id)
        assert refusal.value.code == code


async def test_an_unknown_deployment_is_not_found(app: App):
    with pytest.raises(Refused) as refusal:
        await app.deployments.stop("20250101T000000-none")
    assert refusal.value.code == "notFound"
    with pytest.raises(Refused):
        app.deployments.logs("../../etc/passwd")


async def test_a_second_deployment_of_the_same_stack_answers_with_the_first(app: App):
    first = await app.waiting(await app.start())
    second = await app.start()

    assert (second.id, second.attached) == (first.id, True)
    assert app.deployments.get(first.id).attached is None


# --- giving up -------------------------------------------------------------------------------------------------------


async def test_an_abort_leaves_no_trace_of_a_new_stack(app: App):
    staged = await app.waiting(await app.start())
    await app.deployments.abort(staged.id)
    done = await app.end(staged)

    assert (done.outcome, staged.reached, done.reached) == ("aborted", None, "staged")
    assert app.cloud.open_plans() == []
    assert app.cloud.live("demo") is None


async def test_an_abort_leaves_an_existing_stack_as_it_is(app: App):
    await app.run()
    before = app.cloud.live("demo").template
    app.manifest.write_text(MANIFEST.replace("code: src", "code: src\n    memory: 512"))
    staged = await app.waiting(await app.start())
    await app.deployments.abort(staged.id)
    done = await app.end(staged)

    assert done.outcome == "aborted"
    assert app.cloud.open_plans() == []
    assert app.cloud.live("demo").template == before


async def test_an_abort_while_staging_waits_for_what_it_has_to_discard(app: App):
    app.cloud.slow["stage"] = 5
    begun = await app.phase(await app.start(), "staging")
    await app.until(begun, lambda _: "stage" in app.cloud.calls)
    await app.deployments.abort(begun.id)
    done = await app.end(begun)

    assert done.outcome == "aborted"
    assert "discard" in app.cloud.calls
    assert app.cloud.live("demo") is None


async def test_an_abort_while_building_ends_at_once(app: App):
    app.world.slow_build = 1000
    begun = await app.phase(await app.start(), "build")
    done = await app.deployments.abort(begun.id)

    assert done.outcome == "aborted"
    assert "stage" not in app.cloud.calls


async def test_a_creation_that_is_stopped_is_deleted(app: App):
    begun = await app.start(auto_execute=True)
    running = await app.until(begun, lambda each: each.phase == "monitoring" and each.progress.done > 0)
    assert (running.can.stop, running.can.stop_means) == (True, "delete")

    stopping = await app.deployments.stop(running.id)
    assert (stopping.phase, stopping.can.stop) == ("rollingBack", False)
    done = await app.end(begun)

    assert done.outcome == "stopped"
    assert done.failures == ()
    assert app.cloud.live("demo") is None
    assert {change.status for change in done.changes} <= {"rolledBack", "cancelled"}


async def test_an_update_that_is_stopped_is_rolled_back(app: App):
    await app.run()
    before = app.cloud.live("demo").template
    app.manifest.write_text(MANIFEST.replace("code: src", "code: src\n    memory: 512"))
    begun = await app.start(auto_execute=True)
    running = await app.until(begun, lambda each: each.can.stop and each.phase == "monitoring")
    assert running.can.stop_means == "rollback"
    await app.deployments.stop(running.id)
    done = await app.end(begun)

    assert done.outcome == "stopped"
    assert app.cloud.live("demo").status == "UPDATE_ROLLBACK_COMPLETE"
    assert app.cloud.live("demo").template == before


async def test_a_stop_that_comes_too_late_is_a_success(app: App):
    await app.run()
    app.manifest.write_text(MANIFEST.replace("code: src", "code: src\n    memory: 512"))
    app.cloud.faults.append(Fault("stop", Conflict("too late")))
    begun = await app.start(auto_execute=True)
    running = await app.until(begun, lambda each: each.can.stop and each.phase == "monitoring")
    await app.deployments.stop(running.id)
    done = await app.end(begun)

    assert done.outcome == "succeeded"
    assert app.cloud.live("demo").status == "UPDATE_COMPLETE"


@pytest.mark.parametrize("certain", [False, True])
async def test_a_stop_is_sent_again_until_the_cloud_answers(app: App, certain):
    app.cloud.faults += [Fault("stop", lost(certain=certain), nth) for nth in (1, 2, 3)]
    begun = await app.start(auto_execute=True)
    running = await app.until(begun, lambda each: each.phase == "monitoring" and each.can.stop)
    app.cloud.paused = True
    await app.deployments.stop(running.id)
    await app.until(begun, lambda _: app.cloud.calls.count("stop") == 4)
    app.cloud.paused = False

    assert (await app.end(begun)).outcome == "stopped"


async def test_a_removal_cannot_be_stopped(app: App):
    await app.run()
    begun = await app.start("undeploy", auto_execute=True, allow_data_loss=True)
    running = await app.phase(begun, "monitoring")
    assert not running.can.stop
    with pytest.raises(Refused) as refusal:
        await app.deployments.cancel(running.id)
    assert refusal.value.code == "notStoppable"
    assert (await app.end(begun)).outcome == "succeeded"


async def test_cancel_aborts_before_execution_and_stops_after(app: App):
    staged = await app.waiting(await app.start())
    await app.deployments.cancel(staged.id)
    assert (await app.end(staged)).outcome == "aborted"

    begun = await app.start(auto_execute=True)
    await app.until(begun, lambda each: each.can.stop)
    await app.deployments.cancel(begun.id)
    assert (await app.end(begun)).outcome == "stopped"


# --- failures --------------------------------------------------------------------------------------------------------


async def test_a_failed_creation_is_rolled_back_with_its_cause_at_its_line(app: App):
    app.cloud.fail["create:Images"] = "images already exists"
    done = await app.run()

    assert done.outcome == "rolledBack"
    assert done.message == "Failed, and demo was rolled back. images: images already exists"
    (failure,) = done.failures
    assert (failure.resource, failure.change, failure.root_cause) == ("images", "Images", True)
    assert MANIFEST.splitlines()[failure.location.range.start.line].strip().startswith("images")
    assert next(change for change in done.changes if change.id == "Images").status == "failed"


async def test_a_failed_update_is_rolled_back(app: App):
    await app.run()
    app.manifest.write_text(MANIFEST.replace("code: src", "code: src\n    memory: 512"))
    app.cloud.fail["update:Hello"] = "no"
    done = await app.run()

    assert (done.outcome, done.stack_status) == ("rolledBack", "UPDATE_ROLLBACK_COMPLETE")


async def test_a_rollback_that_fails_leaves_something_in_place(app: App):
    await app.run()
    app.manifest.write_text(
        MANIFEST.replace("code: src", "code: src\n    memory: 512").replace(
            "type: queue}", "type: queue, retention: 3600}"
        )
    )
    app.cloud.fail["update:Hello"] = "no"
    app.cloud.fail["undo:Failed"] = "cannot go back"
    done = await app.run()

    assert (done.outcome, done.stack_status) == ("partiallyApplied", "UPDATE_ROLLBACK_FAILED")
    assert [(each.resource, each.root_cause) for each in done.failures] == [("hello", True), ("failed", False)]


async def test_a_removal_that_fails_says_why(app: App):
    await app.run()
    app.cloud.fail["delete:Images"] = "The bucket you tried to delete is not empty"
    done = await app.run("undeploy")

    assert done.outcome == "failed"
    assert "The bucket you tried to delete is not empty" in done.message


async def test_a_function_that_cannot_be_built_ends_it_at_its_line(app: App):
    app.world.broken["hello"] = BuildFailed([BuildFault("hello", "no such requirement")])
    done = await app.run()

    assert (done.outcome, done.phase, done.reached) == ("failed", "completed", "build")
    (failure,) = done.failures
    assert (failure.resource, failure.reason) == ("hello", "no such requirement")
    assert "code: src" in MANIFEST.splitlines()[failure.location.range.start.line]
    assert "stage" not in app.cloud.calls


async def test_a_template_that_is_rejected_ends_it_with_nothing_left(app: App):
    app.manifest.write_text(MANIFEST.replace("name: demo", "name: demo\ndescription: Reject"))
    done = await app.run()

    assert (done.outcome, done.reached) == ("failed", "staging")
    assert [failure.reason for failure in done.failures] == ["not accepted"]
    assert app.cloud.live("demo") is None


@pytest.mark.parametrize(
    "error",
    [
        CredentialsMissing("No credentials.", "Run aws sso login."),
        CredentialsExpired("Your session has ended.", "Run aws sso login."),
        NotAuthenticated("AWS does not accept the credentials."),
        NotAllowed("You may not sts:GetCallerIdentity.", "Ask for that permission."),
        Unreachable("No connection to the endpoint."),
    ],
)
async def test_a_cloud_that_cannot_be_reached_ends_it_with_the_next_step_and_a_code_for_programs(app: App, error):
    app.world.unavailable = error
    done = await app.run()

    assert done.outcome == "failed"
    assert str(error) in done.message
    assert done.code == error.code


async def test_a_permission_that_is_missing_for_the_execution_is_told_when_all_is_tidied_up(app: App):
    app.cloud.faults.append(Fault("execute", NotAllowed("You may not cloudformation:ExecuteChangeSet.")))
    done = await app.run(auto_execute=True)

    assert (done.outcome, done.code) == ("failed", "notAllowed")
    assert app.cloud.open_plans() == []


async def test_a_defect_of_ours_ends_the_deployment_not_the_server(app: App):
    app.cloud.faults.append(Fault("describe", ZeroDivisionError("boom")))
    done = await app.run()

    assert done.outcome == "failed"
    assert "An internal error in Prepare: boom" in done.message


# --- an uncertain world ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [False, True])
async def test_an_execution_without_an_answer_is_looked_for(app: App, after):
    app.cloud.faults.append(Fault("execute", lost(), after=after))
    done = await app.run()

    assert done.outcome == "succeeded"
    assert len(app.cloud.executions) == 1


@pytest.mark.parametrize("after", [False, True])
async def test_a_stop_that_races_with_an_uncertain_execution_is_not_forgotten(app: App, after):
    app.cloud.slow["execute"] = 5
    app.cloud.faults.append(Fault("execute", lost(), after=after))
    begun = await app.start(auto_execute=True)
    await app.until(begun, lambda each: each.phase == "execution" and "execute" in app.cloud.calls)
    await app.deployments.stop(begun.id)
    done = await app.end(begun)

    assert done.outcome == ("stopped" if after else "aborted")
    assert app.cloud.live("demo") is None
    assert app.cloud.open_plans() == []


async def test_an_execution_is_waited_for_while_nothing_can_be_seen(app: App):
    app.cloud.faults.append(Fault("execute", lost(), after=True))
    app.cloud.faults += [Fault("is_current", Unreachable("no network"), nth) for nth in range(1, 8)]
    app.cloud.faults += [Fault("poll", Unreachable("no network"), nth) for nth in range(1, 8)]
    done = await app.run()

    assert done.outcome == "succeeded"
    assert any("no network" in each.message for each in app.seen)


async def test_a_plan_that_went_stale_is_staged_again_and_then_executed_automatically(app: App):
    await app.run()
    app.manifest.write_text(MANIFEST.replace("code: src", "code: src\n    memory: 512"))
    app.cloud.faults.append(Fault("execute", Conflict("obsolete"), nth=2))
    done = await app.run()

    assert done.outcome == "succeeded"
    assert app.cloud.calls.count("stage") == 3
    assert app.cloud.open_plans() == []


async def test_a_plan_that_went_stale_is_staged_again_and_shown_again(app: App):
    staged = await app.waiting(await app.start())
    app.cloud.plans[staged.plan.id].current = False
    await app.deployments.execute(staged.id, staged.plan.id)
    again = await app.until(staged, lambda each: each.can.execute)

    assert again.plan.id != staged.plan.id
    assert app.cloud.executions == []
    with pytest.raises(Refused) as refusal:
        await app.deployments.execute(staged.id, staged.plan.id)
    assert refusal.value.code == "planChanged"
    await app.deployments.execute(staged.id, again.plan.id)
    assert (await app.end(staged)).outcome == "succeeded"


async def test_a_plan_that_is_stale_again_and_again_ends_it(app: App):
    app.cloud.faults += [Fault("execute", Conflict("obsolete"), nth) for nth in (1, 2, 3)]
    done = await app.run()

    assert done.outcome == "failed"
    assert app.cloud.executions == []
    assert app.cloud.live("demo") is None


async def test_a_missing_permission_to_execute_leaves_the_changes_for_another_try(app: App):
    app.cloud.faults.append(Fault("execute", NotAllowed("You may not cloudformation:ExecuteChangeSet.")))
    staged = await app.waiting(await app.start())
    await app.deployments.execute(staged.id)
    again = await app.until(staged, lambda each: each.can.execute and "may not" in each.message)
    await app.deployments.execute(again.id)
    assert (await app.end(again)).outcome == "succeeded"


async def test_a_missing_permission_to_execute_ends_an_automatic_deployment_cleanly(app: App):
    app.cloud.faults.append(Fault("execute", NotAllowed("You may not cloudformation:ExecuteChangeSet.")))
    done = await app.run()

    assert done.outcome == "failed"
    assert "You may not" in done.message
    assert app.cloud.open_plans() == []
    assert app.cloud.live("demo") is None


async def test_staging_is_tried_a_few_times(app: App):
    app.cloud.faults += [Fault("stage", lost(certain=True), nth) for nth in (1, 2)]
    assert (await app.run()).outcome == "succeeded"


async def test_changes_that_cannot_be_discarded_are_named(app: App):
    staged = await app.waiting(await app.start())
    app.cloud.faults += [Fault("discard", Unreachable("no network"), nth) for nth in range(1, 9)]
    await app.deployments.abort(staged.id)
    done = await app.end(staged)

    assert done.outcome == "aborted"
    assert "no network" in done.message
    assert (
        f"Left on the cloud: the staged changes {staged.plan.id}, and the empty stack {staged.stack.id}" in done.message
    )


async def test_a_removal_that_is_not_begun_leaves_nothing_on_the_cloud(app: App):
    await app.run()
    waiting = await app.waiting(await app.start("undeploy"))
    app.cloud.faults += [Fault("discard", Unreachable("no network"), nth) for nth in range(1, 9)]
    await app.deployments.abort(waiting.id)
    done = await app.end(waiting)
    assert (done.outcome, "Left on the cloud" in done.message) == ("aborted", False)


async def test_lost_outputs_are_no_failure(app: App):
    app.cloud.faults += [Fault("outputs", NotAllowed("You may not look."), nth) for nth in range(1, 9)]
    done = await app.run()
    assert (done.outcome, done.outputs) == ("succeeded", ())


# --- stacks in other states ------------------------------------------------------------------------------------------


async def test_a_busy_stack_is_watched_until_it_can_be_deployed(app: App):
    await app.run()
    other = App(app.folder / "other", app.cloud)
    write_project(other.folder / "project", MANIFEST.replace("code: src", "code: src\n    memory: 512"))
    app.cloud.paused = True
    theirs = await other.start(auto_execute=True)
    await other.phase(theirs, "monitoring")

    begun = await app.start(auto_execute=True)
    waiting = await app.until(begun, lambda each: each.stack_status == "UPDATE_IN_PROGRESS")
    assert (waiting.phase, waiting.attached, waiting.can.abort, waiting.can.stop) == ("preparation", True, True, False)
    app.cloud.paused = False
    theirs_live = await app.until(begun, lambda each: bool(each.changes))
    assert (theirs_live.phase, theirs_live.plan) == ("preparation", None)
    assert "Hello" in {change.id for change in theirs_live.changes}

    assert (await app.end(begun)).outcome == "succeeded"
    assert (await other.end(theirs)).outcome == "succeeded"
    assert all("memory" not in str(change.causes) for change in begun.changes)
    await other.deployments.close()


async def test_an_unrecoverable_stack_is_recreated_with_consent(app: App):
    app.cloud.put("demo", "ROLLBACK_COMPLETE", {"Images": "AWS::S3::Bucket"})
    asked = await app.waiting(await app.start())

    assert asked.question is not None
    assert asked.question.kind == "recreateStack"
    assert "Data is lost with Images" in asked.question.text
    ready = await app.deployments.answer(asked.id, asked.question.id, "recreate")
    staged = await app.until(ready, lambda each: each.can.execute)
    await app.deployments.execute(staged.id)
    done = await app.end(staged)

    assert done.outcome == "succeeded"
    assert app.cloud.live("demo").status == "CREATE_COMPLETE"


async def test_yes_recreates_what_holds_no_data_and_asks_for_what_does(app: App):
    app.cloud.put("demo", "ROLLBACK_COMPLETE")
    assert (await app.end(await app.start(auto_execute=True, recreate=True))).outcome == "succeeded"

    app.cloud.live("demo").status = "DELETE_FAILED"
    asked = await app.waiting(await app.start(auto_execute=True, recreate=True))
    assert asked.question is not None
    await app.deployments.answer(asked.id, asked.question.id, "abort")
    assert (await app.end(asked)).outcome == "aborted"
    assert app.cloud.live("demo").status == "DELETE_FAILED"


@pytest.mark.parametrize("after", [False, True])
async def test_a_deletion_without_an_answer_is_looked_for(app: App, after):
    app.cloud.put("demo", "ROLLBACK_COMPLETE")
    app.cloud.faults.append(Fault("delete", lost(), after=after))
    done = await app.run()

    assert done.outcome == "succeeded"
    assert app.cloud.count("delete") == (1 if after else 2)


# --- asked values ----------------------------------------------------------------------------------------------------


async def test_nobody_types_a_value_before_the_consent_that_it_needs(app: App):
    app.manifest.write_text(ASKING)
    app.cloud.put("demo", "ROLLBACK_COMPLETE", {"Images": "AWS::S3::Bucket"})
    asked = await app.waiting(await app.start())
    assert asked.question is not None
    assert (asked.phase, asked.question.kind) == ("preparation", "recreateStack")
    assert asked.passed == ("initialization",)  # Nothing is built yet.

    ready = await app.deployments.answer(asked.id, asked.question.id, "recreate")
    valued = await app.until(ready, lambda each: each.question is not None and each.question.id != asked.question.id)
    assert valued.question is not None
    assert (valued.question.kind, app.cloud.live("demo"), app.world.builds) == ("values", None, 0)
    assert valued.passed == ()  # It was begun again, with the stack out of the way.
    ready = await app.deployments.answer(valued.id, valued.question.id, {"KEY": "k"})
    staged = await app.until(ready, lambda each: each.can.execute)
    assert staged.passed == ("initialization", "build", "preparation", "staging")
    await app.deployments.execute(staged.id)
    done = await app.end(staged)
    assert (done.outcome, done.passed) == (
        "succeeded",
        ("initialization", "build", "preparation", "staging", "staged", "execution", "monitoring"),
    )


async def test_nobody_types_a_value_for_a_stack_that_cannot_be_deployed_to(app: App):
    app.manifest.write_text(ASKING)
    app.cloud.put("demo", "ROLLBACK_COMPLETE", protected=True)
    done = await app.end(await app.start())

    assert done.outcome == "refused"
    assert [each.question for each in app.seen if each.question is not None] == []


async def test_consent_beforehand_deletes_nothing_while_a_value_is_missing(app: App):
    app.manifest.write_text(ASKING)
    app.cloud.put("demo", "ROLLBACK_COMPLETE")
    asked = await app.waiting(await app.start(auto_execute=True, recreate=True))

    assert asked.question is not None
    assert (asked.question.kind, app.cloud.live("demo").status) == ("values", "ROLLBACK_COMPLETE")
    await app.deployments.answer(asked.id, asked.question.id, "abort")
    assert (await app.end(asked)).outcome == "aborted"
    assert app.cloud.live("demo").status == "ROLLBACK_COMPLETE"


async def test_asked_values_are_asked_for_and_passed_on(app: App):
    app.manifest.write_text(ASKING)
    asked = await app.waiting(await app.start(auto_execute=True))

    assert asked.question is not None
    assert [(value.name, value.title, value.secret) for value in asked.question.values or ()] == [
        ("KEY", "the key", True)
    ]
    assert set(app.cloud.calls) == {"account", "describe"}
    with pytest.raises(Refused) as refusal:
        await app.deployments.answer(asked.id, asked.question.id, {"OTHER": "x"})
    assert refusal.value.code == "badAnswer"

    await app.deployments.answer(asked.id, asked.question.id, {"KEY": "s3cret"})
    assert (await app.end(asked)).outcome == "succeeded"
    (plan,) = app.cloud.plans.values()
    assert list(plan.request.parameters.values()) == ["s3cret"]


async def test_values_that_are_known_beforehand_are_not_asked_for(app: App):
    app.manifest.write_text(ASKING)
    assert (await app.run(answers={"KEY": "s3cret"})).outcome == "succeeded"


async def test_asked_values_lie_nowhere(app: App):
    app.manifest.write_text(ASKING)
    await app.run(answers={"KEY": "s3cret-value"})

    files = [path for path in app.folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".json" for path in files)
    assert not [path for path in files if b"s3cret-value" in path.read_bytes()]
    assert "s3cret-value" not in repr(app.seen)
    assert "s3cret-value" not in repr(app.deployments._jobs)


async def test_an_answer_to_another_question_is_refused(app: App):
    staged = await app.waiting(await app.start())
    with pytest.raises(Refused) as refusal:
        await app.deployments.answer(staged.id, "recreateStack-1", "recreate")
    assert refusal.value.code == "questionChanged"


# --- looking ---------------------------------------------------------------------------------------------------------


async def test_the_list_has_what_runs_and_what_was_last(app: App):
    first = await app.run()
    assert [each.id for each in app.deployments.list()] == [first.id]

    app.manifest.write_text(MANIFEST.replace("code: src", "code: src\n    memory: 512"))
    running = await app.waiting(await app.start())
    assert [each.id for each in app.deployments.list(str(app.manifest))] == [running.id, first.id]
    assert app.deployments.list(str(app.folder)) == ()

    # What was begun and given up does not hide what was done.
    await app.deployments.abort(running.id)
    await app.end(running)
    assert [(each.id, each.outcome) for each in app.deployments.list(app.manifest.as_uri())] == [
        (first.id, "succeeded")
    ]


async def test_the_log_has_all_that_the_cloud_said(app: App):
    done = await app.run()
    logged = app.deployments.logs(done.id)

    assert logged == tuple(app.heard)
    assert (logged[0].status, logged[-1].status) == ("CREATE_IN_PROGRESS", "CREATE_COMPLETE")
    again = App(app.folder, app.cloud)
    assert again.deployments.logs(done.id) == logged


async def test_an_observer_that_left_hears_nothing(app: App):
    heard = []
    leave = app.deployments.observe(snapshot=heard.append)
    begun = await app.start()
    leave()
    leave()
    await app.waiting(begun)
    assert [each.id for each in heard] == [begun.id]


async def test_on_the_sandbox_outputs_answer_on_this_machine(app: App):
    app.manifest.write_text(MANIFEST.replace('"${failed.url}"', '"https://api.example/x"'))
    done = await app.run(sandbox=True)
    assert [output.value for output in done.outputs if output.name == "Failed"] == ["http://127.0.0.1:4566/x"]
    assert app.world.asked_for[0].sandbox


async def test_outputs_come_as_the_manifest_has_them_and_generated_ones_last(app: App):
    app.manifest.write_text(
        MANIFEST.replace("    uses:", "    triggers: [http: GET /x]\n    uses:")
        + '  Zebra: {value: "z"}\n  Images: {value: "${images.name}"}\n'
    )
    done = await app.run()
    assert [output.name for output in done.outputs] == ["Failed", "Zebra", "Images", "ApiUrl", "HelloArn"]


# --- history ---------------------------------------------------------------------------------------------------------


async def test_the_history_of_a_project_is_that_of_its_stacks_newest_first(app: App):
    first = await app.run()
    second = await app.run(operation="undeploy")
    third = await app.run()

    assert [each.id for each in app.deployments.history(app.manifest.as_uri())] == [third.id, second.id, first.id]
    assert [each.operation for each in app.deployments.history(str(app.manifest.parent))] == [
        "deploy",
        "undeploy",
        "deploy",
    ]
    assert [each.id for each in app.deployments.history(str(app.manifest), limit=1)] == [third.id]
    assert app.deployments.history(str(app.folder)) == ()
    # The manifest's other name is the same project's.
    renamed = str(app.manifest.with_suffix(".yml"))
    assert [each.id for each in app.deployments.history(renamed, limit=1)] == [third.id]
    assert [each.id for each in app.deployments.list(renamed)] == [third.id]
