"""The tree of a YAML text: three kinds of node, each with the exact place it stands at.

Lines and columns are zero-based, columns in code points.  Lines count from wherever the parsed text began: of a block,
from the block's first line.  Nodes are made by the thousand for each keystroke, so they are plain slotted objects; they
are shared (an alias and its anchor share entries) and nobody changes them once the parser has handed them out.
"""

from __future__ import annotations

from typing import TypeAlias

from attrs import define

from sigma_ls.syntax.span import Range


@define(eq=False)
class Scalar:
    """A text; `style` is one of `'`, `"`, `|`, `>`, or nothing for a plain one, whose type `scalars.typed` tells."""

    value: str
    style: str | None
    tag: str | None
    line: int
    column: int
    end_line: int
    end_column: int


@define(eq=False)
class Mapping:
    """Keys with their values in the order of the text, duplicates included; `flow` for `{…}`."""

    entries: list[tuple[Node, Node]]
    flow: bool
    tag: str | None
    line: int
    column: int
    end_line: int
    end_column: int


@define(eq=False)
class Sequence:
    """Items in order; `flow` for `[…]`."""

    items: list[Node]
    flow: bool
    tag: str | None
    line: int
    column: int
    end_line: int
    end_column: int


Node: TypeAlias = Scalar | Mapping | Sequence


Spot: TypeAlias = tuple[int, int, int, int]
"""A range as four numbers, start and end: a third of the size of a `Range`, and made in a tenth of the time."""


MOST_SPOTS = 20_000
"""Spots that are known; a manifest of 50,000 lines has some hundred different ones, since each counts from its block."""


def spot(line: int, column: int, end_line: int, end_column: int) -> Spot:
    """The one tuple for these numbers: thousands of blocks have the same ones."""
    made = (line, column, end_line, end_column)
    if len(_spots) > MOST_SPOTS:
        _spots.clear()
    return _spots.setdefault(made, made)


_spots: dict[Spot, Spot] = {}


def spot_of(node: Node) -> Spot:
    """Where `node` stands, counted like its own lines."""
    return spot(node.line, node.column, node.end_line, node.end_column)


def range_of(node: Node) -> Range:
    """The same as a range."""
    return Range.of(node.line, node.column, node.end_line, node.end_column)


def lookup(node: Node | None, key: str) -> Node | None:
    """The value of the first entry of that key, where `node` is a mapping that has one."""
    if type(node) is Mapping:
        for name, value in node.entries:
            if type(name) is Scalar and name.value == key:
                return value
    return None


def shifted(node: Node, lines: int) -> Node:
    """A copy of the tree, `lines` further down; what was shared stays shared."""
    if not lines:
        return node
    return _shift(node, lines, {})


def _shift(node: Node, lines: int, done: dict[int, Node]) -> Node:
    if (found := done.get(id(node))) is not None:
        return found
    copy: Node
    if type(node) is Scalar:
        copy = Scalar(
            node.value, node.style, node.tag, node.line + lines, node.column, node.end_line + lines, node.end_column
        )
    elif type(node) is Mapping:
        entries = [(_shift(key, lines, done), _shift(value, lines, done)) for key, value in node.entries]
        copy = Mapping(
            entries, node.flow, node.tag, node.line + lines, node.column, node.end_line + lines, node.end_column
        )
    else:
        assert type(node) is Sequence
        items = [_shift(item, lines, done) for item in node.items]
        copy = Sequence(
            items, node.flow, node.tag, node.line + lines, node.column, node.end_line + lines, node.end_column
        )
    done[id(node)] = copy
    return copy
