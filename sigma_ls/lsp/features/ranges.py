"""Links, folding and selections as LSP has them."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from sigma_ls.app.wire import from_wire
from sigma_ls.ide.code_places import links
from sigma_ls.ide.ranges import FoldKind, folds, selections
from sigma_ls.lsp.asking import NamedDocument, document_of, place_in
from sigma_ls.lsp.documents import Position
from sigma_ls.lsp.positions import range_json
from sigma_ls.lsp.session import Session
from sigma_ls.lsp.workspace import path_of


@frozen
class _Selections:
    text_document: NamedDocument
    positions: list[Position]


def document_links(session: Session, params: Any) -> list[dict[str, Any]]:
    """Code folders and the files of handlers."""
    document = document_of(session, params)
    manifest = path_of(document.uri) if document is not None else None
    if document is None or manifest is None:
        return []
    return [
        {
            "range": range_json(link.range, document.lines, session.client.encoding),
            "target": (manifest.parent / link.path).as_uri(),
        }
        for link in links(document.analysis)
    ]


def folding_ranges(session: Session, params: Any) -> list[dict[str, Any]]:
    """Whole lines, as all editors can fold them."""
    document = document_of(session, params)
    if document is None:
        return []
    return [
        {"startLine": fold.start, "endLine": fold.end}
        | ({"kind": fold.kind.value} if fold.kind is FoldKind.COMMENT else {})
        for fold in folds(document.analysis.document)
    ]


def selection_ranges(session: Session, params: Any) -> list[dict[str, Any]] | None:
    """For each place the ever larger ranges around it, each as the parent of the one before."""
    asked = from_wire(params, _Selections)
    document = session.documents.get(asked.text_document.uri)
    if document is None:
        return None
    answer = []
    for position in asked.positions:
        place = place_in(document, position, session.client)
        nested: dict[str, Any] | None = None
        for where in reversed(selections(document.analysis, place)):
            shown = range_json(where, document.lines, session.client.encoding)
            nested = {"range": shown} if nested is None else {"range": shown, "parent": nested}
        start = {"line": position.line, "character": position.character}
        answer.append(nested or {"range": {"start": start, "end": start}})
    return answer
