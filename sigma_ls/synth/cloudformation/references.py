"""The manifest's texts, with `${…}` in them, as template nodes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sigma_ls.manifest.model import Origin, Pseudo, PseudoName, Reference, Text
from sigma_ls.synth.cloudformation.expressions import ACCOUNT, REGION, Expression, join
from sigma_ls.synth.cloudformation.nodes import At, Node
from sigma_ls.synth.cloudformation.scope import Scope


def expression(scope: Scope, text: Text) -> Expression:
    """The text with every reference replaced by what gives its value."""
    return join(*(_part(scope, part) for part in text.parts))


def _part(scope: Scope, part: str | Reference | Pseudo) -> str | Expression:
    match part:
        case str():
            return part
        case Reference():
            return scope.attribute(part.id, part.attribute, part.range)
        case Pseudo():
            return _pseudo(scope, part.name)


def _pseudo(scope: Scope, name: PseudoName) -> str | Expression:
    match name:
        case "region":
            return REGION
        case "account":
            return ACCOUNT
        case "project":
            return scope.project.name
        case "stack":
            return scope.project.stack
        case "stage":
            return scope.project.stage or ""


def node(scope: Scope, value: Any, origin: Origin, *path: str | int) -> Node:
    """A value of the manifest (such as `properties`) as a node; each part is marked with its place under `path`.

    CloudFormation's own functions in it are left as they are.
    """
    if isinstance(value, Text):
        made: Node = expression(scope, value)
    elif isinstance(value, Mapping):
        made = {key: node(scope, inner, origin, *path, key) for key, inner in value.items()}
    elif isinstance(value, list | tuple):
        made = [node(scope, item, origin, *path, index) for index, item in enumerate(value)]
    else:
        made = value
    place = origin.values.get(path)
    # A null stays bare: it is no value, it removes one.
    return made if place is None or made is None else At(place, made)


def json_text(scope: Scope, value: Any) -> Expression:
    """A value of the manifest as JSON in one text, its keys sorted; references in it are replaced there."""
    match value:
        case Text():
            return join('"', *_escaped(expression(scope, value)), '"')
        case Mapping():
            members = (join(json.dumps(key), ":", json_text(scope, value[key])) for key in sorted(value))
            return join("{", *_between_commas(members), "}")
        case list() | tuple():
            return join("[", *_between_commas(json_text(scope, item) for item in value), "]")
        case _:
            return join(json.dumps(value, ensure_ascii=False))


def _between_commas(parts: Iterator[Expression]) -> Iterator[str | Expression]:
    for index, part in enumerate(parts):
        if index:
            yield ","
        yield part


def _escaped(text: Expression) -> Iterator[str | Expression]:
    """The literal parts as within a JSON text; names and ARNs, which CloudFormation puts in, need no escaping."""
    for part in text.parts:
        yield json.dumps(part, ensure_ascii=False)[1:-1] if isinstance(part, str) else Expression((part,))
