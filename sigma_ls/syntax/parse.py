"""YAML text to a tree, by libyaml's parser (PyYAML's own where libyaml is missing); `building` puts it together.

Never raises and never hangs: what cannot be read becomes a `Problem`, and what was read before it is kept.  Characters
that libyaml cannot take are hidden from it.  No resolver runs; `scalars.typed` tells the type of a scalar where one is
wanted.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from attrs import define, evolve, field
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from sigma_ls.syntax.building import Build
from sigma_ls.syntax.lines import contents
from sigma_ls.syntax.nodes import Mapping, Node, Sequence
from sigma_ls.syntax.problem import Problem, ProblemKind
from sigma_ls.syntax.span import Range
from sigma_ls.syntax.wording import describe

LARGEST = 1_000_000
"""Characters of a text that is parsed as one; a guess: libyaml takes about 50 ms for it."""
LARGEST_WHOLE = 10_000_000
"""Likewise of a document that can only be read whole; half a second."""
MOST_CHARACTERS = 20
"""Characters that may not stand in YAML and are shown one by one; the rest would only repeat it."""

_SPECIAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_BREAKS_TO_LIBYAML = {0x85: 0xE085, 0x2028: 0xE028, 0x2029: 0xE029, 0xFEFF: 0xE0FF}
"""YAML 1.2 has these as ordinary characters, libyaml as line breaks (and a mark): they hide in the private use area."""
_BACK = {hidden: shown for shown, hidden in _LINE_BREAKS_TO_LIBYAML.items()}

_BYTE_ORDER_MARK = "\ufeff"
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
    build = Build(problems, restore, shown, skim=skim)
    open_ended = False
    try:
        build.run((source or EventSource)(text).get_event)
        complete = not build.stopped
    except yaml.MarkedYAMLError as error:
        bracket = build.open_bracket()
        problems.append(describe(error, contents(shown), bracket))
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
