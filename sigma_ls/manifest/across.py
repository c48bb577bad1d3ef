"""What is wrong between a manifest's entries and with the whole of it, read from the `Index`."""

from __future__ import annotations

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Diagnostic, Related, diagnostic, shifted
from sigma_ls.manifest.ids import IMPLICIT_API, pascal_case
from sigma_ls.manifest.index import Index
from sigma_ls.manifest.keyed import facts_of
from sigma_ls.manifest.nearest import MOST_WORDS
from sigma_ls.manifest.report import Report
from sigma_ls.manifest.rules.top import NO_STAGES, check_engine_types, check_names
from sigma_ls.manifest.rules.undefined import nothing_removed
from sigma_ls.syntax.span import Range


def across(index: Index) -> list[Diagnostic]:
    """What is wrong between entries and with the whole, in the document's lines."""
    found = [
        diagnostic(
            each.code,
            each.place.shifted(each.block.start),
            each.message,
            related=(Related("The first one.", each.earlier_place.shifted(each.earlier.start)),),
        )
        for conflicts in index.conflicts.values()
        for each in conflicts
        if not (each.unless_existing and _exists(index, each.unless_existing))
    ]
    for block in index.google_types:
        report = Report()
        check_engine_types(block.data.report.google_types, index.engine, report)
        found += [shifted(each, block.start) for each in report.diagnostics]
    return found + _beside_the_implicit_api(index) + _of_stages(index) + index.whole


def _beside_the_implicit_api(index: Index) -> list[Diagnostic]:
    """An id that is the implicit api's in the deployment template."""
    if not index.implicit or IMPLICIT_API in index.definitions:
        return []
    message = (
        f"'%s' and the api '{IMPLICIT_API}', which http triggers without 'api' use, are both "
        f"'{pascal_case(IMPLICIT_API)}' in the deployment template: rename it."
    )
    return [
        diagnostic(codes.CLASHING_IDS, claim.place.shifted(block.start), message % claim.label)
        for claim, block in facts_of(index.claims, f"id {pascal_case(IMPLICIT_API)}")[:1]
    ]


def _of_stages(index: Index) -> list[Diagnostic]:
    """What is wrong with stages together: names that they share, what they remove, and that there are none."""
    found: list[Diagnostic] = []
    if index.stage_names and not index.stages and not index.stage:
        message = f"'${{stage}}' {NO_STAGES}"
        found += [
            diagnostic(codes.NO_STAGE, Range.of(*spot).shifted(block.start), message)
            for block in index.stage_names
            for spot in block.data.report.stage_names
        ]
    if len(index.of_one_target) > 1:
        gone = {each[:2] for block in index.removals for each in block.data.report.removals}
        for block in index.named:
            report = Report()
            for named in block.data.report.definitions:
                if not named.stage:
                    stages = [each for each in index.of_one_target if (named.id, each) not in gone]
                    check_names(named, index.all_of(named.id), stages, report)
            found += [shifted(each, block.start) for each in report.diagnostics]
    for block in index.removals:
        removed = {name: spot for name, _, spot in block.data.report.removals}
        declared = index.definitions if len(index.definitions) <= MOST_WORDS else ()
        others = [name for name in declared if name not in removed]
        for name, spot in removed.items():
            if not any(not each.stage for each in index.all_of(name)):
                found.append(nothing_removed(name, Range.of(*spot).shifted(block.start), others))
    return found


def _exists(index: Index, name: str) -> bool:
    found = index.resolve(name)
    return found is not None and found[0].existing
