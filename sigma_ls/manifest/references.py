"""`${…}` in texts: where each stands and what it says.

`$${` is a literal `${`.  In raw properties CloudFormation's own `Fn::Sub` has `${…}` of its own: callers leave its texts
alone (`is_substitution`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from sys import intern

from attrs import frozen

from sigma_ls.manifest.schema.capabilities import PSEUDO_REFERENCES
from sigma_ls.manifest.schema.patterns import ID_PATTERN
from sigma_ls.manifest.texts import Pseudo, Reference, Text
from sigma_ls.syntax.nodes import Mapping, Scalar, Sequence, Spot, spot, spot_of
from sigma_ls.syntax.span import Range

_TOKEN = re.compile(r"\$(\$\{)|\$\{([^{}]*)\}|\$\{")
_REFERENCE = re.compile(rf"({ID_PATTERN})\.([\w:-]+(?:\.[\w:-]+)*)")

SUBSTITUTION = "Fn::Sub"
_TAGS = {"!Sub": SUBSTITUTION, "!Ref": "Ref", "!Condition": "Condition"}


@frozen
class Use:
    """One `${…}` in a text: `id` and `attribute`, or the name of a pseudo reference, or neither where it is neither."""

    start: int
    end: int
    inner: str
    id: str = ""
    attribute: str = ""
    pseudo: str = ""


def uses(text: str) -> Iterator[Use | str]:
    """The text's parts in order: plain ones, `$${` resolved, and uses; an unclosed one runs to the text's end."""
    end = 0
    for match in _TOKEN.finditer(text):
        if match.start() < end:
            continue
        if match.start() > end:
            yield text[end : match.start()]
        end = match.end()
        if match.group(1) is not None:
            yield "${"
            continue
        inner = match.group(2)
        if inner is None:
            end = len(text)
            yield Use(match.start(), end, text[match.end() :])
        elif inner in PSEUDO_REFERENCES:
            yield Use(match.start(), end, inner, pseudo=inner)
        elif (found := _REFERENCE.fullmatch(inner)) is not None:
            yield Use(match.start(), end, inner, id=intern(found[1]), attribute=intern(found[2]))
        else:
            yield Use(match.start(), end, inner)
    if end < len(text):
        yield text[end:]


def is_reference(inner: str) -> bool:
    """Whether `${inner}` is one."""
    return inner in PSEUDO_REFERENCES or _REFERENCE.fullmatch(inner) is not None


def within(node: Scalar, start: int, end: int) -> Spot:
    """Where characters `start` to `end` of a scalar's value stand: exact for what is written as it reads, else all of it."""
    if not is_as_written(node):
        return spot_of(node)
    column = node.column + (node.style is not None)
    return spot(node.line, column + start, node.line, column + end)


def written(node: Scalar, start: int, end: int, line: Callable[[int], str] | None) -> Spot:
    """The same, and also exact where the characters stand in one of the scalar's lines just so, as `${…}` mostly does.

    `line` gives those lines.  Of a text that also stands there otherwise, such as folded, only all of it is known.
    """
    if line is None or is_as_written(node):
        return within(node, start, end)
    token = node.value[start:end]
    places = []
    for number in range(node.line, node.end_line + 1):
        text = line(number)
        at = node.column if number == node.line else 0
        last = node.end_column if number == node.end_line else len(text)
        while (at := text.find(token, at, last)) >= 0:
            places.append((number, at))
            at += len(token)
    if len(places) != node.value.count(token):
        return spot_of(node)
    number, at = places[node.value.count(token, 0, start)]
    return spot(number, at, number, at + len(token))


def is_as_written(node: Scalar) -> bool:
    """Whether the scalar's value stands in the text character by character."""
    quotes = 2 if node.style in ("'", '"') else 0
    return (
        node.line == node.end_line
        and node.style in (None, "'", '"')
        and node.end_column - node.column == len(node.value) + quotes
    )


def text_of(node: Scalar) -> Text:
    """The scalar as a text with its references; what is no reference stays as it is written."""
    if "${" not in node.value:
        return Text((node.value,))
    parts: list[str | Reference | Pseudo] = []
    for part in uses(node.value):
        made: str | Reference | Pseudo
        if isinstance(part, str):
            made = part
        elif part.pseudo:
            made = Pseudo(part.pseudo, Range.of(*within(node, part.start, part.end)))  # type: ignore[arg-type]  # one of the names
        elif part.id:
            made = Reference(part.id, part.attribute, Range.of(*within(node, part.start, part.end)))
        else:
            made = node.value[part.start : part.end]
        if isinstance(made, str) and parts and isinstance(parts[-1], str):
            parts[-1] += made
        else:
            parts.append(made)
    return Text(tuple(parts))


def texts(node: Mapping | Sequence | Scalar) -> Iterator[Scalar]:
    """Every scalar of a tree in which `${…}` is ours: all but those that are CloudFormation's `Fn::Sub`."""
    if type(node) is Scalar:
        if "${" in node.value and node.tag != "!Sub":
            yield node
    elif type(node) is Mapping:
        for key, value in node.entries:
            if not (type(key) is Scalar and key.value == SUBSTITUTION):
                yield from texts(value)
    else:
        assert type(node) is Sequence
        if node.tag != "!Sub":
            for item in node.items:
                yield from texts(item)


def function_of(tag: str | None) -> str:
    """The long form of a CloudFormation tag (`!Sub` is `Fn::Sub`), or nothing."""
    if tag is None or tag[:1] != "!" or len(tag) < 2 or tag[1] == "!":
        return ""
    return _TAGS.get(tag, f"Fn::{tag[1:]}")
