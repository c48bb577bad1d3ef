"""Things that only one entry may have: what it means that two do."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Code
from sigma_ls.manifest.model import pascal_case
from sigma_ls.manifest.report import Claim, Group
from sigma_ls.syntax.blocks import Block
from sigma_ls.syntax.span import Range


@frozen
class Conflict:
    """Two claims to one thing: the later is wrong, the earlier related."""

    code: Code
    message: str
    block: Block
    place: Range
    earlier: Block
    earlier_place: Range


def conflicts_of(claims: Sequence[tuple[Claim, Block]]) -> list[Conflict]:
    """What is wrong among claims to one thing, given in the document's order."""
    found = []
    first = claims[0]
    by_label = {first[0].label: first}
    by_entry = {(first[0].section, first[0].label): first}
    for later in claims[1:]:
        claim, _ = later
        if claim.group is Group.ROUTE:
            message = f"The route '{claim.label}' is taken already: two functions cannot answer the same requests."
            found.append(_conflict(codes.DUPLICATE_ROUTE, message, first, later))
        elif (same := by_entry.get((claim.section, claim.label))) is not None:
            where = f"'{claim.section}'" if claim.section else "the manifest"
            message = f"The key '{claim.label}' stands in {where} a second time: remove one of the two."
            found.append(_conflict(codes.DUPLICATE_KEY, message, same, later))
        elif (same := by_label.get(claim.label)) is not None:
            message = (
                f"'{claim.label}' is declared under '{same[0].section}' already: functions and resources share ids."
            )
            found.append(_conflict(codes.DUPLICATE_ID, message, same, later))
        else:
            message = (
                f"'{claim.label}' and '{first[0].label}' are both '{pascal_case(claim.label)}' in the deployment "
                "template: rename one of them."
            )
            found.append(_conflict(codes.CLASHING_IDS, message, first, later))
        by_label.setdefault(claim.label, later)
        by_entry.setdefault((claim.section, claim.label), later)
    return found


def _conflict(code: Code, message: str, earlier: tuple[Claim, Block], later: tuple[Claim, Block]) -> Conflict:
    return Conflict(code, message, later[1], later[0].place, earlier[1], earlier[0].place)
