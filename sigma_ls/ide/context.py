"""Where the cursor is in a manifest that is being typed: in which mapping a key, or in which place a value, begins.

A marker is put at the cursor, and the block around it is parsed by the parser that reads manifests: with what follows,
or, where that is broken, without it.  So quotes, brackets and indentation are understood as they will be when the line
is finished, and no second grammar is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

from sigma_ls.ide.paths import Path, Step, path_to_text
from sigma_ls.syntax.blocks import Block, Part
from sigma_ls.syntax.document import Document
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence
from sigma_ls.syntax.parse import parse
from sigma_ls.syntax.span import Position, Range

MARKER = "\uf8ff"
"""One character that YAML takes for a letter and nobody writes."""
MOST_LINES = 3_000
"""Of a block that is parsed again at each keystroke: about 10 ms."""

_BARE = re.compile(r"(\s*(?:-\s+)*)([\w.:$-]*)")
_KEYS_COLON = re.compile(r"\s*:(?:\s|$)")
_PROPERTIES = re.compile(r"(?:[!&]\S*\s+)*")
"""A tag and an anchor before a value."""
_DASH = "- "


@frozen(eq=False)
class Context:
    """The place of a key or a value that is being typed."""

    section: str
    """The section whose children the root's entries are; empty at the top."""
    root: Node
    path: Path | None
    """To the marker; nothing at the manifest's top."""
    range: Range
    """What is to be replaced: the word around the cursor, on the cursor's line."""
    before: str
    """The word as far as the cursor."""
    word: str
    """All of it."""
    style: str | None
    """The quotes around the word, or the style of the block scalar that it is in."""
    flow: bool
    """Whether it is inside of brackets."""
    colon: bool
    """Whether a colon follows: only the key is to be replaced."""
    bare: bool
    """Whether it stands alone on its line, so that a key or an item of several lines may be put there."""
    dash: bool
    """Whether a new item of a list is meant whose `- ` is not there yet."""
    cut: bool
    """Whether what follows could not be read."""

    @property
    def on_key(self) -> bool:
        """Whether the word is a key, or could be one."""
        return self.path is None or self.path.on_key


def find_context(document: Document, place: Position) -> Context | None:
    """The context at a place; nothing where nothing can be typed that is known, such as in a comment."""
    line = document.lines.content(place.line)
    before = line[: place.character]
    block = document.block_at(place.line)
    if block is None or block.part in (Part.TAIL, Part.REST):
        return None
    if not line.strip() and not before:
        here = Range(place, place)
        return Context(
            "", Mapping([], False, None, 0, 0, 0, 0), None, here, "", "", None, flow=False, colon=False, bare=True,
            dash=False, cut=False,
        )  # fmt: skip
    if before.endswith(":") and not before.endswith("::"):
        return None  # A key is done, and its value does not begin before a space.
    first, end, section = _lines_of(document, block)
    if place.line - first > MOST_LINES:
        return None
    head = document.lines.between(first, place.line) + before
    tail = line[place.character :]
    last = end if end - first <= MOST_LINES else place.line + 1
    rest = document.lines.between(place.line, last)[place.character :]
    at = place.line - first
    for attempt in _attempts(head, before, tail, rest):
        parsed = parse(attempt.text, inner=first > 0)
        if attempt.whole and not parsed.complete:
            continue
        path = path_to_text(parsed.root, MARKER, at)
        if path is not None and parsed.root is not None:
            return _context(section, parsed.root, path, attempt, place, first, line)
    return None


def _lines_of(document: Document, block: Block) -> tuple[int, int, str]:
    """The lines to parse, and the section that they are in."""
    if document.whole:
        return 0, len(document.lines), ""
    return block.start, block.start + block.count, block.section if block.part is Part.CHILD else ""


@frozen(eq=False)
class _Attempt:
    """A text with the marker in it."""

    text: str
    whole: bool
    """Whether it goes on behind the cursor."""
    bare: bool = False
    dash: bool = False


def _attempts(head: str, before: str, tail: str, rest: str) -> Iterator[_Attempt]:
    """Ways to finish what is being typed, the likeliest first."""
    bare = _BARE.fullmatch(before) if not tail.strip() else None
    if bare is not None:
        for text, dash in ((head, False), (_dashed(head, bare), True)):
            if text:
                yield _Attempt(f"{text}{MARKER}:{rest}", whole=True, bare=True, dash=dash)
                yield _Attempt(f"{text}{MARKER}:", whole=False, bare=True, dash=dash)
    yield _Attempt(f"{head}{MARKER}{rest}", whole=True)
    yield _Attempt(f"{head}{MARKER}", whole=False)
    for quote in "\"'":
        if quote in before:
            yield _Attempt(f"{head}{MARKER}{quote}", whole=False)


def _dashed(head: str, bare: re.Match[str]) -> str:
    """The text with a dash before the word, where it has none yet."""
    if "-" in bare[1]:
        return ""
    return f"{head[: len(head) - len(bare[2])]}{_DASH}{bare[2]}"


def _context(  # noqa: PLR0917 - all that there is to know, from one caller
    section: str, root: Node, path: Path, attempt: _Attempt, place: Position, first: int, line: str
) -> Context:
    node = path.node
    at = place.line - first
    assert type(node) is Scalar
    quotes = 1 if node.style in ("'", '"') else 0
    before = None if attempt.dash else _PROPERTIES.match(line, node.column)
    start, end = (before.end() if before is not None else node.column) + quotes, node.end_column - quotes - 1
    if attempt.dash:
        start, end = start - len(_DASH), end - len(_DASH)
    if node.line != at or node.end_line != at or not start <= place.character <= end or node.style in ("|", ">"):
        # In a text of several lines the word is what is around the cursor.
        found = re.search(r"[^\s{}\[\],]*$", line[: place.character])
        start = found.start() if found else place.character
        end = place.character
    return Context(
        section=section,
        root=root,
        path=path,
        range=Range.of(place.line, start, place.line, end),
        before=line[start : place.character],
        word=line[start:end],
        style=node.style,
        flow=any(step.container.flow for step in path.steps),
        colon=path.on_key and not attempt.bare and _KEYS_COLON.match(line[end + quotes :]) is not None,
        bare=attempt.bare,
        dash=attempt.dash,
        cut=not attempt.whole,
    )


def siblings(context: Context, document: Document) -> set[str]:
    """The other keys of the mapping that the word is a key in."""
    if context.path is None:
        return {block.name.strip("\"'") for block in document.blocks if block.part is Part.ENTRY}
    last: Step = context.path.steps[-1]
    if type(last.container) is Sequence:
        return set()
    assert type(last.container) is Mapping
    names = {key.value for key, _ in last.container.entries if type(key) is Scalar and MARKER not in key.value}
    if len(context.path.steps) == 1 and not context.section:
        names |= {
            block.name.strip("\"'")
            for block in document.blocks
            if block.part is Part.ENTRY and not block.start <= context.range.start.line < block.start + block.count
        }
    if context.cut and not context.flow:
        names |= _below(document, context.range.start.line, last.container.column)
    return names


def _below(document: Document, line: int, column: int) -> set[str]:
    """The keys in the lines that follow, as far as the indentation tells."""
    names = set()
    for number in range(line + 1, min(len(document.lines), line + MOST_LINES)):
        text = document.lines.content(number)
        content = text.lstrip(" ")
        depth = len(text) - len(content)
        if not content or content.startswith("#") or depth > column:
            continue
        if depth < column:
            break
        names.add(content.partition(":")[0].strip().strip("\"'"))
    return names
