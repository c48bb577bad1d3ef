"""The whole tree of a document, put together from its blocks; lines are the document's."""

from __future__ import annotations

from sigma_ls.syntax.blocks import Part
from sigma_ls.syntax.document import Document
from sigma_ls.syntax.nodes import Mapping, Node, shifted


def whole_tree(document: Document) -> Mapping:
    """All entries that could be read; a section's children under their section, and no key twice."""
    entries: list[tuple[Node, Node]] = []
    section: list[tuple[Node, Node]] = []
    for block in document.blocks:
        root = document.parse(block).root
        if type(root) is not Mapping:
            continue
        found = shifted(root, block.start)
        assert type(found) is Mapping
        if block.part is Part.CHILD:
            section.extend(found.entries)
            continue
        entries.extend(found.entries)
        if block.section and found.entries:
            section = []
            key, value = entries[-1]
            if type(value) is not Mapping:
                # The section's head has no value of its own: its children do.
                value = Mapping(section, False, None, key.line, key.column, key.end_line, key.end_column)
                entries[-1] = (key, value)
            else:
                section = value.entries
    return Mapping(entries, False, None, 0, 0, max(len(document.lines) - 1, 0), 0)
