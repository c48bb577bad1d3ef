"""An editor without our messages still deploys: questions come as dialogs, results as messages."""

from __future__ import annotations

import pytest
from attrs import evolve

from sigma_ls.app.deployments import Refused
from sigma_ls.deploy.snapshot import (
    AskedValue,
    Can,
    Choice,
    Failure,
    Output,
    Plan,
    PlanSummary,
    Question,
)
from tests.support.editor import SIGMA, Editor, connected
from tests.support.scripted import RUNNING, STAGED, STARTED, SUCCEEDED, ScriptedDeployments

ASK = "window/showMessageRequest"
SAY = "window/showMessage"
QUESTION = Question(
    "q1",
    "recreateStack",
    "The stack must be made anew.",
    (Choice("yes", "Recreate", destructive=True), Choice("no", "Give up")),
)


def titles(dialog: dict[str, object]) -> list[str]:
    return [action["title"] for action in dialog["actions"]]  # type: ignore[attr-defined]


async def called(editor: Editor, deployments: ScriptedDeployments) -> list[tuple[object, ...]]:
    """What was asked of the deployments after the start."""
    await editor.settled()
    await editor.settled()
    return [call for call in deployments.calls if call[0] not in {"resume", "list"}]


async def test_execute_is_offered_with_what_it_would_do() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(STAGED)
        dialog = await editor.answer_next(ASK, {"title": "Execute"})
        assert titles(dialog) == ["Execute", "Abort"]
        assert dialog["message"] == "shop (dev) on the cloud, eu-west-1: 1 to add."
        assert await called(editor, deployments) == [("execute", "d1", "p1")]


async def test_abort_is_offered_too() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(STAGED)
        await editor.answer_next(ASK, {"title": "Abort"})
        assert await called(editor, deployments) == [("abort", "d1")]


async def test_a_dismissed_dialog_leaves_it_staged_and_says_how_to_go_on() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(STAGED)
        await editor.answer_next(ASK, None)
        message = (await editor.received(SAY))["message"]
        assert "sigma.execute" in message
        assert '"d1"' in message
        assert await called(editor, deployments) == []


async def test_an_editor_without_dialogs_is_told_the_command() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(STAGED)
        await editor.received(ASK)
        editor.send({"id": await editor.received(ASK + "#id"), "error": {"code": -32601, "message": "unknown"}})
        assert "1 to add" in (await editor.received(SAY))["message"]
        assert "sigma.execute" in (await editor.received(SAY))["message"]


async def test_one_plan_is_offered_once_and_the_next_one_again() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(STAGED)
        deployments.show(STAGED, message="Still ready.")
        await editor.received(ASK)
        deployments.show(STAGED, plan=Plan("p2", PlanSummary(remove=2)))
        again = await editor.received(ASK)
        assert "2 to remove" in again["message"]
        assert (await editor.received("$/cancelRequest"))["id"] == await editor.received(ASK + "#id")


async def test_what_needs_no_consent_is_not_offered() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(STAGED, auto_execute=True)
        deployments.show(SUCCEEDED)
        await editor.received(SAY)
        assert editor.unread() == {}


async def test_a_dialog_that_lost_its_point_is_withdrawn() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(STAGED)
        await editor.received(ASK)
        deployments.show(RUNNING)
        withdrawn = await editor.received("$/cancelRequest")
        assert withdrawn["id"] == await editor.received(ASK + "#id")


async def test_a_question_is_put_with_its_choices() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(STARTED, question=QUESTION)
        dialog = await editor.answer_next(ASK, {"title": "Recreate"})
        assert dialog["message"] == "shop (dev): The stack must be made anew."
        assert titles(dialog) == ["Recreate", "Give up"]
        assert await called(editor, deployments) == [("answer", "d1", "q1", "yes")]


