"""What git does not have yet: asked about where somebody wants to be asked, committed before anything is built."""

from __future__ import annotations

import pytest

from sigma_ls.app.deployments import CommitMessage, Refused
from sigma_ls.app.world import CommitFailed
from sigma_ls.deploy.ports import Worktree
from sigma_ls.deploy.snapshot import Deployment
from tests.support.app import MANIFEST, App
from tests.support.cloud import FakeCloud

CLEAN = Worktree("c0")
WORK = Worktree("c0", ("sigma.yaml", "src/app.py"), count=2, new=1)


def raising(message: str):
    def hook():
        raise CommitFailed(message)

    return hook


async def asked(app: App, **more) -> Deployment:
    """A deployment that asks about a commit."""
    app.world.work = WORK
    deployment = await app.waiting(await app.start(auto_execute=True, **{"commit": "ask", **more}))
    assert deployment.question is not None
    assert deployment.question.kind == "commit"
    assert app.world.builds == 0
    return deployment


# --- when it is asked ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "request_says", "looks"),
    [("skip", None, 0), ("skip", "ask", 1), ("ask", None, 1), ("ask", "skip", 0)],
)
async def test_git_is_asked_where_the_request_or_the_setting_says_so(app: App, setting, request_says, looks):
    app = App(app.folder, FakeCloud(), commit=setting)
    app.world.work = CLEAN
    done = await app.run(commit=request_says)
    assert (done.outcome, app.world.looks) == ("succeeded", looks)
    await app.deployments.close()


@pytest.mark.parametrize("work", [None, CLEAN])
async def test_without_a_repository_or_without_changes_nothing_is_asked(app: App, work):
    app.world.work = work
    done = await app.run(commit="ask")
    assert done.outcome == "succeeded"
    assert not any(each.question for each in app.seen)
    assert app.world.commits == []


async def test_an_undeployment_asks_nothing(app: App):
    app = App(app.folder, FakeCloud(), commit="ask")
    await app.run(commit="skip")
    app.world.work = WORK
    await app.run("undeploy")
    assert app.world.looks == 0
    await app.deployments.close()


async def test_an_untrusted_workspace_has_no_git_run_in_it(app: App):
    app = App(app.folder, trusted=False)
    app.world.work = WORK
    with pytest.raises(Refused) as refused:
        await app.start(commit=CommitMessage("no"))
    assert (refused.value.code, app.world.looks, app.world.commits) == ("untrusted", 0, [])


async def test_the_question_comes_after_the_values_and_before_anything_is_built_or_staged(app: App):
    app.manifest.write_text(MANIFEST.replace("    uses:", "    environment: {KEY: {ask: the key}}\n    uses:"))
    app.world.work = WORK
    first = await app.waiting(await app.start(commit="ask"))
    assert first.question.kind == "values"
    await app.deployments.answer(first.id, first.question.id, {"KEY": "k"})
    second = await app.until(first, lambda each: each.question is not None and each.question.kind == "commit")
    assert (second.phase, app.world.builds) == ("initialization", 0)
    assert set(app.cloud.calls) == {"account", "describe"}


# --- the answers -----------------------------------------------------------------------------------------------------


async def test_a_message_commits_the_projects_folder_and_deploys(app: App):
    deployment = await asked(app)
    await app.deployments.answer(deployment.id, deployment.question.id, {"message": "  Add a queue\n"})
    done = await app.end(deployment)
    assert app.world.commits == [(app.manifest.parent, "Add a queue")]
    assert (done.outcome, done.commit) == ("succeeded", "c1")


async def test_where_no_text_can_be_typed_the_suggested_message_is_taken(app: App):
    deployment = await asked(app)
    await app.deployments.answer(deployment.id, deployment.question.id, "commit")
    await app.end(deployment)
    assert [message for _, message in app.world.commits] == ["Deploy demo"]


async def test_it_is_deployed_without_a_commit(app: App):
    deployment = await asked(app)
    await app.deployments.answer(deployment.id, deployment.question.id, "skip")
    done = await app.end(deployment)
    assert (done.outcome, done.commit, app.world.commits) == ("succeeded", None, [])


async def test_it_is_aborted(app: App):
    deployment = await asked(app)
    await app.deployments.answer(deployment.id, deployment.question.id, "abort")
    done = await app.end(deployment)
    assert (done.outcome, app.world.commits, app.world.builds, app.cloud.calls) == ("aborted", [], 0, [])


@pytest.mark.parametrize("answer", [{"message": "  "}, {"text": "x"}, "replace"])
async def test_an_answer_that_is_none_leaves_the_question_open(app: App, answer):
    deployment = await asked(app)
    with pytest.raises(Refused) as refused:
        await app.deployments.answer(deployment.id, deployment.question.id, answer)
    assert refused.value.code == "badAnswer"
    assert app.deployments.get(deployment.id).question == deployment.question


async def test_the_message_is_no_secret(app: App):
    """What is asked as a value is hidden in everything that is told; a message may repeat any common word."""
    deployment = await asked(app)
    await app.deployments.answer(deployment.id, deployment.question.id, {"message": "demo"})
    done = await app.end(deployment)
    assert "demo" in done.message


