"""What is inserted with a key: its colon, and a place, or words to choose from, for its value.

In the snippet syntax of LSP; `plain_text` is the same for editors without it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import frozen

from sigma_ls.ide.slots import scalar_of
from sigma_ls.manifest.schema.types import (
    Boolean,
    ByShape,
    Choice,
    Field,
    Integer,
    Json,
    ListOf,
    Platform,
    Text,
    Type,
)

STEP = "  "
"""One level of indentation."""
MOST_CHOICES = 24
"""Words to choose from in a snippet; the largest list that is one is that of the retention of logs (22 days)."""

_ESCAPED = re.compile(r"[\\$}]")
_ESCAPED_CHOICE = re.compile(r"[\\$},|]")
_CHOICES = re.compile(r"\$\{1\|((?:\\.|[^\\|,])*)(?:\\.|[^\\|])*\|\}")
_PLACEHOLDER = re.compile(r"\$\{\d+:((?:\\.|[^\\}])*)\}|\$\d")


@frozen
class Layout:
    """How the place of a key is written."""

    indent: str
    """What each further line starts with, besides the indentation of the line that the cursor is on."""
    flow: bool
    """Whether it is inside of brackets."""


def key_snippet(each: Field, platform: Platform | None, layout: Layout, words: Sequence[str] = ()) -> str:
    """A key with its colon and a place for its value, with `words` to choose from unless they are too many."""
    if 0 < len(words) <= MOST_CHOICES:
        return f"{each.name}: {choices(words, each.default)}"
    return f"{each.name}:{value_snippet(each.type_on(platform), layout, each.default)}"


def value_snippet(wanted: Type, layout: Layout, default: object = None) -> str:
    """What follows the colon, with the space or line break before it."""
    if isinstance(wanted, ByShape):
        wanted = scalar_of(wanted) or wanted.mapping or wanted.sequence or wanted
    if isinstance(wanted, ListOf) and wanted.single:
        wanted = wanted.item
    if isinstance(wanted, ListOf):
        return " [$1]" if layout.flow else f"\n{layout.indent}{STEP}- $1"
    if scalar_of(wanted) is None or isinstance(wanted, Json):
        if isinstance(wanted, Json) and not wanted.mapping:
            return " $1"
        return " {$1}" if layout.flow else f"\n{layout.indent}{STEP}$1"
    return f" {scalar_snippet(wanted, layout, default)}"


def scalar_snippet(wanted: Type, layout: Layout, default: object = None) -> str:
    """A place for a scalar."""
    match wanted:
        case Boolean() | ByShape():
            return "${1|false,true|}" if default is True else "${1|true,false|}"
        case Choice(values=values) if len(values) <= MOST_CHOICES:
            return choices(list(values), default)
        case Integer(allowed=allowed) if allowed and len(allowed) <= MOST_CHOICES:
            return choices([str(each) for each in allowed], default)
        case Integer():
            start = default if default is not None else wanted.minimum
            return f"${{1:{start}}}" if start is not None else "$1"
        case Text():
            example = next((each for each in wanted.examples if fits(each, flow=layout.flow)), "")
            return f"${{1:{escaped(example)}}}" if example else "$1"
        case _:
            return "$1"


def fits(text: str, *, flow: bool) -> bool:
    """Whether a text may stand there without quotes."""
    return not flow or not set(text) & set("{}[],")


def choices(words: Sequence[str], default: object = None) -> str:
    """A place for one of a few words, the default first."""
    if isinstance(default, str) and default in words:
        words = [default, *(word for word in words if word != default)]
    return f"${{1|{','.join(_ESCAPED_CHOICE.sub(_escape, word) for word in words)}|}}"


def escaped(text: str) -> str:
    """A text that stands in a snippet as it is."""
    return _ESCAPED.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


def plain_text(snippet: str) -> str:
    """The snippet without its places: only what would have to be typed in any case."""
    text = _CHOICES.sub("", snippet)
    text = _PLACEHOLDER.sub("", text)
    return re.sub(r"\\([\\$}])", r"\1", text)
