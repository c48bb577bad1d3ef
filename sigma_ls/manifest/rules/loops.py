"""Functions that call themselves without end: what triggers one is what it writes to."""

from __future__ import annotations

from collections.abc import Mapping as Dict

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Related
from sigma_ls.manifest.view import View, fields_of, items_of
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, range_of

_WRITING: Dict[str, frozenset[str]] = {
    "bucket": frozenset(("write", "admin")),
    "table": frozenset(("write", "delete", "admin")),
    "stream": frozenset(("write",)),
    "queue": frozenset(("send", "admin")),
    "topic": frozenset(("publish", "admin")),
}
"""Operations that make what triggers of that kind are called for."""
_WORDS = {
    "bucket": ("Objects in", "write to", "Write to another bucket, or narrow the trigger by 'prefix' or 'suffix'."),
    "table": ("Changes of", "change", "Write to another table, or narrow the trigger by 'filter'."),
    "stream": ("Records of", "write to", "Write to another stream, or narrow the trigger by 'filter'."),
    "queue": ("Messages of", "send to", "Send to another queue, or narrow the trigger by 'filter'."),
    "topic": ("Messages of", "publish to", "Publish to another topic, or narrow the trigger by 'filter'."),
}


def check_recursion(view: View) -> None:
    """Source → function → the same source, unless a filter may leave out what the function makes."""
    if "uses" not in view.fields or "triggers" not in view.fields:
        return
    uses = {key.value: (key, value) for key, value in view.entries("uses") if type(key) is Scalar}
    for trigger in view.items("triggers"):
        if type(trigger) is not Mapping:
            continue
        fields = fields_of(trigger)
        for kind in fields:
            if (writing := _WRITING.get(kind)) is None:
                continue
            source = fields[kind][1]
            if type(source) is not Scalar or source.value not in uses or _leaves_out(fields):
                continue
            key, operations = uses[source.value]
            if not any(type(item) is Scalar and item.value in writing for item in items_of(operations)):
                continue
            what, does, way_out = _WORDS[kind]
            message = (
                f"{what} '{source.value}' call '{view.key.value}', which may {does} '{source.value}' again: it could "
                f"call itself without end. {way_out}"
            )
            related = (Related("It may do so here.", range_of(key)),)
            view.report.add(codes.RECURSION, source, message, related=related)


def _leaves_out(fields: dict[str, tuple[Scalar, Node]]) -> bool:
    if not {"prefix", "suffix", "filter"}.isdisjoint(fields):
        return True
    if "bucket" not in fields or "events" not in fields:
        return False
    return not any(type(item) is Scalar and item.value.startswith("created") for item in items_of(fields["events"][1]))
