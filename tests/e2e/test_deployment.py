"""The real server on a real sandbox: what an editor sees of a deployment, and what survives whatever becomes of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import urllib.request
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from botocore.exceptions import ClientError

from sigma_ls.app.starter import Language, Starter, create
from sigma_ls.sandbox import cloud
from tests.support.editor import SIGMA, Editor, Refusal
from tests.support.process import Started, started
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.sandbox

Json = Any
EXAMPLE = Path(__file__).parents[2] / "examples" / "thumbnailer"
"""What the editor's *Create Project* writes."""
OURS = {**SIGMA, "window": {"workDoneProgress": True}}
DID_CHANGE = "sigma/deployment/didChange"
RESOURCES = """
resources:
  jobs: {type: AWS::SQS::Queue}
  notes: {type: AWS::SNS::Topic}
outputs:
  Jobs: {value: "${jobs.ref}"}
"""


@frozen
class Project:
    """A project in a folder of its own, deployed to the sandbox of this test process."""

    folder: Path
    name: str
    sandbox: Sandbox

    @property
    def manifest(self) -> Path:
        return self.folder / "sigma.yaml"

    @property
    def uri(self) -> str:
        return self.manifest.as_uri()

    def write(self, body: str) -> str:
        text = f"name: {self.name}\nplatform: aws\naws: {{region: eu-west-1}}\n{body}"
        self.manifest.write_text(text)
        return text

    @contextlib.asynccontextmanager
    async def server(self, capabilities: Json = OURS, **options: Json) -> AsyncIterator[Started]:
        """A server for an editor that has the project open, and an account that nobody could reach by mistake."""
        environment = {
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "SIGMA_HOME": str(self.sandbox.home),
            "SIGMA_ENVIRONMENTS": self.sandbox.environment_home,
        }
        settings = {"sandbox": True, "pollInterval": 0.1, **options}
        async with started(capabilities, folder=self.folder, options=settings, environment=environment) as server:
            server.editor.answers["window/workDoneProgress/create"] = None
            yield server

    def stack_status(self) -> str | None:
        """The stack's status; nothing where there is none."""
        try:
            found = self.sandbox.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        except ClientError:
            return None
        return None if found[0]["StackStatus"] == "DELETE_COMPLETE" else found[0]["StackStatus"]


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox, request: pytest.FixtureRequest) -> Project:
    # Servers deploy to the one account that the sandbox has for them, so stacks are told apart by their names.
    in_its_account = Sandbox(sandbox.home, sandbox.endpoint, sandbox.endpoint.account, sandbox.environment_home)
    name = "e-" + "".join(each if each.isalnum() else "-" for each in request.node.name)[:40].strip("-").lower()
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "app.py").write_text("def handler(event, context):\n    return {}\n")
    return Project(folder, name, in_its_account)


async def shown(editor: Editor, fits: Callable[[Json], bool]) -> Json:
    """The first snapshot that fits."""
    return (await editor.until(DID_CHANGE, lambda params: fits(params["deployment"])))["deployment"]


async def deployed(editor: Editor, **argument: Json) -> Json:
    """A whole deployment, executed as staged, to its end."""
    await editor.command("sigma.deploy", **argument)
    ready = await shown(editor, lambda each: each["can"]["execute"] or each["phase"] == "completed")
    if ready["phase"] == "completed":
        return ready
    await editor.command("sigma.execute", deployment=ready["id"], plan=ready["plan"]["id"])
    return await completed(editor)


def fetched(url: str) -> Json:
    with urllib.request.urlopen(url, timeout=30) as reply:
        return json.load(reply)


async def completed(editor: Editor) -> Json:
    return await shown(editor, lambda each: each["phase"] == "completed")


