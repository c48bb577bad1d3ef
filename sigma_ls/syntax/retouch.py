"""A tree after a keystroke within a plain value, made from the tree before it instead of from the text.

Only where the two cannot differ: the value stands alone at the end of a line of block style, and is of letters, digits
and a few harmless characters before and after.  Whatever else is typed is parsed.
"""

from __future__ import annotations

import re
from sys import intern

from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence

_HARMLESS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*").fullmatch
"""A text that is one plain scalar wherever one can stand."""


def retouched(root: Node, line: int, old: str, new: str) -> Node | None:
    """The tree in which `old`, the content of a line, has become `new`; nothing where only the parser can tell.

    The tree must be that of a text without faults, anchors and aliases; it is not changed, and shares what did not change
    with the answer.
    """
    if isinstance(root, Scalar):
        return _scalar(root, line, old, new)
    if root.flow:
        return None
    if isinstance(root, Mapping):
        # From the end: the value on the line is in the last entry that begins on it or before.
        for index in range(len(root.entries) - 1, -1, -1):
            key, value = root.entries[index]
            if key.line <= line:
                changed = retouched(value, line, old, new) if type(key) is Scalar else None
                if changed is None:
                    return None
                entries = root.entries.copy()
                entries[index] = (key, changed)
                end = _end(root, value, changed)
                return Mapping(entries, root.flow, root.tag, root.line, root.column, root.end_line, end)
        return None
    for index in range(len(root.items) - 1, -1, -1):
        item = root.items[index]
        if item.line <= line:
            changed = retouched(item, line, old, new)
            if changed is None:
                return None
            items = root.items.copy()
            items[index] = changed
            return Sequence(
                items, root.flow, root.tag, root.line, root.column, root.end_line, _end(root, item, changed)
            )
    return None


def _scalar(node: Scalar, line: int, old: str, new: str) -> Scalar | None:
    if node.style is not None or node.tag is not None or node.line != line or node.end_line != line:
        return None
    begin, end = node.column, node.end_column
    rest = old[end:]
    # A tag, an anchor or a comment too close to it would show here.
    if old[begin:end] != node.value or not _HARMLESS(node.value):
        return None
    grown = len(new) - len(old)
    value = new[begin : end + grown]
    if new[:begin] != old[:begin] or new[end + grown :] != rest or not _HARMLESS(value):
        return None
    return Scalar(intern(value), None, None, line, begin, line, end + grown)


def _end(parent: Mapping | Sequence, before: Node, after: Node) -> int:
    """The column at which the parent ends: with its last part."""
    is_last = (parent.end_line, parent.end_column) == (before.end_line, before.end_column)
    return after.end_column if is_last else parent.end_column
