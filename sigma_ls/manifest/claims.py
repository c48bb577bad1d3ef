"""Things that only one entry may have: what it means that two do."""

from __future__ import annotations

from attrs import frozen

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Code
from sigma_ls.manifest.model import pascal_case
from sigma_ls.manifest.report import Claim
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


def conflict_of(first: Claim, later: Claim) -> tuple[Code, str] | None:
    """What is wrong with the later claim to the same thing, if anything is."""
    match later.group:
        case "key":
            where = f"'{later.section}'" if later.section != "the manifest" else later.section
            message = f"The key '{later.label}' stands in {where} a second time: remove one of the two."
            return codes.DUPLICATE_KEY, message
        case "id" if first.section != later.section:
            message = f"'{later.label}' is declared under '{first.section}' already: functions and resources share ids."
            return codes.DUPLICATE_ID, message
        case "logical id" if first.label != later.label:
            message = (
                f"'{later.label}' and '{first.label}' are both '{pascal_case(later.label)}' in the deployment template: "
                "rename one of them."
            )
            return codes.CLASHING_IDS, message
        case "route":
            message = f"The route '{later.label}' is taken already: two functions cannot answer the same requests."
            return codes.DUPLICATE_ROUTE, message
    return None
