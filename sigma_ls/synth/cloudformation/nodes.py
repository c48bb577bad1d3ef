"""Template nodes with the places that they came from, and how they become a plain body and its source map.

A node is JSON in which `At` and `Expression` may stand anywhere.  All work on a template (setting properties directly,
merging the `template` block) is done on nodes, so the source map stays right by itself; `flatten` is the last step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from sigma_ls.manifest.model import Json, Origin
from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation.expressions import Expression, to_json
from sigma_ls.synth.template import TemplatePath

Node = Any
"""A mapping, sequence, scalar, `At` or `Expression`.  `None` in a mapping means: no such key."""


@frozen
class At:
    """A node that came from `range` in the manifest."""

    range: Range
    value: Node


def sourced(origin: Origin, value: Node, *path: str | int) -> Node:
    """The node, marked with the range of the value at `path`, where the manifest wrote one; defaults stay unmarked."""
    found = origin.values.get(path)
    return value if found is None or value is None else At(found, value)


def bare(node: Node) -> Node:
    """The node without the mark on its outside."""
    while isinstance(node, At):
        node = node.value
    return node


# Keys that people read first; all others follow by name, so that no order in the manifest shows in the template.
_FIRST = (
    *(
        "AWSTemplateFormatVersion",
        "Transform",
        "Type",
        "Description",
        "Metadata",
        "Parameters",
        "Mappings",
        "Conditions",
    ),
    *("Rules", "Resources", "Outputs"),
    *("Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy"),
    *("Version", "Sid", "Effect"),
)
_RANK = {key: rank for rank, key in enumerate(_FIRST)}


def _order(key: str) -> tuple[int, str]:
    return _RANK.get(key, len(_FIRST)), key


def flatten(node: Node, ranges: dict[TemplatePath, Range] | None = None, path: TemplatePath = ()) -> Json:
    """The node as plain JSON, its keys in the order in which they are rendered.

    Notes in `ranges` the range of each marked node; the outermost mark counts.
    """
    while isinstance(node, At):
        if ranges is not None:
            ranges.setdefault(path, node.range)
        node = node.value
    if isinstance(node, Expression):
        return to_json(node)
    if isinstance(node, Mapping):
        by_name = {str(key): value for key, value in node.items() if bare(value) is not None}
        return {key: flatten(by_name[key], ranges, (*path, key)) for key in sorted(by_name, key=_order)}
    if isinstance(node, list | tuple):
        return [flatten(item, ranges, (*path, index)) for index, item in enumerate(node)]
    plain: Json = node
    return plain
