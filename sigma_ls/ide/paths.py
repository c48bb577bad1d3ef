"""Ways through a tree, from its root to a place in it."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from sigma_ls.manifest.references import function_of
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence
from sigma_ls.syntax.span import Position


@frozen(eq=False)
class Step:
    """One level down: the entry (of a mapping) or item (of a sequence) number `index` of `container`."""

    container: Mapping | Sequence
    index: int

    @property
    def key(self) -> Node | None:
        """The key of the entry; an item has none."""
        return self.container.entries[self.index][0] if type(self.container) is Mapping else None

    @property
    def value(self) -> Node:
        """The value of the entry, or the item."""
        if type(self.container) is Mapping:
            return self.container.entries[self.index][1]
        assert type(self.container) is Sequence
        return self.container.items[self.index]


@frozen(eq=False)
class Path:
    """The steps to a place, and whether it is in the last one's key, not in its value."""

    steps: tuple[Step, ...]
    on_key: bool

    @property
    def node(self) -> Node:
        """What stands there."""
        last = self.steps[-1]
        return last.key if self.on_key and last.key is not None else last.value


def path_at(root: Node | None, place: Position) -> Path | None:
    """The way to the innermost key or value around a place; nothing where the place is in none."""
    steps: list[Step] = []
    node = root
    while type(node) is Mapping or type(node) is Sequence:
        found = _into(node, place)
        if found is None:
            break
        steps.append(found)
        if found.key is not None and covers(found.key, place):
            return Path(tuple(steps), on_key=True)
        node = found.value
    if steps and covers(steps[-1].value, place):
        return Path(tuple(steps), on_key=False)
    return None


def _into(node: Mapping | Sequence, place: Position) -> Step | None:
    for index, parts in enumerate(_parts(node)):
        if any(covers(part, place) for part in parts):
            return Step(node, index)
    return None


def _parts(node: Mapping | Sequence) -> Iterator[tuple[Node, ...]]:
    if type(node) is Mapping:
        yield from node.entries
    else:
        assert type(node) is Sequence
        yield from ((item,) for item in node.items)


def function_around(path: Path) -> str:
    """The function of CloudFormation, in long form, whose argument (or whose first one) stands at the end of a path."""
    last = path.steps[-1]
    if tagged := function_of(last.value.tag):
        return tagged
    if type(last.container) is Sequence and len(path.steps) > 1:
        outer = path.steps[-2]
        first = last.index == 0
        name = function_of(last.container.tag) or (outer.key.value if type(outer.key) is Scalar else "")
        return name if first or name == "DependsOn" else ""
    return last.key.value if type(last.key) is Scalar else ""


def covers(node: Node, place: Position) -> bool:
    """Whether a place is in a node or at its very end."""
    at = place.line, place.character
    return (node.line, node.column) <= at <= (node.end_line, node.end_column)


def path_to_text(root: Node | None, text: str, line: int) -> Path | None:
    """The way to the scalar that holds `text`, as a key or as a value, among those that touch `line`."""
    pending: list[tuple[Node, tuple[Step, ...]]] = [(root, ())] if root is not None else []
    while pending:
        node, steps = pending.pop()
        if type(node) is Scalar:
            if text in node.value and steps:
                return Path(steps, on_key=False)
            continue
        assert type(node) is Mapping or type(node) is Sequence
        for index, parts in enumerate(_parts(node)):
            step = Step(node, index)
            if len(parts) > 1 and type(parts[0]) is Scalar and text in parts[0].value:
                return Path((*steps, step), on_key=True)
            if parts[-1].line <= line <= parts[-1].end_line:
                pending.append((parts[-1], (*steps, step)))
    return None
