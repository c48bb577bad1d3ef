"""One function or resource as rules look at it: its keys at hand, once looked up."""

from __future__ import annotations

from attrs import frozen

from sigma_ls.manifest.diagnostic import Fix
from sigma_ls.manifest.fixes import removal
from sigma_ls.manifest.report import Report
from sigma_ls.manifest.schema.types import Platform
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence
from sigma_ls.syntax.scalars import is_null, typed


@frozen
class View:
    """An entry of `functions` or `resources`; `stage` is that of an override, else empty."""

    key: Scalar
    fields: dict[str, tuple[Scalar, Node]]
    platform: Platform | None
    report: Report
    stage: str = ""
    tree: Node | None = None

    def without(self, name: str) -> Fix | None:
        """The fix that removes a key."""
        return removal(self.tree, self.fields[name][0]) if type(self.tree) is Mapping else None

    def text(self, name: str) -> Scalar | None:
        """The value of a key, where it is a text."""
        found = self.fields.get(name)
        if found is None or type(found[1]) is not Scalar or is_null(found[1]):
            return None
        return found[1]

    def number(self, name: str) -> int | None:
        """The value of a key, where it is a whole number."""
        return whole_number(self.text(name))

    def flag(self, name: str) -> bool:
        """Whether the value of a key is `true`."""
        found = self.text(name)
        return found is not None and typed(found) is True

    def items(self, name: str) -> list[Node]:
        """The items of a list, or the one that stands without."""
        found = self.fields.get(name)
        return [] if found is None else items_of(found[1])

    def entries(self, name: str) -> list[tuple[Node, Node]]:
        """The entries of a mapping."""
        found = self.fields.get(name)
        return found[1].entries if found is not None and type(found[1]) is Mapping else []


def fields_of(node: Node) -> dict[str, tuple[Scalar, Node]]:
    """The keys of a mapping with their entries; of duplicates the first."""
    fields: dict[str, tuple[Scalar, Node]] = {}
    if type(node) is Mapping:
        for key, value in node.entries:
            if type(key) is Scalar:
                fields.setdefault(key.value, (key, value))
    return fields


def items_of(node: Node) -> list[Node]:
    """The items of a list, or the one value that stands without."""
    if type(node) is Sequence:
        return node.items
    return [] if is_null(node) else [node]


def whole_number(node: Node | None) -> int | None:
    """The value, where it is a whole number."""
    if type(node) is not Scalar:
        return None
    value = typed(node)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
