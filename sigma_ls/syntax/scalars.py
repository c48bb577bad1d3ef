"""The type of a plain scalar by the core schema of YAML 1.2.2 (section 10.3.2): not what PyYAML's resolver does.

`on`, `yes` and `12:30` are strings here, `0o17` is fifteen, `017` is seventeen.
"""

from __future__ import annotations

import re

from sigma_ls.syntax.nodes import Scalar

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
TRUES = frozenset(("true", "True", "TRUE"))
FALSES = frozenset(("false", "False", "FALSE"))

_NUMBER_START = frozenset("-+.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]+").fullmatch
_OCTAL = re.compile(r"0o[0-7]+").fullmatch
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+").fullmatch
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?").fullmatch
_INFINITY = re.compile(r"[-+]?\.(?:inf|Inf|INF)").fullmatch
_NOT_A_NUMBER = frozenset((".nan", ".NaN", ".NAN"))

_LONGEST_NUMBER = 400
"""Digits beyond this are text to us: Python refuses to convert very long ones, and nothing here is that large."""

_STRING_TAGS = frozenset(("!", "tag:yaml.org,2002:str"))

Typed = str | int | float | bool | None


def plain_value(text: str) -> Typed:
    """The value that an unquoted `text` stands for."""
    if text[:1] in _NUMBER_START and text and len(text) <= _LONGEST_NUMBER:
        if _INTEGER(text):
            return int(text)
        if _OCTAL(text):
            return int(text, 0)
        if _HEXADECIMAL(text):
            return int(text, 0)
        if _FLOAT(text):
            return float(text)
        if _INFINITY(text):
            return float(text.replace(".", ""))
        if text in _NOT_A_NUMBER:
            return float("nan")
        return text
    if text in NULLS:
        return None
    if text in TRUES:
        return True
    if text in FALSES:
        return False
    return text


def typed(node: Scalar) -> Typed:
    """The value of a scalar: a quoted, block or `!!str` one is always a string."""
    if node.style is not None or node.tag in _STRING_TAGS:
        return node.value
    return plain_value(node.value)


def is_null(node: object) -> bool:
    """Whether `node` is a scalar that stands for nothing: empty, `~` or `null`."""
    return type(node) is Scalar and node.style is None and node.value in NULLS and node.tag not in _STRING_TAGS
