"""The outline of a document: nested, or flat for editors that know no other."""

from __future__ import annotations

from typing import Any, Final

from lsprotocol import types

from sigma_ls.ide.symbols import Symbol, SymbolKind, document_symbols
from sigma_ls.lsp.documents import Document
from sigma_ls.lsp.positions import range_json
from sigma_ls.lsp.session import Session

KINDS: Final = {
    SymbolKind.KEY: types.SymbolKind.Property,
    SymbolKind.SECTION: types.SymbolKind.Namespace,
    SymbolKind.FUNCTION: types.SymbolKind.Function,
    SymbolKind.RESOURCE: types.SymbolKind.Object,
    SymbolKind.STAGE: types.SymbolKind.EnumMember,
    SymbolKind.OUTPUT: types.SymbolKind.Constant,
}
"""By what editors have icons for."""


def register(session: Session) -> None:
    """Answer with the outline."""

    @session.protocol.handle(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def document_symbol(params: types.DocumentSymbolParams) -> list[dict[str, Any]]:
        document = session.documents.get(params.text_document.uri)
        if document is None:
            return []
        outline = document_symbols(document.analysis.document)
        nested = [_nested(symbol, document, session) for symbol in outline]
        return nested if session.client.nests_symbols else _flat(nested, document, None)


def _nested(symbol: Symbol, document: Document, session: Session) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": symbol.name,
        "kind": KINDS[symbol.kind],
        "range": range_json(symbol.range, document.lines, session.client.encoding),
        "selectionRange": range_json(symbol.selection, document.lines, session.client.encoding),
    }
    if symbol.children:
        shown["children"] = [_nested(child, document, session) for child in symbol.children]
    return shown


def _flat(nested: list[dict[str, Any]], document: Document, container: str | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for symbol in nested:
        flat = {
            "name": symbol["name"],
            "kind": symbol["kind"],
            "location": {"uri": document.uri, "range": symbol["range"]},
        }
        found.append(flat if container is None else {**flat, "containerName": container})
        found += _flat(symbol.get("children", []), document, symbol["name"])
    return found
