"""What libyaml's messages mean to the person who typed the text, and the smallest range that shows it.

libyaml says what its state machine missed; this says what to do.  Messages it has no words for pass as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from yaml.error import MarkedYAMLError

from sigma_ls.syntax.problem import Problem, ProblemKind
from sigma_ls.syntax.span import Range

_WORD = re.compile(r"[^\s,\[\]{}]+|\S")
_LEADING = re.compile(r"[ \t]*")

_LIST_OPEN = "The list opened with '[' is not closed: add ']' or a missing ','."
_MAPPING_OPEN = "The mapping opened with '{' is not closed: add '}' or a missing ','."
_OPENING = {
    "while parsing a flow sequence": _LIST_OPEN,
    "while parsing a flow mapping": _MAPPING_OPEN,
}
_COLON = "A ':' is not expected here: put quotes around a value that holds ': ', or correct the indentation."
_TAG = "A '!' begins a tag, such as '!Sub', and this is none: put quotes around a text that begins with '!'."
_KEY = "Expected a key here: check the indentation and the quotes before it."
_ITEM = "Expected another '- ' item of the list that starts above."
_VALUE = "Expected a value here."
_MESSAGES = (
    (r"mapping values are not allowed", _COLON),
    (r"(block )?sequence entries are not allowed", "A list item cannot start here: put it on its own line."),
    (r"mapping keys are not allowed", "A '? ' key cannot start here: write 'key: value' on a line of its own."),
    (r"did not find expected '-' indicator", _ITEM),
    (r"(did not find )?expected (key|<block end>)", _KEY),
    (r"(did not find )?expected (the )?node content", _VALUE),
    (r"found undefined tag handle", "Unknown tag: write one of CloudFormation's, such as '!Sub', or none."),
    (r"found unknown escape character", "Unknown escape sequence: write '\\\\' for a backslash, or use single quotes."),
    (r".*expected (hexdecimal|escape sequence)", "An escape has two hexadecimal digits after '\\x', four after '\\u'."),
    (r"found invalid Unicode", "No character has the number of this escape: correct its digits."),
    (r".*expected alphabetic or numeric", "Expected a name after '&' or '*'; put quotes around a text that begins so."),
    (r".*expected '?<document start>", "Nothing may follow here: the text before is complete."),
    (r".*(URI|expected whitespace|expected '[>!]'|expected ' ')", _TAG),
    (r"found incompatible YAML", "This version of YAML is not supported: use 1.2."),
    (r"found duplicate %?YAML", "A second %YAML directive: remove it."),
    (
        r".*expected (comment or line break|chomping)",
        "Only a comment may follow '|' or '>': begin the text on the next line.",
    ),
    (r".*(equal to 0|in the range 1-9)", "The number behind '|' or '>' is its text's indentation, from 1 to 9."),
)
"""By how the messages of libyaml, and of PyYAML's own parser, begin."""


def describe(error: MarkedYAMLError, lines: Sequence[str], bracket: tuple[int, int] | None = None) -> Problem:
    """The problem for a parser's error.

    `lines` are those of the parsed text, ends removed; `bracket` is where the innermost one stands that is still open.
    """
    text = error.problem or "This is not YAML."
    line, column = 0, 0
    if error.problem_mark is not None:
        line, column = error.problem_mark.line, error.problem_mark.column
    opened = error.context_mark
    context = error.context or ""

    if bracket is not None and context != "while scanning a quoted scalar" and is_end(lines, line, column):
        message = _LIST_OPEN if _at(lines, *bracket) == "[" else _MAPPING_OPEN
        return _point(*bracket, message)

    if context == "while scanning a quoted scalar" and opened is not None and "escape" not in text:
        quote = _at(lines, opened.line, opened.column)
        return _point(opened.line, opened.column, f"The quoted text is not closed: add {quote}.")
    if context == "while scanning a simple key" and opened is not None:
        return _span(lines, opened.line, opened.column, "Expected ':' and a value after this key.")
    if context in _OPENING and opened is not None:
        return _point(opened.line, opened.column, _OPENING[context])
    if text.startswith("found character") and _at(lines, line, column) == "\t":
        return tab(lines, line)
    if 0 <= line < len(lines) and "\t" in _leading(lines[line]):
        return tab(lines, line)
    if text.startswith("found character"):
        character = _at(lines, line, column)
        message = f"A value cannot start with '{character}': put quotes around it."
        return _span(lines, line, column, message)
    if "directive" in context:
        return _span(lines, line, 0, "This is no directive that YAML knows: remove the line.")
    if text == "found unexpected ':'":
        word = re.split(r"[\s,\[\]{}]", lines[line][:column])[-1]
        return _span(lines, line, column, f"Within brackets a blank must follow the ':': write '{word}: '.")
    line, column = _settle(lines, line, column)
    message = next((said for start, said in _MESSAGES if re.match(start, text)), f"{text[:1].upper()}{text[1:]}.")
    here = _at(lines, line, column)
    if message is _VALUE:
        message = _missing_value(here, _at(lines, *bracket) if bracket is not None else "")
    elif message is _KEY and context == "while parsing a block collection":
        message = _ITEM
    elif message is _KEY:
        message = _missing_key(here, lines[line][:column] if line < len(lines) else "")
    return _span(lines, line, column, message)


