"""Completion as LSP has it."""

from __future__ import annotations

from typing import Any, Final

from attrs import frozen
from lsprotocol import types

from sigma_ls.app.wire import from_wire
from sigma_ls.ide.completion import complete as find_completions
from sigma_ls.ide.completion import documentation
from sigma_ls.ide.describe import plain
from sigma_ls.ide.items import Item, ItemKind
from sigma_ls.ide.snippets import plain_text
from sigma_ls.lsp.asking import NamedDocument, place_in
from sigma_ls.lsp.client import Client
from sigma_ls.lsp.documents import Position
from sigma_ls.lsp.positions import range_json
from sigma_ls.lsp.session import Session

KINDS: Final = {
    ItemKind.KEY: types.CompletionItemKind.Property,
    ItemKind.VALUE: types.CompletionItemKind.EnumMember,
    ItemKind.TYPE: types.CompletionItemKind.Class,
    ItemKind.THING: types.CompletionItemKind.Variable,
    ItemKind.FUNCTION: types.CompletionItemKind.Function,
    ItemKind.REFERENCE: types.CompletionItemKind.Reference,
    ItemKind.OPERATION: types.CompletionItemKind.Method,
}
"""By what editors have icons for."""

MOST_DOCUMENTED = 100
"""Items up to which each brings its documentation; nobody reads that of three hundred types.  A guess."""


@frozen
class _Context:
    trigger_character: str | None = None


@frozen
class _Asked:
    text_document: NamedDocument
    position: Position
    context: _Context | None = None


def complete(session: Session, params: Any) -> dict[str, Any] | None:
    """What may stand at a place."""
    asked = from_wire(params, _Asked)
    document = session.documents.get(asked.text_document.uri)
    if document is None:
        return None
    trigger = (asked.context.trigger_character if asked.context is not None else None) or ""
    found = find_completions(document.analysis, place_in(document, asked.position, session.client), trigger)
    where = range_json(found.range, document.lines, session.client.encoding)
    documented = len(found.items) <= MOST_DOCUMENTED
    items = [
        _item(item, f"{number:04}", where, documentation(item, document.analysis) if documented else "", session.client)
        for number, item in enumerate(found.items)
    ]
    return {"isIncomplete": not found.complete, "items": items}


def _item(item: Item, order: str, where: dict[str, Any], said: str, client: Client) -> dict[str, Any]:
    shown: dict[str, Any] = {"label": item.label, "kind": KINDS[item.kind], "sortText": order}
    text = item.text
    if item.snippet and client.inserts_snippets:
        shown["insertTextFormat"] = types.InsertTextFormat.Snippet
    elif item.snippet:
        text = plain_text(text)
    if "\n" in text and client.adjusts_indentation:
        shown["insertTextMode"] = types.InsertTextMode.AdjustIndentation
    shown["textEdit"] = {"range": where, "newText": text}
    if item.detail:
        shown["detail"] = item.detail
    if said and client.completion_markdown:
        shown["documentation"] = {"kind": "markdown", "value": said}
    elif said:
        shown["documentation"] = plain(said)
    if item.deprecated and client.marks_deprecated:
        shown["tags"] = [types.CompletionItemTag.Deprecated]
    return shown
