"""The edits of quick fixes: another text, another list, an entry more or less."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from sigma_ls.manifest.diagnostic import Fix, TextEdit
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, range_of
from sigma_ls.syntax.span import Range

LONGEST_MENDED = 200
"""Characters of a text that is tried in other forms; longer ones are no slip of the pen."""


def replacement(node: Scalar, text: str) -> Fix:
    """The fix that puts another text in the place of a scalar, in the same quotes."""
    quoted = f"{node.style}{text}{node.style}" if node.style in ("'", '"') else text
    return Fix(f"Change to '{text}'", (TextEdit(range_of(node), quoted),))


def mended(node: Scalar, matches: Callable[[str], object]) -> Fix | None:
    """The fix of a text that is nearly right: in another case, with other signs between words, or with blanks around."""
    text = node.value.strip()
    if not text or len(text) > LONGEST_MENDED or "\n" in text:
        return None
    head, blank, rest = text.partition(" ")
    hyphened = re.sub(r"[\s_.]+", "-", text)
    candidates = [text, text.lower(), text.replace("_", "-"), text.replace("-", "_"), hyphened, hyphened.lower()]
    if blank:
        candidates.append(f"{head.upper()} {rest}")  # `get /images`
    if re.fullmatch(r"\d+ (minute|hour|day)s?", text):
        candidates.append(f"rate({text})")
    for candidate in candidates:
        if candidate != node.value and matches(candidate):
            return replacement(node, candidate)
    return None


def spaces_for_tabs(lines: Sequence[str], reported: int, width: int) -> Fix:
    """The fix that indents by spaces, `width` for each tab: line `reported`, and all that begin with a tab.

    Others are let be: behind spaces a tab may belong to a text of several lines.
    """
    edits = []
    for number, line in enumerate(lines):
        if number != reported and not (line.startswith("\t") and line.strip()):
            continue
        indentation = line[: len(line) - len(line.lstrip(" \t"))]
        if (start := indentation.find("\t")) < 0:
            start, end = line.find("\t"), line.find("\t") + 1
        else:
            end = len(indentation)
        edits.append(TextEdit(Range.of(number, start, number, end), line[start:end].replace("\t", " " * width)))
    return Fix("Change to spaces", tuple(edits))


def bracketed(node: Node) -> Fix | None:
    """The fix that makes a list of a value; nothing where that takes more than a bracket on either side."""
    if node.line != node.end_line or (type(node) is Mapping and not node.flow):
        return None
    if type(node) is Scalar and node.style is None and any(each in node.value for each in ",[]{}"):
        return None  # Within brackets these would be more than text.
    start, end = (node.line, node.column), (node.end_line, node.end_column)
    return Fix("Put it in brackets", (TextEdit(Range.of(*start, *start), "["), TextEdit(Range.of(*end, *end), "]")))


def removal(mapping: Mapping, key: Scalar) -> Fix | None:
    """The fix that takes an entry out of a mapping; nothing where the mapping would be left empty."""
    index = next((at for at, (each, _) in enumerate(mapping.entries) if each is key), None)
    if index is None or len(mapping.entries) < 2 or not _is_written_here(mapping):
        return None
    value = mapping.entries[index][1]
    if index == 0:
        following = mapping.entries[1][0]
        where = Range.of(key.line, key.column, following.line, following.column)
    elif mapping.flow:
        before = mapping.entries[index - 1][1]
        where = Range.of(before.end_line, before.end_column, value.end_line, value.end_column)
    else:
        # Its lines; all but the first entry of a block mapping start on a line of their own.
        where = Range.of(key.line, 0, max(value.end_line, key.line) + 1, 0)
    return Fix(f"Remove '{key.value}'", (TextEdit(where, ""),))


def wrapped(node: Node, name: str) -> Fix | None:
    """The fix that makes a mapping with this one key of a text or number."""
    if type(node) is not Scalar or node.line != node.end_line or node.style in ("|", ">") or node.tag is not None:
        return None
    plain = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._/-]*", node.value) is not None and node.style is None
    text = node.value if plain else json.dumps(node.value, ensure_ascii=False)
    return Fix(f"Change to {{{name}: {text}}}", (TextEdit(range_of(node), f"{{{name}: {text}}}"),))


def addition(mapping: Mapping, after: Node, key: str, value: str) -> Fix | None:
    """The fix that adds an entry to a mapping, behind the entry whose value is `after`."""
    if not _is_written_here(mapping) or after.line != after.end_line:
        return None
    place = Range.of(after.end_line, after.end_column, after.end_line, after.end_column)
    if mapping.flow:
        return Fix(f"Add '{key}: {value}'", (TextEdit(place, f", {key}: {value}"),))
    # Behind the whole line: a comment may follow the value.
    start = Range.of(after.end_line + 1, 0, after.end_line + 1, 0)
    following = [each for each, _ in mapping.entries if each.line > after.end_line]
    indent = " " * mapping.column
    if following:
        return Fix(f"Add '{key}: {value}'", (TextEdit(start, f"{indent}{key}: {value}\n"),))
    return Fix(f"Add '{key}: {value}'", (TextEdit(place, f"\n{indent}{key}: {value}"),))


def _is_written_here(mapping: Mapping) -> bool:
    """Whether the entries stand one after the other where the mapping does, as those that were merged in do not."""
    places = [(key.line, key.column) for key, _ in mapping.entries]
    return places == sorted(places) and (not places or places[0] >= (mapping.line, mapping.column))
