"""Settings come from `initialize`, from answers of the editor, or as it sends them; trust only from the user."""

from __future__ import annotations

import pytest

from tests.support.editor import SIGMA, Refusal, connected
from tests.support.scripted import URI, ScriptedDeployments

ASKED = {**SIGMA, "workspace": {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": True}}}


@pytest.mark.parametrize("options", [{"stage": "prod", "sandbox": True}, {"sigma": {"stage": "prod", "sandbox": True}}])
async def test_initialization_options_are_settings(options: dict[str, object]) -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, SIGMA, options=options) as editor:
        await editor.ready()
        assert (deployments.settings().stage, deployments.settings().sandbox) == ("prod", True)


async def test_the_editor_is_asked_for_its_settings_and_again_when_they_change() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, ASKED, options={"stage": "dev", "pollInterval": 1}) as editor:
        asked = await editor.answer_next("workspace/configuration", [{"stage": "prod"}])
        assert asked == {"items": [{"section": "sigma"}]}
        registered = await editor.answer_next("client/registerCapability", None)
        assert registered["registrations"][0]["registerOptions"] == {"section": "sigma"}
        await editor.ready()
        assert (deployments.settings().stage, deployments.settings().poll_interval) == ("prod", 1)
        editor.notify("workspace/didChangeConfiguration", {"settings": None})
        await editor.answer_next("workspace/configuration", [{"stage": None}])
        await editor.ready()
        assert deployments.settings().stage == "dev"


@pytest.mark.parametrize("command", ["sigma.deploy", "sigma.undeploy"])
async def test_a_deployment_waits_for_settings_that_have_changed(command: str) -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, ASKED, options={"sandbox": False}) as editor:
        await editor.answer_next("workspace/configuration", [{}])
        await editor.ready()
        editor.notify("workspace/didChangeConfiguration", {"settings": None})
        deployed = editor.ask("workspace/executeCommand", {"command": command, "arguments": [{"project": URI}]})
        await editor.settled()
        assert [name for name, *_ in deployments.calls if name == "start"] == []
        await editor.answer_next("workspace/configuration", [{"sandbox": True}])
        await deployed
        assert deployments.settings().sandbox
        assert [name for name, *_ in deployments.calls if name == "start"] == ["start"]


async def test_a_deployment_waits_for_the_first_settings() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, ASKED) as editor:
        deployed = editor.ask("workspace/executeCommand", {"command": "sigma.deploy", "arguments": [{"project": URI}]})
        await editor.answer_next("workspace/configuration", [{"sandbox": True}])
        await deployed
        assert deployments.settings().sandbox


@pytest.mark.parametrize("settings", [{"stage": "prod"}, {"sigma": {"stage": "prod"}, "other": 1}])
async def test_an_editor_that_cannot_be_asked_sends_them(settings: dict[str, object]) -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, SIGMA) as editor:
        editor.notify("workspace/didChangeConfiguration", {"settings": settings})
        await editor.ready()
        assert deployments.settings().stage == "prod"


@pytest.mark.parametrize("params", [None, [], {"settings": 7}, {"settings": [1]}])
async def test_settings_that_are_none_change_nothing(params: object) -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, SIGMA, options={"stage": "dev"}) as editor:
        editor.notify("workspace/didChangeConfiguration", params)
        await editor.ready()
        assert deployments.settings().stage == "dev"


async def test_a_bad_value_is_named_once_and_its_default_used() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, SIGMA, options={"sandbox": "yes", "stage": "dev"}) as editor:
        message = await editor.received("window/showMessage")
        assert message["type"] == 2
        assert "sigma.sandbox" in message["message"]
        status = await editor.until("sigma/serverStatus", lambda params: params["health"] == "warning")
        assert "sigma.sandbox" in status["message"]
        await editor.ready()
        assert (deployments.settings().sandbox, deployments.settings().stage) == (False, "dev")
        editor.notify("workspace/didChangeConfiguration", {"settings": {"stage": "prod"}})
        await editor.until("sigma/serverStatus", lambda params: params["health"] == "ok")


async def test_an_untrusted_workspace_runs_nothing_until_it_is_trusted() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, SIGMA, options={"trusted": False}) as editor:
        for command, argument in (
            ("sigma.execute", {"deployment": "d1"}),
            ("sigma.answer", {"deployment": "d1", "question": "q", "answer": "yes"}),
            ("sigma.build", {"project": URI}),
            ("sigma.deploy", {"project": URI}),
            ("sigma.undeploy", {"project": URI}),
        ):
            with pytest.raises(Refusal) as caught:
                await editor.command(command, **argument)
            assert caught.value.data == {"code": "untrusted"}
        editor.notify("workspace/didChangeConfiguration", {"settings": {"trusted": True}})
        await editor.ready()
        assert not deployments.settings().trusted
        assert {name for name, *_ in deployments.calls} == {"list"}
        editor.notify("sigma/workspace/didGrantTrust")
        await editor.command("sigma.deploy", project=URI)
        assert deployments.settings().trusted
        assert [name for name, *_ in deployments.calls if name != "list"] == ["resume", "start"]


async def test_messages_are_logged_when_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "sigma_ls.lsp.trace")
    async with connected(ScriptedDeployments().services, SIGMA) as editor:
        await editor.ready()
        assert caplog.messages == []
        editor.notify("workspace/didChangeConfiguration", {"settings": {"trace": "messages"}})
        await editor.ready()
        assert "from the editor: workspace/executeCommand (3)" in caplog.messages
        editor.notify("workspace/didChangeConfiguration", {"settings": {"trace": "off"}})
        await editor.settled()
        caplog.clear()
        await editor.settled()
        assert not [record for record in caplog.records if record.name == "sigma_ls.lsp.trace"]


async def test_a_verbose_log_holds_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with connected(ScriptedDeployments().services, SIGMA, options={"trace": "verbose"}) as editor:
        await editor.command("sigma.deploy", project=URI, answers={"KEY": "s3cret"})
        await editor.command("sigma.answer", deployment="d1", question="q", answer={"KEY": "s3cret"})
        with pytest.raises(Refusal):
            await editor.command("sigma.answer", deployment=3, question="q", answer={"KEY": "s3cret"})
        editor.open(URI, "x" * 10_000)
        await editor.settled()
    assert "sigma.answer" in caplog.text
    assert "s3cret" not in caplog.text
    assert max(map(len, caplog.messages)) < 3_000