def _missing_value(here: str, opened: str) -> str:
    """What to say where a value should stand, by the character that stands there and the bracket that is open."""
    closing = {"[": "]", "{": "}"}.get(opened)
    if here in ("]", "}"):
        if closing is None:
            return f"'{here}' closes nothing: remove it, or put quotes around the text."
        return f"'{here}' does not close the '{opened}' that is open: write '{closing}'."
    if here == ",":
        return "Nothing stands before this ',': remove it, or write a value."
    if here == ":":
        return "The key before this ':' is missing."
    if here == "-" and closing is not None:
        return f"An item of a list within '{opened}{closing}' has no '-': separate items by ','."
    return _VALUE


def _missing_key(here: str, before: str) -> str:
    """Likewise where a key should stand; `before` is what its line holds before it."""
    if here in ("]", "}"):
        return f"'{here}' closes nothing: remove it."
    if before.strip():
        return "The value is complete before this: remove what follows, or put quotes around all of it."
    if here == "-":
        return "A list item cannot stand among keys: indent it below the key whose list it belongs to."
    return _KEY


def tab(lines: Sequence[str], line: int) -> Problem:
    """A tab where the indentation stands (or alone before a value)."""
    leading = _leading(lines[line])
    start = leading.find("\t")
    if start < 0:
        start = lines[line].find("\t")
        end = start + 1
    else:
        end = len(leading)
    message = "A tab cannot indent in YAML: use spaces."
    return Problem(ProblemKind.TAB, message, Range.of(line, start, line, end))


def is_end(lines: Sequence[str], line: int, column: int) -> bool:
    """Whether nothing but blanks and comments follows a place."""
    rest = [lines[line][column:] if line < len(lines) else "", *lines[line + 1 :]]
    return all(not text.strip() or text.lstrip().startswith("#") for text in rest)


def _leading(line: str) -> str:
    found = _LEADING.match(line)
    return found.group() if found else ""


def _at(lines: Sequence[str], line: int, column: int) -> str:
    return lines[line][column : column + 1] if 0 <= line < len(lines) else ""


def _settle(lines: Sequence[str], line: int, column: int) -> tuple[int, int]:
    """The nearest place at or before this one that shows something: libyaml may point behind the last line."""
    if 0 <= line < len(lines) and lines[line][column:].strip():
        return line, column
    line = min(line, len(lines) - 1)
    while line > 0 and not lines[line].strip():
        line -= 1
    if line < 0:
        return 0, 0
    text = lines[line].rstrip()
    return line, max(0, min(column, len(text) - 1))


def _point(line: int, column: int, message: str) -> Problem:
    return Problem(ProblemKind.SYNTAX, message, Range.of(line, column, line, column + 1))


def _span(lines: Sequence[str], line: int, column: int, message: str) -> Problem:
    """From a place to the end of the word there."""
    end = column + 1
    if 0 <= line < len(lines) and (word := _WORD.match(lines[line], column)) is not None:
        end = word.end()
    return Problem(ProblemKind.SYNTAX, message, Range.of(line, column, line, end))
