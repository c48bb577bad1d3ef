"""Adds the keys that a mapping lacks, each with the value of its example."""

from __future__ import annotations

from collections.abc import Container, Iterable

from sigma_ls.ide.slots import Slot, Table, table_of
from sigma_ls.ide.trees import find
from sigma_ls.manifest.analysis import Analysis
from sigma_ls.manifest.diagnostic import Diagnostic, Fix, TextEdit
from sigma_ls.manifest.nearest import listed
from sigma_ls.manifest.schema import MANIFEST
from sigma_ls.manifest.schema.details import detail_of
from sigma_ls.manifest.schema.types import Platform, Record
from sigma_ls.syntax.blocks import Part
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, lookup
from sigma_ls.syntax.scalars import is_null
from sigma_ls.syntax.span import Range

_STEP = "  "
_ALSO = {
    ("a table", "partitionKey"): ("existing", None),
    ("the gcp block", "serviceAccount"): ("engine", "deployment-manager"),
}
"""Keys that are required unless there is another."""


def add_missing(analysis: Analysis, found: Diagnostic) -> list[Fix]:
    """The fix, where the diagnostic stands on the key of a mapping or on one in it, or is about the whole manifest."""
    table = table_of(analysis)
    for each in find(analysis, table, found.range.start):
        step = each.path.steps[-1]
        if not each.path.on_key or len(each.slots) < len(each.path.steps):
            continue
        inner = each.slot, step.value, step.key
        outer = each.slots[len(each.path.steps) - 1], step.container, None
        for slot, node, key in (inner, outer):
            lines = _missing(table, slot, node)
            flow = type(step.container) is Mapping and step.container.flow
            edit = _insertion(node, key, list(lines.values()), flow=flow) if lines and _tells_of(found, lines) else None
            if edit is not None:
                shifted = TextEdit(edit.range.shifted(each.block.start), edit.text)
                return [Fix(_title(list(lines)), (shifted,))]
    return _for_the_manifest(analysis, found)


def _tells_of(found: Diagnostic, names: Iterable[str]) -> bool:
    """Whether it is these that the diagnostic misses: there may be others at its place."""
    return all(f"'{name}'" in found.message for name in names)


def _missing(table: Table, slot: Slot | None, node: Node) -> dict[str, str]:
    """The required keys that are not there, each with its line; nothing where no example of one is known."""
    record = table.record(slot) if slot is not None else None
    if slot is None or record is None or record is MANIFEST or slot.override:
        return {}  # The entries of the manifest stand in trees of their own.
    names = [each.name for each in table.fields(record) if each.required and lookup(node, each.name) is None]
    for (owner, name), exception in _ALSO.items():
        if owner == record.name and lookup(node, name) is None and not _says(node, *exception):
            names.append(name)
    return _lines(record, names)


def _says(node: Node, key: str, value: str | None) -> bool:
    """Whether a mapping has a key (with that value, where one is meant)."""
    found = lookup(node, key)
    return found is not None and (value is None or (type(found) is Scalar and found.value == value))


def _lines(record: Record, names: list[str]) -> dict[str, str]:
    details = {name: detail_of(record.name, name) for name in names}
    examples = {name: detail.example for name, detail in details.items() if detail is not None}
    simple = all(text.startswith(f"{name}:") and "\n" not in text for name, text in examples.items())
    return examples if simple and len(examples) == len(names) else {}


def _title(names: list[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return f"Add {listed(quoted, 'and')}"


def _insertion(node: Node, key: Node | None, lines: list[str], *, flow: bool) -> TextEdit | None:
    """Before the first key of a mapping; below the key where there is none yet, or behind it within brackets (`flow`)."""
    if type(node) is Mapping and node.flow:
        text = ", ".join(lines) + (", " if node.entries else "")
        return TextEdit(Range.of(node.line, node.column + 1, node.line, node.column + 1), text)
    if type(node) is Mapping and node.entries:
        first = node.entries[0][0]
        text = "".join(f"{line}\n{' ' * first.column}" for line in lines)
        return TextEdit(Range.of(first.line, first.column, first.line, first.column), text)
    if type(key) is Scalar and is_null(node) and type(node) is Scalar and not node.value:
        if node.line != key.end_line or node.column <= key.end_column:
            return None  # There is no colon yet.
        blank = " " if node.end_column == key.end_column + 1 else ""
        below = "".join(f"\n{' ' * key.column}{_STEP}{line}" for line in lines)
        place = Range.of(node.end_line, node.end_column, node.end_line, node.end_column)
        return TextEdit(place, f"{blank}{{{', '.join(lines)}}}" if flow else below)
    return None


def _for_the_manifest(analysis: Analysis, found: Diagnostic) -> list[Fix]:
    """Before the first entry of the manifest, or the platform's block behind the platform."""
    document = analysis.document
    if document.whole:
        return []
    entries = {block.name.strip("\"'"): block for block in document.blocks if block.part is Part.ENTRY}
    names = [each.name for each in MANIFEST.fields if each.required and each.name not in entries]
    first = min((block.start for block in entries.values()), default=len(document.lines) - 1)
    platform = analysis.platform
    if names and found.range.start.line <= first and _tells_of(found, names):
        column = 1 if first == 0 and document.lines.content(0).startswith("\ufeff") else 0
        lines = _lines(MANIFEST, names)
        if platform is None and "platform" in names:
            lines |= _for_a_platform(table_of(analysis), entries)
        text = "".join(f"{line}\n" for line in lines.values())
        return [Fix(_title(names), (TextEdit(Range.of(first, column, first, column), text),))]
    if platform is not None and platform not in entries and "platform" in entries and _tells_of(found, [platform]):
        last = entries["platform"].start
        place = len(document.lines.content(last))
        text = f"\n{_block(table_of(analysis), platform)}"
        return [Fix(_title([platform]), (TextEdit(Range.of(last, place, last, place), text),))]
    return []


def _for_a_platform(table: Table, entries: Container[str]) -> dict[str, str]:
    """The platform whose block is there; else AWS, with its block."""
    if "gcp" in entries:
        return {"platform": "platform: gcp"}
    return {"platform": "platform: aws"} | ({} if "aws" in entries else {"aws": _block(table, "aws")})


def _block(table: Table, platform: Platform) -> str:
    """The block of a platform, with what it requires."""
    slot = Slot(MANIFEST.by_name[platform].type, None)
    lines = _missing(table, slot, Mapping([], False, None, 0, 0, 0, 0))
    return f"{platform}:" + "".join(f"\n{_STEP}{line}" for line in lines.values())
