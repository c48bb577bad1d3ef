"""Asked values in what a cloud says: an error of a service may repeat what it was given."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar, cast

import attrs

from sigma_ls.deploy.facts import HIDDEN

T = TypeVar("T")

SHORTEST = 4
"""Characters of a value that is looked for.  A guess: a shorter one is in many words by chance, and no secret."""


def masked(value: T, secrets: Collection[str]) -> T:
    """The same (a text, an attrs instance, a tuple or a mapping of them) with `secrets` hidden wherever they stand."""
    sought = sorted((each for each in secrets if len(each) >= SHORTEST), key=len, reverse=True)
    return cast("T", _masked(value, sought)) if sought else value


def _masked(value: Any, secrets: Collection[str]) -> Any:
    match value:
        case str():
            for secret in secrets:
                value = value.replace(secret, HIDDEN)
            return value
        case tuple():
            return tuple(_masked(each, secrets) for each in value)
        case Mapping():
            return {name: _masked(each, secrets) for name, each in value.items()}
        case _ if attrs.has(type(value)):
            found = {field.name: getattr(value, field.name) for field in attrs.fields(type(value))}
            hidden = {name: _masked(each, secrets) for name, each in found.items()}
            return attrs.evolve(value, **{name: each for name, each in hidden.items() if each != found[name]})
        case _:
            return value
