"""Parts of the text that belong together: what can be folded, and what an ever larger selection takes in."""

from __future__ import annotations

from enum import Enum

from attrs import frozen

from sigma_ls.ide.slots import table_of
from sigma_ls.ide.trees import find
from sigma_ls.manifest.analysis import Analysis
from sigma_ls.syntax.document import Document
from sigma_ls.syntax.lines import Lines
from sigma_ls.syntax.nodes import Node, range_of
from sigma_ls.syntax.span import Position, Range


class FoldKind(Enum):
    """What is folded; values are those of LSP."""

    COMMENT = "comment"
    REGION = "region"


@frozen
class Fold:
    """Lines `start` to `end`, of which the first stays."""

    start: int
    end: int
    kind: FoldKind


def folds(document: Document) -> list[Fold]:
    """By indentation alone, so that half-typed texts and texts of any size fold at once; comments in a row, too."""
    found: list[Fold] = []
    open_: list[tuple[int, int]] = []
    """Lines that something deeper may follow, each with its depth."""
    last = -1
    comment: int | None = None
    for number, line in enumerate(document.lines.raw):
        text = line.strip()
        if comment is not None and not text.startswith("#"):
            _add(found, comment, number - 1, FoldKind.COMMENT)
            comment = None
        if not text:
            continue
        if text.startswith("#"):
            comment = number if comment is None else comment
            continue
        depth = _depth(line)
        while open_ and open_[-1][1] >= depth:
            _add(found, open_.pop()[0], last, FoldKind.REGION)
        open_.append((number, depth))
        last = number
    if comment is not None:
        _add(found, comment, len(document.lines) - 1, FoldKind.COMMENT)
    while open_:
        _add(found, open_.pop()[0], last, FoldKind.REGION)
    return sorted(found, key=lambda fold: (fold.start, -fold.end))


def _depth(line: str) -> int:
    """An item is deeper than the key whose list it is in, also where the two start in one column."""
    text = line.lstrip(" ")
    return 2 * (len(line) - len(text)) + (1 if text.startswith(("- ", "-\n", "-\r")) else 0)


def _add(found: list[Fold], start: int, end: int, kind: FoldKind) -> None:
    if end > start:
        found.append(Fold(start, end, kind))


def selections(analysis: Analysis, place: Position) -> list[Range]:
    """Ever larger ranges around a place: the word, its entry, the mapping that this is in, to the whole text."""
    document = analysis.document
    ranges: list[Range] = []
    for found in find(analysis, table_of(analysis), place):
        start = found.block.start
        ranges.append(range_of(found.path.node).shifted(start))
        for step in reversed(found.path.steps):
            key = step.key
            if key is not None:
                ranges.append(_around(key, step.value).shifted(start))
            ranges.append(range_of(step.container).shifted(start))
        break
    last = len(document.lines) - 1
    ranges.append(Range.of(0, 0, last, len(document.lines.content(last))))
    return _nested(ranges, place, document.lines)


def _around(key: Node, value: Node) -> Range:
    first, last = range_of(key), range_of(value)
    return Range(first.start, max(first.end, last.end))


def _nested(ranges: list[Range], place: Position, lines: Lines) -> list[Range]:
    """Those that hold the place and each hold the one before; an alias's target, for one, does not."""
    found: list[Range] = []
    last = Position(len(lines), 0)
    for each in ranges:
        inner = found[-1] if found else Range(place, place)
        if each.start <= inner.start and inner.end <= each.end <= last and each != inner:
            found.append(each)
    return found
