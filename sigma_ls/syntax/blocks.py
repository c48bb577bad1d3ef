"""The table of blocks: a manifest cut into pieces that can be read, and be broken, one by one.

A block is one top-level entry, or one child of a section (`functions`, `resources`, …), found by indentation alone.
Comments and blank lines go with what precedes them.  This decides nothing about YAML: a piece that is not YAML by itself
(multi-line quotes around key-like text, brackets over several entries) shows as a problem when it is parsed, and
`document.Document` then tries the text as a whole.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import Enum
from sys import intern
from typing import Any

from attrs import define

from sigma_ls.syntax.parse import Parsed


class Part(Enum):
    """What part of a document a block is."""

    PROLOG = "prolog"
    """Comments, directives and the `---` before the first entry."""
    ENTRY = "entry"
    """A top-level key with its value; of a section only the line of its key."""
    CHILD = "child"
    """One entry of a section."""
    TAIL = "tail"
    """A second document, or what follows `...`."""
    REST = "rest"
    """What follows `MOST` blocks."""


MOST = 10_000
"""Blocks that are read: a manifest of 50,000 lines has about 2,500; garbage may have one for each line."""


@define(eq=False)
class Block:
    """`count` lines from `start` on."""

    part: Part
    section: str
    """The section it is the head or a child of; empty for others."""
    name: str
    """The key as far as the first line tells; the tree knows better."""
    indent: int | None
    """The column of the section's children, as soon as one is known."""
    misfit: bool
    """Whether a child starts left of its section's first child: not YAML, but read all the same."""
    start: int
    count: int = 0
    parsed: Parsed | None = None
    """Its tree, where that came from parsing the document as a whole."""
    data: Any = None
    """Whatever the analysis keeps with it."""


_CONTINUES = frozenset(" \t\r\n#}])")


def section_of(line: str, sections: Collection[str]) -> str:
    """The section whose head a line at column 0 is: its key with nothing but a comment behind the colon."""
    key, colon, rest = line.partition(":")
    key = key.strip().strip("\"'")
    if colon and key in sections and rest.strip()[:1] in ("", "#"):
        return key
    return ""


def is_marker(line: str, marker: str) -> bool:
    """Whether a line is a document marker: `---` or `...`, then nothing or a space."""
    return line.startswith(marker) and line[3:4] in ("", " ", "\t", "\r", "\n")


def is_item(text: str) -> bool:
    """Whether a text without its indentation is a list item."""
    return text[0] == "-" and text[1:2] in ("", " ", "\t", "\r", "\n")


def cut(  # noqa: PLR0915 - one loop over 50,000 lines, in which each call would cost a millisecond
    lines: Sequence[str],
    first: int,
    end: int,
    sections: Collection[str],
    within: Block | None = None,
) -> list[Block]:
    """The blocks of `lines[first:end]`; `within` is the section's block before them, nothing at the text's beginning."""
    blocks: list[Block] = []
    block: Block | None = None
    section = within.section if within is not None else ""
    indent = within.indent if within is not None else None
    marked = False
    deeper = ""
    """What begins the lines that only go on with the child that they are in, once that is known: most lines."""
    for number in range(first, end):
        if len(blocks) == MOST:
            return _cut_short(blocks, end)
        line = lines[number]
        if deeper and line.startswith(deeper):
            blocks[-1].count += 1
            continue
        head = line[:1]
        if number == 0 and head == "\ufeff":
            line = line[1:]
            head = line[:1]
        if head == "-" and section and indent is None and is_item(line):
            section = _unsection(block)
        if head and head not in _CONTINUES and not (head == "-" and is_item(line)):
            in_prolog = within is None and (not blocks or (block is not None and block.part is Part.PROLOG))
            if in_prolog and (head == "%" or (not marked and _ends_directives(line))):
                marked = marked or head == "-"
                if block is None:
                    block = Block(Part.PROLOG, "", "", None, misfit=False, start=number)
                    blocks.append(block)
                block.count += 1
                continue
            if is_marker(line, "---") or is_marker(line, "..."):
                blocks.append(Block(Part.TAIL, "", line[:3], None, misfit=False, start=number, count=end - number))
                return blocks
            section = section_of(line, sections)
            indent = None
            deeper = ""
            name = line.partition(":")[0].strip()
            block = Block(Part.ENTRY, section, name, None, misfit=False, start=number)
            blocks.append(block)
        elif section and head == " ":
            text = line.lstrip(" ")
            if text and is_item(text):
                if indent is None:
                    section = _unsection(block)
            elif text and text[0] not in _CONTINUES:
                depth = len(line) - len(text)
                if indent is None:
                    indent = depth
                if depth <= indent:
                    deeper = " " * (indent + 1)
                    name = intern(text.partition(":")[0].strip())
                    block = Block(Part.CHILD, section, name, indent, misfit=depth < indent, start=number)
                    blocks.append(block)
        if block is None:
            part = Part.PROLOG if within is None else Part.ENTRY
            block = Block(part, section, "", indent, misfit=False, start=number)
            blocks.append(block)
        block.count += 1
    return blocks


def _cut_short(blocks: list[Block], end: int) -> list[Block]:
    last = blocks.pop()
    return [*blocks, Block(Part.REST, "", "", None, misfit=False, start=last.start, count=end - last.start)]


def _unsection(head: Block | None) -> str:
    """A section whose head is followed by a list has no children to cut out: all of it is one block."""
    if head is not None:
        head.section = ""
    return ""


def _ends_directives(line: str) -> bool:
    """Whether a line is the `---` before the first entry, with nothing behind it."""
    rest = line[3:].strip()
    return is_marker(line, "---") and (not rest or rest.startswith("#"))
