"""The open manifests: their texts, their analysis, and the texts of closed ones where a message needs them.

pygls' own documents are not used: they take lines to end where LSP does not, and rebuild the text at each edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import define, frozen

from sigma_ls.lsp.client import Encoding
from sigma_ls.lsp.workspace import key_of, path_of
from sigma_ls.syntax.lines import Lines
from sigma_ls.syntax.span import Position as TextPosition
from sigma_ls.syntax.span import Range as TextRange


@frozen
class Position:
    """A place as the editor counts it."""

    line: int
    character: int


@frozen
class Range:
    """Two such places."""

    start: Position
    end: Position


@frozen
class ContentChange:
    """One of the changes of `textDocument/didChange`; without a range the whole text is new."""

    text: str
    range: Range | None = None


@define
class Document:
    """One open manifest."""

    uri: str
    """As the editor spells it."""
    version: int
    lines: Lines

    def apply(self, changes: Sequence[ContentChange], encoding: Encoding) -> None:
        """Edit the text, in order; places beyond it mean its end."""
        for change in changes:
            if change.range is None:
                self.lines = Lines(change.text)
                continue
            start, end = change.range.start, change.range.end
            where = TextRange(
                self._place(start, encoding),
                self._place(end, encoding),
            )
            self.lines.replace(where, change.text)

    def _place(self, position: Position, encoding: Encoding) -> TextPosition:
        return self.lines.position(position.line, position.character, encoding)


class Documents:
    """All open manifests, by what is the same for two spellings of their URI."""

    def __init__(self) -> None:
        self._open: dict[str, Document] = {}
        self._closed = _ClosedFiles()

    def __iter__(self) -> Iterator[Document]:
        return iter(self._open.values())

    def get(self, uri: str) -> Document | None:
        """The open document of this URI."""
        return self._open.get(key_of(uri))

    def put(self, document: Document) -> None:
        """A document was opened."""
        self._open[key_of(document.uri)] = document

    def remove(self, uri: str) -> None:
        """A document was closed."""
        self._open.pop(key_of(uri), None)

    def lines_of(self, uri: str) -> Lines | None:
        """The text of an open document, else of the file as it is now."""
        if (document := self.get(uri)) is not None:
            return document.lines
        path = path_of(uri)
        return None if path is None else self._closed.lines(path)


class _ClosedFiles:
    """Texts of files that are not open; each is read again when it has changed."""

    def __init__(self) -> None:
        self._read: dict[Path, tuple[tuple[int, int], Lines]] = {}

    def lines(self, path: Path) -> Lines | None:
        try:
            status = path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            known = self._read.get(path)
            if known is None or known[0] != stamp:
                self._read[path] = known = (stamp, Lines(path.read_bytes().decode()))
        except (OSError, ValueError):
            return None
        return known[1]
