"""Functions, resources and outputs, read by the field table, as the classes of the model."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from typing import Any

from sigma_ls.manifest.lower_resources import lower_fields
from sigma_ls.manifest.lower_triggers import lower_trigger
from sigma_ls.manifest.model import (
    Ask,
    EnvironmentValue,
    FromSecret,
    Function,
    ManifestOutput,
    Origin,
    Path,
    Resource,
    Vpc,
)
from sigma_ls.manifest.read import read
from sigma_ls.manifest.schema.functions import FUNCTION
from sigma_ls.manifest.schema.resources import RESOURCE
from sigma_ls.manifest.schema.top import OUTPUT
from sigma_ls.manifest.schema.types import Platform
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence, range_of
from sigma_ls.syntax.span import Range

_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")


def origin_of(key: Node | None, value: Node) -> Origin:
    """The places of a tree's parts; a merged or aliased part stands where it was written."""
    keys: dict[Path, Range] = {}
    values: dict[Path, Range] = {}
    _collect(value, (), keys, values)
    return Origin(range_of(key if key is not None else value), keys, values)


def _collect(node: Node, path: Path, keys: dict[Path, Range], values: dict[Path, Range]) -> None:
    if path:
        values[path] = range_of(node)
    if type(node) is Mapping:
        for key, value in node.entries:
            if type(key) is Scalar:
                keys[*path, key.value] = range_of(key)
                _collect(value, (*path, key.value), keys, values)
    elif type(node) is Sequence:
        for index, item in enumerate(node.items):
            _collect(item, (*path, index), keys, values)


def lower_function(
    key: Scalar, value: Node, environment: Dict[str, Any], environment_origin: Origin, platform: Platform
) -> Function:
    """One function; `environment` is the project's, as read, and its origin."""
    fields = read(value, FUNCTION, platform)
    origin = origin_of(key, value)
    own: Dict[str, Any] = fields.pop("environment", {})
    for name in environment:
        # What every function gets stands where the project says it.
        if name not in own:
            _adopt(origin, environment_origin, ("environment", name), (name,))
    vpc = fields.pop("vpc", None)
    triggers = tuple(lower_trigger(kind, values) for kind, values in fields.pop("triggers", ()))
    fields = {_snake(name): value for name, value in fields.items()}
    return Function(
        id=key.value,
        **fields,
        vpc=Vpc(vpc["subnets"], vpc["securityGroups"]) if vpc else None,
        environment={name: _environment_value(each) for name, each in {**environment, **own}.items()},
        triggers=triggers,
        origin=origin,
    )


def lower_resource(key: Scalar, value: Node, platform: Platform) -> Resource:
    """One resource."""
    kind, fields = read(value, RESOURCE, platform)
    return lower_fields(key.value, kind, fields, origin_of(key, value))


def lower_output(key: Scalar, value: Node, platform: Platform) -> ManifestOutput:
    """One output."""
    fields = read(value, OUTPUT, platform)
    return ManifestOutput(key.value, fields["value"], fields.get("description"), origin_of(key, value))


def _adopt(origin: Origin, other: Origin, path: Path, other_path: Path) -> None:
    values, keys = origin.values, origin.keys
    assert isinstance(values, dict)
    assert isinstance(keys, dict)
    if other_path in other.keys:
        keys[path] = other.keys[other_path]
    for at, place in other.values.items():
        if at[: len(other_path)] == other_path:
            values[path + at[len(other_path) :]] = place


def _snake(name: str) -> str:
    return _CAMEL.sub(r"_\1", name).lower()


def _environment_value(value: Any) -> EnvironmentValue:
    match value:
        case ("ask", fields):
            return Ask(fields["ask"])
        case ("secret", fields):
            return FromSecret(fields["secret"], fields.get("key"))
    return value  # type: ignore[no-any-return]  # read as a text with references
