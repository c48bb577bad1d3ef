"""`${…}` in texts: ids with their attributes, and what needs no id."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sigma_ls.ide.items import Completions, Item, ItemKind, Scene
from sigma_ls.ide.names import attributes_of_id, things
from sigma_ls.ide.paths import Path
from sigma_ls.ide.slots import Slot, scalar_of
from sigma_ls.manifest.references import SUBSTITUTION
from sigma_ls.manifest.schema.capabilities import PSEUDO_REFERENCES
from sigma_ls.manifest.schema.types import Json, References, Text
from sigma_ls.syntax.nodes import Scalar
from sigma_ls.syntax.span import Position, Range

MOST = 300
"""That are offered at once; see `completion.MOST`."""

_OPEN = re.compile(r"(?<!\$)\$(?:\{([\w.:-]*))?$")
_REST = re.compile(r"[\w.:-]*\}?")


def open_reference(before: str) -> re.Match[str] | None:
    """The reference that is being typed, in what stands before the cursor."""
    return _OPEN.search(before)


def references(scene: Scene, slot: Slot, place: Position, found: re.Match[str]) -> Completions:
    """What may stand for the reference that was `found`; it is replaced as a whole."""
    assert scene.context.path is not None
    allowed = references_in(slot, scene.context.path)
    if allowed is References.NONE:
        return Completions()
    line = scene.analysis.document.lines.content(place.line)
    rest = _REST.match(line, place.character)
    end = rest.end() if rest is not None else place.character
    items: list[Item] = []
    for name, what in _names(scene, slot.stage, found[1] or "", allowed):
        if len(items) == MOST:
            break
        text = f"${{{name}}}"
        items.append(Item(text, ItemKind.REFERENCE, text, detail=what))
    where = Range.of(place.line, found.start(), place.line, end)
    return Completions(where, tuple(items), complete=len(items) < MOST)


def _names(scene: Scene, stage: str, typed: str, allowed: References) -> Iterator[tuple[str, str]]:
    """What starts with `typed`, each with what it is."""
    for name, what in PSEUDO_REFERENCES.items():
        if name.startswith(typed) and (allowed is References.ALL or name in ("project", "stage")):
            yield name, what
    if allowed is not References.ALL:
        return
    for thing in things(scene.analysis, stage):
        if thing.kind and (thing.id.startswith(typed) or typed.startswith(f"{thing.id}.")):
            for attribute in attributes_of_id(thing, scene.table.platform):
                name = f"{thing.id}.{attribute}"
                if name.startswith(typed):
                    yield name, thing.kind


def references_in(slot: Slot, path: Path) -> References:
    """Which references the text at the end of a path may hold."""
    wanted = scalar_of(slot.type)
    if isinstance(wanted, Text):
        return wanted.references
    if isinstance(wanted, Json) and wanted.references:
        # The texts of `Fn::Sub` are CloudFormation's own.
        for step in path.steps:
            if step.value.tag == "!Sub" or (type(step.key) is Scalar and step.key.value == SUBSTITUTION):
                return References.NONE
        return References.ALL
    return References.NONE
