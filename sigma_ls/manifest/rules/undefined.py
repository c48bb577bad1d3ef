"""What is said of ids that nothing declares."""

from __future__ import annotations

from collections.abc import Collection

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Diagnostic, Fix, TextEdit, diagnostic
from sigma_ls.manifest.nearest import nearest
from sigma_ls.manifest.report import Use
from sigma_ls.manifest.schema.types import Id
from sigma_ls.syntax.span import Range


def undefined(use: Use, fitting: Collection[str]) -> Diagnostic:
    """An id that is declared nowhere; `fitting` are those that could stand in its place."""
    words = use.data.words if isinstance(use.data, Id) else ()
    meant = use.id.removeprefix("${").partition(".")[0] if use.id.startswith("${") else ""
    near = meant if meant in fitting else nearest(use.id, (*words, *sorted(fitting)))
    if near is not None:
        hint = f"did you mean '{near}'?"
    elif use.id.startswith("arn:"):
        hint = "an id stands here. Declare it under 'resources' with this ARN as 'existing', and write its id."
    else:
        hint = "declare it under 'functions' or 'resources'."
    message = f"Nothing is declared as '{use.id}': {hint}"
    return diagnostic(codes.UNDEFINED, use.place, message, fix=_change(use.place, near))


def declared_elsewhere(use: Use, stage: str) -> Diagnostic:
    """An id that only another stage declares."""
    place = f"the stage '{use.stage}'" if use.stage else "every stage"
    message = f"'{use.id}' is declared only in the stage '{stage}', not in {place}."
    return diagnostic(codes.UNDEFINED, use.place, message)


def nothing_removed(name: str, place: Range, others: Collection[str]) -> Diagnostic:
    """A stage's `null` for what is declared nowhere."""
    near = nearest(name, sorted(others))
    hint = f": did you mean '{near}'?" if near is not None else "."
    message = f"Nothing is removed: '{name}' is not declared{hint}"
    return diagnostic(codes.NO_EFFECT, place, message, fix=_change(place, near))


def _change(place: Range, near: str | None) -> Fix | None:
    return Fix(f"Change to '{near}'", (TextEdit(place, near),)) if near is not None else None
