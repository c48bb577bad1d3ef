"""What the field table says of a place in a manifest: the type of each value on the way to it.

Stages are known: under `stages.<stage>.functions.<id>` stands a function of which nothing is required, and a resource
there has the type that it is declared with.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve, frozen

from sigma_ls.ide.paths import Path
from sigma_ls.manifest.analysis import Analysis
from sigma_ls.manifest.schema import MANIFEST
from sigma_ls.manifest.schema.resources import RESOURCE
from sigma_ls.manifest.schema.types import (
    BOTH,
    ByShape,
    Field,
    Json,
    KindRecord,
    ListOf,
    MapOf,
    Platform,
    Record,
    Type,
    TypedRecord,
)
from sigma_ls.syntax.nodes import Node, Scalar, Sequence, lookup

KindOf = Callable[[str], str]
"""The kind that an id is declared as; empty where it is not."""


@frozen(eq=False)
class Slot:
    """A place for a value: what may stand there, and what does."""

    type: Type
    node: Node | None
    names: tuple[str, ...] = ()
    """The keys that lead there from the manifest's top."""
    owner: str = ""
    """The name of the record whose key it belongs to."""
    field: Field | None = None
    override: bool = False
    """Whether it stands in a stage, so that nothing is required."""

    @property
    def stage(self) -> str:
        """The stage that it belongs to."""
        return self.names[1] if len(self.names) > 1 and self.names[0] == "stages" else ""


@frozen(eq=False)
class Table:
    """The field table as one manifest's platform and declarations have it."""

    platform: Platform | None
    kind_of: KindOf

    def top(self, section: str, node: Node | None) -> Slot:
        """The slot of a whole manifest, or of a section whose children are `node`'s entries."""
        top = Slot(MANIFEST, node)
        if not section:
            return top
        return self._field(MANIFEST, MANIFEST.by_name[section], top, node)

    def fields(self, record: Record) -> list[Field]:
        """A record's keys on the platform."""
        return [each for each in record.fields if self.platform is None or self.platform in each.platforms]

    def follow(self, slot: Slot | None, path: Path) -> list[Slot]:
        """The slots on a path, from `slot` on; it ends early where the table knows no more.

        For a path to a key the last slot is that of the key's value.
        """
        found = [slot] if slot is not None else []
        for step in path.steps:
            if slot is None:
                break
            key = step.key
            if type(step.container) is Sequence:
                slot = self.item(slot, step.value)
            elif type(key) is Scalar:
                slot = self.entry(evolve(slot, node=step.container), key.value, step.value)
            else:
                slot = None
            if slot is not None:
                found.append(slot)
        return found

    def entry(self, slot: Slot, key: str, value: Node | None) -> Slot | None:
        """The slot of an entry's value."""
        wanted = mapping_of(slot.type)
        if isinstance(wanted, Json):
            return Slot(wanted, value, (*slot.names, key), override=slot.override)
        if isinstance(wanted, MapOf):
            override = slot.override or slot.names == ("stages",)
            return Slot(wanted.value, value, (*slot.names, key), override=override)
        record = self.record(slot)
        known = record.by_name.get(key) if record is not None else None
        if record is None or known is None or self.platform not in {None, *known.platforms}:
            return None
        return self._field(record, known, slot, value)

    def _field(self, record: Record, known: Field, slot: Slot, value: Node | None) -> Slot:
        # What stands in a list, or is one of several kinds, is whole even in a stage.
        override = slot.override and not isinstance(mapping_of(slot.type), KindRecord)
        wanted = known.type_on(self.platform)
        return Slot(wanted, value, (*slot.names, known.name), record.name, known, override)

    def item(self, slot: Slot, value: Node | None) -> Slot | None:
        """The slot of a list's item."""
        wanted = slot.type.sequence if isinstance(slot.type, ByShape) else slot.type
        if isinstance(wanted, ListOf):
            return evolve(slot, type=wanted.item, node=value, override=False)
        if isinstance(wanted, Json):
            return evolve(slot, type=wanted, node=value)
        return None

    def record(self, slot: Slot) -> Record | None:
        """The record that a mapping is: as it says, as its resource is declared, or with what all resources have."""
        wanted = mapping_of(slot.type)
        if isinstance(wanted, Record):
            return wanted
        if isinstance(wanted, KindRecord):
            found = [name for name in self.kinds(wanted) if lookup(slot.node, name) is not None]
            return wanted.kinds[found[0]] if found else None
        if isinstance(wanted, TypedRecord):
            kind = lookup(slot.node, "type")
            named = kind.value if type(kind) is Scalar else ""
            if not named and slot.override and slot.names:
                named = self.kind_of(slot.names[-1])
            return wanted.types.get(named, wanted.raw)
        return None

    def kinds(self, wanted: KindRecord) -> list[str]:
        """The kinds that there are on the platform."""
        return [
            name
            for name, record in wanted.kinds.items()
            if self.platform is None or self.platform in record.by_name[name].platforms
        ]

    def types(self, wanted: TypedRecord) -> list[str]:
        """The named types that there are on the platform."""
        return [name for name in wanted.types if self.platform in {None, *wanted.platforms.get(name, BOTH)}]


_TYPES = frozenset(record.by_name["type"] for record in (RESOURCE.raw, *RESOURCE.types.values()))


def is_type_of_resource(each: Field | None) -> bool:
    """Whether it is the key that says what a resource is."""
    return each in _TYPES


def is_statement(slot: Slot) -> bool:
    """Whether an IAM statement of a function stands there."""
    at = 4 if slot.stage else 2
    return slot.names[at:] == ("permissions",) and slot.names[at - 2] == "functions" and isinstance(slot.type, Json)


def table_of(analysis: Analysis) -> Table:
    """The field table for a manifest."""

    def kind_of(name: str) -> str:
        found = analysis.index.resolve(name)
        return found[0].kind if found is not None else ""

    return Table(analysis.platform, kind_of)


def mapping_of(wanted: Type | None) -> Type | None:
    """The type that a mapping has where this one is wanted; nothing where there can be none."""
    if isinstance(wanted, ByShape):
        return mapping_of(wanted.mapping)
    if isinstance(wanted, ListOf):
        return mapping_of(wanted.item) if wanted.single else None
    return wanted if isinstance(wanted, Record | KindRecord | TypedRecord | MapOf | Json) else None


def scalar_of(wanted: Type | None) -> Type | None:
    """The type that a scalar has where this one is wanted; nothing where there can be none."""
    if isinstance(wanted, ByShape):
        return wanted if wanted.boolean else scalar_of(wanted.scalar)
    if isinstance(wanted, ListOf):
        return scalar_of(wanted.item) if wanted.single else None
    return None if isinstance(wanted, Record | KindRecord | TypedRecord | MapOf) else wanted


def item_of(wanted: Type | None) -> Type | None:
    """The type of a list's items where this one is wanted; nothing where there can be no list."""
    if isinstance(wanted, ByShape):
        return item_of(wanted.sequence)
    return wanted.item if isinstance(wanted, ListOf) else None
