"""A deployment's places in the manifest, between our code points and the editor's units."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable

from attrs import evolve

from sigma_ls.deploy.snapshot import Cause, Change, Deployment, Failure, Location
from sigma_ls.lsp.client import Encoding
from sigma_ls.syntax.lines import Lines
from sigma_ls.syntax.span import Range

LinesOf = Callable[[str], Lines | None]
"""The text behind a URI, where it can be had."""


def deployment_in_units(deployment: Deployment, lines_of: LinesOf, encoding: Encoding) -> Deployment:
    """The same deployment with its manifest places in the editor's units."""
    # All rows are of one manifest, as a rule: it is looked for once.
    text_of = functools.cache(lines_of)

    def placed(location: Location | None) -> Location | None:
        lines = text_of(location.uri) if location is not None else None
        if location is None or lines is None:
            return location
        start, end = lines.to_units(location.range.start, encoding), lines.to_units(location.range.end, encoding)
        if start is location.range.start and end is location.range.end:
            return location
        return Location(location.uri, Range(start, end))

    def cause(item: Cause) -> Cause:
        location = placed(item.location)
        return item if location is item.location else evolve(item, location=location)

    def change(item: Change) -> Change:
        # Most lines need no conversion, and of what stays the same the wire remembers what it is there.
        location, causes = placed(item.location), tuple(map(cause, item.causes))
        if location is item.location and all(map(operator.is_, causes, item.causes)):
            return item
        return evolve(item, location=location, causes=causes)

    def failure(item: Failure) -> Failure:
        return evolve(item, location=placed(item.location))

    return evolve(
        deployment,
        changes=tuple(map(change, deployment.changes)),
        failures=tuple(map(failure, deployment.failures)),
    )
