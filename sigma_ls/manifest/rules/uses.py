"""Rules between a place that mentions an id and what that id is declared as."""

from __future__ import annotations

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Fix, TextEdit
from sigma_ls.manifest.nearest import listed, nearest
from sigma_ls.manifest.report import Definition, Report, Use
from sigma_ls.manifest.schema.capabilities import CLIENTS, FUNCTION, OPERATIONS, attributes
from sigma_ls.manifest.schema.types import Id
from sigma_ls.manifest.wording import upper_first, with_article
from sigma_ls.syntax.span import Range

_ANY = "*"
_MOST_LISTED = 12
"""Attributes in a message; some types have a hundred."""


def judge_kind(use: Use, found: Definition, report: Report) -> None:
    """An id where only some types may stand."""
    wanted: Id = use.data
    if not wanted.kinds or found.kind in wanted.kinds or (wanted.free and found.kind not in wanted.kinds):
        return
    message = f"'{use.id}' is {with_article(found.kind)}, but {wanted.role} is {with_article(listed(wanted.kinds))}."
    report.add_at(codes.WRONG_RESOURCE, use.place, message)


def judge_attribute(use: Use, found: Definition, report: Report) -> None:
    """`${id.attribute}`; a type of the cloud has attributes that only the cloud's schemas know."""
    attribute, spot = use.data
    known = attributes(found.kind, found.platform) if not found.raw else _raw_attributes(found)
    if known is None:
        return
    if attribute in known:
        if (why := _why_unknown(found, attribute)) is not None:
            report.add_at(codes.UNKNOWN_ATTRIBUTE, Range.of(*spot), f"'{use.id}' has no {attribute}: {why}")
        elif attribute == "url" and found.kind == FUNCTION and not found.has_url:
            kind = "http" if found.platform == "gcp" else "url"
            message = f"'{use.id}' has no url: it has no trigger of the kind '{kind}'."
            report.add_at(codes.UNKNOWN_ATTRIBUTE, Range.of(*spot), message)
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
        codes.UNKNOWN_ATTRIBUTE,
        place,
        f"{upper_first(with_article(found.kind))} has no attribute '{attribute}': {hint}",
        fix=fix,
    )


def _why_unknown(found: Definition, attribute: str) -> str | None:
    """Why a thing lacks an attribute that others of its type have."""
    if found.kind in _ADDRESSES and attribute in _ADDRESSES[found.kind] and found.existing:
        return "it exists already, and where it is reached is not known here; write its address."
    if (found.kind, attribute) == ("table", "streamArn") and found.existing and not found.stream:
        return "it exists already; give it 'stream: <the ARN of its stream>'."
    if (found.kind, attribute) == ("userPool", "clientId") and not found.clients and found.platform == "aws":
        return "it declares no client; add 'clients: {web: {}}'."
    return None


_ADDRESSES = {"database": ("endpoint", "port"), "cache": ("endpoint", "port")}


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
        codes.UNKNOWN_OPERATION,
        use.place,
        f"{upper_first(with_article(found.kind))} has no operation '{operation}': {has}.",
        fix=fix,
    )
