"""Texts as they are edited, and what is said of them: pushed, in the editor's units, once for each burst."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import Any

import pytest

from sigma_ls.lsp.documents import Documents
from tests.support.editor import SIGMA, Editor, connected
from tests.support.scripted import ScriptedDeployments

URI = "untitled:/shop/sigma.yaml"
GOOD = "name: shop\nplatform: aws\naws: {region: eu-west-1}\n"
WRONG = GOOD + "nmae: x\n"


def services() -> Any:
    return ScriptedDeployments().services


def ranges(found: list[dict[str, Any]]) -> list[tuple[int, int, int, int]]:
    spans = [each["range"] for each in found]
    return [
        (span["start"]["line"], span["start"]["character"], span["end"]["line"], span["end"]["character"])
        for span in spans
    ]


async def test_a_fault_is_shown_where_it_is_and_goes_when_it_is_corrected() -> None:
    async with connected(services()) as editor:
        editor.open(URI, WRONG)
        (found,) = await editor.published(URI, 1)
        assert (found["severity"], found["source"], found["code"]) == (1, "sigma", "SIG102")
        assert ranges([found]) == [(3, 0, 3, 4)]
        editor.change(URI, 2, (3, 0, 4, 0, ""))
        assert await editor.published(URI, 2) == []


@pytest.mark.parametrize(
    ("offered", "encoding", "column"),
    [
        (None, "utf-16", 4),
        (["utf-16"], "utf-16", 4),
        (["utf-32"], "utf-16", 4),
        (["utf-16", "utf-8"], "utf-8", 6),
        (["utf-8"], "utf-8", 6),
    ],
)
async def test_places_are_counted_as_agreed(offered: list[str] | None, encoding: str, column: int) -> None:
    capabilities = {"general": {"positionEncodings": offered}} if offered else {}
    text = GOOD + '"😀": x\n'
    async with connected(services(), capabilities) as editor:
        assert editor.initialized["capabilities"]["positionEncoding"] == encoding
        editor.open(URI, text)
        assert ranges(await editor.published(URI, 1)) == [(3, 0, 3, column)]
        # The same units the other way: the quoted key is replaced as a whole.
        editor.change(URI, 2, (3, 0, 3, column, "description"))
        assert await editor.published(URI, 2) == []


async def test_a_burst_of_edits_is_one_analysis() -> None:
    async with connected(services()) as editor:
        editor.open(URI, GOOD)
        await editor.published(URI, 1)
        frames = b""
        for version in range(2, 200):
            edit = (3, 0, 3, 0, "x") if version < 199 else (3, 0, 4, 0, "")
            frames += framed_change(editor, version, edit)
        editor._writer.write(frames)
        assert await editor.published(URI, 199) == []
        await editor.settled()
        assert editor.heard["textDocument/publishDiagnostics"] < 50


def framed_change(editor: Editor, version: int, change: tuple[int, int, int, int, str]) -> bytes:
    """The bytes of a change, to be sent with others in one piece."""
    held: list[bytes] = []
    send, editor.send_bytes = editor.send_bytes, held.append  # type: ignore[method-assign]
    editor.change(URI, version, change)
    editor.send_bytes = send  # type: ignore[method-assign]
    return b"Content-Length: %d\r\n\r\n%b" % (len(held[0]), held[0])


async def test_several_changes_of_one_message_are_made_in_order() -> None:
    async with connected(services()) as editor:
        editor.open(URI, "")
        await editor.published(URI, 1)
        editor.change(URI, 2, (0, 0, 0, 0, GOOD), (3, 0, 3, 0, "nmae: x\n"), (3, 0, 3, 1, "m"))
        assert ranges(await editor.published(URI, 2)) == [(3, 0, 3, 4)]
        editor.change(URI, 3, GOOD, (0, 6, 0, 10, "other"))
        assert await editor.published(URI, 3) == []


@pytest.mark.parametrize(
    "change",
    [
        (99, 99, 99, 99, "nmae: x\n"),
        (3, 5, 99, 0, "nmae: x\n"),
        (99, 0, 3, 0, "nmae: x\n"),
        (2**31 - 1, 2**31 - 1, 2**31 - 1, 2**31 - 1, "nmae: x\n"),
        (-1, -1, -1, -1, "nmae: x\n"),
    ],
)
async def test_places_beyond_the_text_mean_its_end_or_beginning(change: tuple[int, int, int, int, str]) -> None:
    async with connected(services()) as editor:
        editor.open(URI, GOOD)
        await editor.published(URI, 1)
        editor.change(URI, 2, change)
        (found,) = await editor.published(URI, 2)
        assert "nmae" in found["message"]


@pytest.mark.parametrize(
    "params",
    [
        None,
        [],
        {"textDocument": {"uri": URI}},
        {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"range": None}]},
        {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"text": "x", "range": {"start": {}}}]},
        {"textDocument": {"uri": URI, "version": "2"}, "contentChanges": []},
        {"textDocument": {"uri": "untitled:/other/sigma.yaml", "version": 2}, "contentChanges": [{"text": "x"}]},
    ],
)
async def test_a_change_that_makes_no_sense_changes_nothing(params: object) -> None:
    async with connected(services()) as editor:
        editor.open(URI, WRONG)
        await editor.published(URI, 1)
        editor.notify("textDocument/didChange", params)
        editor.change(URI, 3, (0, 6, 0, 10, "other"))
        assert len(await editor.published(URI, 3)) == 1


async def test_a_version_may_be_missing() -> None:
    async with connected(services()) as editor:
        editor.open(URI, WRONG)
        await editor.published(URI, 1)
        document = {"uri": URI, "version": None}
        editor.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": GOOD}]})
        published = await editor.received("textDocument/publishDiagnostics")
        assert published == {"uri": URI, "diagnostics": []}


async def test_other_files_are_ignored() -> None:
    async with connected(services()) as editor:
        for name in ("other.yaml", "sigma.yaml.bak", "my-sigma.yaml"):
            editor.open(f"untitled:/shop/{name}", "a: [")
            editor.change(f"untitled:/shop/{name}", 2, "b: [")
            editor.notify("textDocument/didClose", {"textDocument": {"uri": f"untitled:/shop/{name}"}})
        await editor.settled()
        assert editor.unread() == {}


@pytest.mark.parametrize("name", ["sigma.yaml", "sigma.yml"])
@pytest.mark.parametrize("language", ["yaml", "sigma"])
async def test_both_names_and_languages_are_served(name: str, language: str) -> None:
    uri = f"untitled:/shop/{name}"
    async with connected(services()) as editor:
        editor.open(uri, WRONG, language=language)
        assert len(await editor.published(uri, 1)) == 1


async def test_a_closed_text_has_no_diagnostics_left() -> None:
    async with connected(services()) as editor:
        editor.open(URI, WRONG)
        await editor.published(URI, 1)
        editor.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
        assert await editor.published(URI) == []


async def test_one_document_by_two_spellings_of_its_uri(tmp_path: Path) -> None:
    plain = (tmp_path / "a b" / "sigma.yaml").as_uri()
    other = plain.replace("/a%20b/", "/a b/")
    async with connected(services()) as editor:
        editor.open(plain, WRONG)
        assert len(await editor.published(plain, 1)) == 1
        editor.change(other, 2, GOOD)
        assert await editor.published(plain, 2) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0\1\2\3",
        "\ufeff" + WRONG,
        WRONG.replace("\n", "\r\n"),
        "a: &x [*x]\n" * 50,
        "[" * 10_000,
        "- " * 10_000,
        "\x85\u2028" + WRONG,
        "\ud83d",
    ],
)
async def test_any_text_is_survived(text: str) -> None:
    async with connected(services()) as editor:
        editor.open(URI, text)
        await editor.published(URI, 1)
        editor.change(URI, 2, (0, 0, 0, 1, "x"))
        await editor.published(URI, 2)
        editor.change(URI, 3, GOOD)
        assert await editor.published(URI, 3) == []


async def test_a_code_file_that_appears_clears_its_error(tmp_path: Path) -> None:
    uri = (tmp_path / "sigma.yaml").as_uri()
    text = GOOD + "functions:\n  a: {runtime: python3.13, handler: app.handler, code: src}\n"
    watching = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
    async with connected(services(), watching) as editor:
        registered = await editor.answer_next("client/registerCapability", None)
        (registration,) = registered["registrations"]
        assert registration["method"] == "workspace/didChangeWatchedFiles"
        # What comes and goes, folders too; of files that stay, changes.
        watchers = registration["registerOptions"]["watchers"]
        assert {each["globPattern"] for each in watchers if each["kind"] == 5} == {"**/*"}
        assert {each["kind"] for each in watchers} == {2, 5}
        editor.open(uri, text)
        assert [each["code"] for each in await editor.published(uri, 1)] == ["SIG301"]
        (tmp_path / "src").mkdir()
        handler = tmp_path / "src" / "app.py"
        handler.write_text("def handler(event, context): ...\n")
        editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": handler.as_uri(), "type": 1}]})
        assert await editor.published(uri, 1) == []
        handler.unlink()
        editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": handler.as_uri(), "type": 3}]})
        assert len(await editor.published(uri, 1)) == 1
        elsewhere = (tmp_path / "docs" / "app.py").as_uri()
        editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": elsewhere, "type": 1}]})
        await editor.settled()
        assert editor.unread() == {}


async def test_a_folder_of_code_that_is_renamed_outside_of_the_editor(tmp_path: Path) -> None:
    uri = (tmp_path / "sigma.yaml").as_uri()
    code = tmp_path / "services" / "src"
    code.mkdir(parents=True)
    (code / "app.py").write_text("def handler(event, context): ...\n")
    async with connected(services()) as editor:
        editor.open(uri, GOOD + "functions:\n  a: {runtime: python3.13, handler: app.handler, code: services/src}\n")
        assert await editor.published(uri, 1) == []
        for old, new, codes in (("services", "others", ["SIG301"]), ("others", "services", [])):
            (tmp_path / old).rename(tmp_path / new)
            gone, come = (tmp_path / old).as_uri(), (tmp_path / new).as_uri()
            changes = [{"uri": gone, "type": 3}, {"uri": come, "type": 1}]
            editor.notify("workspace/didChangeWatchedFiles", {"changes": changes})
            assert [each["code"] for each in await editor.published(uri, 1)] == codes


async def test_saving_looks_at_the_code_again(tmp_path: Path) -> None:
    uri = (tmp_path / "sigma.yaml").as_uri()
    text = GOOD + "functions:\n  a: {runtime: python3.13, handler: app.handler, code: src}\n"
    async with connected(services()) as editor:
        editor.open(uri, text)
        assert len(await editor.published(uri, 1)) == 1
        (tmp_path / "src").mkdir()
        (tmp_path / "src" / "app.py").write_text("def handler(event, context): ...\n")
        editor.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        assert await editor.published(uri, 1) == []


async def test_an_editor_is_told_when_nothing_is_pending() -> None:
    async with connected(services(), SIGMA) as editor:
        editor.open(URI, WRONG)
        await editor.until("sigma/serverStatus", lambda params: not params["quiescent"])
        status = await editor.until("sigma/serverStatus", lambda params: params["quiescent"])
        assert status == {"health": "ok", "quiescent": True}
        assert len(await editor.published(URI, 1)) == 1


async def test_related_places_tags_and_links_come_where_they_are_shown() -> None:
    shown = {"relatedInformation": True, "codeDescriptionSupport": True, "tagSupport": {"valueSet": [1, 2]}}
    text = GOOD + "name: again\nresources:\n  unused: {type: queue}\n"
    async with connected(services(), {"textDocument": {"publishDiagnostics": shown}}) as editor:
        editor.open(URI, text)
        duplicate, unused = await editor.published(URI, 1)
        assert duplicate["relatedInformation"][0]["location"]["uri"] == URI
        assert duplicate["codeDescription"]["href"].endswith(f"#{duplicate['code'].lower()}")
        assert (unused["severity"], unused["tags"]) == (4, [1])
    async with connected(services()) as editor:
        editor.open(URI, text)
        assert {key for each in await editor.published(URI, 1) for key in each} == {
            "range",
            "severity",
            "code",
            "source",
            "message",
        }


def test_a_closed_document_is_gone_without_the_collector(tmp_path: Path) -> None:
    uri = (tmp_path / "sigma.yaml").as_uri()
    documents = Documents()
    documents.open(uri, 1, "name: demo\nfunctions:\n  one: {uses: {two: read}}\nresources:\n  two: {type: table}\n")
    document = documents.get(uri)
    assert document is not None
    assert document.analysis.diagnostics()
    analysis = weakref.ref(document.analysis)
    block = weakref.ref(document.analysis.document.blocks[1])
    del document
    gc.disable()
    try:
        documents.close(uri)
        assert (analysis(), block()) == (None, None)
    finally:
        gc.enable()
