"""Keys that a mapping does not have yet: those that the field table knows, and ids that its keys may name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sigma_ls.ide.items import Item, ItemKind, Scene
from sigma_ls.ide.names import ids_of, things
from sigma_ls.ide.slots import Slot, mapping_of
from sigma_ls.ide.snippets import Layout, escaped, key_snippet, value_snippet
from sigma_ls.manifest.schema.capabilities import FUNCTION, OPERATIONS
from sigma_ls.manifest.schema.types import Field, Id, KindRecord, MapOf, Record, TypedRecord

OPTIONAL = 1_000
"""Keys that are required come before all others, which keep the table's order."""


def keys(scene: Scene, holder: Slot, here: set[str], layout: Layout) -> Iterator[Item]:
    """The keys for the mapping that `holder` takes, besides those that are `here`."""
    table = scene.table
    wanted = mapping_of(holder.type)
    record = table.record(holder)
    if isinstance(wanted, MapOf):
        yield from _own(scene, wanted, holder, here, layout)
    elif isinstance(wanted, KindRecord) and record is None:
        for number, name in enumerate(table.kinds(wanted)):
            kind = wanted.kinds[name]
            yield _key(scene, kind, kind.by_name[name], layout, number)
    elif record is not None:
        # A stage changes a resource that has its type already.
        skipped = {"type"} if holder.override and isinstance(wanted, TypedRecord) else set()
        fields = [each for each in table.fields(record) if each.name not in here | skipped]
        yield from _fields(scene, record, fields, layout, required=not holder.override)


def _fields(scene: Scene, record: Record, fields: Iterable[Field], layout: Layout, *, required: bool) -> Iterator[Item]:
    for number, each in enumerate(fields):
        yield _key(scene, record, each, layout, number, required=required and each.required)


def _key(scene: Scene, record: Record, each: Field, layout: Layout, number: int, *, required: bool = False) -> Item:
    return Item(
        each.name,
        ItemKind.KEY,
        key_snippet(each, scene.table.platform, layout),
        snippet=True,
        detail="required" if required else "",
        about=(record.name, each, required),
        last=number if required else OPTIONAL + number,
    )


def _own(scene: Scene, wanted: MapOf, holder: Slot, here: set[str], layout: Layout) -> Iterator[Item]:
    """Of a mapping whose keys are the writer's: ids that they may name, and entries that a stage may change."""
    stage = holder.stage
    if isinstance(wanted.key, Id):
        for found in ids_of(scene.analysis, stage, wanted.key.kinds):
            if found.id not in here and found.kind in OPERATIONS:
                yield _thing(found.id, found.kind, f"{escaped(found.id)}: $1", stage)
    elif stage and len(holder.names) == 3 and holder.names[2] in ("functions", "resources"):
        for found in things(scene.analysis, ""):
            of_functions = holder.names[2] == "functions"
            if found.id not in here and (found.kind == FUNCTION) == of_functions and not found.stage:
                yield _thing(found.id, found.kind, f"{escaped(found.id)}:{value_snippet(wanted.value, layout)}", "")


def _thing(name: str, kind: str, text: str, stage: str) -> Item:
    shown = ItemKind.FUNCTION if kind == FUNCTION else ItemKind.THING
    return Item(name, shown, text, snippet=True, detail=kind, about=("thing", name, stage))
