"""Stages: a tree with a stage's overrides merged in, each node keeping the place it came from.

Mappings are merged recursively, lists and scalars replaced; `null` removes the key.
"""

from __future__ import annotations

from sigma_ls.syntax.nodes import Mapping, Node, Scalar, lookup
from sigma_ls.syntax.scalars import is_null

OVERRIDDEN = ("aws", "gcp", "environment", "functions", "resources")
"""The top-level keys that a stage may override."""


def merge(base: Node, over: Node) -> Node:
    """`over` merged onto `base`."""
    if type(base) is not Mapping or type(over) is not Mapping:
        return over
    changes: dict[str, tuple[Node, Node]] = {}
    for entry in over.entries:
        if type(entry[0]) is Scalar:
            changes[entry[0].value] = entry
    entries: list[tuple[Node, Node]] = []
    for key, value in base.entries:
        change = changes.pop(key.value, None) if type(key) is Scalar else None
        if change is None:
            entries.append((key, value))
        elif not is_null(change[1]):
            entries.append((key, merge(value, change[1])))
    # A null under a key that the base has not removes nothing.
    entries.extend((key, _without_nulls(value)) for key, value in changes.values() if not is_null(value))
    return Mapping(entries, base.flow, base.tag, base.line, base.column, base.end_line, base.end_column)


def _without_nulls(node: Node) -> Node:
    if type(node) is not Mapping:
        return node
    entries = [(key, _without_nulls(value)) for key, value in node.entries if not is_null(value)]
    return Mapping(entries, node.flow, node.tag, node.line, node.column, node.end_line, node.end_column)


def stage_names(root: Node | None) -> tuple[str, ...]:
    """The declared stages in order; the first is the default."""
    stages = lookup(root, "stages")
    if type(stages) is not Mapping:
        return ()
    return tuple(key.value for key, _ in stages.entries if type(key) is Scalar)


def apply_stage(root: Node, stage: str | None) -> Node:
    """The manifest as a stage sees it."""
    over = lookup(lookup(root, "stages"), stage) if stage is not None else None
    if type(over) is not Mapping or type(root) is not Mapping:
        return root
    kept = [entry for entry in over.entries if type(entry[0]) is Scalar and entry[0].value in OVERRIDDEN]
    patch = Mapping(kept, over.flow, over.tag, over.line, over.column, over.end_line, over.end_column)
    return merge(root, patch)


def without_stages(root: Node) -> Node:
    """The manifest without its stages, once one of them has been applied."""
    if type(root) is not Mapping:
        return root
    entries = [entry for entry in root.entries if not (type(entry[0]) is Scalar and entry[0].value == "stages")]
    return Mapping(entries, root.flow, root.tag, root.line, root.column, root.end_line, root.end_column)
