"""Deployments that outlive the process that began them."""

from __future__ import annotations

import asyncio
import json

import pytest

from sigma_ls.app import lease
from sigma_ls.app.deployments import Refused
from sigma_ls.deploy.ports import StackProgressed
from tests.support.app import MANIFEST, App, write_project
from tests.support.cloud import FakeCloud, Fault, lost

ASKING = MANIFEST.replace("    uses:", "    environment: {KEY: {ask: the key}}\n    uses:")


async def test_staged_changes_wait_on_after_a_crash_and_are_executed_by_nobody(app: App):
    app.cloud.slow["execute"] = 1000
    staged = await app.waiting(await app.start())
    after = await app.restarted()
    (taken,) = await after.deployments.resume()

    assert (taken.id, taken.phase, taken.plan) == (staged.id, "staged", staged.plan)
    assert taken.changes == staged.changes
    assert taken.revision > staged.revision
    after.cloud.slow.clear()
    await after.deployments.execute(taken.id, staged.plan.id)
    assert (await after.end(taken)).outcome == "succeeded"
    assert len(app.cloud.executions) == 1
    await after.deployments.close()


async def test_a_running_deployment_is_watched_on(app: App):
    begun = await app.start(auto_execute=True)
    running = await app.until(begun, lambda each: each.progress.done == 2)
    after = await app.restarted()
    (taken,) = await after.deployments.resume()

    assert taken.phase == "monitoring"
    assert taken.progress.done == running.progress.done
    done = await after.end(taken)
    assert (done.outcome, done.progress.done) == ("succeeded", len(done.changes))
    assert [output.name for output in done.outputs] == ["Failed", "HelloArn"]
    log = after.deployments.logs(done.id)
    assert len(log) == len(set(log)) == len(app.cloud.live("demo").events)
    await after.deployments.close()


async def test_a_failure_that_was_seen_before_the_crash_is_told_after_it(app: App):
    app.cloud.fail["create:Failed"] = "no"
    begun = await app.start(auto_execute=True)
    await app.until(begun, lambda each: bool(each.failures))
    after = await app.restarted()
    (taken,) = await after.deployments.resume()
    done = await after.end(taken)

    assert done.outcome == "rolledBack"
    assert [(failure.resource, failure.reason) for failure in done.failures] == [("failed", "no")]
    assert next(change for change in done.changes if change.id == "Failed").status == "failed"
    await after.deployments.close()


async def test_closing_cancels_nothing(app: App):
    begun = await app.start(auto_execute=True)
    await app.phase(begun, "monitoring")
    await app.deployments.close()
    assert "stop" not in app.cloud.calls

    after = App(app.folder, app.cloud)
    (taken,) = await after.deployments.resume()
    assert (await after.end(taken)).outcome == "succeeded"
    await after.deployments.close()


async def test_a_stop_that_was_asked_for_is_carried_out_by_the_next_process(app: App):
    app.cloud.faults += [Fault("stop", lost(), nth) for nth in range(1, 4)]
    begun = await app.start(auto_execute=True)
    await app.until(begun, lambda each: each.phase == "monitoring" and each.can.stop)
    app.cloud.paused = True
    await app.deployments.stop(begun.id)
    after = await app.restarted()
    app.cloud.paused = False
    (taken,) = await after.deployments.resume()

    assert (await after.end(taken)).outcome == "stopped"
    assert app.cloud.live("demo") is None
    await after.deployments.close()


async def test_automatic_execution_is_dropped(app: App):
    app.world.slow_build = 1000
    begun = await app.start(auto_execute=True)
    await app.phase(begun, "build")
    after = await app.restarted()
    (taken,) = await after.deployments.resume()
    assert not taken.auto_execute
    staged = await after.waiting(taken)

    assert staged.can.execute
    assert app.cloud.executions == []
    await after.deployments.close()


async def test_asked_values_are_asked_for_again(app: App):
    app.manifest.write_text(ASKING)
    app.cloud.slow["stage"] = 1000
    begun = await app.start(answers={"KEY": "s3cret"})
    await app.until(begun, lambda each: each.phase == "staging" and "stage" in app.cloud.calls)
    after = await app.restarted()
    app.cloud.slow.clear()
    (taken,) = await after.deployments.resume()
    asked = await after.waiting(taken)

    assert asked.question is not None
    await after.deployments.answer(asked.id, asked.question.id, {"KEY": "s3cret"})
    staged = await after.until(asked, lambda each: each.can.execute)
    assert {change.resource.name for change in staged.changes} == {"hello", "images", "failed"}
    assert all(change.location for change in staged.changes)
    await after.deployments.close()


