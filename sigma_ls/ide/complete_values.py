"""Values of scalars: words, numbers, ids, types, operations and examples."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from sigma_ls.ide.items import Item, ItemKind, Scene
from sigma_ls.ide.names import attributes_of_id, ids_of, things
from sigma_ls.ide.paths import function_around
from sigma_ls.ide.slots import Slot, is_type_of_resource, scalar_of
from sigma_ls.ide.snippets import fits
from sigma_ls.manifest.facts.runtimes import AS_OF, LIFECYCLES
from sigma_ls.manifest.ids import pascal_case
from sigma_ls.manifest.rules.permissions import EFFECTS
from sigma_ls.manifest.schema.capabilities import FUNCTION, OPERATIONS
from sigma_ls.manifest.schema.functions import FUNCTION as FUNCTION_RECORD
from sigma_ls.manifest.schema.resources import RESOURCE
from sigma_ls.manifest.schema.types import Boolean, ByShape, Choice, Id, Integer, Json, MapOf, Text
from sigma_ls.syntax.nodes import Sequence

_USES = FUNCTION_RECORD.by_name["uses"].type
_OPERATION = scalar_of(_USES.value) if isinstance(_USES, MapOf) else None
"""The type of an operation under `uses`."""
_OTHERS, _OLD = 1_000, 2_000
"""Where words begin that are known and not recommended, and those that are withdrawn."""


def values(scene: Scene, slot: Slot) -> Iterator[Item]:
    """The values that `slot` takes as a scalar."""
    quoted = scene.context.style in ("'", '"')
    key = slot.field.name if slot.field is not None else ""
    match scalar_of(slot.type):
        case Boolean() | ByShape() if not quoted:
            for word in ("true", "false"):
                yield _value(word, slot)
        case Integer() as wanted if not quoted:
            numbers = wanted.allowed or (_default_of(slot) if scene.asked else ())
            for place, number in enumerate(numbers):
                yield evolve(_value(str(number), slot, wanted.unit), last=place)
        case Choice() as wanted:
            yield from _choices(wanted, slot, runtime=key == "runtime")
        case Id() as wanted:
            for word, what in wanted.words.items():
                yield _value(word, slot, what)
            for found in ids_of(scene.analysis, slot.stage, wanted.kinds):
                kind = ItemKind.FUNCTION if found.kind == FUNCTION else ItemKind.THING
                yield Item(found.id, kind, found.id, detail=found.kind, about=("thing", found.id, slot.stage), last=1)
        case Text() as wanted if wanted is _OPERATION:
            for name, what in OPERATIONS.get(scene.kind_of(slot.names[-1]), {}).items():
                yield Item(name, ItemKind.OPERATION, name, detail=what)
        case Text() if is_type_of_resource(slot.field):
            yield from _types(scene)
        case Text() if key == "timezone":
            from sigma_ls.manifest.facts.time_zones import NAMES  # noqa: PLC0415 - few manifests name one

            for name in sorted(NAMES):
                yield _value(name, slot)
        case Text() as wanted:
            for example in wanted.examples if scene.asked else ():
                if fits(example, flow=scene.context.flow and not quoted):
                    yield _value(example, slot)
        case Json() if slot.names[-2:] == ("permissions", "Effect"):
            for word in EFFECTS:
                yield _value(word, slot)
        case Json():
            yield from _logical_ids(scene)
        case _:
            return


def _logical_ids(scene: Scene) -> Iterator[Item]:
    """In parts that go to the cloud as they are: what `Ref`, `Fn::GetAtt` and `DependsOn` may name."""
    path = scene.context.path
    function = function_around(path) if path is not None and scene.table.platform != "gcp" else ""
    if function not in ("Ref", "DependsOn", "Fn::GetAtt"):
        return
    for found in things(scene.analysis, ""):
        if not found.kind or found.existing:
            continue
        logical = pascal_case(found.id)
        names = [logical]
        if function == "Fn::GetAtt":
            known = attributes_of_id(found, scene.table.platform) if found.raw else ()
            whole = path is not None and type(path.steps[-1].container) is not Sequence
            names = [f"{logical}.{each}" for each in known if each[0].isupper()] if whole else [logical]
        for name in names:
            yield Item(name, ItemKind.THING, name, detail=found.kind, about=("thing", found.id, ""))


def _default_of(slot: Slot) -> tuple[object, ...]:
    return (slot.field.default,) if slot.field is not None and slot.field.default is not None else ()


def _value(word: str, slot: Slot, what: str = "") -> Item:
    is_default = any(str(default).casefold() == word for default in _default_of(slot))
    detail = ", ".join(part for part in (what, "default" if is_default else "") if part)
    return Item(word, ItemKind.VALUE, word, detail=detail)


def _choices(wanted: Choice, slot: Slot, *, runtime: bool) -> Iterator[Item]:
    for number, (word, what) in enumerate(wanted.values.items()):
        yield evolve(_value(word, slot, what), about=("runtime", word) if runtime else (), last=number)
    for word in sorted(wanted.also - set(wanted.values)):
        old = runtime and word in LIFECYCLES and LIFECYCLES[word][0] <= AS_OF
        detail = f"deprecated since {LIFECYCLES[word][0]}" if old else ""
        last = _OLD if old else _OTHERS
        yield Item(word, ItemKind.VALUE, word, detail=detail, about=("runtime", word), last=last, deprecated=old)


def _types(scene: Scene) -> Iterator[Item]:
    for number, name in enumerate(scene.table.types(RESOURCE)):
        yield Item(name, ItemKind.TYPE, name, about=("kind", name, RESOURCE.types[name]), last=number)
    if scene.table.platform != "gcp":
        from sigma_ls.manifest.facts.attributes import ATTRIBUTES  # noqa: PLC0415 - large, and only needed here

        for name in ATTRIBUTES:
            yield Item(name, ItemKind.TYPE, name, about=("kind", name, RESOURCE.raw), last=_OTHERS)
