"""The tree of a YAML text out of its parser's events: with places, merges and aliases, within bounds.

Events are used rather than PyYAML's composer because they know where an alias stands, need no recursion, and let depth
and aliases be bounded.
"""

from __future__ import annotations

from sys import intern
from typing import Any

from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from sigma_ls.syntax.lines import contents
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence, range_of
from sigma_ls.syntax.problem import Problem, ProblemKind
from sigma_ls.syntax.span import Range

DEEPEST = 100
"""Levels of nesting; a guess far above any real manifest (CloudFormation templates stay below 20)."""
MOST_ALIASED = 100_000
"""Nodes that aliases may stand for in one text, counted as if each was written out; a guess."""
MOST_PROBLEMS = 200
"""Problems that are told of one text; garbage has them by the hundred thousand."""
UNRESOLVED = "unresolved alias"
"""The tag of the empty scalar that stands for an alias that could not be followed."""

_BLOCK_STYLES = frozenset("|>")
_MERGE = "<<"
_SKIMMED = 2
"""How many collections are open around what a value's entries hold: the root, and the value."""


class Build:
    """One tree in the making.

    What is wrong is added to `problems`; `restore` brings back the characters that were hidden from the parser, which
    `text` has as they are.  After `run`, `unknown` are the aliases whose anchor is not in this text, with the place of the
    first, and `stopped` is whether it was too deep to be read to its end.
    """

    def __init__(self, problems: list[Problem], restore: dict[int, int] | None, text: str, *, skim: bool) -> None:
        self.problems = problems
        self.restore = restore
        self.text = text
        self.skim = skim
        self.lines: list[str] | None = None
        self.top: list[Node] = []
        # The collections that are not closed yet, innermost last: the parts around each, and the event that began it.
        self.open: list[tuple[list[Node], Any]] = []
        self.current: list[Node] = self.top
        self.anchors: dict[str, Node | None] = {}
        self.unknown: dict[str, Range] = {}
        self.weights: dict[int, int] = {}
        self.aliased = 0
        self.stopped = False

    def run(self, get_event: Any) -> None:
        """Take events until the first document ends, or more would be too deep."""
        open_ = self.open
        restore = self.restore
        current = self.current
        event: Any
        while (event := get_event()) is not None:
            kind = type(event)
            if kind is ScalarEvent:
                start, end = event.start_mark, event.end_mark
                value, style = event.value, event.style or None
                if restore is not None:
                    value = value.translate(restore)
                if style is None and "{" not in value:
                    # Ids are kept by all who mention them: 2 MB at 50,000 lines if each had its own text.  What has
                    # a reference or a parameter would only fill Python's table, and be gone with its block.
                    value = intern(value)
                node = Scalar(value, style, event.tag, start.line, start.column, end.line, end.column)
                if style in _BLOCK_STYLES:
                    self._trim(node)
                elif not value and style is None:
                    self._clamp(node)
                if event.anchor is not None:
                    self.anchors[event.anchor] = node
                current.append(node)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                if len(open_) >= DEEPEST:
                    self._too_deep(event)
                    return
                open_.append((current, event))
                if event.anchor is not None:
                    self.anchors[event.anchor] = None
                self.current = current = []
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._close(event)
                current = self.current
            elif kind is AliasEvent:
                current.append(self._alias(event))
            elif kind is DocumentEndEvent:
                self._after(get_event)
                return

    def open_bracket(self) -> tuple[int, int] | None:
        """Where the innermost bracket stands that is still open."""
        for _, start in reversed(self.open):
            if start.flow_style:
                return start.start_mark.line, start.start_mark.column
        return None

    def finish(self) -> Node | None:
        """The root; what was still open when reading stopped is closed where its last part ends."""
        while self.open:
            self._close(None)
        return self.top[0] if self.top else None

    def _close(self, event: Any) -> None:
        parts = self.current
        parent, start = self.open.pop()
        flow = bool(start.flow_style)
        line, column = start.start_mark.line, start.start_mark.column
        # A bracket ends behind its column; at a line's first one ends a pair without brackets, where the next token
        # starts or, at the text's end, on a line that is not there.
        if flow and event is not None and event.end_mark.column:
            end_line, end_column = event.end_mark.line, event.end_mark.column
        elif parts:
            # A block collection ends with its last part; libyaml puts its end behind the comments that follow.
            end_line, end_column = parts[-1].end_line, parts[-1].end_column
        else:
            end_line, end_column = start.end_mark.line, start.end_mark.column
        node: Node
        if type(start) is MappingStartEvent:
            keys = parts[::2]
            values = parts[1::2]
            if len(values) < len(keys):
                last = keys[-1]
                values.append(Scalar("", None, None, last.end_line, last.end_column, last.end_line, last.end_column))
            entries = list(zip(keys, values, strict=True))
            node = Mapping(entries, flow, start.tag, line, column, end_line, end_column)
            names = {key.value for key in keys if type(key) is Scalar}
            if len(names) < len(keys):
                self._duplicates(keys)
            if _MERGE in names:
                self._merge(node, names)
        else:
            node = Sequence(parts, flow, start.tag, line, column, end_line, end_column)
        if self.skim and len(self.open) >= _SKIMMED:
            (node.entries if type(node) is Mapping else parts).clear()
        if start.anchor is not None:
            self.anchors[start.anchor] = node
        parent.append(node)
        self.current = parent

    def _duplicates(self, keys: list[Node]) -> None:
        seen: dict[str, Scalar] = {}
        for key in keys:
            if type(key) is not Scalar:
                continue
            first = seen.setdefault(key.value, key)
            if first is not key and len(self.problems) < MOST_PROBLEMS:
                message = f"The key '{key.value}' stands here a second time: remove one of the two."
                self.problems.append(
                    Problem(ProblemKind.DUPLICATE_KEY, message, range_of(key), related=range_of(first))
                )

    def _merge(self, node: Mapping, names: set[str]) -> None:
        """Carry out `<<`: entries of the merged mappings come after the mapping's own, which win."""
        own = [(key, value) for key, value in node.entries if not _is_merge(key)]
        names.discard(_MERGE)
        for key, value in node.entries:
            if not _is_merge(key):
                continue
            for source in value.items if type(value) is Sequence else [value]:
                if type(source) is not Mapping:
                    if source.tag != UNRESOLVED and len(self.problems) < MOST_PROBLEMS:
                        message = "'<<' merges a mapping, or a list of mappings: name one by its alias (*name)."
                        self.problems.append(Problem(ProblemKind.ALIAS, message, range_of(source)))
                    continue
                for entry in source.entries:
                    name = entry[0]
                    if type(name) is Scalar and name.value not in names:
                        names.add(name.value)
                        own.append(entry)
        node.entries[:] = own

    def _alias(self, event: Any) -> Node:
        line, column = event.start_mark.line, event.start_mark.column
        end_line, end_column = event.end_mark.line, event.end_mark.column
        where = Range.of(line, column, end_line, end_column)
        empty = Scalar("", None, UNRESOLVED, line, column, end_line, end_column)
        if event.anchor not in self.anchors:
            self.unknown.setdefault(event.anchor, where)
            return empty
        target = self.anchors[event.anchor]
        if target is None:
            message = f"'*{event.anchor}' stands inside the very thing that it names."
            self.problems.append(Problem(ProblemKind.ALIAS, message, where))
            return empty
        if self.aliased > MOST_ALIASED:
            return empty
        self.aliased += self._weight(target)
        if self.aliased > MOST_ALIASED:
            message = f"The aliases of this text stand for more than {MOST_ALIASED:,} values: they are not followed."
            self.problems.append(Problem(ProblemKind.ALIAS_SIZE, message, where))
            return empty
        if type(target) is Scalar:
            return Scalar(target.value, target.style, target.tag, line, column, end_line, end_column)
        if type(target) is Mapping:
            return Mapping(target.entries, target.flow, target.tag, line, column, end_line, end_column)
        assert type(target) is Sequence
        return Sequence(target.items, target.flow, target.tag, line, column, end_line, end_column)

    def _weight(self, node: Node) -> int:
        """How many nodes `node` stands for; depth is bounded, and shared parts are counted once and remembered."""
        if type(node) is Scalar:
            return 1
        parts: list[Node]
        if type(node) is Mapping:
            shared: object = node.entries
            parts = [part for entry in node.entries for part in entry]
        else:
            assert type(node) is Sequence
            shared = node.items
            parts = node.items
        if (known := self.weights.get(id(shared))) is None:
            known = self.weights[id(shared)] = 1 + sum(map(self._weight, parts))
        return known

    def _clamp(self, node: Scalar) -> None:
        """Keep an empty scalar within the text: libyaml puts one at its end on a line that is not there."""
        if self.lines is None:
            self.lines = contents(self.text)
        last = len(self.lines) - 1
        if node.line > last:
            node.line = node.end_line = last
            node.column = node.end_column = len(self.lines[last])

    def _trim(self, node: Scalar) -> None:
        """End a block scalar at its last line that holds something; libyaml ends it where the next token starts."""
        if self.lines is None:
            self.lines = contents(self.text)
        line = min(node.end_line, len(self.lines) - 1)
        if line == node.end_line and node.end_column == 0:
            line -= 1
        while line > node.line and not self.lines[line].strip():
            line -= 1
        node.end_line, node.end_column = line, len(self.lines[line])

    def _too_deep(self, event: Any) -> None:
        mark = event.start_mark
        message = f"More than {DEEPEST} levels of nesting are not analysed."
        where = Range.of(mark.line, mark.column, mark.line, mark.column + 1)
        self.problems.append(Problem(ProblemKind.DEPTH, message, where))
        self.stopped = True

    def _after(self, get_event: Any) -> None:
        """What follows the first document: nothing, or a problem."""
        while (event := get_event()) is not None:
            kind = type(event)
            if kind is DocumentStartEvent:
                mark = event.start_mark
                where = Range.of(mark.line, mark.column, mark.line, mark.column + 3)
                message = "A manifest is one document: what follows this line is ignored."
                self.problems.append(Problem(ProblemKind.SECOND_DOCUMENT, message, where))
                return


def _is_merge(key: Node) -> bool:
    return type(key) is Scalar and key.style is None and key.value == _MERGE
