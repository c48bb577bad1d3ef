"""The trees around a place: of its block, or, where several entries share lines, of each of these."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from sigma_ls.ide.paths import Path, path_at
from sigma_ls.ide.slots import Slot, Table
from sigma_ls.manifest.analysis import Analysis
from sigma_ls.syntax.blocks import Block, Part
from sigma_ls.syntax.document import Document
from sigma_ls.syntax.nodes import Node
from sigma_ls.syntax.span import Position


def blocks_around(document: Document, line: int) -> list[Block]:
    """The blocks that may hold a line."""
    if document.whole:
        return [block for block in document.blocks if block.start <= line]
    block = document.block_at(line)
    return [block] if block is not None else []


def section_of(block: Block) -> str:
    """The section whose child a block is; empty where it is an entry of its own."""
    return block.section if block.part is Part.CHILD else ""


@frozen(eq=False)
class Found:
    """What stands at a place."""

    block: Block
    root: Node
    path: Path
    slots: list[Slot]
    """From the whole manifest (or section) on; the last is that of the place's value where the table knows it."""

    @property
    def slot(self) -> Slot | None:
        """The slot of the place's value (of a key: of what it is the key of), where the table knows it."""
        return self.slots[-1] if len(self.slots) > len(self.path.steps) else None


def find(analysis: Analysis, table: Table, place: Position) -> Iterator[Found]:
    """The keys and values around a place; there is at most one of each block."""
    document = analysis.document
    for block in blocks_around(document, place.line):
        root = document.parse(block).root
        path = path_at(root, Position(place.line - block.start, place.character))
        if root is not None and path is not None:
            yield Found(block, root, path, table.follow(table.top(section_of(block), root), path))
