"""Logical ids that CloudFormation's own functions name in raw properties and in `template`."""

from __future__ import annotations

import re

from sigma_ls.manifest.references import SUBSTITUTION, function_of
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence

_SUBSTITUTED = re.compile(r"\$\{([^!}][^}]*)\}")
_NAMING = frozenset(("Ref", "Fn::GetAtt", SUBSTITUTION, "DependsOn"))


def collect_logical_ids(node: Node, found: set[str]) -> None:
    """Add those that `Ref`, `Fn::GetAtt`, `Fn::Sub` and `DependsOn` name, in long form or as tags."""
    function = function_of(node.tag)
    if function in _NAMING:
        _named(function, node, found)
    if type(node) is Mapping:
        for key, value in node.entries:
            if type(key) is Scalar and key.value in _NAMING:
                _named(key.value, value, found)
            collect_logical_ids(value, found)
    elif type(node) is Sequence:
        for item in node.items:
            collect_logical_ids(item, found)


def _named(function: str, value: Node, found: set[str]) -> None:
    items = value.items if type(value) is Sequence else [value]
    first = items[0] if items else None
    if function == "DependsOn":
        found.update(item.value for item in items if type(item) is Scalar)
    elif type(first) is Scalar:
        if function == SUBSTITUTION:
            found.update(name.partition(".")[0].strip() for name in _SUBSTITUTED.findall(first.value))
        elif function == "Fn::GetAtt":
            found.add(first.value.partition(".")[0])
        else:
            found.add(first.value)
