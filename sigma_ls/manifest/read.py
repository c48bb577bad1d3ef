"""Checked trees to Python values, by the field table.

A value that is not what its type asks for raises `Unreadable`; the checker has said so by then, in words.
"""

from __future__ import annotations

from typing import Any

from sigma_ls.manifest.model import Json as JsonValue
from sigma_ls.manifest.references import SUBSTITUTION, function_of, text_of
from sigma_ls.manifest.schema import types
from sigma_ls.manifest.schema.types import Platform, References
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence, lookup
from sigma_ls.syntax.scalars import is_null, typed


class Unreadable(Exception):
    """A value is not of its type."""


def read(node: Node, wanted: types.Type, platform: Platform) -> Any:
    """The value: records as dicts with their defaults filled in, lists as tuples, texts with references as `Text`."""
    match wanted:
        case types.Text():
            if type(node) is not Scalar:
                raise Unreadable
            return text_of(node) if wanted.references is References.ALL else node.value
        case types.Choice() | types.Id():
            if type(node) is not Scalar:
                raise Unreadable
            return node.value
        case types.Integer():
            value = typed(node) if type(node) is Scalar else None
            if not isinstance(value, int) or isinstance(value, bool):
                raise Unreadable
            return value
        case types.Boolean():
            return _boolean(node)
        case types.Json():
            return json_value(node, references=wanted.references)
        case types.ListOf():
            if type(node) is Sequence:
                return tuple(read(item, wanted.item, platform) for item in node.items)
            if wanted.single:
                return (read(node, wanted.item, platform),)
            raise Unreadable
        case types.MapOf():
            return {
                key.value: read(value, wanted.value, platform) for key, value in _entries(node) if type(key) is Scalar
            }
        case types.Record():
            return _record(node, wanted, platform)
        case types.KindRecord():
            for key, _ in _entries(node):
                if type(key) is Scalar and (record := wanted.kinds.get(key.value)) is not None:
                    if platform not in record.by_name[key.value].platforms:
                        raise Unreadable
                    return key.value, _record(node, record, platform)
            raise Unreadable
        case types.TypedRecord():
            kind = lookup(node, "type")
            if type(kind) is not Scalar:
                raise Unreadable
            return kind.value, _record(node, wanted.types.get(kind.value, wanted.raw), platform)
        case types.ByShape():
            if wanted.boolean and type(node) is Scalar:
                return _boolean(node)
            for shape, inner in ((Scalar, wanted.scalar), (Mapping, wanted.mapping), (Sequence, wanted.sequence)):
                if type(node) is shape and inner is not None:
                    return read(node, inner, platform)
            raise Unreadable


def json_value(node: Node, *, references: bool) -> JsonValue | Any:
    """The value as JSON, CloudFormation's tags in their long form; texts with references, where asked, as `Text`."""
    function = function_of(node.tag)
    if function and node.tag is not None:
        inner = _plain(node, references=references and function != SUBSTITUTION)
        if function == "Fn::GetAtt" and isinstance(inner, str):
            inner = inner.split(".", 1)
        return {function: inner}
    return _plain(node, references=references)


def _plain(node: Node, *, references: bool) -> Any:
    if type(node) is Mapping:
        return {
            key.value: json_value(value, references=references and key.value != SUBSTITUTION)
            for key, value in node.entries
            if type(key) is Scalar
        }
    if type(node) is Sequence:
        return [json_value(item, references=references) for item in node.items]
    assert type(node) is Scalar
    if references and "${" in node.value:
        text = text_of(node)
        return text.parts[0] if len(text.parts) == 1 and isinstance(text.parts[0], str) else text
    if function_of(node.tag):
        return node.value
    return typed(node)


def _entries(node: Node) -> list[tuple[Node, Node]]:
    if type(node) is Mapping:
        return node.entries
    if is_null(node):
        return []
    raise Unreadable


def _boolean(node: Node) -> bool:
    value = typed(node) if type(node) is Scalar else None
    if not isinstance(value, bool):
        raise Unreadable
    return value


def _record(node: Node, record: types.Record, platform: Platform) -> dict[str, Any]:
    values: dict[str, Any] = {each.name: each.default for each in record.fields if each.default is not None}
    for key, value in _entries(node):
        if type(key) is not Scalar or is_null(value):
            continue
        known = record.by_name.get(key.value)
        if known is not None and platform in known.platforms:
            values[known.name] = read(value, known.type_on(platform), platform)
    for each in record.fields:
        if each.required and each.name not in values and platform in each.platforms:
            raise Unreadable
    return values
