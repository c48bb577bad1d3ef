"""What a stack holds, and what its nested stacks hold: all that goes with it.  Changes nothing on the cloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

if TYPE_CHECKING:
    from sigma_ls.providers.aws.stacks import Stacks

NESTED: Final = "AWS::CloudFormation::Stack"
"""The type of a nested stack."""


@frozen
class Held:
    """One resource; `kept` says that its stack's deletion leaves it alone, `failed` that it could not be deleted."""

    type: str
    physical_id: str | None = None
    kept: bool = False
    failed: bool = False


async def held(stacks: Stacks, stack_id: str) -> Mapping[str, Held]:
    """Each resource by its logical id; those within a nested stack behind it, by their whole way (`Inner.Queue`)."""
    kept = await stacks.kept(stack_id)
    found: dict[str, Held] = {}
    for logical_id, resource in (await stacks.resources(stack_id)).items():
        found[logical_id] = evolve(resource, kept=logical_id in kept)
        if resource.type == NESTED and resource.physical_id and logical_id not in kept:
            within = await held(stacks, resource.physical_id)
            found |= {f"{logical_id}.{inner}": each for inner, each in within.items()}
    return found


def lost(holdings: Mapping[str, Held]) -> Mapping[str, str]:
    """The types, by logical id, of what is lost when the stack is deleted."""
    return {logical_id: each.type for logical_id, each in holdings.items() if not each.kept}


def undeletable(holdings: Mapping[str, Held]) -> tuple[str, ...]:
    """The logical ids of the stack's own resources that could not be deleted before; these it can leave behind."""
    return tuple(logical_id for logical_id, each in holdings.items() if each.failed and "." not in logical_id)