async def test_the_example_from_the_manifest_to_its_endpoint(project: Project) -> None:
    shutil.rmtree(project.folder)
    shutil.copytree(EXAMPLE, project.folder)
    text = project.manifest.read_text().replace("name: thumbnailer", f"name: {project.name}")
    project.manifest.write_text(text)
    async with project.server() as server:
        editor = server.editor
        editor.open(project.uri, text)
        assert await editor.published(project.uri, 1) == []
        answer = await editor.command("sigma.deploy", project=project.uri)
        assert (answer["phase"], answer["operation"], answer["sandbox"]) == ("initialization", "deploy", True)
        staged = await shown(editor, lambda each: each["can"]["execute"])
        assert staged["plan"]["summary"]["add"] == len(staged["changes"]) > 10
        (resize,) = [each for each in staged["changes"] if each["id"] == "Resize"]
        assert resize["resource"] == {"type": "AWS::Lambda::Function", "name": "resize"}
        assert resize["location"]["uri"] == project.uri
        assert text.splitlines()[resize["location"]["range"]["start"]["line"]].strip() == "resize:"
        assert project.stack_status() == "REVIEW_IN_PROGRESS"

        await editor.command("sigma.execute", deployment=staged["id"], plan=staged["plan"]["id"])
        end = await completed(editor)
        assert end["outcome"] == "succeeded", end
        assert {each["status"] for each in end["changes"]} == {"succeeded"}
        assert end["progress"]["done"] == end["progress"]["total"] == len(end["changes"])
        outputs = {each["name"]: each["value"] for each in end["outputs"]}
        assert await asyncio.to_thread(fetched, outputs["Url"]) == {"images": []}

        begun = await editor.received("$/progress")
        assert begun["value"]["title"] == f"Deploying {project.name}"
        ended = await editor.until("$/progress", lambda params: params["value"]["kind"] == "end")
        assert ended["token"] == begun["token"]
        assert (await editor.received("sigma/deployment/didLog"))["id"] == end["id"]
        log = await editor.command("sigma.logs", deployment=end["id"])
        assert {"CREATE_IN_PROGRESS", "CREATE_COMPLETE"} <= {each["status"] for each in log}

        again = await deployed(editor, project=project.uri)
        assert (again["outcome"], again["changes"]) == ("noChanges", [])
        template = await editor.command("sigma.template", project=project.uri, format="json")
        assert len(json.loads(template["text"])["Resources"]) == template["resources"] == len(staged["changes"])
        built = await editor.command("sigma.build", project=project.uri)
        assert {each["function"]: each["upToDate"] for each in built["artifacts"]} == {
            "upload": True,
            "resize": True,
            "list": True,
        }
    assert server.log == []


@pytest.mark.parametrize("language", ["python", "node"])
async def test_a_new_project_answers(project: Project, language: Language) -> None:
    shutil.rmtree(project.folder)
    create(project.folder, Starter(project.name, "aws", "eu-west-1", language=language))
    async with project.server() as server:
        end = await deployed(server.editor, project=project.uri)
    assert end["outcome"] == "succeeded", end
    (url,) = [each["value"] for each in end["outputs"] if each["name"] == "Url"]
    assert await asyncio.to_thread(fetched, f"{url}/?name=you") == {"message": "Hello, you!"}


async def test_revisions_grow_by_one(project: Project) -> None:
    project.write(RESOURCES)
    async with project.server() as server:
        editor = server.editor
        answer = await editor.command("sigma.deploy", autoExecute=True)
        revisions: list[int] = []
        phases: list[str] = []
        while "completed" not in phases:
            snapshot = (await editor.received(DID_CHANGE))["deployment"]
            assert snapshot["id"] == answer["id"]
            revisions.append(snapshot["revision"])
            phases.append(snapshot["phase"])
        assert revisions == list(range(revisions[0], revisions[0] + len(revisions)))
        (listed,) = await editor.command("sigma.deployments", project=project.uri)
        assert (listed["outcome"], listed["revision"]) == ("succeeded", revisions[-1])


async def test_an_aborted_deployment_leaves_nothing(project: Project) -> None:
    project.write(RESOURCES)
    async with project.server() as server:
        editor = server.editor
        await editor.command("sigma.deploy")
        staged = await shown(editor, lambda each: each["can"]["execute"])
        await editor.command("sigma.abort", deployment=staged["id"])
        assert (await completed(editor))["outcome"] == "aborted"
    assert project.stack_status() is None


async def test_an_unsaved_text_is_what_is_deployed(project: Project) -> None:
    saved = project.write("resources: {}\n")
    async with project.server() as server:
        editor = server.editor
        editor.open(project.uri, saved.replace("resources: {}\n", RESOURCES))
        await editor.command("sigma.deploy")
        staged = await shown(editor, lambda each: each["can"]["execute"])
        assert {each["resource"]["name"] for each in staged["changes"]} == {"jobs", "notes"}
        await editor.command("sigma.abort", deployment=staged["id"])
        await completed(editor)


