"""Definitions, references, highlights and renaming as LSP has them."""

from __future__ import annotations

from typing import Any, Final

from attrs import frozen
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sigma_ls.app.wire import from_wire
from sigma_ls.ide.code_places import file_place
from sigma_ls.ide.mentions import Mention, Role
from sigma_ls.ide.navigation import NotRenamable, declaration, mention_at, name_of, occurrences, renamable
from sigma_ls.ide.navigation import rename as find_edits
from sigma_ls.lsp.asking import NamedDocument, edit_json, place_in, place_of
from sigma_ls.lsp.documents import Document, Position
from sigma_ls.lsp.positions import range_json
from sigma_ls.lsp.session import Session
from sigma_ls.lsp.workspace import path_of
from sigma_ls.syntax.lines import Lines
from sigma_ls.syntax.span import Position as TextPosition

KINDS: Final = {Role.DECLARATION: types.DocumentHighlightKind.Write, Role.USE: types.DocumentHighlightKind.Read}

Location = dict[str, Any]


@frozen
class _Context:
    include_declaration: bool


@frozen
class _References:
    text_document: NamedDocument
    position: Position
    context: _Context


@frozen
class _Rename:
    text_document: NamedDocument
    position: Position
    new_name: str


def definition(session: Session, params: Any) -> Location | None:
    """Where an id or a stage is declared, or a handler is defined."""
    asked = place_of(session, params)
    if asked is None:
        return None
    document, place = asked
    encoding = session.client.encoding
    mention = mention_at(document.analysis, place)
    if mention is not None:
        where = declaration(document.analysis, mention)
        return None if where is None else {"uri": document.uri, "range": range_json(where, document.lines, encoding)}
    found = file_place(document.analysis, place)
    manifest = path_of(document.uri)
    if found is None or manifest is None:
        return None
    source = document.analysis.files.read(found.path) if document.analysis.files is not None else None
    return {
        "uri": (manifest.parent / found.path).as_uri(),
        "range": range_json(found.range, Lines(source or ""), encoding),
    }


def references(session: Session, params: Any) -> list[Location] | None:
    """All places that name the same."""
    asked = from_wire(params, _References)
    document = session.documents.get(asked.text_document.uri)
    if document is None:
        return None
    found = _same(document, place_in(document, asked.position, session.client))
    return [
        {"uri": document.uri, "range": range_json(each.range, document.lines, session.client.encoding)}
        for each in found
        if asked.context.include_declaration or each.role is not Role.DECLARATION
    ]


def highlights(session: Session, params: Any) -> list[dict[str, Any]] | None:
    """The same, to be shown in the text."""
    asked = place_of(session, params)
    if asked is None:
        return None
    document, place = asked
    encoding = session.client.encoding
    return [
        {"range": range_json(each.range, document.lines, encoding), "kind": KINDS[each.role]}
        for each in _same(document, place)
    ]


def _same(document: Document, place: TextPosition) -> list[Mention]:
    mention = mention_at(document.analysis, place)
    name = name_of(document.analysis, mention) if mention is not None else None
    return occurrences(document.analysis, name) if name is not None else []


def prepare_rename(session: Session, params: Any) -> dict[str, Any] | None:
    """The name that can be changed at a place."""
    asked = place_of(session, params)
    if asked is None:
        return None
    document, place = asked
    try:
        mention = renamable(document.analysis, place)
    except NotRenamable:
        return None
    name = name_of(document.analysis, mention)
    return {
        "range": range_json(mention.range, document.lines, session.client.encoding),
        "placeholder": name.text if name is not None else mention.name,
    }


def rename(session: Session, params: Any) -> dict[str, Any] | None:
    """The edits that change it everywhere."""
    asked = from_wire(params, _Rename)
    document = session.documents.get(asked.text_document.uri)
    if document is None:
        return None
    place = place_in(document, asked.position, session.client)
    try:
        edits = find_edits(document.analysis, place, asked.new_name)
    except NotRenamable as refusal:
        raise JsonRpcException(str(refusal), types.LSPErrorCodes.RequestFailed) from refusal
    return edit_json(document, edits, session.client)
