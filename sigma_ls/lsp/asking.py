"""What requests about a place in a document have in common."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from sigma_ls.app.wire import from_wire
from sigma_ls.lsp.client import Client
from sigma_ls.lsp.documents import Document, Position
from sigma_ls.lsp.positions import range_json
from sigma_ls.lsp.session import Session
from sigma_ls.manifest.diagnostic import TextEdit
from sigma_ls.syntax.span import Position as TextPosition


@frozen
class NamedDocument:
    """`TextDocumentIdentifier`."""

    uri: str


@frozen
class AboutDocument:
    """Parameters that name a document."""

    text_document: NamedDocument


@frozen
class AboutPlace:
    """Parameters that name a place in a document."""

    text_document: NamedDocument
    position: Position


def document_of(session: Session, params: Any) -> Document | None:
    """The open manifest that a request is about."""
    return session.documents.get(from_wire(params, AboutDocument).text_document.uri)


def place_of(session: Session, params: Any) -> tuple[Document, TextPosition] | None:
    """The open manifest that a request is about, and the place in it; nothing where it is not open."""
    asked = from_wire(params, AboutPlace)
    document = session.documents.get(asked.text_document.uri)
    return None if document is None else (document, place_in(document, asked.position, session.client))


def place_in(document: Document, position: Position, client: Client) -> TextPosition:
    """An editor's position in our units, within the text."""
    return document.lines.position(position.line, position.character, client.encoding)


def edit_json(document: Document, edits: tuple[TextEdit, ...] | list[TextEdit], client: Client) -> dict[str, Any]:
    """A `WorkspaceEdit`; for editors that look at versions it is of this text and no other."""
    found = [{"range": range_json(edit.range, document.lines, client.encoding), "newText": edit.text} for edit in edits]
    if not client.takes_versions:
        return {"changes": {document.uri: found}}
    about = {"uri": document.uri, "version": document.version}
    return {"documentChanges": [{"textDocument": about, "edits": found}]}
