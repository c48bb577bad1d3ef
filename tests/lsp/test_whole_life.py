"""Whole deployments through the editor's messages, on a cloud in memory: the real use cases, not a script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from sigma_ls.app.deployments import Deployments
from sigma_ls.app.settings import Settings
from sigma_ls.deploy.ports import Worktree
from sigma_ls.lsp.session import Services
from sigma_ls.runtime.places import JOURNAL
from tests.support.app import MANIFEST, write_project
from tests.support.cloud import FakeWorld
from tests.support.editor import SIGMA, Editor, Refusal, connected

Json = Any
DID_CHANGE = "sigma/deployment/didChange"


class Machine:
    """A disk and a cloud, on which one server after the other may run."""

    def __init__(self, folder: Path) -> None:
        self.manifest = write_project(folder / "project")
        self.world = FakeWorld(folder / "state")

    @property
    def uri(self) -> str:
        return self.manifest.as_uri()

    @property
    def folder(self) -> str:
        return self.manifest.parent.as_uri()

    @property
    def services(self) -> Services:
        async def opened(settings: Callable[[], Settings], _: object) -> Deployments:
            return Deployments(self.world, settings)

        async def built(*_: object) -> tuple[()]:
            return ()

        return Services(opened, built)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


async def shown(editor: Editor, fits: Callable[[Json], bool]) -> Json:
    return (await editor.until(DID_CHANGE, lambda params: fits(params["deployment"])))["deployment"]


async def staged(editor: Editor, **argument: Json) -> Json:
    await editor.command("sigma.deploy", **argument)
    return await shown(editor, lambda each: each["can"]["execute"])


async def completed(editor: Editor) -> Json:
    return await shown(editor, lambda each: each["phase"] == "completed")


async def test_from_the_command_to_the_outputs(machine: Machine) -> None:
    async with connected(machine.services, SIGMA, folder=machine.folder) as editor:
        ready = await staged(editor)
        assert ready["project"] == {"uri": machine.uri, "name": "demo"}
        assert all(each["location"]["uri"] == machine.uri for each in ready["changes"])
        with pytest.raises(Refusal) as caught:
            await editor.command("sigma.execute", deployment=ready["id"], plan="another")
        assert caught.value.data == {"code": "planChanged"}
        await editor.command("sigma.execute", deployment=ready["id"], plan=ready["plan"]["id"])
        end = await completed(editor)
        assert end["outcome"] == "succeeded"
        assert {each["name"] for each in end["outputs"]} >= {"Failed"}
        log = await editor.command("sigma.logs", deployment=end["id"])
        assert log[-1]["status"] == "CREATE_COMPLETE"
        with pytest.raises(Refusal) as caught:
            await editor.command("sigma.stop", deployment=end["id"])
        assert caught.value.code == -32803


async def test_two_requests_are_one_deployment(machine: Machine) -> None:
    async with connected(machine.services, SIGMA, folder=machine.folder) as editor:
        first = await staged(editor)
        again = await editor.command("sigma.deploy", project=machine.uri)
        assert (again["id"], again["attached"]) == (first["id"], True)
        await editor.command("sigma.abort", deployment=first["id"])
        assert (await completed(editor))["outcome"] == "aborted"
        assert machine.world.cloud.open_plans() == []


async def test_settings_are_asked_anew_at_each_deployment(machine: Machine) -> None:
    async with connected(machine.services, SIGMA, folder=machine.folder) as editor:
        editor.notify("workspace/didChangeConfiguration", {"settings": {"autoExecute": True, "sandbox": True}})
        answer = await editor.command("sigma.deploy")
        assert (answer["autoExecute"], answer["sandbox"]) == (True, True)
        assert (await completed(editor))["outcome"] == "succeeded"


async def test_a_failure_comes_to_its_line(machine: Machine) -> None:
    machine.world.cloud.fail["create:Failed"] = "Name taken."
    line = MANIFEST.splitlines().index("  failed: {type: queue}")
    async with connected(machine.services, SIGMA, folder=machine.folder) as editor:
        editor.open(machine.uri, MANIFEST)
        before = await editor.published(machine.uri, 1)
        await editor.command("sigma.deploy", autoExecute=True)
        assert (await completed(editor))["outcome"] == "rolledBack"
        found = [each for each in await editor.published(machine.uri, 1) if each not in before]
        assert [(each["range"]["start"]["line"], each["message"]) for each in found if "Name taken." in each["message"]]
        assert {each["range"]["start"]["line"] for each in found if "Name taken." in each["message"]} == {line}


async def test_the_next_server_finds_what_the_last_one_left(machine: Machine) -> None:
    async with connected(machine.services, SIGMA, folder=machine.folder) as editor:
        left = await staged(editor)
    async with connected(machine.services, SIGMA, folder=machine.folder) as editor:
        found = await shown(editor, lambda each: each["can"]["execute"])
        assert (found["id"], found["plan"]) == (left["id"], left["plan"])
        assert found["revision"] > left["revision"]
        await editor.command("sigma.execute", deployment=found["id"], plan=found["plan"]["id"])
        assert (await completed(editor))["outcome"] == "succeeded"


async def test_who_only_writes_loads_no_deployments_until_another_editor_begins_one(machine: Machine) -> None:
    opened = []

    async def open_deployments(*args: Any) -> Deployments:
        opened.append(args)
        return await machine.services.open_deployments(*args)

    journal = machine.world.state_dir / JOURNAL
    writing = evolve(
        machine.services,
        open_deployments=open_deployments,
        nothing_deployed=lambda: not journal.exists(),
        attention=0.01,
    )
    async with connected(writing, SIGMA, folder=machine.folder) as writer:
        assert await writer.command("sigma.deployments") == []
        assert await writer.command("sigma.history", project=machine.uri) == []
        writer.open(machine.uri, MANIFEST)
        await writer.published(machine.uri, 1)
        assert not opened
        async with connected(machine.services, SIGMA, folder=machine.folder) as deployer:
            await staged(deployer, project=machine.uri)
            seen = await shown(writer, lambda each: each["attached"])
            assert len(opened) == 1
            await deployer.command("sigma.abort", deployment=seen["id"])
            assert (await completed(deployer))["outcome"] == "aborted"


async def test_values_are_asked_for_and_never_told(machine: Machine) -> None:
    text = MANIFEST.replace("    code: src\n", "    code: src\n    environment: {KEY: {ask: The key}}\n")
    async with connected(machine.services, SIGMA, folder=machine.folder) as editor:
        editor.open(machine.uri, text)
        await editor.command("sigma.deploy", autoExecute=True)
        asked = await shown(editor, lambda each: each.get("question") is not None)
        assert asked["question"]["kind"] == "values"
        (value,) = asked["question"]["values"]
        assert value["secret"] is True
        with pytest.raises(Refusal) as caught:
            await editor.command("sigma.answer", deployment=asked["id"], question="another", answer="x")
        assert caught.value.data == {"code": "questionChanged"}
        answer = {value["name"]: "s3cret"}
        await editor.command("sigma.answer", deployment=asked["id"], question=asked["question"]["id"], answer=answer)
        end = await completed(editor)
        assert end["outcome"] == "succeeded"
        assert "s3cret" not in str(end)
        assert "s3cret" not in str(await editor.command("sigma.logs", deployment=end["id"]))


async def test_a_commit_is_asked_about_where_it_is_wanted(machine: Machine) -> None:
    machine.world.work = Worktree("c0", ("sigma.yaml",), count=1)
    async with connected(machine.services, SIGMA, folder=machine.folder) as editor:
        await editor.command("sigma.deploy", autoExecute=True, commit="ask")
        asked = (await shown(editor, lambda each: each.get("question") is not None))["question"]
        assert (asked["kind"], [each["id"] for each in asked["choices"]]) == ("commit", ["commit", "skip", "abort"])
        (value,) = asked["values"]
        assert value == {"name": "message", "title": "Commit message", "secret": False, "default": "Deploy demo"}
        (running,) = await editor.command("sigma.deployments")
        await editor.command(
            "sigma.answer", deployment=running["id"], question=asked["id"], answer={"message": "Add a queue"}
        )
        assert (await completed(editor))["commit"] == "c1"
        assert machine.world.commits == [(machine.manifest.parent, "Add a queue")]


async def test_a_message_beforehand_commits_and_what_is_left_out_asks_nothing(machine: Machine) -> None:
    machine.world.work = Worktree("c0", ("sigma.yaml",), count=1)
    async with connected(machine.services, SIGMA, folder=machine.folder) as editor:
        await editor.command("sigma.deploy", autoExecute=True)
        assert "commit" not in await completed(editor)
        assert machine.world.looks == 0
        await editor.command("sigma.deploy", autoExecute=True, commit={"message": "Add a queue"})
        end = await shown(editor, lambda each: each["phase"] == "completed" and "commit" in each)
        assert (end["outcome"], end["commit"]) == ("noChanges", "c1")


async def test_a_plain_editor_without_values_gives_up_cleanly(machine: Machine) -> None:
    text = MANIFEST.replace("    code: src\n", "    code: src\n    environment: {KEY: {ask: The key}}\n")
    async with connected(machine.services, folder=machine.folder) as editor:
        editor.open(machine.uri, text)
        await editor.command("sigma.deploy")
        told = [(await editor.received("window/showMessage"))["message"] for _ in range(2)]
        assert any("answers (KEY)" in each for each in told), told
        assert machine.world.cloud.open_plans() == []
        await editor.command("sigma.deploy", answers={"KEY": "s3cret"})
        await editor.answer_next("window/showMessageRequest", {"title": "Execute"})
        assert "Deployed" in (await editor.received("window/showMessage"))["message"]


async def test_a_folder_names_its_manifest_and_what_is_not_saved_counts(machine: Machine) -> None:
    async with connected(machine.services, SIGMA) as editor:
        editor.open(machine.uri, MANIFEST.replace("name: demo", "name: unsaved"))
        for project in (machine.folder, machine.folder + "/", str(machine.manifest.parent), machine.uri):
            answer = await editor.command("sigma.deploy", project=project)
            assert answer["project"] == {"uri": machine.uri, "name": "unsaved"}


async def test_a_workspace_of_several_projects_needs_a_name(machine: Machine) -> None:
    write_project(machine.manifest.parent / "other", MANIFEST.replace("name: demo", "name: other"))
    async with connected(machine.services, SIGMA, folder=machine.folder) as editor:
        for command in ("sigma.deploy", "sigma.template"):
            with pytest.raises(Refusal) as caught:
                await editor.command(command)
            assert caught.value.data == {"code": "ambiguousProject"}
        named = await editor.command("sigma.template", project=machine.uri)
        assert named["languageId"] == "yaml"
        with pytest.raises(Refusal) as caught:
            await editor.command("sigma.template", project=machine.uri, stage="prod")
        assert caught.value.data == {"code": "unknownStage"}
        with pytest.raises(Refusal) as caught:
            await editor.command("sigma.deploy", project=(machine.manifest.parent / "none" / "sigma.yaml").as_uri())
        assert caught.value.data == {"code": "noManifest"}
        with pytest.raises(Refusal) as caught:
            await editor.command("sigma.logs", deployment="none")
        assert caught.value.data == {"code": "notFound"}


async def test_an_empty_workspace_has_no_project(machine: Machine, tmp_path: Path) -> None:
    async with connected(machine.services, SIGMA, folder=(tmp_path / "state").as_uri()) as editor:
        with pytest.raises(Refusal) as caught:
            await editor.command("sigma.deploy")
        assert caught.value.data == {"code": "noManifest"}
        editor.open(machine.uri, MANIFEST)
        answer = await editor.command("sigma.deploy")
        assert answer["project"]["uri"] == machine.uri
