"""The ids of a manifest, as a place in it may name them."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.analysis import Analysis
from sigma_ls.manifest.ids import IMPLICIT_API
from sigma_ls.manifest.report import Definition
from sigma_ls.manifest.schema.types import Platform


def things(analysis: Analysis, stage: str) -> Iterator[Definition]:
    """All declared functions and resources that are there in a stage, or (without one) in all."""
    index = analysis.index
    for name in index.ids():
        found = index.resolve(name, stage)
        if found is not None:
            yield found[0]
    if index.has_implicit_api and IMPLICIT_API not in index.ids():
        yield Definition(IMPLICIT_API, "api")


def ids_of(analysis: Analysis, stage: str, kinds: tuple[str, ...]) -> Iterator[Definition]:
    """Those of some kinds; of all, where none is named."""
    for found in things(analysis, stage):
        if not kinds or found.kind in kinds:
            yield found


def attributes_of_id(found: Definition, platform: Platform | None) -> tuple[str, ...]:
    """What `${id.attribute}` may name of it."""
    from sigma_ls.ide.describe import attributes_of  # noqa: PLC0415 - it loads the long descriptions

    return attributes_of(found, platform)