# --- a message beforehand --------------------------------------------------------------------------------------------


async def test_a_message_given_beforehand_commits_without_a_question(app: App):
    app.world.work = WORK
    done = await app.run(commit=CommitMessage("Add a queue"))
    assert (done.outcome, done.commit) == ("succeeded", "c1")
    assert not any(each.question for each in app.seen)
    assert [message for _, message in app.world.commits] == ["Add a queue"]


async def test_with_nothing_to_commit_the_last_commit_is_what_is_deployed(app: App):
    app.world.work = CLEAN
    done = await app.run(commit=CommitMessage("Add a queue"))
    assert (done.outcome, done.commit, app.world.commits) == ("succeeded", "c0", [])


async def test_in_no_repository_a_message_cannot_be_kept(app: App):
    waiting = await app.waiting(await app.start(commit=CommitMessage("Add a queue")))
    assert "The project is in no git repository." in waiting.question.text
    assert [choice.id for choice in waiting.question.choices] == ["skip", "abort"]


# --- what goes wrong -------------------------------------------------------------------------------------------------


async def test_a_commit_that_fails_is_asked_about_again_with_the_reason(app: App):
    deployment = await asked(app)
    app.world.hook = raising("A commit hook refused it: unused import.")
    await app.deployments.answer(deployment.id, deployment.question.id, "commit")
    again = await app.until(deployment, lambda each: each.question not in (None, deployment.question))
    assert again.question.text.startswith("Nothing was committed. A commit hook refused it: unused import.")
    assert again.question.id != deployment.question.id
    app.world.hook = lambda: None
    await app.deployments.answer(again.id, again.question.id, {"message": "Better"})
    assert (await app.end(again)).commit == "c1"


async def test_what_cannot_be_committed_is_deployed_without(app: App):
    app.world.work = Worktree("c0", ("sigma.yaml",), count=1, hindrance="A merge is not finished.")
    deployment = await app.waiting(await app.start(auto_execute=True, commit="ask"))
    with pytest.raises(Refused) as refused:
        await app.deployments.answer(deployment.id, deployment.question.id, {"message": "no"})
    assert refused.value.code == "badAnswer"
    await app.deployments.answer(deployment.id, deployment.question.id, "skip")
    assert (await app.end(deployment)).outcome == "succeeded"


async def test_where_git_cannot_tell_that_is_said(app: App):
    app.world.unreadable = CommitFailed("git says: fatal: index file corrupt")
    deployment = await app.waiting(await app.start(auto_execute=True, commit="ask"))
    assert "index file corrupt" in deployment.question.text
    await app.deployments.answer(deployment.id, deployment.question.id, "skip")
    assert (await app.end(deployment)).outcome == "succeeded"


async def test_a_manifest_that_is_not_saved_is_not_committed(app: App):
    deployment = await asked(app, text=f"{MANIFEST}\n# not on the disk\n")
    await app.deployments.answer(deployment.id, deployment.question.id, "commit")
    again = await app.until(deployment, lambda each: each.question not in (None, deployment.question))
    assert "sigma.yaml is not saved in the editor" in again.question.text
    assert app.world.commits == []


async def test_of_an_unsaved_manifest_no_commit_is_noted(app: App):
    app.world.work = CLEAN
    done = await app.run(commit="ask", text=f"{MANIFEST}\n# not on the disk\n")
    assert (done.outcome, done.commit) == ("succeeded", None)


async def test_a_hook_that_changes_the_manifest_has_it_read_again(app: App):
    deployment = await asked(app)
    app.world.hook = lambda: app.manifest.write_text(
        MANIFEST.replace("failed: {type: queue}", "failed: {type: queue, retention: 3600}")
    )
    await app.deployments.answer(deployment.id, deployment.question.id, "commit")
    done = await app.end(deployment)
    assert (done.outcome, len(app.world.commits), done.commit) == ("succeeded", 1, "c1")
    assert "MessageRetentionPeriod: 3600" in app.deployments.template(done.id).text


# --- restarts --------------------------------------------------------------------------------------------------------


async def test_the_question_survives_a_restart(app: App):
    deployment = await asked(app)
    app = await app.restarted()
    await app.deployments.resume()
    assert app.deployments.get(deployment.id).question == deployment.question
    await app.deployments.answer(deployment.id, deployment.question.id, "skip")
    assert (await app.waiting(deployment)).can.execute
    await app.deployments.close()


async def test_a_commit_that_a_crash_interrupted_is_looked_at_and_not_repeated(app: App):
    deployment = await asked(app)
    app.world.slow_commit = 3600
    await app.deployments.answer(deployment.id, deployment.question.id, {"message": "Add a queue"})
    app = await app.restarted()
    app.world.work = Worktree("c1")
    await app.deployments.resume()
    staged = await app.waiting(deployment)
    assert (staged.can.execute, staged.commit, app.world.commits) == (True, "c1", [])
    await app.deployments.close()