@pytest.mark.parametrize("kind", ["recreateStack", "replaceStateful", "rollback", "values"])
async def test_an_open_question_outlives_the_process_that_put_it(app: App, kind):
    match kind:
        case "recreateStack":
            app.cloud.put("demo", "ROLLBACK_COMPLETE", {"Old": "AWS::S3::Bucket"})
        case "replaceStateful":
            app.cloud.put("demo", "CREATE_COMPLETE", {"Old": "AWS::S3::Bucket"})
        case "rollback":
            app.cloud.put("demo", "UPDATE_ROLLBACK_FAILED", {"Old": "AWS::S3::Bucket"})
        case "values":
            app.manifest.write_text(ASKING)
    asked = await app.waiting(await app.start())
    assert asked.question.kind == kind
    after = await app.restarted()
    (taken,) = await after.deployments.resume()
    assert taken.question == asked.question

    answer = {"KEY": "s3cret"} if kind == "values" else taken.question.choices[0].id
    await after.deployments.answer(taken.id, taken.question.id, answer)
    staged = await after.until(taken, lambda each: each.can.execute or each.question not in (None, asked.question))
    if staged.question is not None:
        # Continued or recreated, the stack still holds a bucket that the project has no more.
        assert staged.question.kind == "replaceStateful"
        await after.deployments.answer(staged.id, staged.question.id, "replace")
        staged = await after.until(staged, lambda each: each.can.execute)
    await after.deployments.execute(staged.id, staged.plan.id)
    assert (await after.end(staged)).outcome == "succeeded"
    await after.deployments.close()


async def test_a_manifest_that_names_another_stack_by_now_ends_it(app: App):
    app.world.slow_build = 1000
    await app.phase(await app.start(), "build")
    after = await app.restarted()
    after.manifest.write_text(MANIFEST.replace("name: demo", "name: other"))
    (taken,) = await after.deployments.resume()
    done = await after.end(taken)

    assert done.outcome == "refused"
    assert "other" in done.message


async def test_wherever_it_crashes_it_ends_well_and_nothing_runs_twice(tmp_path):
    """A crash after each of the calls of a whole deployment in turn."""
    total = await _calls_of_a_whole_deployment(tmp_path / "whole")
    assert total > 10
    for crash_at in range(1, total):
        folder = tmp_path / str(crash_at)
        write_project(folder / "project")
        app = App(folder)
        begun = await app.start(auto_execute=True)
        await app.until(begun, lambda _, app=app, crash_at=crash_at: len(app.cloud.calls) >= crash_at)
        after = await app.restarted()
        taken = await after.deployments.resume()
        last = await after.until(
            taken[0] if taken else begun, lambda each: each.outcome is not None or each.can.execute
        )
        if last.can.execute:
            await after.deployments.execute(last.id)
            last = await after.end(last)
        assert last.outcome == "succeeded", crash_at
        assert len(app.cloud.executions) == 1, crash_at
        assert app.cloud.open_plans() == [], crash_at
        assert app.cloud.live("demo").status == "CREATE_COMPLETE"
        await after.deployments.close()


async def _calls_of_a_whole_deployment(folder) -> int:
    write_project(folder / "project")
    app = App(folder)
    await app.run()
    return len(app.cloud.calls)


async def test_the_journal_knows_of_each_call_before_it_is_made(app: App):
    app.cloud.put("demo", "ROLLBACK_COMPLETE")
    on_disk: dict[str, set[str]] = {}

    def look(method: str) -> None:
        for path in (app.folder / "state").rglob("*.running.json"):
            on_disk.setdefault(method, set()).add(json.loads(path.read_text())["state"]["kind"])

    app.cloud.at_call = look
    begun = await app.start(auto_execute=True, recreate=True)
    await app.until(begun, lambda each: each.phase == "monitoring" and each.can.stop)
    await app.deployments.stop(begun.id)
    await app.end(begun)
    staged = await app.waiting(await app.start())
    await app.deployments.abort(staged.id)
    await app.end(staged)

    assert {method: on_disk[method] for method in ("delete", "stage", "execute", "stop", "discard")} == {
        "delete": {"Deleting"},
        "stage": {"Staging"},
        "execute": {"Executing"},
        "stop": {"RollingBack"},
        "discard": {"Discarding"},
    }


