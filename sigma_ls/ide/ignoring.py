"""The comment that silences a diagnostic, put where it is a comment: never into a text of several lines."""

from __future__ import annotations

import re

from sigma_ls.manifest import codes
from sigma_ls.manifest.analysis import Analysis
from sigma_ls.manifest.diagnostic import Diagnostic, TextEdit
from sigma_ls.manifest.ignoring import find_ignores, lines_of_text
from sigma_ls.syntax.lines import Lines
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence
from sigma_ls.syntax.parse import parse
from sigma_ls.syntax.span import Range

_COMMENT = re.compile(r"(?:^|\s)#\s*sigma:\s*ignore\s+SIG\d{3}(?:[\s,]+SIG\d{3})*")
_NEVER = frozenset((codes.IGNORED_FILE.id, codes.UNKNOWN_STAGE.id, codes.DEPLOYMENT_FAILED.id, codes.NO_TEMPLATE.id))
"""Codes that a comment cannot silence, or that nobody wants to be silent."""
_SYNTAX = "SIG0"


def can_be_ignored(found: Diagnostic) -> bool:
    """Whether to silence it is an answer: what is no YAML has to be put right."""
    return not found.code.startswith(_SYNTAX) and found.code not in _NEVER


def ignore(analysis: Analysis, found: Diagnostic) -> tuple[TextEdit, ...] | None:
    """The edit that silences it: at the end of its line, else on the line above; nothing where neither can be."""
    document = analysis.document
    number = found.range.start.line
    line = document.lines.content(number)
    block = document.block_at(number)
    if block is None or not line.strip() or line.lstrip().startswith("#"):
        return None  # It is about what is not there.
    first, end = (0, len(document.lines)) if document.whole else (block.start, block.start + block.count)
    text = document.lines.between(first, end)
    for place in (number, _beginning(text.split("\n"), number - first) + first):
        line = document.lines.content(place)
        indent = line[: len(line) - len(line.lstrip(" "))]
        for edit in (
            _extend(line, place, found.code),
            TextEdit(_at(place, len(line.rstrip())), f"  # sigma: ignore {found.code}"),
            TextEdit(_at(place, 0), f"{indent}# sigma: ignore {found.code}\n"),
        ):
            if edit is not None and _silences(text, number - first, edit, first, found.code):
                return (edit,)
    return None


def _beginning(lines: list[str], number: int) -> int:
    """The line on which a text of several lines begins; the line itself where it is in none."""
    return next((above for above in range(number - 1, -1, -1) if number in lines_of_text(lines, above)), number)


def _extend(line: str, number: int, code: str) -> TextEdit | None:
    """Name the code in the comment that is there."""
    comment = _COMMENT.search(line)
    return TextEdit(_at(number, comment.end()), f", {code}") if comment is not None else None


def _at(line: int, column: int) -> Range:
    return Range.of(line, column, line, column)


def _silences(text: str, line: int, edit: TextEdit, first: int, code: str) -> bool:
    """Whether the edit makes a comment of it, which changes nothing that the text says."""
    lines = Lines(text)
    lines.replace(edit.range.shifted(-first), edit.text)
    target = line + (1 if edit.text.endswith("\n") else 0)
    if not any(number == target and code in silent for number, silent in find_ignores(lines.text)):
        return False
    before, after = parse(text), parse(lines.text)
    return before.complete == after.complete and _same(before.root, after.root)


def _same(one: Node | None, other: Node | None) -> bool:
    """Whether two trees say the same; they are as deep as the parser lets them be."""
    if type(one) is Scalar and type(other) is Scalar:
        return one.value == other.value
    if type(one) is Mapping and type(other) is Mapping:
        pairs = zip(one.entries, other.entries, strict=False)
        return len(one.entries) == len(other.entries) and all(_same(a[0], b[0]) and _same(a[1], b[1]) for a, b in pairs)
    if type(one) is Sequence and type(other) is Sequence:
        return len(one.items) == len(other.items) and all(map(_same, one.items, other.items))
    return one is None and other is None
