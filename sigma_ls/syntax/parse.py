"""YAML text to a tree: the events of libyaml's parser (PyYAML's own where libyaml is missing), put together here.

Never raises and never hangs: what cannot be read becomes a `Problem`, and what was read before it is kept.  The parser's
events are used rather than its composer because they know where an alias stands, need no recursion, and let depth and
aliases be bounded.  No resolver runs; `scalars.typed` tells the type of a scalar where one is wanted.
"""

from __future__ import annotations

import re
from sys import intern
from typing import Any

import yaml
from attrs import define, evolve, field
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
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from sigma_ls.syntax.lines import split
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence, range_of
from sigma_ls.syntax.problem import Problem, ProblemKind
from sigma_ls.syntax.span import Range
from sigma_ls.syntax.wording import describe

DEEPEST = 100
"""Levels of nesting; a guess far above any real manifest (CloudFormation templates stay below 20)."""
LARGEST = 1_000_000
"""Characters of a text that is parsed as one; a guess: libyaml takes about 50 ms for it."""
LARGEST_WHOLE = 10_000_000
"""Likewise of a document that can only be read whole; half a second."""
MOST_ALIASED = 100_000
"""Nodes that aliases may stand for in one text, counted as if each was written out; a guess."""
MOST_CHARACTERS = 20
"""Characters that may not stand in YAML and are shown one by one; the rest would only repeat it."""
MOST_PROBLEMS = 200
"""Problems that are told of one text; garbage has them by the hundred thousand."""
UNRESOLVED = "unresolved alias"
"""The tag of the empty scalar that stands for an alias that could not be followed."""

_SPECIAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_BREAKS_TO_LIBYAML = {0x85: 0xE085, 0x2028: 0xE028, 0x2029: 0xE029, 0xFEFF: 0xE0FF}
"""YAML 1.2 has these as ordinary characters, libyaml as line breaks (and a mark): they hide in the private use area."""
_BACK = {hidden: shown for shown, hidden in _LINE_BREAKS_TO_LIBYAML.items()}

_BLOCK_STYLES = frozenset("|>")
_BYTE_ORDER_MARK = "\ufeff"
_MERGE = "<<"
_SKIMMED = 2
"""How many collections are open around what a value's entries hold: the root, and the value."""
_OPEN_ENDED = frozenset(
    ("while scanning a quoted scalar", "while parsing a flow sequence", "while parsing a flow mapping")
)


class PurePython(Reader, Scanner, Parser):
    """PyYAML's parser without its composer; about twenty times slower than libyaml."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


EventSource: Any = PurePython
"""What gives the events of a text one by one: libyaml's parser, which tests may replace by `PurePython`."""
if yaml.__with_libyaml__:
    from yaml import cyaml

    EventSource = cyaml.CParser  # type: ignore[attr-defined]  # it is there wherever libyaml is


@define
class Parsed:
    """A tree, as far as the text could be read, and what was wrong with it."""

    root: Node | None
    problems: list[Problem]
    unknown_aliases: dict[str, Range] = field(factory=dict)
    """Aliases whose anchor is not in this text, with the place of the first; each stands as an empty scalar."""
    complete: bool = True
    """Whether the text was read to its end."""
    open_ended: bool = False
    """Whether what is wrong may be put right by the text that follows: a quote or a bracket is not closed."""


