"""Rules between a place that mentions an id and what that id is declared as."""

from __future__ import annotations

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Fix, TextEdit
from sigma_ls.manifest.nearest import listed, nearest
from sigma_ls.manifest.report import Definition, Report, Use
from sigma_ls.manifest.schema.capabilities import CLIENTS, FUNCTION, OPERATIONS, attributes
from sigma_ls.manifest.schema.types import Id
from sigma_ls.syntax.span import Range

_ANY = "*"
_MOST_LISTED = 12
"""Attributes in a message; some types have a hundred."""


def judge_kind(use: Use, found: Definition, report: Report) -> None:
    """An id where only some types may stand."""
    wanted: Id = use.data
    if not wanted.kinds or found.kind in wanted.kinds or (wanted.free and found.kind not in wanted.kinds):
        return
    message = f"'{use.id}' is {_a(found)}, but {wanted.role} is a {listed(wanted.kinds)}."
    report.add_at(codes.WRONG_RESOURCE, use.place, message)


def judge_attribute(use: Use, found: Definition, report: Report) -> None:
    """`${id.attribute}`; a type of the cloud has attributes that only the cloud's schemas know."""
    attribute, spot = use.data
    known = attributes(found.kind, None) if not found.raw else _raw_attributes(found)
    if known is None:
        return
    if attribute in known:
        if attribute == "url" and found.kind == FUNCTION and not found.has_url:
            message = f"'{use.id}' has no url: it has no trigger of the kind 'url'."
            report.add_at(codes.UNKNOWN_ATTRIBUTE, use.place, message)
        return
    if attribute.startswith(CLIENTS) and found.kind == "userPool":
        if attribute.removeprefix(CLIENTS) in found.clients:
            return
        known = tuple(f"{CLIENTS}{name}" for name in found.clients) or known
    near = nearest(attribute, known)
    place = Range.of(*spot)
    # Where the two are one, the text is not written as it reads, and nothing in it can be pointed at.
    exact = spot != use.spot
    fix = Fix(f"Change to '{near}'", (TextEdit(place, near),)) if near is not None and exact else None
    shown = [*known[:_MOST_LISTED], "others"] if len(known) > _MOST_LISTED else known
    hint = f"did you mean '{near}'?" if near is not None else f"it has {listed(shown, 'and')}."
    report.add_at(
        codes.UNKNOWN_ATTRIBUTE, place, f"{_a(found, upper=True)} has no attribute '{attribute}': {hint}", fix=fix
    )


def _raw_attributes(found: Definition) -> tuple[str, ...] | None:
    """Those of a type of the cloud itself; nothing where any may be there."""
    from sigma_ls.manifest.facts.attributes import ATTRIBUTES  # noqa: PLC0415 - large, and few manifests need it

    given = ATTRIBUTES.get(found.kind, _ANY)
    if given == _ANY:
        return None
    if found.existing:
        return ("ref", "name", "arn")
    own = given.split()
    return ("ref", "name", *(["arn"] if "Arn" in own else []), *own)


def judge_operation(use: Use, found: Definition, report: Report) -> None:
    """An operation under `uses`."""
    operation: str = use.data
    if found.raw:
        message = (
            f"'{use.id}' is of a type of the cloud itself ({found.kind}), which has no operations: "
            "write what is needed under 'permissions'."
        )
        report.add_at(codes.UNKNOWN_OPERATION, use.place, message)
        return
    known = OPERATIONS.get(found.kind, {})
    if operation in known:
        return
    near = nearest(operation, tuple(known))
    fix = Fix(f"Change to '{near}'", (TextEdit(use.place, near),)) if near is not None else None
    has = f"it has {listed(known, 'and')}" if known else "it has none"
    report.add_at(
        codes.UNKNOWN_OPERATION, use.place, f"{_a(found, upper=True)} has no operation '{operation}': {has}.", fix=fix
    )


def _a(found: Definition, *, upper: bool = False) -> str:
    kind = found.kind
    article = "an" if kind[0] in "aeioAEIO" else "a"
    return f"{article.capitalize() if upper else article} {kind}"
