"""Every place that names a function, a resource or a stage, with the exact range of the name.

In the tree of one block, driven by the field table; in parts that go to the cloud as they are, `${…}` and the logical
ids that CloudFormation's own functions name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from attrs import evolve, frozen

from sigma_ls.ide.slots import Slot, Table, mapping_of, scalar_of
from sigma_ls.manifest.references import SUBSTITUTION, function_of, texts, uses
from sigma_ls.manifest.schema.types import Id, Json, MapOf, References, Text
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence, range_of
from sigma_ls.syntax.span import Range

_SUBSTITUTED = re.compile(r"\$\{\s*([A-Za-z0-9]+)[^}]*\}")
_LISTS = ("functions", "resources")


class Role(Enum):
    """What a mention does."""

    DECLARATION = "declaration"
    USE = "use"


class Family(Enum):
    """What a name is a name of."""

    THING = "thing"
    """A function or resource, by its id."""
    LOGICAL = "logical"
    """The same by the logical id that is made of it."""
    STAGE = "stage"


@frozen
class Mention:
    """One place that names something; lines count like the nodes of the tree."""

    name: str
    family: Family
    role: Role
    range: Range
    stage: str = ""
    """The stage that it stands in."""
    attribute: str = ""
    """Of `${id.attribute}`."""


def mentions(table: Table, section: str, root: Node | None) -> Iterator[Mention]:
    """All of them in a tree; children of a section, or entries of the manifest."""
    if root is not None:
        yield from _walk(table, table.top(section, root), root)


def _walk(table: Table, slot: Slot, node: Node) -> Iterator[Mention]:
    if type(node) is Mapping:
        wanted = mapping_of(slot.type)
        if isinstance(wanted, Json):
            yield from _json(wanted, slot, node)
            return
        for key, value in node.entries:
            if type(key) is not Scalar:
                continue
            yield from _key(wanted, slot, key)
            inner = table.entry(evolve(slot, node=node), key.value, value)
            if inner is not None:
                yield from _walk(table, inner, value)
    elif type(node) is Sequence:
        for item in node.items:
            inner = table.item(slot, item)
            if inner is not None:
                yield from _walk(table, inner, item)
    else:
        assert type(node) is Scalar
        yield from _scalar(slot, node)


def _key(wanted: object, slot: Slot, key: Scalar) -> Iterator[Mention]:
    """The keys of mappings that have the writer's own."""
    if not isinstance(wanted, MapOf) or not key.value:
        return
    if slot.names == ("stages",):
        yield _mention(Family.STAGE, Role.DECLARATION, key)
    elif slot.names[-1] in _LISTS and len(slot.names) == (3 if slot.stage else 1):
        yield _mention(Family.THING, Role.DECLARATION, key, slot.stage)
    elif isinstance(wanted.key, Id):
        yield _mention(Family.THING, Role.USE, key, slot.stage)


def _scalar(slot: Slot, node: Scalar) -> Iterator[Mention]:
    wanted = scalar_of(slot.type)
    if isinstance(wanted, Id) and node.value and node.value not in wanted.words:
        yield _mention(Family.THING, Role.USE, node, slot.stage)
    elif isinstance(wanted, Json):
        yield from _json(wanted, slot, node)
    elif isinstance(wanted, Text) and wanted.references is References.ALL:
        yield from _references(node, slot.stage)


def _mention(family: Family, role: Role, node: Scalar, stage: str = "") -> Mention:
    return Mention(node.value, family, role, _place(node, 0, len(node.value)), stage)


def _references(node: Scalar, stage: str) -> Iterator[Mention]:
    for part in uses(node.value):
        if not isinstance(part, str) and part.id:
            start = part.start + 2
            where = _place(node, start, start + len(part.id))
            yield Mention(part.id, Family.THING, Role.USE, where, stage, part.attribute)


def _place(node: Scalar, start: int, end: int) -> Range:
    """Where characters `start` to `end` of a value stand, counted from its end: a tag or an anchor may be before it.

    Where it is written with escapes this is only near; who changes the text compares it first.
    """
    if node.line != node.end_line or node.style in ("|", ">"):
        return range_of(node)
    quote = 1 if node.style is not None else 0
    column = max(node.end_column - quote - len(node.value), node.column)
    return Range.of(node.line, column + start, node.line, column + end)


# --- CloudFormation's own -----------------------------------------------------------------------------------------------


def _json(wanted: Json, slot: Slot, node: Node) -> Iterator[Mention]:
    if wanted.references:
        for text in texts(node):
            yield from _references(text, slot.stage)
    if slot.names == ("template",) and type(node) is Mapping:
        for key, value in node.entries:
            if type(key) is Scalar and key.value == "Resources" and type(value) is Mapping:
                for patched, _ in value.entries:
                    if type(patched) is Scalar:
                        yield _logical(patched, 0, len(patched.value))
    yield from _logical_ids(node)


def _logical_ids(node: Node) -> Iterator[Mention]:
    """In `Ref`, `Fn::GetAtt`, `Fn::Sub` and `DependsOn`, in long form or as tags."""
    yield from _named(function_of(node.tag), node)
    if type(node) is Mapping:
        for key, value in node.entries:
            if type(key) is Scalar:
                yield from _named(key.value, value)
            yield from _logical_ids(value)
    elif type(node) is Sequence:
        for item in node.items:
            yield from _logical_ids(item)


def _named(function: str, value: Node) -> Iterator[Mention]:
    items = value.items if type(value) is Sequence else [value]
    if function == "DependsOn":
        yield from (_logical(item, 0, len(item.value)) for item in items if type(item) is Scalar)
        return
    first = items[0] if items else None
    if type(first) is not Scalar:
        return
    if function == "Ref":
        yield _logical(first, 0, len(first.value))
    elif function == "Fn::GetAtt":
        yield _logical(first, 0, len(first.value.partition(".")[0]))
    elif function == SUBSTITUTION:
        for found in _SUBSTITUTED.finditer(first.value):
            yield _logical(first, found.start(1), found.end(1))


def _logical(node: Scalar, start: int, end: int) -> Mention:
    return Mention(node.value[start:end], Family.LOGICAL, Role.USE, _place(node, start, end))
