"""A deployment template as data, with the way back to the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from sigma_ls.syntax.span import START, Range

TemplatePath = tuple[str | int, ...]


@frozen
class CodeLocation:
    """Where a function's archive lies in the cloud's storage."""

    bucket: str
    key: str


@frozen
class SourceMap:
    """Template path → manifest range, for every node that came from somewhere."""

    ranges: Mapping[TemplatePath, Range] = field(factory=dict)

    def at(self, *path: str | int) -> Range:
        """The range for `path`, or for the nearest node above it."""
        for length in range(len(path), 0, -1):
            if (found := self.ranges.get(path[:length])) is not None:
                return found
        return START


@frozen
class TemplateParameter:
    """A value that is asked for at deployment; `name` is the manifest's, `id` the template parameter's."""

    name: str
    id: str
    title: str
    secret: bool = True


@frozen
class Template:
    """A generated template.

    `body` is plain JSON data, its keys in the order in which they are rendered.  `resources` maps each logical id to
    the manifest id that it serves (several for one function: its role, its log group …), `unused` names the resources
    that were left out since nothing refers to them.
    """

    body: Mapping[str, Any]
    sources: SourceMap
    resources: Mapping[str, str]
    parameters: tuple[TemplateParameter, ...] = ()
    unused: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