# --- two processes ---------------------------------------------------------------------------------------------------


async def test_another_process_follows_and_asks_nothing(app: App):
    staged = await app.waiting(await app.start())
    other = App(app.folder, app.cloud)
    attached = await other.start()

    assert (attached.id, attached.attached, attached.phase) == (staged.id, True, "staged")
    assert not attached.can.execute
    with pytest.raises(Refused) as refusal:
        await other.deployments.execute(staged.id)
    assert refusal.value.code == "ownedElsewhere"

    await app.deployments.execute(staged.id)
    assert (await app.end(staged)).outcome == "succeeded"
    assert (await other.end(attached)).outcome == "succeeded"
    assert len(app.cloud.executions) == 1
    await other.deployments.close()


class Falling(FakeCloud):
    """Tells some news in quick succession, and then nothing any more: a resource takes its time."""

    async def watch(self, stack_id, token):
        stack, told = self.stacks[stack_id], 0
        for _ in range(4):
            stack.work.pop(0)()
            new = tuple(event for event in stack.events[told:] if event.token == token)
            told = len(stack.events)
            yield StackProgressed(new, stack.status, "delete")
            await self.clock.sleep(0.1)
        await asyncio.Event().wait()


async def test_another_process_sees_the_last_of_several_news_too(app: App):
    app = App(app.folder, Falling())
    begun = await app.start(auto_execute=True, allow_data_loss=True, recreate=True)
    running = await app.until(begun, lambda each: each.progress.done == 2)
    other = App(app.folder, app.cloud)
    (followed,) = await other.deployments.resume()
    seen = await other.until(followed, lambda each: each.progress.done == 2)

    assert [change.status for change in seen.changes] == [change.status for change in running.changes]
    await other.deployments.close()
    await app.deployments.close()


async def test_another_process_takes_over_when_the_first_is_gone(app: App):
    staged = await app.waiting(await app.start())
    other = App(app.folder, app.cloud)
    (followed,) = await other.deployments.resume()
    assert followed.attached
    await app.crash()
    ours = await other.until(staged, lambda each: each.can.execute)

    await other.deployments.execute(ours.id)
    assert (await other.end(ours)).outcome == "succeeded"
    await other.deployments.close()


async def test_what_another_process_begins_later_is_followed_without_being_asked_for(app: App):
    other = App(app.folder, app.cloud)
    assert await other.deployments.resume() == ()
    begun = await app.start(auto_execute=True)
    assert (await app.end(begun)).outcome == "succeeded"
    staged = await app.waiting(await app.start("undeploy"))
    async with asyncio.timeout(10):
        async for followed in other.deployments.follow(staged.id):
            if followed.phase == "staged":
                break
    assert all(each.attached for each in other.seen)
    await other.deployments.close()


async def test_deploying_again_takes_up_what_was_left_alone(app: App):
    staged = await app.waiting(await app.start())
    after = await app.restarted()
    again = await after.start()
    assert (again.id, again.attached, again.phase) == (staged.id, True, "staged")
    await after.deployments.close()


async def test_what_is_left_alone_is_listed_before_it_is_taken_up(app: App):
    staged = await app.waiting(await app.start())
    after = await app.restarted()
    assert [(each.id, each.phase) for each in after.deployments.list()] == [(staged.id, "staged")]
    with pytest.raises(Refused) as refusal:
        await after.deployments.execute(staged.id)
    assert refusal.value.code == "ownedElsewhere"


async def test_a_process_that_is_about_to_begin_is_waited_for_a_moment(app: App):
    await app.run()
    (key,) = [path.name for path in (app.folder / "state" / "deployments").iterdir()]
    held = lease.take(app.folder / "state" / "deployments" / key / "lease")
    with pytest.raises(Refused) as refusal:
        await app.start()
    assert refusal.value.code == "busyElsewhere"
    held.release()
    assert (await app.run()).outcome == "noChanges"


