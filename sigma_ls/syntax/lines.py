r"""A text as a list of lines that is edited in place, and the ways to count columns in it.

Lines end at `\n`, `\r\n` and `\r` only, as the Language Server Protocol has it; each line keeps its end, so that the
text comes back exactly as it was.  There is always a last line without an end, which may be empty.
"""

from __future__ import annotations

import re
from typing import Literal

from attrs import frozen

from sigma_ls.syntax.span import Position, Range

Units = Literal["utf-8", "utf-16", "utf-32"]

_OTHER_BREAKS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""What `str.splitlines` would break at besides ours."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

MANY = 1_000
"""Lines of which equal ones are kept once: half of a large manifest says what others of it say, 2 MB at 50,000 lines."""


def split(text: str) -> list[str]:
    """The lines of `text`, each with its end; the last one has none."""
    lines = text.splitlines(keepends=True) if _OTHER_BREAKS.search(text) is None else _LINE.findall(text)
    if len(lines) > MANY:
        known: dict[str, str] = {}
        lines = [known.setdefault(line, line) for line in lines]
    if not lines or lines[-1][-1] in "\r\n":
        lines.append("")
    return lines


def contents(text: str) -> list[str]:
    """The lines of `text` without their ends."""
    return [content(line) for line in split(text)]


def content(line: str) -> str:
    """The line without its end."""
    return line.rstrip("\r\n")


def to_code_points(line: str, column: int, units: Units) -> int:
    """The column in code points; inside a character it is the character's start, past the line the line's end."""
    if units == "utf-32" or line.isascii():
        return min(len(line), column)
    prefix = line[:column]
    if units == "utf-16":
        coded = prefix.encode("utf-16-le", "surrogatepass")[: column * 2]
        found = coded.decode("utf-16-le", "surrogatepass")
        if found and not line.startswith(found[-1], len(found) - 1):
            return len(found) - 1
        return len(found)
    coded = prefix.encode("utf-8", "surrogatepass")
    if column < len(coded):
        while coded[column] & 0xC0 == 0x80:
            column -= 1
    return len(coded[:column].decode("utf-8", "surrogatepass"))


def from_code_points(line: str, column: int, units: Units) -> int:
    """The column, given in code points, in the other units."""
    if units == "utf-32" or line.isascii():
        return column
    prefix = line[:column]
    if units == "utf-16":
        return len(prefix.encode("utf-16-le", "surrogatepass")) // 2
    return len(prefix.encode("utf-8", "surrogatepass"))


@frozen
class Splice:
    """What an edit did to the list of lines: `removed` lines from `first` on gave way to `inserted` ones."""

    first: int
    removed: int
    inserted: int


class Lines:
    """A text that is edited; positions beyond a line or the text mean its end."""

    __slots__ = ("_lines",)

    def __init__(self, text: str) -> None:
        self._lines = split(text)

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self._lines)

    @property
    def raw(self) -> list[str]:
        """The lines with their ends; to be read only."""
        return self._lines

    def content(self, line: int) -> str:
        """A line without its end; nothing where there is no such line."""
        return content(self._lines[line]) if 0 <= line < len(self._lines) else ""

    def between(self, first: int, end: int) -> str:
        """The text of the lines from `first` up to, not including, `end`."""
        return "".join(self._lines[first:end])

    def position(self, line: int, column: int, units: Units) -> Position:
        """A client's position, in code points and within the text."""
        if line < 0:
            return Position(0, 0)
        if line >= len(self._lines):
            last = len(self._lines) - 1
            return Position(last, len(self._lines[last]))
        return Position(line, to_code_points(content(self._lines[line]), max(column, 0), units))

    def to_units(self, position: Position, units: Units) -> Position:
        """A position of ours in the units of a client."""
        if units == "utf-32" or not 0 <= position.line < len(self._lines):
            return position
        line = self._lines[position.line]
        if line.isascii():
            return position
        return Position(position.line, from_code_points(line, position.character, units))

    def replace(self, where: Range, text: str) -> Splice:
        """Put `text` in the place of `where`, which is in code points; says which lines changed."""
        lines = self._lines
        start, end = (where.start, where.end) if where.start <= where.end else (where.end, where.start)
        start = self.position(start.line, start.character, "utf-32")
        end = self.position(end.line, end.character, "utf-32")
        first, last = start.line, end.line
        changed = lines[first][: start.character] + text + lines[last][end.character :]
        if first and changed[:1] == "\n" and lines[first - 1][-1] == "\r":
            # A line break now completes the carriage return that ended the line above.
            first -= 1
            changed = lines[first] + changed
        new = split(changed)
        if last + 1 < len(lines):
            new.pop()  # Nothing follows the last break of `changed`: the next line does.
        lines[first : last + 1] = new
        return Splice(first, last + 1 - first, len(new))
