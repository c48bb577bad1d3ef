"""A template's body as text: canonical JSON for the cloud and for hashing, YAML and JSON for people.

The body's keys are in their final order already, so equal templates give equal text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any


def canonical_json(body: Mapping[str, Any]) -> str:
    """One line without spaces."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def render_json(body: Mapping[str, Any]) -> str:
    """Indented, with a line break at the end."""
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def render_yaml(body: Mapping[str, Any]) -> str:
    """Block style, CloudFormation's functions in their long form, so that any YAML reader reads it."""
    return "".join(f"{line}\n" for line in _block(body))


def _block(node: Any) -> Iterator[str]:
    """The lines of a mapping or sequence that is not empty, or the one line of anything else."""
    if isinstance(node, Mapping) and node:
        for key, value in node.items():
            yield from _entry(f"{_scalar(key)}:", value)
    elif isinstance(node, list) and node:
        for item in node:
            # An item's lines stand beside its dash.
            lines = _block(item) if not _is_literal(item) else _entry("", item)
            for index, line in enumerate(lines):
                yield f"- {line.lstrip() if index == 0 and _is_literal(item) else line}" if index == 0 else f"  {line}"
    else:
        yield _flow(node)


def _entry(head: str, value: Any) -> Iterator[str]:
    if _is_literal(value):
        text: str = value
        yield f"{head} |{'' if text.endswith(chr(10)) else '-'}"
        yield from (f"  {line}" if line else "" for line in text.removesuffix("\n").split("\n"))
    elif isinstance(value, Mapping | list) and value:
        yield head
        yield from (f"  {line}" for line in _block(value))
    else:
        yield f"{head} {_flow(value)}"


def _flow(node: Any) -> str:
    if isinstance(node, Mapping):
        return "{}"
    if isinstance(node, list):
        return "[]"
    return _scalar(node)


# Plain text that no YAML reader, of version 1.1 or 1.2, takes for anything but a string; all else is quoted.
_PLAIN = re.compile(r"[A-Za-z/_$.](?:[\w $%()+,./;<=>?@^~|{}*\[\]!&'\"-]|:(?=\S)|(?<=\S)#)*(?<![ :])", re.ASCII)
_NOT_A_STRING = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|\.inf|\.nan|\.[\d_eE.+-]*|=|<<)")
_LITERAL = re.compile(
    r"[^\s\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff][^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]*"
)


def _is_literal(value: Any) -> bool:
    """Whether a text is shown as a block of its own lines: it has several, and nothing that must be escaped."""
    if not isinstance(value, str) or "\n" not in value.rstrip("\n"):
        return False
    return _LITERAL.fullmatch(value) is not None and not value.endswith("\n\n") and " \n" not in value


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and not _NOT_A_STRING.fullmatch(value):
        return value
    # Any JSON scalar is YAML; characters beyond ASCII that YAML does not allow in quotes are escaped.
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(
        r"[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", text
    )