# --- a damaged journal -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"version": "99"}', '{"version": 1, "state": {"kind": "Nonsense"}}']
)
async def test_a_damaged_record_is_set_aside_and_does_not_keep_others_from_deploying(app: App, content):
    await app.waiting(await app.start())
    after = await app.restarted()
    (record,) = (app.folder / "state").rglob("*.running.json")
    record.write_text(content)

    assert await after.deployments.resume() == ()
    assert [path.read_text() for path in (app.folder / "state").rglob("*.damaged-1")] == [content]
    assert (await after.waiting(await after.start())).can.execute
    await after.deployments.close()


async def test_a_record_of_a_newer_version_stays_where_that_version_looks_for_it(app: App):
    await app.waiting(await app.start())
    after = await app.restarted()
    (record,) = (app.folder / "state").rglob("*.running.json")
    record.write_text('{"version": 99}')
    troubles: list[str] = []
    after.deployments.observe(trouble=troubles.append)

    assert await after.deployments.resume() == ()
    assert after.deployments.list() == ()
    assert record.read_text() == '{"version": 99}'
    (trouble,) = troubles
    assert "newer version" in trouble
    assert (await after.waiting(await after.start())).can.execute
    assert record.exists()
    await after.deployments.close()


async def test_a_half_written_event_is_told_again(app: App):
    begun = await app.start(auto_execute=True)
    await app.until(begun, lambda each: each.progress.done == 2)
    after = await app.restarted()
    (log,) = (app.folder / "state").rglob("*.events.jsonl")
    log.write_text(log.read_text()[:-20])
    (taken,) = await after.deployments.resume()
    done = await after.end(taken)

    assert done.progress.done == len(done.changes)
    assert len(after.deployments.logs(done.id)) == len(app.cloud.live("demo").events)
    await after.deployments.close()


async def test_a_record_that_its_process_had_no_time_to_remove_is_no_running_one(app: App):
    done = await app.run()
    (record,) = (app.folder / "state").rglob(f"{done.id}.json")
    record.with_name(f"{done.id}.running.json").write_text(record.read_text())
    after = App(app.folder, app.cloud)

    assert await after.deployments.resume() == ()
    assert after.deployments.get(done.id).outcome == "succeeded"


async def test_the_history_is_bounded(app: App):
    from sigma_ls.app import journal

    done = [await app.run() for _ in range(3)]
    for _ in range(journal.KEPT_ATTEMPTS + 2):
        await app.run()
    kept = [path.stem for path in (app.folder / "state").rglob("*.json") if "staged" not in path.name]

    # The first one executed something, the others found nothing to do.
    assert done[0].id in kept
    assert len(kept) == 1 + journal.KEPT_ATTEMPTS
    assert not list((app.folder / "state").rglob(f"{done[1].id}*"))


async def test_the_history_tells_who_did_what_and_when(app: App):
    first = await app.run()
    app.manifest.write_text(MANIFEST.replace("  failed: {type: queue}", "  failed: {type: queue, retention: 3600}"))
    second = await app.run()
    aborted = await app.waiting(await app.start("undeploy", allow_data_loss=True))
    await app.deployments.abort(aborted.id)
    await app.end(aborted)

    after = await app.restarted()
    history = after.deployments.history(str(after.manifest))
    assert [(each.operation, each.outcome, each.started_by) for each in history] == [
        ("undeploy", "aborted", "ada@desk"),
        ("deploy", "succeeded", "ada@desk"),
        ("deploy", "succeeded", "ada@desk"),
    ]
    assert [each.id for each in after.deployments.list()] == [second.id]
    assert [change.id for change in history[1].changes] == ["Failed"]
    assert history[2].outputs == first.outputs != ()
    assert history[2].started_at <= history[2].ended_at <= history[1].started_at
    assert after.deployments.logs(first.id)
    template = after.deployments._journal.package(
        after.deployments._journal.find(first.id).key, first.id
    ).restored()  # fmt: skip
    assert set(template.resources.values()) >= {"hello", "images", "failed"}


async def test_files_are_for_the_user_alone_and_hold_json(app: App):
    await app.run()
    for path in (app.folder / "state").rglob("*.json"):
        assert path.stat().st_mode & 0o077 == 0
        assert isinstance(json.loads(path.read_text()), dict)
