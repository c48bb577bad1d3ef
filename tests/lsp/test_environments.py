"""What is installed on demand, as an editor sees it: questions, progress, and commands."""

from __future__ import annotations

import sys
import threading

import attrs
import pytest

from sigma_ls.app import environments
from sigma_ls.app.lint import CFN_LINT
from sigma_ls.runtime.environments import installed, program
from sigma_ls.runtime.installation import InstallError, install
from sigma_ls.sandbox.environment import SANDBOX
from tests.support.editor import SIGMA, Refusal, connected
from tests.support.installer import Installer
from tests.support.scripted import ScriptedDeployments

ASK = "window/showMessageRequest"
SAY = "window/showMessage"
PROGRESS = "$/progress"
SHOWS_ALL = {**SIGMA, "window": {"workDoneProgress": True}}
# cfn-lint does not know this property, and nobody else looks at it.
MANIFEST = """\
name: demo
platform: aws
aws: {region: eu-west-1}
functions:
  work: {runtime: python3.13, handler: app.handler, code: src}
template: {Resources: {Work: {Properties: {Colour: red}}}}
"""


class Machine:
    """Installs an interpreter that is our own, or fails as it is told to and when it may."""

    def __init__(self) -> None:
        self.fails = False
        self.may_fail = threading.Event()

    def install(self, environment, report):
        if self.fails:
            assert self.may_fail.wait(10)
            raise InstallError("It could not be installed: dns error.", "Check the network.")
        install(environment, report=report, run=Installer())
        python = program(environment, "python")
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        python.chmod(0o755)

    @property
    def services(self):
        return attrs.evolve(ScriptedDeployments().services, install=self.install)


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SIGMA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SIGMA_ENVIRONMENTS", raising=False)
    return tmp_path / "home"


@pytest.fixture
def uri(tmp_path, monkeypatch):
    """A project, beside a server without cfn-lint."""
    monkeypatch.setitem(sys.modules, "cfnlint", None)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text("def handler(event, context):\n    pass\n")
    return (tmp_path / "sigma.yaml").as_uri()


async def checked(editor):
    """Wait until the template was looked at: something is pending after the manifest was opened, then nothing is."""
    await editor.until("sigma/serverStatus", lambda status: not status["quiescent"])
    await editor.until("sigma/serverStatus", lambda status: status["quiescent"])


async def test_cfn_lint_is_offered_once_and_used_as_soon_as_it_is_there(machine, uri):
    async with connected(machine.services, SHOWS_ALL) as editor:
        editor.patience = 60.0  # cfn-lint takes seconds to load where much else runs.
        editor.answers["window/workDoneProgress/create"] = None
        editor.open(uri, MANIFEST)
        asked = await editor.answer_next(ASK, {"title": "Install"})
        assert asked["message"].startswith(
            "Cfn-lint (checks generated templates) is not installed yet. Install it once, about 16 MB"
        )
        assert [action["title"] for action in asked["actions"]] == ["Install", "Don't Ask Again"]
        told = [(await editor.received(PROGRESS))["value"] for _ in range(3)]
        assert [each["kind"] for each in told] == ["begin", "report", "end"]
        assert told[1]["message"] == "Installing cfn-lint (once, about 16 MB) …"
        assert (await editor.received(SAY))["message"] == "Cfn-lint is installed."
        while not any("Colour" in each["message"] for each in await editor.published(uri)):
            pass
        assert editor.heard[ASK] == 1


async def test_who_does_not_want_it_is_never_asked_again(machine, uri):
    async with connected(machine.services, SIGMA) as editor:
        editor.open(uri, MANIFEST)
        await editor.answer_next(ASK, {"title": "Don't Ask Again"})
        while not environments.is_declined(CFN_LINT):
            await editor.settled()
    async with connected(machine.services, SIGMA) as editor:
        editor.open(uri, MANIFEST)
        await checked(editor)
        # It is asked for by a command all the same.
        await editor.command("sigma.installEnvironment", environment="cfn-lint")
        assert (await editor.received(SAY))["message"] == "Cfn-lint is installed."
        assert editor.heard[ASK] == 0


async def test_nothing_is_offered_in_a_workspace_that_is_not_trusted_nor_where_it_is_switched_off(machine, uri):
    for options in ({"trusted": False}, {"cfnLint": False}):
        async with connected(machine.services, SIGMA, options=options) as editor:
            editor.open(uri, MANIFEST)
            await checked(editor)
            assert editor.heard[ASK] == 0


async def test_a_failure_is_told_and_the_rest_goes_on(machine, uri):
    machine.fails = True
    async with connected(machine.services, SHOWS_ALL) as editor:
        editor.answers["window/workDoneProgress/create"] = None
        answer = await editor.command("sigma.installEnvironment", environment="sandbox")
        assert answer["state"] == "installing"
        machine.may_fail.set()
        told = await editor.received(SAY)
        assert (told["type"], told["message"]) == (1, "It could not be installed: dns error. Check the network.")
        listed = {each["name"]: each["state"] for each in await editor.command("sigma.environments")}
        assert listed == {"cfn-lint": "missing", "sandbox": "missing", "build-tools": "included"}
        editor.open(uri, "functons: {}\n")
        assert any("functons" in each["message"] for each in await editor.published(uri, 1))


async def test_what_is_installed_is_removed_by_command(machine):
    async with connected(machine.services, SIGMA) as editor:
        await editor.command("sigma.installEnvironment", environment="sandbox")
        assert (await editor.received(SAY))["message"] == "The sandbox is installed."
        (sandbox,) = [each for each in await editor.command("sigma.environments") if each["name"] == "sandbox"]
        assert (sandbox["state"], sandbox["size"] > 0) == ("installed", True)
        assert sandbox["folder"] == str(program(SANDBOX, "python").parents[1])
        gone = await editor.command("sigma.removeEnvironment", environment="sandbox")
        assert (gone["state"], gone["size"], installed(SANDBOX)) == ("missing", 0, None)


async def test_what_there_is_not_is_refused_with_what_there_is(machine):
    async with connected(machine.services, SIGMA) as editor:
        for command in ("sigma.installEnvironment", "sigma.removeEnvironment"):
            with pytest.raises(Refusal, match="no environment emulator; there are cfn-lint, sandbox, build-tools"):
                await editor.command(command, environment="emulator")


@pytest.mark.parametrize(
    ("answer", "consents"), [({"title": "Install"}, True), ({"title": "Not Now"}, False), (None, False)]
)
async def test_a_deployment_asks_the_person_in_the_editor(answer, consents):
    deployments = ScriptedDeployments()
    async with connected(deployments.services, SIGMA) as editor:
        editor.answers[ASK] = answer
        await editor.ready()
        assert await deployments.consent([SANDBOX]) is consents
        asked = await editor.received(ASK)
    assert asked["message"].startswith(
        "The sandbox (the embedded cloud on this machine) is not installed yet. Install it once"
    )
    assert [action["title"] for action in asked["actions"]] == ["Install", "Not Now"]
