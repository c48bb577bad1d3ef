"""What is wrong with one entry of a manifest, in the document's lines; with what the `Index` knows of the others."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from sigma_ls.manifest import codes, tops
from sigma_ls.manifest.diagnostic import Diagnostic, Related, diagnostic, shifted, shifted_fix
from sigma_ls.manifest.index import Index, ordered
from sigma_ls.manifest.keyed import each_key
from sigma_ls.manifest.nearest import MOST_WORDS
from sigma_ls.manifest.noted import Entry
from sigma_ls.manifest.report import Definition, Use
from sigma_ls.manifest.rules.undefined import declared_elsewhere, undefined
from sigma_ls.manifest.rules.variables import too_large
from sigma_ls.manifest.schema.types import Id
from sigma_ls.syntax.blocks import Block

MOST_IDS = 1_000
"""Of more ids none is looked for that fits in the place of an undefined one: telling their types takes too long."""


def placed(index: Index, block: Block) -> list[Diagnostic]:
    """What is wrong with one block, in the document's lines."""
    entry: Entry = block.data
    start = block.start
    if entry.shown is not None and entry.shown[0] == start:
        return entry.shown[1]
    alone = True
    found = [shifted(each, start) for each in entry.report.diagnostics]
    for each, name in entry.judged:
        moved = shifted(each, start)
        if each.related and (definition := index.resolve(name)) is not None and definition[1] is not None:
            alone = False
            place = definition[0].place.shifted(definition[1].start)
            moved = evolve(moved, related=tuple(Related(related.message, place) for related in each.related))
            if each.fix is not None and each.fix.at_declaration:
                moved = evolve(moved, fix=shifted_fix(each.fix, definition[1].start))
        found.append(moved)
    found += [shifted(_undefined(index, use), start) for use in entry.undefined]
    found += [shifted(each, start) for each in entry.faults]
    found += [shifted(_unused(each), start) for each in entry.unused]
    project = tops.environment(ordered(index.tops)) if entry.heavy else None
    if project is not None:
        alone = False
        related = Related("The project's variables.", project[0].place.shifted(project[1].start))
        found += [too_large(each, project[0], each.place.shifted(start), related) for each in entry.heavy]
    if alone:
        entry.shown = start, found
    return found


def _undefined(index: Index, use: Use) -> Diagnostic:
    stages = [each.stage for each in index.all_of(use.id) if each.stage]
    if stages:
        return declared_elsewhere(use, stages[0])
    return undefined(use, _fitting(index, use.data.kinds if isinstance(use.data, Id) else ()))


def _fitting(index: Index, kinds: tuple[str, ...]) -> Sequence[str]:
    """The ids of these kinds, or all of them; none where there are too many to look for a near one."""
    if (known := index.by_kinds.get(kinds)) is None:
        few = len(index.definitions) <= (MOST_IDS if kinds else MOST_WORDS)
        of = frozenset(kinds)
        known = index.by_kinds[kinds] = [
            name
            for name, found in (each_key(index.definitions) if few else ())
            if not kinds or any(each.kind in of for each, _ in found)
        ]
    return known


def _unused(definition: Definition) -> Diagnostic:
    message = f"Nothing uses '{definition.id}': it is left out of the deployment, and can be removed."
    return diagnostic(codes.UNUSED, definition.place, message)
