"""The outline, as editors of both kinds take it."""

from __future__ import annotations

from tests.support.editor import connected
from tests.support.scripted import ScriptedDeployments

URI = "untitled:/shop/sigma.yaml"
TEXT = "name: shop\nfunctions:\n  éa: {runtime: x}\n  b:\n    code: [\n"
NESTED = {"textDocument": {"documentSymbol": {"hierarchicalDocumentSymbolSupport": True}}}
ASKED = {"textDocument": {"uri": URI}}


async def test_it_is_nested_and_in_the_editors_units() -> None:
    capabilities = {**NESTED, "general": {"positionEncodings": ["utf-8"]}}
    async with connected(ScriptedDeployments().services, capabilities) as editor:
        assert editor.initialized["capabilities"]["documentSymbolProvider"] is True
        editor.open(URI, TEXT)
        name, functions = await editor.request("textDocument/documentSymbol", ASKED)
        assert (name["name"], name["kind"], name["range"]["start"]["line"]) == ("name", 7, 0)
        assert [(each["name"], each["kind"]) for each in functions["children"]] == [("éa", 12), ("b", 12)]
        assert functions["children"][0]["selectionRange"] == {
            "start": {"line": 2, "character": 2},
            "end": {"line": 2, "character": 5},
        }


async def test_it_is_flat_for_editors_that_know_no_other() -> None:
    async with connected(ScriptedDeployments().services) as editor:
        editor.open(URI, TEXT)
        outline = await editor.request("textDocument/documentSymbol", ASKED)
        assert [(each["name"], each.get("containerName")) for each in outline] == [
            ("name", None),
            ("functions", None),
            ("éa", "functions"),
            ("b", "functions"),
        ]
        assert outline[0]["location"]["uri"] == URI


async def test_other_files_have_none() -> None:
    async with connected(ScriptedDeployments().services) as editor:
        assert await editor.request("textDocument/documentSymbol", {"textDocument": {"uri": "file:///a.yaml"}}) == []
