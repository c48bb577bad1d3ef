"""Diagnostics for editors that ask for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrs import evolve

from sigma_ls.deploy.snapshot import Failure, Location, ProjectRef
from sigma_ls.syntax.span import Range
from tests.support.editor import connected
from tests.support.scripted import SUCCEEDED, ScriptedDeployments

URI = "untitled:/shop/sigma.yaml"
WRONG = "name: shop\nplatform: aws\naws: {region: eu-west-1}\nnmae: x\n"
PULLS = {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": True}}}


def pull(uri: str, previous: str | None = None) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}, "previousResultId": previous}


async def test_it_is_offered_to_editors_that_announce_it() -> None:
    async with connected(ScriptedDeployments().services, PULLS) as editor:
        assert editor.initialized["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"] is True
    async with connected(ScriptedDeployments().services) as editor:
        assert "diagnosticProvider" not in editor.initialized["capabilities"]


async def test_a_document_is_answered_and_an_unchanged_one_is_not_sent_again() -> None:
    async with connected(ScriptedDeployments().services, PULLS) as editor:
        editor.open(URI, WRONG)
        report = await editor.request("textDocument/diagnostic", pull(URI))
        assert (report["kind"], len(report["items"])) == ("full", 1)
        again = await editor.request("textDocument/diagnostic", pull(URI, report["resultId"]))
        assert again == {"kind": "unchanged", "resultId": report["resultId"]}
        editor.change(URI, 2, (3, 0, 4, 0, ""))
        report = await editor.request("textDocument/diagnostic", pull(URI, report["resultId"]))
        assert (report["kind"], report["items"]) == ("full", [])


async def test_who_pulls_is_pushed_to_no_more_and_sees_nothing_twice() -> None:
    async with connected(ScriptedDeployments().services, PULLS) as editor:
        editor.open(URI, WRONG)
        assert len(await editor.published(URI, 1)) == 1
        await editor.request("textDocument/diagnostic", pull(URI))
        assert await editor.published(URI) == []
        editor.change(URI, 2, WRONG + "more: x\n")
        report = await editor.request("textDocument/diagnostic", pull(URI))
        assert len(report["items"]) == 2
        await editor.settled()
        assert "textDocument/publishDiagnostics" not in editor.unread()


async def test_it_is_asked_to_pull_again_when_something_else_changed() -> None:
    deployments = ScriptedDeployments()
    failure = Failure("shop", "Taken.", root_cause=True, location=Location(URI, Range.of(0, 0, 0, 4)))
    async with connected(deployments.services, PULLS) as editor:
        await editor.ready()
        editor.open(URI, WRONG)
        await editor.request("textDocument/diagnostic", pull(URI))
        deployments.show(SUCCEEDED, outcome="failed", failures=(failure,), project=ProjectRef(URI, "shop"))
        await editor.received("workspace/diagnostic/refresh")
        report = await editor.request("textDocument/diagnostic", pull(URI))
        assert [each["message"] for each in report["items"]][-1] == "shop: Taken."
        deployments.show(evolve(SUCCEEDED, phase="build", outcome=None, project=ProjectRef(URI, "shop")))
        await editor.received("workspace/diagnostic/refresh")


async def test_other_files_have_none() -> None:
    async with connected(ScriptedDeployments().services, PULLS) as editor:
        report = await editor.request("textDocument/diagnostic", pull("untitled:/a.yaml"))
        assert (report["kind"], report["items"]) == ("full", [])


async def test_the_workspace_is_answered_whole_closed_manifests_too(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "sigma.yaml").write_text(WRONG)
    one, two = [(tmp_path / name / "sigma.yaml").as_uri() for name in ("one", "two")]
    async with connected(ScriptedDeployments().services, PULLS, folder=tmp_path.as_uri()) as editor:
        editor.open(one, WRONG.replace("nmae: x\n", ""), version=7)
        reports = (await editor.request("workspace/diagnostic", {"previousResultIds": []}))["items"]
        assert {(each["uri"], each["version"], len(each["items"])) for each in reports} == {(one, 7, 0), (two, None, 1)}
        known = [{"uri": each["uri"], "value": each["resultId"]} for each in reports]
        again = (await editor.request("workspace/diagnostic", {"previousResultIds": known}))["items"]
        assert {each["kind"] for each in again} == {"unchanged"}
        (tmp_path / "two" / "sigma.yaml").write_text(WRONG + "more: x\n")
        changed = (await editor.request("workspace/diagnostic", {"previousResultIds": known}))["items"]
        assert [(each["uri"], len(each["items"])) for each in changed if each["kind"] == "full"] == [(two, 2)]
        (tmp_path / "two" / "sigma.yaml").write_bytes(b"name: \xc3\xa9\xff\xfe\0")
        broken = (await editor.request("workspace/diagnostic", {"previousResultIds": known}))["items"]
        (found,) = next(each for each in broken if each["uri"] == two)["items"]
        assert (found["code"], found["range"]["start"]) == ("SIG005", {"line": 0, "character": 7})
        assert "not a text in UTF-8 (byte 8)" in found["message"]
        (tmp_path / "two" / "sigma.yaml").unlink()
        gone = (await editor.request("workspace/diagnostic", {"previousResultIds": known}))["items"]
        assert {each["uri"]: each.get("items") for each in gone}[two] == []