def parse(text: str, source: Any = None, *, largest: int = LARGEST, inner: bool = False, skim: bool = False) -> Parsed:
    """The tree of `text`: its first document, should there be several; nothing in it gives no root.

    `inner` is for a part of a text: a byte order mark is one only at the beginning of a whole one.  To `skim` is to
    leave out what entries of the root's values hold, once it is known to be YAML.
    """
    if text[:1] == _BYTE_ORDER_MARK and not inner:
        return _behind_mark(parse(text[1:], source, largest=largest, skim=skim))
    problems: list[Problem] = []
    if len(text) > largest:
        message = f"More than {largest:,} characters in one piece are not analysed: split it."
        return Parsed(None, [Problem(ProblemKind.SIZE, message, Range.of(0, 0, 0, 1))], complete=False)
    restore = None
    shown = text
    if _SPECIAL.search(text) is not None:
        text, restore = _without_special(text, problems)
    build = _Build(problems, restore, shown, skim=skim)
    open_ended = False
    try:
        build.run((source or EventSource)(text).get_event)
        complete = not build.stopped
    except yaml.MarkedYAMLError as error:
        bracket = build.open_bracket()
        problems.append(describe(error, _lines(shown), bracket))
        complete = False
        open_ended = bracket is not None or error.context in _OPEN_ENDED
    except yaml.YAMLError as error:
        # The reader's own errors carry no mark; `_without_special` leaves it nothing to complain of that we know.
        problems.append(Problem(ProblemKind.SYNTAX, f"This is not YAML: {error}", Range.of(0, 0, 0, 1)))
        complete = False
    return Parsed(build.finish(), problems, build.unknown, complete, open_ended)


def _behind_mark(parsed: Parsed) -> Parsed:
    """What was parsed behind a byte order mark, which takes the first column of the first line."""
    if parsed.root is not None:
        _move_first_line(parsed.root, set())
    problems = [
        evolve(problem, range=_one_further(problem.range), related=problem.related and _one_further(problem.related))
        for problem in parsed.problems
    ]
    unknown = {name: _one_further(where) for name, where in parsed.unknown_aliases.items()}
    return Parsed(parsed.root, problems, unknown, parsed.complete, parsed.open_ended)


def _one_further(where: Range) -> Range:
    start, end = where.start, where.end
    return Range.of(start.line, start.character + (not start.line), end.line, end.character + (not end.line))


def _move_first_line(node: Node, done: set[int]) -> None:
    """The parser's own nodes, before anyone else has them, so that changing them is safe."""
    if node.line or id(node) in done:
        return
    done.add(id(node))
    node.column += 1
    node.end_column += not node.end_line
    if type(node) is Mapping:
        for key, value in node.entries:
            _move_first_line(key, done)
            _move_first_line(value, done)
    elif type(node) is Sequence:
        for item in node.items:
            _move_first_line(item, done)


def _lines(text: str) -> list[str]:
    return [line.rstrip("\r\n") for line in split(text)]


def _without_special(text: str, problems: list[Problem]) -> tuple[str, dict[int, int] | None]:
    """`text` without the characters that libyaml refuses or takes for line breaks, each replaced by one other."""
    bad = 0
    for match in _SPECIAL.finditer(text):
        code = ord(match.group())
        if code in _LINE_BREAKS_TO_LIBYAML:
            continue
        bad += 1
        if bad <= MOST_CHARACTERS:
            before = text[: match.start()]
            line = before.count("\n") + before.count("\r") - before.count("\r\n")
            column = match.start() - max(before.rfind("\n"), before.rfind("\r")) - 1
            message = f"The character U+{code:04X} cannot stand in YAML: remove it, or write it as an escape in quotes."
            problems.append(Problem(ProblemKind.CHARACTER, message, Range.of(line, column, line, column + 1)))
    text = text.translate(_LINE_BREAKS_TO_LIBYAML)
    if bad:
        text = _SPECIAL.sub("\ufffd", text)
    return text, _BACK


class _Build:
    """One tree in the making: the collections that are open, innermost last."""

    def __init__(self, problems: list[Problem], restore: dict[int, int] | None, text: str, *, skim: bool) -> None:
        self.problems = problems
        self.restore = restore
        self.text = text
        self.skim = skim
        self.lines: list[str] | None = None
        self.top: list[Node] = []
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
                if style is None and value.replace("-", "").isalnum():
                    # Ids are kept by all who mention them: 2 MB at 50,000 lines if each had its own text.  What
                    # is none would only fill Python's table, 1 MB in the end, and be gone with its block.
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
            self.lines = _lines(self.text)
        last = len(self.lines) - 1
        if node.line > last:
            node.line = node.end_line = last
            node.column = node.end_column = len(self.lines[last])

    def _trim(self, node: Scalar) -> None:
        """End a block scalar at its last line that holds something; libyaml ends it where the next token starts."""
        if self.lines is None:
            self.lines = _lines(self.text)
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
