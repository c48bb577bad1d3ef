"""Commands, snapshots, log and progress, as an editor with our messages sees them."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from sigma_ls.app.deployments import CommitMessage, Refused
from sigma_ls.deploy.snapshot import Event, Failure, Location
from sigma_ls.lsp.messages import COMMANDS
from sigma_ls.syntax.span import Range
from tests.support.editor import SIGMA, Refusal, connected
from tests.support.scripted import RUNNING, STAGED, STARTED, SUCCEEDED, URI, ScriptedDeployments

PROGRESS = {**SIGMA, "window": {"workDoneProgress": True}}
DID_CHANGE = "sigma/deployment/didChange"


async def test_the_server_says_what_it_can_do() -> None:
    async with connected(ScriptedDeployments().services, SIGMA) as editor:
        able = editor.initialized["capabilities"]
        assert able["experimental"] == {"sigma": {"protocol": 1}}
        assert able["executeCommandProvider"]["commands"] == [command.name for command in COMMANDS]
        assert editor.initialized["serverInfo"]["name"] == "sigma-ls"


async def test_deploy_passes_on_what_was_asked_and_answers_with_the_deployment() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, SIGMA) as editor:
        answer = await editor.command(
            "sigma.deploy",
            project=URI,
            stage="prod",
            sandbox=True,
            autoExecute=True,
            commit={"message": "Ship it"},
            answers={"KEY": "s3cret"},
        )
    assert (answer["id"], answer["revision"], answer["phase"]) == ("d1", 1, "initialization")
    assert answer["can"] == {"execute": False, "abort": True, "stop": False}
    ((name, request),) = [call for call in deployments.calls if call[0] == "start"]
    assert (name, request.operation, request.manifest) == ("start", "deploy", URI)
    assert (request.stage, request.sandbox, request.auto_execute) == ("prod", True, True)
    assert (request.commit, dict(request.answers)) == (CommitMessage("Ship it"), {"KEY": "s3cret"})


async def test_the_history_of_a_project_and_what_one_of_it_staged() -> None:
    deployments = ScriptedDeployments()
    deployments.past = (SUCCEEDED,)
    async with connected(deployments.services, SIGMA) as editor:
        history = await editor.command("sigma.history", project=URI)
        await editor.command("sigma.history", project=URI, limit=3)
        template = await editor.command("sigma.template", deployment="d1", format="json", comparable=True)
    assert [each["outcome"] for each in history] == ["succeeded"]
    assert template == {"text": "Resources: {}\n", "languageId": "json", "resources": 0}
    assert deployments.calls[-3:] == [("history", URI, 20), ("history", URI, 3), ("template", "d1", "json", True)]


async def test_what_is_left_out_is_left_to_the_settings() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, SIGMA) as editor:
        await editor.command("sigma.undeploy", project=URI)
        await editor.request("workspace/executeCommand", {"command": "sigma.deployments"})
        await editor.request("workspace/executeCommand", {"command": "sigma.deployments", "arguments": [None]})
    (request,) = [call[1] for call in deployments.calls if call[0] == "start"]
    assert (request.operation, request.stage, request.sandbox, request.auto_execute) == ("undeploy", None, None, None)


@pytest.mark.parametrize(
    ("command", "argument", "called"),
    [
        ("sigma.execute", {"deployment": "d1", "plan": "p1"}, ("execute", "d1", "p1")),
        ("sigma.execute", {"deployment": "d1"}, ("execute", "d1", None)),
        ("sigma.abort", {"deployment": "d1"}, ("abort", "d1")),
        ("sigma.stop", {"deployment": "d1"}, ("stop", "d1")),
        ("sigma.answer", {"deployment": "d1", "question": "q", "answer": "yes"}, ("answer", "d1", "q", "yes")),
        (
            "sigma.answer",
            {"deployment": "d1", "question": "q", "answer": {"K": "v"}},
            ("answer", "d1", "q", {"K": "v"}),
        ),
    ],
)
async def test_commands_on_a_deployment(command: str, argument: dict[str, Any], called: tuple[Any, ...]) -> None:
    deployments = ScriptedDeployments(STAGED)
    async with connected(deployments.services, SIGMA) as editor:
        answer = await editor.command(command, **argument)
    assert answer["id"] == "d1"
    assert called in deployments.calls


async def test_logs_are_answered_whole() -> None:
    async with connected(ScriptedDeployments().services, SIGMA) as editor:
        assert await editor.command("sigma.logs", deployment="d1") == [
            {
                "at": "2026-01-01T00:00:00.000Z",
                "resource": "orders",
                "type": "AWS::SQS::Queue",
                "status": "CREATE_COMPLETE",
            }
        ]


@pytest.mark.parametrize(
    ("command", "argument", "place"),
    [
        ("sigma.execute", {}, "$.deployment"),
        ("sigma.execute", {"deployment": 3}, "$.deployment"),
        ("sigma.execute", {"deployment": "d1", "plan": []}, "$.plan"),
        ("sigma.deploy", {"autoExecute": "yes"}, "$.autoExecute"),
        ("sigma.deploy", {"commit": "maybe"}, "$.commit"),
        ("sigma.answer", {"deployment": "d1", "answer": "a"}, "$.question"),
        ("sigma.deployments", {"project": 1}, "$.project"),
    ],
)
async def test_bad_arguments_are_refused_and_named(command: str, argument: dict[str, Any], place: str) -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, SIGMA) as editor:
        with pytest.raises(Refusal) as caught:
            await editor.command(command, **argument)
    assert caught.value.code == -32602
    assert place in caught.value.message
    assert {name for name, *_ in deployments.calls} <= {"resume", "list"}


@pytest.mark.parametrize(
    "params",
    [
        {"command": "sigma.unheardOf"},
        {"command": None},
        {"command": ["sigma.deploy"]},
        {"command": "sigma.deploy", "arguments": [{}, {}]},
        {"command": "sigma.deploy", "arguments": "x"},
        {"command": "sigma.deploy", "arguments": ["x"]},
        [],
    ],
)
async def test_a_command_that_is_none_is_answered(params: object) -> None:
    async with connected(ScriptedDeployments().services, SIGMA) as editor:
        with pytest.raises(Refusal) as caught:
            await editor.request("workspace/executeCommand", params)
    assert caught.value.code == -32602


async def test_a_build_answers_with_its_archives() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, SIGMA) as editor:
        editor.open(URI, "name: shop")
        built = await editor.command("sigma.build", project=URI, stage="dev")
    assert built == {"artifacts": [{"function": "hello", "hash": "a1b2", "size": 12, "upToDate": True}]}
    assert ("build", URI, "name: shop", "dev") in deployments.calls


async def test_a_refusal_says_why_to_a_program_and_to_a_person() -> None:
    deployments = ScriptedDeployments(STAGED)
    deployments.refusals["execute"] = Refused("planChanged", "Another plan is staged.")
    async with connected(deployments.services, SIGMA) as editor:
        with pytest.raises(Refusal) as caught:
            await editor.command("sigma.execute", deployment="d1", plan="p0")
    assert (caught.value.code, caught.value.message, caught.value.data) == (
        -32803,
        "Another plan is staged.",
        {"code": "planChanged"},
    )


async def test_each_snapshot_is_whole() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, SIGMA) as editor:
        await editor.ready()
        deployments.show(STAGED)
        deployments.show(SUCCEEDED)
        first, last = [(await editor.received(DID_CHANGE))["deployment"] for _ in range(2)]
    assert (first["phase"], first["plan"]["summary"]["add"]) == ("staged", 1)
    assert first["changes"][0]["resource"] == {"type": "AWS::SQS::Queue", "name": "orders"}
    assert (last["phase"], last["outcome"], last["revision"]) == ("completed", "succeeded", first["revision"] + 1)
    assert last["changes"] == first["changes"]


async def test_a_defect_of_ours_in_telling_does_not_reach_the_deployment(caplog: pytest.LogCaptureFixture) -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, SIGMA) as editor:
        await editor.ready()
        nonsense = Failure("orders", "No.", root_cause=True, location=Location(3, None))  # type: ignore[arg-type]
        deployments.show(STAGED, failures=(nonsense,))
        deployments.show(SUCCEEDED)
        assert await editor.until(DID_CHANGE, lambda each: each["deployment"]["phase"] == "completed")
    assert "failed" in caplog.text


async def test_what_the_cloud_says_is_passed_on() -> None:
    deployments = ScriptedDeployments(RUNNING)
    async with connected(deployments.services, SIGMA) as editor:
        await editor.ready()
        deployments.say(Event("2026-01-01T00:00:00.000Z", "orders", "AWS::SQS::Queue", "CREATE_FAILED", "No."))
        log = await editor.received("sigma/deployment/didLog")
    assert (log["id"], log["events"][0]["reason"]) == ("d1", "No.")


async def test_places_are_in_the_editors_units() -> None:
    deployments = ScriptedDeployments()
    failure = Failure("orders", "No.", root_cause=True, location=Location(URI, Range.of(0, 1, 0, 2)))
    async with connected(deployments.services, SIGMA) as editor:
        editor.open(URI, "😀x")
        await editor.ready()
        deployments.show(SUCCEEDED, failures=(failure,))
        shown = (await editor.received(DID_CHANGE))["deployment"]
    assert shown["failures"][0]["location"]["range"] == {
        "start": {"line": 0, "character": 2},
        "end": {"line": 0, "character": 3},
    }


async def test_progress_begins_reports_and_ends_under_a_token_of_the_server() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, PROGRESS) as editor:
        await editor.ready()
        deployments.show(STARTED)
        created = await editor.answer_next("window/workDoneProgress/create", None)
        begun = await editor.received("$/progress")
        assert begun["token"] == created["token"]
        assert begun["value"]["kind"] == "begin"
        assert begun["value"]["title"] == "Deploying shop (dev)"
        assert begun["value"]["cancellable"] is True
        deployments.show(RUNNING, progress=evolve(RUNNING.progress, done=1, total=4))
        report = await editor.until("$/progress", lambda params: params["value"]["message"] == RUNNING.message)
        assert (report["value"]["kind"], report["value"]["percentage"]) == ("report", 25)
        deployments.show(SUCCEEDED)
        ended = await editor.until("$/progress", lambda params: params["value"]["kind"] == "end")
        assert ended["value"]["message"] == "Deployed."


async def test_progress_is_shown_even_where_the_end_is_faster_than_the_editor() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, PROGRESS) as editor:
        await editor.ready()
        deployments.show(STARTED)
        deployments.show(SUCCEEDED)
        await editor.answer_next("window/workDoneProgress/create", None)
        kinds = [(await editor.received("$/progress"))["value"]["kind"] for _ in range(2)]
    assert kinds == ["begin", "end"]


async def test_a_cancelled_progress_cancels_its_deployment_while_it_runs() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, PROGRESS) as editor:
        await editor.ready()
        deployments.show(RUNNING)
        token = (await editor.answer_next("window/workDoneProgress/create", None))["token"]
        await editor.received("$/progress")
        deployments.refusals["cancel"] = Refused("notStoppable", "The cloud cannot stop it.")
        editor.notify("window/workDoneProgress/cancel", {"token": token})
        assert (await editor.received("window/showMessage"))["message"] == "The cloud cannot stop it."
        deployments.show(SUCCEEDED)
        await editor.until("$/progress", lambda params: params["value"]["kind"] == "end")
        editor.notify("window/workDoneProgress/cancel", {"token": token})
        await editor.settled()
    assert deployments.calls.count(("cancel", "d1")) == 1


async def test_an_editor_that_refuses_a_token_gets_no_progress() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, PROGRESS) as editor:
        await editor.ready()
        deployments.show(STARTED)
        await editor.received("window/workDoneProgress/create")
        msg_id = await editor.received("window/workDoneProgress/create#id")
        editor.send({"id": msg_id, "error": {"code": -32603, "message": "no"}})
        deployments.show(SUCCEEDED)
        await editor.received(DID_CHANGE)
        await editor.settled()
        assert "$/progress" not in editor.unread()


async def test_the_journal_is_taken_up_at_the_start() -> None:
    deployments = ScriptedDeployments(RUNNING)
    deployments.running = (evolve(RUNNING, revision=17, attached=True),)
    async with connected(deployments.services, SIGMA) as editor:
        shown = (await editor.received(DID_CHANGE))["deployment"]
        assert (shown["phase"], shown["revision"]) == ("monitoring", 17)
        listed = await editor.command("sigma.deployments")
        assert [(item["id"], item["revision"]) for item in listed] == [("d1", 17)]


async def test_a_problem_with_the_journal_is_shown_to_the_user() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, SIGMA) as editor:
        await editor.command("sigma.deployments")
        deployments.trouble("The journal is damaged.")
        assert await editor.received("window/showMessage") == {"type": 2, "message": "The journal is damaged."}
