"""The outline of a manifest: its sections and entries, taken from the table of blocks without parsing anything again.

A half-typed manifest has the outline of what is there.
"""

from __future__ import annotations

from enum import Enum

from attrs import define, field

from sigma_ls.syntax.blocks import Block, Part
from sigma_ls.syntax.document import Document
from sigma_ls.syntax.nodes import Mapping, Scalar, range_of
from sigma_ls.syntax.span import Range


class SymbolKind(Enum):
    """What a symbol stands for."""

    KEY = "key"
    SECTION = "section"
    FUNCTION = "function"
    RESOURCE = "resource"
    STAGE = "stage"
    OUTPUT = "output"


_CHILDREN = {
    "functions": SymbolKind.FUNCTION,
    "resources": SymbolKind.RESOURCE,
    "stages": SymbolKind.STAGE,
    "outputs": SymbolKind.OUTPUT,
}


@define
class Symbol:
    """One line of the outline; `selection` is its key, `range` all of it, comments behind it left out."""

    name: str
    kind: SymbolKind
    range: Range
    selection: Range
    children: list[Symbol] = field(factory=list)


def document_symbols(document: Document) -> list[Symbol]:
    """The outline: top-level keys, those of sections with their entries."""
    symbols: list[Symbol] = []
    for block in document.blocks:
        if block.part is Part.ENTRY and (symbol := _symbol(document, block)) is not None:
            symbols.append(symbol)
        elif block.part is Part.CHILD and symbols and (symbol := _symbol(document, block)) is not None:
            section = symbols[-1]
            section.children.append(symbol)
            section.range = Range(section.range.start, max(section.range.end, symbol.range.end))
    return symbols


def _symbol(document: Document, block: Block) -> Symbol | None:
    if block.part is Part.CHILD:
        kind = _CHILDREN[block.section]
    else:
        kind = SymbolKind.SECTION if block.section or block.name.strip("\"'") in _CHILDREN else SymbolKind.KEY
    if block.parsed is not None:
        return _from_tree(block, kind)
    name = block.name.strip("\"'")
    if not name:
        return None
    line = document.lines.content(block.start)
    marked = not block.start and line.startswith("\ufeff")
    text = line[1:] if marked else line
    column = len(line) - len(text.lstrip(" "))
    selection = Range.of(block.start, column, block.start, column + len(block.name))
    last = block.start + block.count - 1
    while last > block.start and _is_empty(document.lines.content(last)):
        last -= 1
    return Symbol(name, kind, Range.of(block.start, column, last, len(document.lines.content(last))), selection)


def _from_tree(block: Block, kind: SymbolKind) -> Symbol | None:
    """Of a document that was read whole: its blocks share lines."""
    root = block.parsed.root if block.parsed is not None else None
    if type(root) is not Mapping or not root.entries:
        return None
    key, value = root.entries[0]
    if type(key) is not Scalar:
        return None
    start, end = range_of(key).shifted(block.start), range_of(value).shifted(block.start)
    return Symbol(key.value, kind, Range(start.start, max(start.end, end.end)), start)


def _is_empty(line: str) -> bool:
    text = line.strip()
    return not text or text.startswith("#")
