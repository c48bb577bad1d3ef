"""Completion, hover, quick fixes and navigation as editors of all kinds get them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sigma_ls.lsp.features.editing import FEATURES
from tests.support.editor import Editor, Refusal, connected
from tests.support.scripted import ScriptedDeployments

URI = "untitled:/shop/sigma.yaml"
TEXT = """\
name: shop
platform: aws
aws: {region: eu-west-1}
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    environment: {é😀: 1, Ä: "😀 ${jobs.url}"}
    deadLetter: job
    memroy: 512
resources:
  jobs: {type: queue}
"""
ABLE = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "completion": {
            "completionItem": {
                "snippetSupport": True,
                "documentationFormat": ["markdown"],
                "tagSupport": {"valueSet": [1]},
                "insertTextModeSupport": {"valueSet": [1, 2]},
            }
        },
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}},
            "isPreferredSupport": True,
        },
        "rename": {"prepareSupport": True},
    },
    "workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}},
}
UTF_8 = {**ABLE, "general": {"positionEncodings": ["utf-8"]}}
MODEST = {"textDocument": {"codeAction": {"codeActionLiteralSupport": {}}}}


def place(line: int, character: int) -> dict[str, Any]:
    return {"line": line, "character": character}


def span(line: int, start: int, end: int) -> dict[str, Any]:
    return {"start": place(line, start), "end": place(line, end)}


def at(line: int, character: int, **more: Any) -> dict[str, Any]:
    return {"textDocument": {"uri": URI}, "position": place(line, character), **more}


def ask_actions(line: int, *diagnostics: Any, only: Any = None) -> dict[str, Any]:
    context = {"diagnostics": list(diagnostics), **({"only": only} if only is not None else {})}
    return {"textDocument": {"uri": URI}, "range": span(line, 0, 40), "context": context}


async def opened(editor: Editor, text: str = TEXT) -> Editor:
    editor.open(URI, text)
    return editor


async def test_what_is_announced_depends_on_the_editor() -> None:
    async with connected(ScriptedDeployments().services, ABLE) as editor:
        able = editor.initialized["capabilities"]
        assert able["completionProvider"] == {"triggerCharacters": ["$", "{", ".", " "]}
        assert able["codeActionProvider"] == {"codeActionKinds": ["quickfix"]}
        assert able["renameProvider"] == {"prepareProvider": True}
        for name in ("hover", "definition", "references", "documentHighlight", "foldingRange", "selectionRange"):
            assert able[f"{name}Provider"] is True
    async with connected(ScriptedDeployments().services) as editor:
        assert "codeActionProvider" not in editor.initialized["capabilities"]
        assert editor.initialized["capabilities"]["renameProvider"] is True


async def test_completion() -> None:
    async with connected(ScriptedDeployments().services, ABLE) as editor:
        await opened(editor, TEXT.replace("    memroy: 512", "    "))
        found = await editor.request("textDocument/completion", at(10, 4))
        assert found["isIncomplete"] is False
        items = {item["label"]: item for item in found["items"]}
        assert [item["sortText"] for item in found["items"]] == sorted(item["sortText"] for item in found["items"])
        memory, triggers = items["memory"], items["triggers"]
        assert memory["textEdit"] == {"range": span(10, 4, 4), "newText": "memory: ${1:256}"}
        assert (memory["insertTextFormat"], memory["kind"]) == (2, 10)
        assert memory["documentation"]["kind"] == "markdown"
        assert "insertTextMode" not in memory
        assert triggers["insertTextMode"] == 2


async def test_completion_for_an_editor_that_can_little() -> None:
    async with connected(ScriptedDeployments().services) as editor:
        await opened(editor, TEXT.replace("    memroy: 512", "    "))
        found = await editor.request("textDocument/completion", at(10, 4))
        (memory,) = [item for item in found["items"] if item["label"] == "memory"]
        assert memory["textEdit"]["newText"] == "memory: "
        assert "insertTextFormat" not in memory
        assert memory["documentation"].startswith("memory: a whole number")
        editor.change(URI, 2, TEXT.replace("python3.13", ""))
        found = await editor.request("textDocument/completion", at(5, 13))
        assert all("tags" not in item for item in found["items"])


async def test_deprecated_items_are_marked() -> None:
    async with connected(ScriptedDeployments().services, ABLE) as editor:
        await opened(editor, TEXT.replace("python3.13", ""))
        found = await editor.request("textDocument/completion", at(5, 13))
        marked = [item["label"] for item in found["items"] if item.get("tags") == [1]]
        assert "python3.8" in marked
        assert "python3.14" not in marked


@pytest.mark.parametrize(("capabilities", "cursor", "start", "end"), [(ABLE, 41, 33, 44), (UTF_8, 47, 39, 50)])
async def test_completion_counts_like_the_editor(capabilities: Any, cursor: int, start: int, end: int) -> None:
    async with connected(ScriptedDeployments().services, capabilities) as editor:
        await opened(editor)
        found = await editor.request("textDocument/completion", at(8, cursor))
        assert found["items"][0]["textEdit"]["range"]["start"]["line"] == 8
        assert found["items"][0]["textEdit"]["range"] == span(8, start, end)
        assert "${jobs.url}" in [item["label"] for item in found["items"]]


async def test_a_space_in_a_text_opens_no_list() -> None:
    async with connected(ScriptedDeployments().services, ABLE) as editor:
        await opened(editor, TEXT.replace("memroy: 512", "description: a "))
        context = {"context": {"triggerKind": 2, "triggerCharacter": " "}}
        assert (await editor.request("textDocument/completion", at(10, 19, **context)))["items"] == []


async def test_hover() -> None:
    async with connected(ScriptedDeployments().services, ABLE) as editor:
        await opened(editor)
        found = await editor.request("textDocument/hover", at(5, 6))
        assert found["contents"]["kind"] == "markdown"
        assert found["contents"]["value"].startswith("**runtime**")
        assert found["range"] == span(5, 4, 11)
        assert await editor.request("textDocument/hover", at(40, 6)) is None
    async with connected(ScriptedDeployments().services) as editor:
        await opened(editor)
        found = await editor.request("textDocument/hover", at(5, 6))
        assert found["contents"]["kind"] == "plaintext"
        assert found["contents"]["value"].startswith("runtime: ")


async def test_quick_fixes() -> None:
    async with connected(ScriptedDeployments().services, ABLE) as editor:
        await opened(editor)
        shown = await editor.published(URI)
        (unknown,) = [each for each in shown if each["code"] == "SIG102"]
        fix, silence = await editor.request("textDocument/codeAction", ask_actions(10, unknown))
        assert (fix["title"], fix["kind"], fix["isPreferred"]) == ("Change to 'memory'", "quickfix", True)
        assert fix["diagnostics"] == [unknown]
        assert fix["edit"] == {
            "documentChanges": [
                {
                    "textDocument": {"uri": URI, "version": 1},
                    "edits": [{"range": span(10, 4, 10), "newText": "memory"}],
                }
            ]
        }
        assert silence["title"] == "Ignore SIG102 here"
        assert "isPreferred" not in silence


async def test_quick_fixes_are_of_the_text_as_it_is_now() -> None:
    async with connected(ScriptedDeployments().services, ABLE) as editor:
        await opened(editor)
        (unknown,) = [each for each in await editor.published(URI) if each["code"] == "SIG102"]
        editor.change(URI, 7, (0, 0, 0, 0, "# two\n# lines\n"))
        stale = await editor.request("textDocument/codeAction", ask_actions(10, unknown))
        assert "Change to 'memory'" not in [each["title"] for each in stale]
        fix, _ = await editor.request("textDocument/codeAction", ask_actions(12, unknown))
        assert "diagnostics" not in fix
        (change,) = fix["edit"]["documentChanges"]
        assert change["textDocument"]["version"] == 7
        assert change["edits"][0]["range"] == span(12, 4, 10)


async def test_quick_fixes_for_editors_that_can_less() -> None:
    async with connected(ScriptedDeployments().services, MODEST) as editor:
        await opened(editor)
        fix, _ = await editor.request("textDocument/codeAction", ask_actions(10))
        assert fix["edit"] == {"changes": {URI: [{"range": span(10, 4, 10), "newText": "memory"}]}}
        assert "isPreferred" not in fix
        assert await editor.request("textDocument/codeAction", ask_actions(10, only=["source"])) == []
        assert len(await editor.request("textDocument/codeAction", ask_actions(10, only=["quickfix"]))) == 2
        assert len(await editor.request("textDocument/codeAction", ask_actions(10, only=[""]))) == 2


async def test_the_handlers_file_is_created(tmp_path: Path) -> None:
    uri = (tmp_path / "sigma.yaml").as_uri()
    asked = {**ask_actions(6), "textDocument": {"uri": uri}}
    (tmp_path / "src").mkdir()
    async with connected(ScriptedDeployments().services, ABLE) as editor:
        editor.open(uri, TEXT)
        create, _ = await editor.request("textDocument/codeAction", asked)
        assert create["title"] == "Create 'src/app.py'"
        new = (tmp_path / "src/app.py").as_uri()
        made, filled = create["edit"]["documentChanges"]
        assert made == {"kind": "create", "uri": new, "options": {"ignoreIfExists": True}}
        assert filled["edits"][0]["newText"].startswith("def handler(event, context):")
    async with connected(ScriptedDeployments().services, MODEST) as editor:
        editor.open(uri, TEXT)
        assert [each["title"] for each in await editor.request("textDocument/codeAction", asked)] == [
            "Ignore SIG303 here"
        ]


async def test_definitions(tmp_path: Path) -> None:
    uri = (tmp_path / "sigma.yaml").as_uri()
    (tmp_path / "src").mkdir()
    (tmp_path / "src/app.py").write_text("# é\ndef handler(event, context):\n    pass\n")
    async with connected(ScriptedDeployments().services, ABLE) as editor:
        editor.open(uri, TEXT)

        async def definition(line: int, character: int) -> Any:
            return await editor.request(
                "textDocument/definition", {"textDocument": {"uri": uri}, "position": place(line, character)}
            )

        assert await definition(8, 37) == {"uri": uri, "range": span(12, 2, 6)}
        handler = {"uri": (tmp_path / "src/app.py").as_uri(), "range": span(1, 4, 11)}
        assert await definition(6, 15) == handler
        assert await definition(7, 11) == handler
        assert await definition(0, 1) is None
        links = await editor.request("textDocument/documentLink", {"textDocument": {"uri": uri}})
        assert [(link["range"], link["target"]) for link in links] == [
            (span(6, 13, 24), (tmp_path / "src/app.py").as_uri()),
            (span(7, 10, 13), (tmp_path / "src").as_uri()),
        ]


async def test_references_and_highlights() -> None:
    async with connected(ScriptedDeployments().services, ABLE) as editor:
        await opened(editor, TEXT.replace("deadLetter: job\n", "deadLetter: jobs\n"))
        for declared in (True, False):
            found = await editor.request("textDocument/references", at(12, 4, context={"includeDeclaration": declared}))
            expected = [span(8, 35, 39), span(9, 16, 20), span(12, 2, 6)]
            assert [each["range"] for each in found] == (expected if declared else expected[:2])
            assert {each["uri"] for each in found} == {URI}
        shown = await editor.request("textDocument/documentHighlight", at(9, 17))
        assert [each["kind"] for each in shown] == [2, 2, 3]


async def test_renaming() -> None:
    async with connected(ScriptedDeployments().services, ABLE) as editor:
        await opened(editor)
        prepared = await editor.request("textDocument/prepareRename", at(12, 4))
        assert prepared == {"range": span(12, 2, 6), "placeholder": "jobs"}
        assert await editor.request("textDocument/prepareRename", at(0, 1)) is None
        edit = await editor.request("textDocument/rename", at(12, 4, newName="tasks"))
        (change,) = edit["documentChanges"]
        assert change["edits"] == [
            {"range": span(8, 35, 39), "newText": "tasks"},
            {"range": span(12, 2, 6), "newText": "tasks"},
        ]
        with pytest.raises(Refusal, match="'one' clashes"):
            await editor.request("textDocument/rename", at(12, 4, newName="one"))


async def test_folding_and_selecting() -> None:
    async with connected(ScriptedDeployments().services, ABLE) as editor:
        await opened(editor, f"# a\n# b\n{TEXT}")
        found = await editor.request("textDocument/foldingRange", {"textDocument": {"uri": URI}})
        assert found == [
            {"startLine": 0, "endLine": 1, "kind": "comment"},
            {"startLine": 5, "endLine": 12},
            {"startLine": 6, "endLine": 12},
            {"startLine": 13, "endLine": 14},
        ]
        (selection,) = await editor.request(
            "textDocument/selectionRange", {"textDocument": {"uri": URI}, "positions": [place(11, 17)]}
        )
        assert selection["range"] == span(11, 16, 19)
        assert selection["parent"]["range"] == span(11, 4, 19)


async def test_other_files_are_left_alone() -> None:
    other = {"textDocument": {"uri": "file:///a.yaml"}, "position": place(0, 0), "newName": "x"}
    other |= {"range": span(0, 0, 0), "context": {"diagnostics": [], "includeDeclaration": True}}
    other |= {"positions": [place(0, 0)]}
    async with connected(ScriptedDeployments().services, ABLE) as editor:
        for method in FEATURES:
            assert await editor.request(method, other) in (None, [])


async def test_parameters_that_do_not_fit_are_refused() -> None:
    async with connected(ScriptedDeployments().services, ABLE) as editor:
        for method in FEATURES:
            with pytest.raises(Refusal) as refused:
                await editor.request(method, {"textDocument": 3})
            assert refused.value.code == -32602