async def test_a_failure_is_shown_at_its_manifest_line_until_the_next_deployment(project: Project) -> None:
    text = project.write(RESOURCES)
    cloud.set_faults({"create:Notes": "The topic is not wanted here."})
    async with project.server() as server:
        editor = server.editor
        editor.open(project.uri, text)
        assert await editor.published(project.uri, 1) == []
        failed = await deployed(editor)
        assert failed["outcome"] == "rolledBack"
        cause = next(each for each in failed["failures"] if each["rootCause"])
        assert (cause["resource"], cause["location"]["range"]["start"]["line"]) == ("notes", 6)
        found = await editor.published(project.uri, 1)
        assert [(each["severity"], each["range"]["start"]["line"]) for each in found] == [(1, 6)]
        assert "The topic is not wanted here." in found[0]["message"]

    # Another server still knows, and the next deployment clears it.
    async with project.server() as server:
        editor = server.editor
        editor.open(project.uri, text)
        await editor.until("textDocument/publishDiagnostics", lambda params: len(params["diagnostics"]) == 1)
        cloud.set_faults({})
        await editor.command("sigma.deploy", autoExecute=True)
        asked = await shown(editor, lambda each: each.get("question") is not None or each["phase"] == "completed")
        assert await editor.published(project.uri, 1) == []
        if question := asked.get("question"):
            assert question["kind"] == "recreateStack"
            choice = next(each["id"] for each in question["choices"] if each.get("destructive"))
            await editor.command("sigma.answer", deployment=asked["id"], question=question["id"], answer=choice)
            asked = await completed(editor)
        assert asked["outcome"] == "succeeded"


async def test_a_server_that_is_killed_in_mid_deployment_loses_nothing(project: Project) -> None:
    project.write(RESOURCES)
    cloud.ensure_running(report=lambda _line: None, pace="real")
    async with project.server(autoExecute=True) as server:
        begun = await server.editor.command("sigma.deploy")
        await shown(server.editor, lambda each: each["phase"] == "monitoring")
        server.process.kill()
        await server.ended()
    async with project.server() as server:
        editor = server.editor
        found = await shown(editor, lambda each: each["id"] == begun["id"])
        listed = await editor.command("sigma.deployments", project=project.uri)
        assert begun["id"] in [each["id"] for each in listed]
        assert found["phase"] in {"execution", "monitoring", "completed"}
        end = found if found["phase"] == "completed" else await completed(editor)
        assert end["outcome"] == "succeeded"
        assert {each["status"] for each in end["changes"]} == {"succeeded"}
    assert project.stack_status() == "CREATE_COMPLETE"


async def test_changes_that_are_ready_outlive_the_server(project: Project) -> None:
    project.write(RESOURCES)
    async with project.server() as server:
        await server.editor.command("sigma.deploy")
        staged = await shown(server.editor, lambda each: each["can"]["execute"])
        server.process.kill()
        await server.ended()
    async with project.server() as server:
        editor = server.editor
        again = await shown(editor, lambda each: each["can"]["execute"])
        assert (again["id"], again["plan"]) == (staged["id"], staged["plan"])
        assert again["revision"] > staged["revision"]
        await editor.command("sigma.execute", deployment=again["id"], plan=again["plan"]["id"])
        assert (await completed(editor))["outcome"] == "succeeded"


async def test_a_deployment_can_be_stopped_by_its_progress(project: Project) -> None:
    project.write(RESOURCES)
    cloud.ensure_running(report=lambda _line: None, pace="real")
    async with project.server(autoExecute=True) as server:
        editor = server.editor
        await editor.command("sigma.deploy")
        token = (await editor.received("$/progress"))["token"]
        await shown(editor, lambda each: each["can"]["stop"])
        editor.notify("window/workDoneProgress/cancel", {"token": token})
        end = await completed(editor)
        assert end["outcome"] == "stopped"
    assert project.stack_status() is None


async def test_an_editor_that_speaks_only_standard_deploys_too(project: Project) -> None:
    text = project.write(RESOURCES)
    async with project.server({}) as server:
        editor = server.editor
        editor.open(project.uri, text)
        await editor.command("sigma.deploy")
        dialog = await editor.answer_next("window/showMessageRequest", {"title": "Execute"})
        assert "2 to add" in dialog["message"]
        message = await editor.received("window/showMessage")
        assert message["type"] == 3
        assert "Jobs: " in message["message"]
        assert editor.heard[DID_CHANGE] == 0

        await editor.command("sigma.undeploy")
        dialog = await editor.answer_next("window/showMessageRequest", {"title": "Execute"})
        assert "2 to remove" in dialog["message"]
        assert (await editor.received("window/showMessage"))["type"] == 3
    assert project.stack_status() is None


