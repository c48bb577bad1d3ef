"""Rules for the keys of a table and of its indexes (DynamoDB API reference, *CreateTable*)."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Related
from sigma_ls.manifest.report import Report
from sigma_ls.manifest.view import View, fields_of
from sigma_ls.syntax.nodes import Node, Scalar, range_of

_STRING = "string"


def check_table(view: View) -> None:
    """A partition key, two attributes for two keys, and one type for each attribute."""
    kind = view.text("type")
    if kind is None or kind.value != "table" or view.platform == "gcp":
        return
    if "existing" in view.fields:
        return
    if "partitionKey" not in view.fields:
        message = f"'{view.key.value}' lacks 'partitionKey', which every table has that is not 'existing'."
        view.report.add(codes.MISSING_KEY, view.key, message)
    types: dict[str, tuple[str, Scalar]] = {}
    owners = [view.fields, *(fields_of(index) for _, index in view.entries("indexes"))]
    for fields in owners:
        keys = list(_keys(fields))
        for name, given in keys:
            first_type, first = types.setdefault(name.value, (given, name))
            if given != first_type:
                message = f"'{name.value}' is a {given} here and a {first_type} elsewhere: an attribute has one type."
                related = (Related("It has another type here.", range_of(first)),)
                view.report.add(codes.TABLE_KEYS, name, message, related=related)
        if len(keys) == 2 and keys[0][0].value == keys[1][0].value:
            _same(keys[0][0], keys[1][0], view.report)


def _same(partition: Scalar, sort: Scalar, report: Report) -> None:
    message = f"'{sort.value}' is the partition key already: the sort key is another attribute."
    report.add(codes.TABLE_KEYS, sort, message, related=(Related("The partition key.", range_of(partition)),))


def _keys(fields: dict[str, tuple[Scalar, Node]]) -> Iterator[tuple[Scalar, str]]:
    """The attributes' names with their types."""
    for which in ("partitionKey", "sortKey"):
        node = fields[which][1] if which in fields else None
        if type(node) is Scalar:
            yield node, _STRING
        elif node is not None:
            inner = fields_of(node)
            name, kind = (inner[each][1] if each in inner else None for each in ("name", "type"))
            if type(name) is Scalar:
                yield name, kind.value if type(kind) is Scalar else _STRING
