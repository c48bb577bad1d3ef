"""Texts as they are opened, edited, saved and closed, and what is said of them: diagnostics, pushed or pulled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen
from lsprotocol import types

from sigma_ls.app.wire import from_wire
from sigma_ls.lsp.documents import ContentChange, Documents, Position, Range
from sigma_ls.lsp.failures import Failures
from sigma_ls.lsp.features.watching import files_changed
from sigma_ls.lsp.publisher import Publisher
from sigma_ls.lsp.session import Session
from sigma_ls.lsp.workspace import is_manifest, path_of

if TYPE_CHECKING:
    from sigma_ls.deploy.snapshot import Deployment


@frozen
class _OpenedDocument:
    uri: str
    version: int
    text: str


@frozen
class _DidOpen:
    text_document: _OpenedDocument


@frozen
class _ChangedDocument:
    uri: str
    version: int | None = None
    """Older editors may leave it out or send null."""


@frozen
class _DidChange:
    text_document: _ChangedDocument
    content_changes: tuple[ContentChange, ...]


@frozen
class _NamedDocument:
    uri: str


@frozen
class _AboutDocument:
    text_document: _NamedDocument


def register(session: Session) -> None:
    """Follow the texts."""
    documents = session.documents = Documents()
    publisher = session.publisher = Publisher(session)
    session.failures = Failures()

    @session.protocol.handle(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: Any) -> None:
        opened = from_wire(params, _DidOpen).text_document
        if is_manifest(opened.uri):
            documents.open(opened.uri, opened.version, opened.text)
            publisher.touch(opened.uri, edited=True)

    @session.protocol.handle(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: Any) -> None:
        changed = _did_change(params)
        uri = changed.text_document.uri
        if (document := documents.get(uri)) is None:
            return
        for change in changed.content_changes:
            moved = document.apply(change, session.client.encoding)
            session.failures.moved(uri, moved.last, moved.by)
            session.template_checks.moved(uri, moved.last, moved.by)
        document.version = changed.text_document.version
        session.edited(uri, lambda: str(document.lines))
        publisher.touch(uri, edited=True)

    @session.protocol.handle(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: Any) -> None:
        uri = from_wire(params, _AboutDocument).text_document.uri
        if (document := documents.get(uri)) is None:
            # Some editors tell of all texts of the language, and watch no files.
            files_changed(session, [path] if (path := path_of(uri)) is not None else [])
            return
        session.template_checks.files_changed()
        if document.files_changed():
            publisher.touch(uri)

    @session.protocol.handle(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: Any) -> None:
        uri = from_wire(params, _AboutDocument).text_document.uri
        if documents.close(uri):
            publisher.touch(uri, edited=True)

    session.on_snapshot.append(lambda deployment: show_failures(session, deployment))


def _did_change(params: Any) -> _DidChange:
    """The parameters, read by hand where they are as they should be: a tenth of the time, at each keystroke."""
    try:
        document = params["textDocument"]
        uri, version = document["uri"], document["version"]
        changes = tuple([_change(each) for each in params["contentChanges"]])
    except (AttributeError, KeyError, TypeError):
        return from_wire(params, _DidChange)
    if type(uri) is not str or type(version) is not int:
        return from_wire(params, _DidChange)
    return _DidChange(_ChangedDocument(uri, version), changes)


def _change(change: Any) -> ContentChange:
    """Raises `KeyError` or `TypeError` where it is not as it should be."""
    text = change["text"]
    where = change.get("range")
    places = None if where is None else Range(_position(where["start"]), _position(where["end"]))
    if type(text) is not str:
        raise TypeError
    return ContentChange(text, places)


def _position(position: Any) -> Position:
    line, character = position["line"], position["character"]
    if type(line) is not int or type(character) is not int:
        raise TypeError
    return Position(line, character)


def show_failures(session: Session, deployment: Deployment) -> None:
    """Show what the deployment failed at, or that another one runs."""
    for uri in session.failures.take(deployment):
        session.publisher.touch(uri)
