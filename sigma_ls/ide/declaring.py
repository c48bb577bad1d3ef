"""Declares a resource that something names and nobody has declared."""

from __future__ import annotations

import re

from sigma_ls.ide.slots import Slot, table_of
from sigma_ls.ide.trees import find
from sigma_ls.manifest.analysis import Analysis
from sigma_ls.manifest.diagnostic import Diagnostic, Fix, TextEdit
from sigma_ls.manifest.schema.capabilities import FUNCTION, OPERATIONS
from sigma_ls.manifest.schema.patterns import ID_PATTERN
from sigma_ls.manifest.schema.resources import RESOURCE
from sigma_ls.manifest.schema.types import ByShape, Id, MapOf
from sigma_ls.manifest.view import items_of
from sigma_ls.syntax.blocks import Block, Part
from sigma_ls.syntax.document import Document
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, lookup
from sigma_ls.syntax.span import Range

_SECTION = "resources"
_BODIES = {
    "bucket": "{type: bucket}",
    "table": "{type: table, partitionKey: id}",
    "queue": "{type: queue}",
    "topic": "{type: topic}",
    "stream": "{type: stream}",
    "api": "{type: api}",
    "userPool": "{type: userPool, clients: {web: {}}}",
    "secret": "{type: secret}",
    "eventBus": "{type: eventBus}",
    "logGroup": "{type: logGroup}",
}
"""What a new resource of each type is; types that need more than a guess are not here."""


def declare(analysis: Analysis, found: Diagnostic) -> list[Fix]:
    """A fix for each type that would do there; none where the place does not tell."""
    table = table_of(analysis)
    for each in find(analysis, table, found.range.start):
        node = each.path.node
        slot = each.slots[-1]
        if type(node) is not Scalar or re.fullmatch(ID_PATTERN, node.value) is None:
            continue
        kinds = _kinds(each.slots, slot, each.path.steps[-1].value, on_key=each.path.on_key)
        fixes = []
        for kind in kinds:
            known = kind in _BODIES and (table.platform is None or kind in table.types(RESOURCE))
            edit = _insertion(analysis.document, f"{node.value}: {_BODIES[kind]}") if known else None
            if edit is not None:
                fixes.append(Fix(f"Declare the {kind} '{node.value}'", (edit,)))
        return fixes
    return []


def _kinds(slots: list[Slot], slot: Slot, value: Node, *, on_key: bool) -> tuple[str, ...]:
    """The types that an id at the place may have."""
    if not on_key:
        return slot.type.kinds if isinstance(slot.type, Id) else _of_shape(slots)
    holder = slots[-2].type if len(slots) > 1 else None
    if isinstance(holder, MapOf) and isinstance(holder.key, Id):
        asked = {item.value for item in items_of(value) if type(item) is Scalar}
        fitting = [kind for kind, known in OPERATIONS.items() if kind != FUNCTION and asked and asked <= set(known)]
        return tuple(fitting) if len(fitting) == 1 else ()
    return ()


def _of_shape(slots: list[Slot]) -> tuple[str, ...]:
    """Of a value that may be an id or something longer."""
    wanted = slots[-1].type
    shape = wanted.scalar if isinstance(wanted, ByShape) else None
    return shape.kinds if isinstance(shape, Id) else ()


def _insertion(document: Document, entry: str) -> TextEdit | None:
    """The edit that adds an entry to the resources, in the way that these are written."""
    if document.whole:
        return None
    heads = [block for block in document.blocks if block.part is Part.ENTRY and block.name.strip("\"'") == _SECTION]
    if not heads:
        last = len(document.lines) - 1
        line = document.lines.content(last)
        return TextEdit(_at(last, len(line)), ("\n" if line else "") + f"{_SECTION}:\n  {entry}\n")
    head = heads[0]
    if head.section:
        children = [block for block in document.blocks if block.part is Part.CHILD and block.section == _SECTION]
        indent = children[0].indent if children and children[0].indent is not None else 2
        return _below(document, children[-1] if children else head, f"{' ' * indent}{entry}")
    value = lookup(document.parse(head).root, _SECTION)
    if type(value) is Mapping and value.flow:
        comma = ", " if value.entries else ""
        return TextEdit(_at(head.start + value.line, value.column + 1), entry + comma)
    return None


def _below(document: Document, block: Block, text: str) -> TextEdit:
    """Behind the last line of a block that holds anything."""
    last = block.start + block.count - 1
    while last > block.start and not document.lines.content(last).strip():
        last -= 1
    return TextEdit(_at(last, len(document.lines.content(last))), f"\n{text}")


def _at(line: int, column: int) -> Range:
    return Range.of(line, column, line, column)