async def test_values_that_nobody_can_type_give_the_deployment_up_and_say_where_they_can() -> None:
    deployments = ScriptedDeployments()
    values = Question("q2", "values", "Two values are needed.", (), (AskedValue("API_KEY", "Key", secret=True),))
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(STARTED, question=values)
        message = (await editor.received(SAY))["message"]
        assert "API_KEY" in message
        assert "answers" in message
        assert await called(editor, deployments) == [("abort", "d1")]


COMMIT = Question(
    "commit-1-1",
    "commit",
    "Uncommitted changes: sigma.yaml. Commit before deploying?",
    (Choice("commit", "Commit"), Choice("skip", "Deploy Without Committing"), Choice("abort", "Abort")),
    (AskedValue("message", "Commit message", secret=False, default="Deploy shop (dev)"),),
)


@pytest.mark.parametrize(
    ("title", "answer"),
    [("Commit as “Deploy shop (dev)”", "commit"), ("Deploy Without Committing", "skip"), ("Abort", "abort")],
)
async def test_a_commit_is_asked_about_with_the_message_that_it_would_get(title: str, answer: str) -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(STARTED, question=COMMIT)
        dialog = await editor.answer_next(ASK, {"title": title})
        assert titles(dialog) == ["Commit as “Deploy shop (dev)”", "Deploy Without Committing", "Abort"]
        assert await called(editor, deployments) == [("answer", "d1", "commit-1-1", answer)]


async def test_what_cannot_be_committed_offers_no_commit() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(STARTED, question=evolve(COMMIT, choices=COMMIT.choices[1:], values=None))
        dialog = await editor.answer_next(ASK, {"title": "Deploy Without Committing"})
        assert titles(dialog) == ["Deploy Without Committing", "Abort"]
        assert await called(editor, deployments) == [("answer", "d1", "commit-1-1", "skip")]


async def test_a_choice_that_came_too_late_is_explained() -> None:
    deployments = ScriptedDeployments()
    deployments.refusals["execute"] = Refused("planChanged", "Another plan is staged.")
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(STAGED)
        await editor.answer_next(ASK, {"title": "Execute"})
        assert (await editor.received(SAY))["message"] == "Another plan is staged."


async def test_data_that_will_be_lost_is_named() -> None:
    deployments = ScriptedDeployments()
    lost = evolve(STAGED.changes[0], action="remove", risk="dataLoss")
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(STAGED, changes=(lost,))
        assert "Data will be lost: orders." in (await editor.received(ASK))["message"]


async def test_success_comes_with_its_outputs_once() -> None:
    deployments = ScriptedDeployments()
    outputs = (Output("Url", "https://x.test"), Output("Key", "hidden", sensitive=True))
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(SUCCEEDED, outputs=outputs)
        assert await editor.received(SAY) == {"type": 3, "message": "shop (dev): Deployed.\nUrl: https://x.test"}
        deployments.show(SUCCEEDED, outputs=outputs)
        await editor.settled()
        assert editor.unread() == {}


async def test_failure_comes_with_its_root_cause_first() -> None:
    deployments = ScriptedDeployments()
    failures = (
        Failure("list", "Resource creation cancelled", root_cause=False),
        Failure("orders", "Name taken", root_cause=True),
    )
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(SUCCEEDED, outcome="rolledBack", message="Rolled back.", failures=failures)
        assert await editor.received(SAY) == {
            "type": 1,
            "message": "shop (dev): Rolled back.\norders: Name taken\nlist: Resource creation cancelled",
        }


async def test_an_editor_with_our_messages_gets_none_of_this() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, SIGMA) as editor:
        await editor.ready()
        deployments.show(STARTED, question=QUESTION, can=Can())
        deployments.show(STAGED)
        deployments.show(SUCCEEDED)
        await editor.until("sigma/deployment/didChange", lambda params: params["deployment"]["phase"] == "completed")
        await editor.settled()
        assert ASK not in editor.unread()
        assert SAY not in editor.unread()
