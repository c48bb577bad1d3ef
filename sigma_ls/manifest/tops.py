"""What the blocks of the top level say, as rules for the whole manifest look at it; each question takes the blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from sigma_ls.manifest.report import Environment, TopFact
from sigma_ls.manifest.schema.types import Platform, platform_named
from sigma_ls.syntax.blocks import Block


def every(blocks: Iterable[Block]) -> Iterator[TopFact]:
    """Every fact, places counted from its block's first line."""
    for block in blocks:
        yield from block.data.report.tops


def facts(blocks: Iterable[Block]) -> dict[str, TopFact]:
    """By their names, in the document's lines; of duplicates the first, so `blocks` are in the document's order."""
    found: dict[str, TopFact] = {}
    for block in blocks:
        for fact in block.data.report.tops:
            place, value_place = fact.place.shifted(block.start), fact.value_place.shifted(block.start)
            found.setdefault(fact.name, evolve(fact, place=place, value_place=value_place))
    return found


def platform(blocks: Iterable[Block]) -> Platform | None:
    """The platform that the manifest names, where it is one; of several the first, so `blocks` are in order."""
    return next((platform_named(fact.value) for fact in every(blocks) if fact.name == "platform"), None)


def overrides_entries(blocks: Iterable[Block]) -> bool:
    """Whether any stage overrides more than where to deploy."""
    return any(
        fact.name.startswith("stages.") and not fact.keys.isdisjoint(("functions", "resources", "environment"))
        for fact in every(blocks)
    )


def template_is_a_file(blocks: Iterable[Block]) -> bool:
    """Whether `template` names a file, in which anything may be referred to."""
    return any(fact.name == "template" and fact.value for fact in every(blocks))


def environment(blocks: Iterable[Block]) -> tuple[Environment, Block] | None:
    """The project's variables, and the block that has them."""
    for block in blocks:
        for each in block.data.report.environments:
            if not each.id:
                return each, block
    return None
