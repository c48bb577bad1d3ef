"""Completion: what may stand at the cursor, as far as the field table, the declared ids and the facts tell.

Nothing is offered that is already there, that belongs to the other platform, or that the place cannot take.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import evolve

from sigma_ls.ide.complete_keys import keys
from sigma_ls.ide.complete_references import open_reference, references
from sigma_ls.ide.complete_values import values
from sigma_ls.ide.context import find_context, siblings
from sigma_ls.ide.items import Completions, Item, Scene
from sigma_ls.ide.slots import Slot, item_of, mapping_of, scalar_of, table_of
from sigma_ls.ide.snippets import STEP, Layout
from sigma_ls.manifest.analysis import Analysis
from sigma_ls.manifest.schema.types import Field, Record
from sigma_ls.syntax.nodes import Scalar, Sequence
from sigma_ls.syntax.span import Position

MOST = 300
"""Items that are offered at once; the editor asks again when more is typed.  A guess at what anyone reads."""

_DASH = "- "
_STARTERS = {
    " ": re.compile(r"[:,\[{-]\s$"),
    "{": re.compile(r"\$\{$|[:,\[-]\s*\{$"),
    ".": re.compile(r"\$\{[\w.:-]*\.$"),
}
"""What must be before the cursor for a character to open the list by itself: else every word of a text would."""


def complete(analysis: Analysis, place: Position, trigger: str = "") -> Completions:
    """What may stand at a place; `trigger` is the character that was just typed, where that made the editor ask."""
    before = analysis.document.lines.content(place.line)[: place.character]
    if trigger in _STARTERS and not _STARTERS[trigger].search(before):
        return Completions()
    context = find_context(analysis.document, place)
    if context is None:
        return Completions()
    scene = Scene(analysis, table_of(analysis), context, asked=not trigger and not context.before)
    top = scene.table.top(context.section, context.root)
    slots = [top] if context.path is None else scene.table.follow(top, context.path)
    depth = len(context.path.steps) if context.path is not None else 1
    reference = open_reference(before)
    if reference is not None and not context.on_key:
        return references(scene, slots[depth], place, reference) if len(slots) > depth else Completions()
    if context.on_key:
        found = list(_at_key(scene, slots[depth - 1])) if len(slots) >= depth else []
    else:
        found = list(_at_value(scene, slots[depth])) if len(slots) > depth else []
    complete = len(found) <= MOST
    if not complete:
        typed = context.before.casefold()
        found = [item for item in found if typed in item.label.casefold()]
    found.sort(key=lambda item: item.last)
    return Completions(context.range, tuple(found[:MOST]), complete=complete)


def documentation(item: Item, analysis: Analysis) -> str:
    """More about an item, as Markdown."""
    from sigma_ls.ide import describe  # noqa: PLC0415 - it loads the long descriptions

    match item.about:
        case (str(record), Field() as each, bool(required)):
            return describe.key_markdown(record, each, analysis.platform, required=required)
        case ("runtime", str(runtime)):
            return describe.runtime_markdown(runtime)
        case ("kind", str(kind), Record() as record):
            return describe.kind_markdown(kind, record, analysis.platform)
        case ("thing", str(name), str(stage)):
            found = analysis.index.resolve(name, stage)
            if found is not None:
                line = found[1].start + found[0].place.start.line if found[1] is not None else None
                return describe.thing_markdown(found[0], line)
    return ""


def _at_key(scene: Scene, holder: Slot) -> Iterator[Item]:
    """Where a key is typed, or a word that may become one."""
    context = scene.context
    here = siblings(context, scene.analysis.document)
    layout = _layout(scene)
    if mapping_of(holder.type) is not None:
        if not here and context.bare and not context.dash:
            # One word may stand here as well.
            yield from values(scene, holder)
        for item in keys(scene, holder, here, layout):
            if context.colon:
                yield evolve(item, text=item.label, snippet=False)
            else:
                yield evolve(item, text=_DASH + item.text) if context.dash else item
    elif not here and context.bare and scalar_of(holder.type) is not None:
        for item in _others(scene, holder):
            yield evolve(item, text=_DASH + item.text) if context.dash else item
    elif not here and context.bare and (inner := item_of(holder.type)) is not None:
        first = evolve(holder, type=inner, override=False)
        deeper = Layout(layout.indent + STEP, layout.flow)
        for item in values(scene, first) if mapping_of(inner) is None else keys(scene, first, set(), deeper):
            yield evolve(item, text=_DASH + item.text)


def _at_value(scene: Scene, slot: Slot) -> Iterator[Item]:
    """Where a value is typed, behind its key or in brackets."""
    context = scene.context
    assert context.path is not None
    container = context.path.steps[-1].container
    if type(container) is not Sequence:
        yield from values(scene, slot)
    elif scalar_of(slot.type) is None and context.flow and context.style is None:
        # In a list in brackets each mapping has brackets of its own.
        for item in keys(scene, slot, set(), Layout("", flow=True)):
            yield evolve(item, text=f"{{{item.text}\\}}")
    else:
        yield from _others(scene, slot)


def _others(scene: Scene, slot: Slot) -> Iterator[Item]:
    """Values that are not items of the list, should it be one, already."""
    path = scene.context.path
    here = set()
    for step in path.steps[-2:] if path is not None else ():
        if type(step.container) is Sequence:
            here |= {item.value for item in step.container.items if type(item) is Scalar}
    yield from (item for item in values(scene, slot) if item.label not in here)


def _layout(scene: Scene) -> Layout:
    """Further lines start below the key, which stands behind the dash of its item."""
    start = scene.context.range.start
    line = scene.analysis.document.lines.content(start.line)
    depth = start.character - (len(line) - len(line.lstrip(" "))) if line[: start.character].strip() else 0
    return Layout(" " * depth + (STEP if scene.context.dash else ""), scene.context.flow)
