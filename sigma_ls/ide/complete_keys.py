"""Keys that a mapping does not have yet: those that the field table knows, and ids that its keys may name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import define

from sigma_ls.ide.items import Item, ItemKind, Scene
from sigma_ls.ide.names import ids_of, things
from sigma_ls.ide.slots import Slot, is_statement, is_type_of_resource, mapping_of, scalar_of
from sigma_ls.ide.snippets import Layout, choices, key_snippet, value_snippet
from sigma_ls.manifest.rules.permissions import EFFECTS, STATEMENT_KEYS
from sigma_ls.manifest.schema.capabilities import FUNCTION, OPERATIONS
from sigma_ls.manifest.schema.resources import RESOURCE
from sigma_ls.manifest.schema.types import Field, Id, Json, KindRecord, MapOf, Record, TypedRecord

_CONDITION = Json(mapping=True)
OPTIONAL = 1_000
"""Keys that are required come before all others, which keep the table's order."""


def keys(scene: Scene, holder: Slot, here: set[str], layout: Layout) -> Iterator[Item]:
    """The keys for the mapping that `holder` takes, besides those that are `here`."""
    table = scene.table
    wanted = mapping_of(holder.type)
    record = table.record(holder)
    ids = _Ids(scene, holder.stage)
    if isinstance(wanted, MapOf):
        yield from _own(scene, wanted, holder, here, layout)
    elif isinstance(wanted, KindRecord) and record is None:
        for number, name in enumerate(table.kinds(wanted)):
            kind = wanted.kinds[name]
            yield _key(ids, kind, kind.by_name[name], layout, number)
    elif isinstance(wanted, Json):
        if is_statement(holder):
            yield from _of_a_statement(here, layout)
    elif record is not None:
        # A stage changes a resource that has its type already.
        skipped = {"type"} if holder.override and isinstance(wanted, TypedRecord) else set()
        fields = [each for each in table.fields(record) if each.name not in here | skipped]
        yield from _fields(ids, record, fields, layout, required=not holder.override)


@define
class _Ids:
    """The ids of a manifest by kind: looked up once for all keys that may name any, and not where none may."""

    scene: Scene
    stage: str
    _by_kind: dict[str, list[str]] | None = None

    def words(self, each: Field) -> list[str]:
        """What a key's value is one of, where that is told by what is declared."""
        wanted = scalar_of(each.type_on(self.scene.table.platform))
        if is_type_of_resource(each):
            return self.scene.table.types(RESOURCE)
        if not isinstance(wanted, Id):
            return []
        if self._by_kind is None:
            self._by_kind = {}
            for found in things(self.scene.analysis, self.stage):
                self._by_kind.setdefault(found.kind, []).append(found.id)
        known = [name for kind in wanted.kinds for name in self._by_kind.get(kind, ())]
        return [*wanted.words, *known]


def _fields(ids: _Ids, record: Record, fields: Iterable[Field], layout: Layout, *, required: bool) -> Iterator[Item]:
    for number, each in enumerate(fields):
        yield _key(ids, record, each, layout, number, required=required and each.required)


def _key(ids: _Ids, record: Record, each: Field, layout: Layout, number: int, *, required: bool = False) -> Item:
    return Item(
        each.name,
        ItemKind.KEY,
        key_snippet(each, ids.scene.table.platform, layout, ids.words(each)),
        snippet=True,
        detail="required" if required else "",
        about=(record.name, each, required),
        last=number if required else OPTIONAL + number,
    )


def _own(scene: Scene, wanted: MapOf, holder: Slot, here: set[str], layout: Layout) -> Iterator[Item]:
    """Of a mapping whose keys are the writer's: ids that they may name, and entries that a stage may change."""
    stage = holder.stage
    if isinstance(wanted.key, Id):
        places = {kind: choices(list(operations)) for kind, operations in OPERATIONS.items()}
        for found in ids_of(scene.analysis, stage, wanted.key.kinds):
            if found.id not in here and found.kind in places:
                yield _thing(found.id, found.kind, f"{found.id}: {places[found.kind]}", stage)
    elif stage and len(holder.names) == 3 and holder.names[2] in ("functions", "resources"):
        for found in things(scene.analysis, ""):
            of_functions = holder.names[2] == "functions"
            if found.id not in here and (found.kind == FUNCTION) == of_functions and not found.stage:
                yield _thing(found.id, found.kind, f"{found.id}:{value_snippet(wanted.value, layout)}", "")


def _of_a_statement(here: set[str], layout: Layout) -> Iterator[Item]:
    """Of an IAM statement."""
    opposites = {f"Not{name}" for name in here} | {name.removeprefix("Not") for name in here}
    for number, name in enumerate(STATEMENT_KEYS):
        if name not in here | opposites:
            place = choices(EFFECTS) if name == "Effect" else "$1"
            text = f"{name}:{value_snippet(_CONDITION, layout)}" if name == "Condition" else f"{name}: {place}"
            required = name in ("Effect", "Action", "Resource")
            detail = "required" if required else ""
            last = number if required else OPTIONAL + number
            yield Item(name, ItemKind.KEY, text, snippet=True, detail=detail, last=last)


def _thing(name: str, kind: str, text: str, stage: str) -> Item:
    shown = ItemKind.FUNCTION if kind == FUNCTION else ItemKind.THING
    return Item(name, shown, text, snippet=True, detail=kind, about=("thing", name, stage))
