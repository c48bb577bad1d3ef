"""A template's body as text: canonical JSON for the cloud and for hashing, YAML and JSON for people.

The body's keys are in their final order already, so equal templates give equal text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sigma_ls.synth.template import SourceMap, TemplatePath


def canonical_json(body: Mapping[str, Any]) -> str:
    """One line without spaces."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def render_json(body: Mapping[str, Any]) -> str:
    """Indented, with a line break at the end."""
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def render_yaml(body: Mapping[str, Any], note: Callable[[TemplatePath], str] | None = None) -> str:
    """Block style, CloudFormation's functions in their long form, so that any YAML reader reads it.

    `note` gives a comment for the line of a path, or an empty text.
    """
    lines = yaml_lines(body)
    if note is None:
        return "".join(f"{text}\n" for text, _ in lines)
    return "".join(f"{_commented(text, note(path) if path else '')}\n" for text, path in lines)


def yaml_lines(body: Mapping[str, Any]) -> Iterator[Line]:
    """The lines of the YAML, each with the path of what begins on it; of a text's further lines that is empty."""
    return _mapping(body, ())


Line = tuple[str, TemplatePath]


def manifest_notes(sources: SourceMap, manifest: str) -> Callable[[TemplatePath], str]:
    """Comments that name the manifest's line, where it is another than that of what a line stands in."""

    def note(path: TemplatePath) -> str:
        own = sources.ranges.get(path)
        if own is None or sources.at(*path[:-1]).start.line == own.start.line != 0:
            return ""
        return f"{manifest}:{own.start.line + 1}"

    return note


def _commented(text: str, comment: str) -> str:
    # After the sign of a block of text a comment is fine; within the block there is no path, so none is asked for.
    return f"{text}  # {comment}" if comment else text


def _mapping(mapping: Mapping[str, Any], path: TemplatePath) -> Iterator[Line]:
    if not mapping:
        yield "{}", path
    for key, value in mapping.items():
        here = (*path, key)
        head, lines = _value(value, here, short=key == "Fn::GetAtt")
        yield f"{_scalar(key)}:{head}", here
        yield from _indented(lines)


def _sequence(items: Iterable[Any], path: TemplatePath) -> Iterator[Line]:
    for index, item in enumerate(items):
        here = (*path, index)
        head, lines = _value(item, here)
        if head:
            yield f"-{head}", here
        else:
            # A mapping or sequence begins beside the dash of its item.
            text, _ = next(lines)
            yield f"- {text}", here
        yield from _indented(lines)


def _indented(lines: Iterator[Line]) -> Iterator[Line]:
    return ((f"  {text}" if text else "", path) for text, path in lines)


def _value(value: Any, path: TemplatePath, *, short: bool = False) -> tuple[str, Iterator[Line]]:
    """What follows a key or dash on its line, and the lines below; `short` is for a list of a few plain words."""
    if isinstance(value, Mapping) and value:
        return "", _mapping(value, path)
    if isinstance(value, list) and value:
        if short and all(isinstance(item, str) and _WORD.fullmatch(item) for item in value):
            return f" [{', '.join(value)}]", iter(())
        return "", _sequence(value, path)
    if isinstance(value, str) and _is_block(value):
        return " |" if value.endswith("\n") else " |-", ((text, ()) for text in value.removesuffix("\n").split("\n"))
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
