"""A template's body as text: canonical JSON for the cloud and for hashing, YAML and JSON for people.

The body's keys are in their final order already, so equal templates give equal text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def canonical_json(body: Mapping[str, Any]) -> str:
    """One line without spaces."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def render_json(body: Mapping[str, Any]) -> str:
    """Indented, with a line break at the end."""
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def render_yaml(body: Mapping[str, Any]) -> str:
    """Block style, CloudFormation's functions in their long form, so that any YAML reader reads it."""
    return "".join(f"{line}\n" for line in _mapping(body))


def _mapping(mapping: Mapping[str, Any]) -> Iterator[str]:
    if not mapping:
        yield "{}"
    for key, value in mapping.items():
        head, lines = _value(value, short=key == "Fn::GetAtt")
        yield f"{_scalar(key)}:{head}"
        yield from _indented(lines)


def _sequence(items: Iterable[Any]) -> Iterator[str]:
    for item in items:
        head, lines = _value(item)
        if head:
            yield f"-{head}"
        else:
            # A mapping or sequence begins beside the dash of its item.
            yield f"- {next(lines)}"
        yield from _indented(lines)


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"  {line}" if line else "" for line in lines)


def _value(value: Any, *, short: bool = False) -> tuple[str, Iterator[str]]:
    """What follows a key or dash on its line, and the lines below; `short` is for a list of a few plain words."""
    if isinstance(value, Mapping) and value:
        return "", _mapping(value)
    if isinstance(value, list) and value:
        if short and all(isinstance(item, str) and _WORD.fullmatch(item) for item in value):
            return f" [{', '.join(value)}]", iter(())
        return "", _sequence(value)
    if isinstance(value, str) and _is_block(value):
        return " |" if value.endswith("\n") else " |-", iter(value.removesuffix("\n").split("\n"))
    return f" {_scalar(value)}", iter(())


_WORD = re.compile(r"[A-Za-z][A-Za-z0-9.]*", re.ASCII)
# Plain text that no reader of YAML 1.1 or 1.2 takes for anything but a string; all else is quoted.
_PLAIN = re.compile(r"[A-Za-z/_$](?:[\w $%()+,./;<=>?@^~|{}*\[\]!&'\"-]|:(?=\S)|(?<=\S)#)*(?<! )", re.ASCII)
# Text whose own quotes would all have to be escaped in double ones, such as JSON.
_IN_SINGLE_QUOTES = re.compile(r"""[ -&(-~]*"[ -&(-~]*""")
_NOT_A_STRING = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null)")
# What has no place in a YAML document as it is, and is escaped in quotes.
_SPECIAL = "\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
_ESCAPED = re.compile(f"[{_SPECIAL}]")
_BLOCK = re.compile(rf"[^\s\x00-\x1f{_SPECIAL}][^\x00-\x09\x0b-\x1f{_SPECIAL}]*")


def _is_block(text: str) -> bool:
    """Whether a text is shown as lines of its own: it has several, and nothing in them that must be escaped."""
    return "\n" in text.rstrip("\n") and not text.endswith("\n\n") and _BLOCK.fullmatch(text) is not None


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and not _NOT_A_STRING.fullmatch(value):
        return value
    if isinstance(value, str) and _IN_SINGLE_QUOTES.fullmatch(value):
        return f"'{value}'"
    if isinstance(value, float):
        # YAML 1.1 takes `1e+22` for a string.
        mantissa, e, exponent = repr(value).partition("e")
        return f"{mantissa}{'' if '.' in mantissa else '.0'}{e}{exponent}"
    # JSON's scalars, and its empty mapping and sequence, are YAML.
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
