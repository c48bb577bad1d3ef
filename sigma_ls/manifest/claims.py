"""Things that only one entry may have: what it means that two do."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Code
from sigma_ls.manifest.ids import pascal_case
from sigma_ls.manifest.report import Claim, Group
from sigma_ls.syntax.blocks import Block
from sigma_ls.syntax.span import Range

LOG_FILTERS = 2
"""Of a log group: CloudWatch Logs user guide, *CloudWatch Logs quotas*."""


@frozen
class Conflict:
    """Two claims to one thing: the later is wrong, the earlier related."""

    code: Code
    message: str
    block: Block
    place: Range
    earlier: Block
    earlier_place: Range
    unless_existing: str = ""
    """The id of a resource that makes no conflict of it where it exists already."""


def conflicts_of(claims: Sequence[tuple[Claim, Block]]) -> list[Conflict]:
    """What is wrong among claims to one thing, given in the document's order."""
    found = []
    first = claims[0]
    by_label = {first[0].label: first}
    by_entry = {(first[0].section, first[0].label): first}
    for later in claims[1:]:
        claim, _ = later
        if claim.group is Group.NOTIFICATION:
            found += _overlap(later, claims)
        elif claim.group is Group.STEP:
            message = f"Another function has this step of '{claim.label}' already: a user pool calls one for each."
            found.append(_conflict(codes.DUPLICATE_STEP, message, first, later))
        elif claim.group is Group.LOG_FILTER:
            if later not in claims[:LOG_FILTERS]:
                message = f"'{claim.label}' has {LOG_FILTERS} filters already, and a log group takes no more."
                found.append(_conflict(codes.LOG_FILTERS, message, first, later))
        elif claim.group is Group.ROUTE:
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


@frozen
class Notification:
    """Objects of a bucket that call a function."""

    events: tuple[str, ...]
    prefix: str
    suffix: str

    def overlaps(self, other: Notification) -> bool:
        """Whether one event of one object may be of both."""
        return (
            (self.prefix.startswith(other.prefix) or other.prefix.startswith(self.prefix))
            and (self.suffix.endswith(other.suffix) or other.suffix.endswith(self.suffix))
            and any(is_within(one, two) or is_within(two, one) for one in self.events for two in other.events)
        )


def is_within(event: str, wider: str) -> bool:
    """Whether every event of the one kind is of the other."""
    return event == wider or event.startswith(f"{wider}:")


def _overlap(later: tuple[Claim, Block], claims: Sequence[tuple[Claim, Block]]) -> list[Conflict]:
    """The first earlier claim that may be of the same object."""
    for earlier in claims:
        if earlier is later:
            break
        if earlier[0].data.overlaps(later[0].data):
            bucket = later[0].label
            message = (
                f"S3 refuses this beside another trigger of '{bucket}': an object could be of both. Make them differ in "
                "'events', 'prefix' or 'suffix'."
            )
            return [evolve(_conflict(codes.OVERLAPPING, message, earlier, later), unless_existing=bucket)]
    return []


def _conflict(code: Code, message: str, earlier: tuple[Claim, Block], later: tuple[Claim, Block]) -> Conflict:
    return Conflict(code, message, later[1], later[0].place, earlier[1], earlier[0].place)
