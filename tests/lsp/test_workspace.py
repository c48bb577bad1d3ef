"""Several projects in one editor, and manifests that come, go and move on the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.editor import Editor, connected
from tests.support.scripted import ScriptedDeployments

GOOD = "name: shop\nplatform: aws\naws: {region: eu-west-1}\n"
WRONG = GOOD + "nmae: x\n"
CODE = GOOD + "functions:\n  a: {runtime: python3.13, handler: app.handler, code: src}\n"
PULLS = {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": True}}}
CREATED, CHANGED, DELETED = 1, 2, 3


def services() -> Any:
    return ScriptedDeployments().services


def project(folder: Path, text: str, name: str = "sigma.yaml") -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return (folder / name).as_uri()


def happened(editor: Editor, uri: str, kind: int) -> None:
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": kind}]})


def closed(editor: Editor, uri: str) -> None:
    editor.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def codes(found: list[dict[str, Any]]) -> list[str]:
    return [each["code"] for each in found]


async def pulled(editor: Editor, previous: list[dict[str, Any]] | None = None) -> dict[str, list[str] | None]:
    """The codes of each report by its URI; nothing for one that is unchanged."""
    reports = await reported(editor, previous)
    return {each["uri"]: codes(each["items"]) if each["kind"] == "full" else None for each in reports}


async def reported(editor: Editor, previous: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    known = [{"uri": each["uri"], "value": each["resultId"]} for each in previous or []]
    answer = await editor.request("workspace/diagnostic", {"previousResultIds": known})
    items: list[dict[str, Any]] = answer["items"]
    return items


async def test_each_project_has_its_own_diagnostics_and_code(tmp_path: Path) -> None:
    one, two = project(tmp_path / "one", CODE), project(tmp_path / "two", CODE)
    async with connected(services(), folder=tmp_path.as_uri()) as editor:
        editor.open(one, CODE)
        editor.open(two, CODE)
        assert codes(await editor.published(one, 1)) == ["SIG301"]
        assert codes(await editor.published(two, 1)) == ["SIG301"]
        (tmp_path / "two/src").mkdir()
        (tmp_path / "two/src/app.py").write_text("def handler(event, context): ...\n")
        happened(editor, (tmp_path / "two/src/app.py").as_uri(), CREATED)
        assert codes(await editor.published(two, 1)) == []
        editor.change(one, 2, GOOD)
        assert codes(await editor.published(one, 2)) == []
        await editor.settled()
        assert editor.unread() == {}


async def test_a_manifest_that_changes_on_the_disk(tmp_path: Path) -> None:
    one = project(tmp_path / "one", GOOD)
    async with connected(services(), PULLS, folder=tmp_path.as_uri()) as editor:
        await editor.ready()
        assert await pulled(editor) == {one: []}
        project(tmp_path / "one", WRONG)
        happened(editor, one, CHANGED)
        await editor.answer_next("workspace/diagnostic/refresh", None)
        assert await pulled(editor) == {one: ["SIG102"]}


async def test_the_editor_s_text_counts_until_it_is_closed(tmp_path: Path) -> None:
    one = project(tmp_path / "one", WRONG)
    async with connected(services(), PULLS, folder=tmp_path.as_uri()) as editor:
        editor.open(one, GOOD)
        assert await pulled(editor) == {one: []}
        (tmp_path / "one/sigma.yaml").unlink()
        happened(editor, one, DELETED)
        assert await pulled(editor) == {one: []}
        editor.change(one, 2, WRONG)
        reports = await reported(editor)
        assert [(each["uri"], codes(each["items"])) for each in reports] == [(one, ["SIG102"])]
        closed(editor, one)
        assert await pulled(editor, reports) == {one: []}
        assert await pulled(editor) == {}


async def test_a_manifest_that_is_renamed(tmp_path: Path) -> None:
    """An editor closes the old one and opens the new one; code is looked for beside the new one."""
    old = project(tmp_path / "old", CODE)
    (tmp_path / "new/src").mkdir(parents=True)
    (tmp_path / "new/src/app.py").write_text("def handler(event, context): ...\n")
    new = (tmp_path / "new/sigma.yaml").as_uri()
    async with connected(services(), folder=tmp_path.as_uri()) as editor:
        editor.open(old, CODE)
        assert codes(await editor.published(old, 1)) == ["SIG301"]
        (tmp_path / "old/sigma.yaml").rename(tmp_path / "new/sigma.yaml")
        closed(editor, old)
        editor.open(new, CODE)
        happened(editor, old, DELETED)
        happened(editor, new, CREATED)
        assert await editor.published(old) == []
        assert codes(await editor.published(new, 1)) == []


async def test_a_manifest_that_is_renamed_to_something_else(tmp_path: Path) -> None:
    old = project(tmp_path, WRONG)
    async with connected(services(), PULLS, folder=tmp_path.as_uri()) as editor:
        reports = await reported(editor)
        assert [codes(each["items"]) for each in reports] == [["SIG102"]]
        (tmp_path / "sigma.yaml").rename(tmp_path / "sigma.yaml.bak")
        happened(editor, old, DELETED)
        assert await pulled(editor, reports) == {old: []}


async def test_manifests_outside_of_any_folder(tmp_path: Path) -> None:
    inside, outside = project(tmp_path / "in", GOOD), project(tmp_path / "out", WRONG)
    unsaved = "untitled:/new/sigma.yaml"
    async with connected(services(), PULLS, folder=(tmp_path / "in").as_uri()) as editor:
        assert await pulled(editor) == {inside: []}
        editor.open(outside, WRONG)
        editor.open(unsaved, WRONG)
        assert await pulled(editor) == {inside: [], outside: ["SIG102"], unsaved: ["SIG102"]}
    async with connected(services()) as editor:
        editor.open(outside, WRONG)
        assert codes(await editor.published(outside, 1)) == ["SIG102"]


async def test_a_folder_that_is_added_and_removed(tmp_path: Path) -> None:
    one, two = project(tmp_path / "one", GOOD), project(tmp_path / "two", WRONG)
    folder = {"uri": (tmp_path / "two").as_uri(), "name": "two"}
    async with connected(services(), PULLS, folder=(tmp_path / "one").as_uri()) as editor:
        editor.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [folder], "removed": []}})
        reports = await reported(editor)
        assert {each["uri"]: codes(each["items"]) for each in reports} == {one: [], two: ["SIG102"]}
        editor.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [folder]}})
        assert await pulled(editor, reports) == {one: None, two: []}


async def test_the_shorter_name_beside_the_longer_one(tmp_path: Path) -> None:
    short = project(tmp_path, WRONG, "sigma.yml")
    async with connected(services(), PULLS, folder=tmp_path.as_uri()) as editor:
        assert await pulled(editor) == {short: ["SIG102"]}
        long = project(tmp_path, GOOD)
        happened(editor, long, CREATED)
        assert await pulled(editor) == {long: [], short: ["SIG010", "SIG102"]}
        editor.open(short, GOOD)
        assert await pulled(editor) == {long: [], short: ["SIG010"]}
        (tmp_path / "sigma.yaml").unlink()
        happened(editor, long, DELETED)
        assert await pulled(editor) == {short: []}


async def test_a_folder_of_a_manifest_s_name(tmp_path: Path) -> None:
    (tmp_path / "sigma.yaml").mkdir()
    inner = project(tmp_path / "sigma.yaml", WRONG)
    async with connected(services(), PULLS, folder=tmp_path.as_uri()) as editor:
        assert await pulled(editor) == {inner: ["SIG102"]}


async def test_files_that_a_manifest_names(tmp_path: Path) -> None:
    uri = project(tmp_path, GOOD + "template: overlay.yaml\n")
    async with connected(services(), folder=tmp_path.as_uri()) as editor:
        editor.open(uri, GOOD + "template: overlay.yaml\n")
        assert codes(await editor.published(uri, 1)) == ["SIG114"]
        (tmp_path / "overlay.yaml").write_text("{}\n")
        happened(editor, (tmp_path / "overlay.yaml").as_uri(), CREATED)
        assert codes(await editor.published(uri, 1)) == []


async def test_a_project_s_folder_that_is_renamed_outside_of_the_editor(tmp_path: Path) -> None:
    before = project(tmp_path / "one", WRONG)
    async with connected(services(), PULLS, folder=tmp_path.as_uri()) as editor:
        assert await pulled(editor) == {before: ["SIG102"]}
        (tmp_path / "one").rename(tmp_path / "two")
        happened(editor, (tmp_path / "one").as_uri(), DELETED)
        happened(editor, (tmp_path / "two").as_uri(), CREATED)
        assert await pulled(editor) == {(tmp_path / "two/sigma.yaml").as_uri(): ["SIG102"]}
