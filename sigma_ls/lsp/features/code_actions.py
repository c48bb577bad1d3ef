"""Quick fixes as LSP has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrs import frozen
from lsprotocol import types

from sigma_ls.app.wire import from_wire
from sigma_ls.ide.actions import Action, NewFile
from sigma_ls.ide.actions import actions as find_actions
from sigma_ls.lsp.asking import NamedDocument, edit_json, place_in
from sigma_ls.lsp.client import Client
from sigma_ls.lsp.documents import Document, Range
from sigma_ls.lsp.positions import range_json
from sigma_ls.lsp.session import Session
from sigma_ls.lsp.workspace import path_of
from sigma_ls.syntax.span import Range as TextRange

_KIND = types.CodeActionKind.QuickFix.value


@frozen
class _Context:
    diagnostics: list[dict[str, Any]]
    """As the editor has them."""
    only: list[str] | None = None


@frozen
class _Asked:
    text_document: NamedDocument
    range: Range
    context: _Context


def code_actions(session: Session, params: Any) -> list[dict[str, Any]]:
    """What can be done about the diagnostics in a range of the text as it is now."""
    asked = from_wire(params, _Asked)
    document = session.documents.get(asked.text_document.uri)
    client = session.client
    only = asked.context.only
    if document is None or not client.takes_actions or not (only is None or any(map(_includes, only))):
        return []
    where = TextRange(place_in(document, asked.range.start, client), place_in(document, asked.range.end, client))
    found = [*document.analysis.diagnostics(), *session.template_checks.of(document.uri)]
    folder = path_of(document.uri)
    can_create = client.creates_files and folder is not None
    actions = find_actions(document.analysis, found, where, creates_files=can_create)
    return [_action(action, document, asked.context.diagnostics, client) for action in actions]


def _includes(kind: str) -> bool:
    """Whether an editor that asks for a kind of action means quick fixes, too."""
    return kind in ("", _KIND)


def _action(action: Action, document: Document, shown: list[dict[str, Any]], client: Client) -> dict[str, Any]:
    answer: dict[str, Any] = {"title": action.title, "kind": _KIND}
    place = range_json(action.diagnostic.range, document.lines, client.encoding)
    same = [each for each in shown if each.get("code") == action.diagnostic.code and each.get("range") == place]
    if same:
        answer["diagnostics"] = same[:1]
    if action.preferred and client.prefers_actions:
        answer["isPreferred"] = True
    path = path_of(document.uri)
    if action.file is not None and path is not None:
        answer["edit"] = _creation(action.file, path.parent)
    else:
        answer["edit"] = edit_json(document, action.edits, client)
    return answer


def _creation(file: NewFile, folder: Path) -> dict[str, Any]:
    uri = (folder / file.path).as_uri()
    start = {"line": 0, "character": 0}
    text = {"range": {"start": start, "end": start}, "newText": file.text}
    return {
        "documentChanges": [
            {"kind": "create", "uri": uri, "options": {"ignoreIfExists": True}},
            {"textDocument": {"uri": uri, "version": None}, "edits": [text]},
        ]
    }