async def test_a_manifest_with_errors_is_refused_with_them(project: Project) -> None:
    text = project.write("nmae: x\n")
    async with project.server() as server:
        editor = server.editor
        editor.open(project.uri, text)
        (found,) = await editor.published(project.uri, 1)
        await editor.command("sigma.deploy")
        refused = await completed(editor)
        assert refused["outcome"] == "refused"
        assert found["message"] in refused["failures"][0]["reason"]
        await editor.settled()
        assert editor.unread().get("textDocument/publishDiagnostics", 0) <= 1
    assert project.stack_status() is None


async def test_two_servers_on_one_project_do_not_fight(project: Project) -> None:
    text = project.write(RESOURCES)
    async with project.server() as looking_on:
        watcher = looking_on.editor
        watcher.open(project.uri, text)
        assert await watcher.command("sigma.deployments", project=project.uri) == []
        async with project.server() as owning:
            await owning.editor.command("sigma.deploy")
            staged = await shown(owning.editor, lambda each: each["can"]["execute"])
            # The other editor is shown it without having asked.
            seen = await shown(watcher, lambda each: each["phase"] == "staged")
            assert (seen["id"], seen["attached"], seen["plan"]) == (staged["id"], True, staged["plan"])
            assert seen["can"] == {"execute": False, "abort": False, "stop": False}
            assert (await watcher.command("sigma.deploy"))["id"] == staged["id"]
            with pytest.raises(Refusal) as refused:
                await watcher.command("sigma.execute", deployment=staged["id"])
            assert refused.value.data == {"code": "ownedElsewhere"}
            owning.process.kill()
            await owning.ended()
        ours = await shown(watcher, lambda each: each["can"]["execute"])
        assert (ours["id"], ours["plan"]) == (staged["id"], staged["plan"])
        await watcher.command("sigma.execute", deployment=ours["id"], plan=ours["plan"]["id"])
        end = await completed(watcher)
        assert (end["outcome"], end["plan"]) == ("succeeded", staged["plan"])
    assert project.stack_status() == "CREATE_COMPLETE"


async def test_an_asked_value_is_in_no_file_no_log_and_no_message(project: Project) -> None:
    secret = "open-sesame-4711"
    function = "{runtime: python3.13, handler: app.handler, code: src, environment: {KEY: {ask: The key}}}"
    project.write(f"functions: {{work: {function}}}\n")
    told: list[str] = []
    async with project.server(trace="verbose") as server:
        editor = server.editor
        await editor.command("sigma.deploy", autoExecute=True)
        asked = await shown(editor, lambda each: each.get("question") is not None)
        assert [(each["name"], each["secret"]) for each in asked["question"]["values"]] == [("KEY", True)]
        server.process.kill()
        await server.ended()
        told += [json.dumps(editor.transcript), *server.log]
    # A question outlives the server that put it, and so does what was staged; the answer does not.
    async with project.server(trace="verbose") as server:
        editor = server.editor
        again = await shown(editor, lambda each: each.get("question") is not None)
        assert (again["id"], again["question"]) == (asked["id"], asked["question"])
        answer = {"deployment": again["id"], "question": again["question"]["id"], "answer": {"KEY": secret}}
        await editor.command("sigma.answer", **answer)
        staged = await shown(editor, lambda each: each["can"]["execute"])
        server.process.kill()
        await server.ended()
        told += [json.dumps(editor.transcript), *server.log]
    async with project.server(trace="verbose") as server:
        editor = server.editor
        staged = await shown(editor, lambda each: each["can"]["execute"])
        await editor.command("sigma.execute", deployment=staged["id"], plan=staged["plan"]["id"])
        assert (await completed(editor))["outcome"] == "succeeded"
        await editor.command("sigma.deployments", history=True)
        await editor.command("sigma.logs", deployment=staged["id"])
        await editor.command("sigma.template", project=project.uri)
        told += [json.dumps(editor.transcript), *server.log]
    work = project.sandbox.client("cloudformation").describe_stack_resource(
        StackName=project.name, LogicalResourceId="Work"
    )["StackResourceDetail"]["PhysicalResourceId"]
    configuration = project.sandbox.client("lambda").get_function_configuration(FunctionName=work)
    assert configuration["Environment"]["Variables"] == {"KEY": secret}

    homes = (project.sandbox.home, project.folder)
    files = [path for home in homes for path in home.rglob("*") if path.is_file() and path.stat().st_size]
    assert len(files) > 5
    assert [path for path in files if secret.encode() in path.read_bytes()] == []
    assert [each[:200] for each in told if secret in each] == []
