"""The open manifests: their texts, their analysis, and the texts of closed ones where a message needs them.

pygls' own documents are not used: they take lines to end where LSP does not, and rebuild the text at each edit.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

from sigma_ls.lsp.client import Encoding
from sigma_ls.lsp.code_files import CodeFiles
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


@frozen
class Moved:
    """An edit that ended at line `last` moved what follows it `by` lines."""

    last: int
    by: int


class Document:
    """One open manifest; `uri` is as the editor spells it."""

    def __init__(self, uri: str, version: int | None, text: str) -> None:
        path = path_of(uri)
        self.uri = uri
        self.version = version
        # A text that is in no folder has no code to look at.
        self._files = None if path is None else CodeFiles(path.parent)
        from sigma_ls.manifest.analysis import Analysis  # noqa: PLC0415 - an editor's first answer does not wait for it

        self.analysis = Analysis(self._files, uri)
        self.analysis.open(text)

    @property
    def lines(self) -> Lines:
        """The text as it is now."""
        return self.analysis.document.lines

    def apply(self, change: ContentChange, encoding: Encoding) -> Moved:
        """Edit the text; places beyond it mean its end."""
        before = len(self.lines)
        if change.range is None:
            self.analysis.open(change.text)
            return Moved(before, 0)
        start = self._place(change.range.start, encoding)
        end = self._place(change.range.end, encoding)
        self.analysis.edit(TextRange(start, end), change.text)
        return Moved(max(start.line, end.line), len(self.lines) - before)

    def files_changed(self, changed: Iterable[Path] | None = None) -> bool:
        """Look again at these files beside the manifest, or at all; answers whether the analysis knows any of them."""
        if self._files is None or not self._files.forget(changed):
            return False
        self.analysis.files_changed()
        return True

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

    def open(self, uri: str, version: int, text: str) -> None:
        """A manifest was opened."""
        # There are no cycles in it, and to look for some takes 16 ms at 50,000 lines now and 24 ms amid somebody's typing.
        gc.disable()
        try:
            self._open[key_of(uri)] = Document(uri, version, text)
        finally:
            gc.enable()
        gc.collect(0)
        gc.freeze()

    def close(self, uri: str) -> bool:
        """A document was closed; answers whether it was one of ours."""
        return self._open.pop(key_of(uri), None) is not None

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
