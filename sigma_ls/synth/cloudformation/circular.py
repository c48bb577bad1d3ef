"""Circular dependencies, which CloudFormation refuses: found here, so that they are told in the manifest's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sigma_ls.synth.cloudformation.usage import named_in
from sigma_ls.synth.template import Template, TemplatePath
from sigma_ls.synth.unsupported import Unsupported

Edge = tuple[str, TemplatePath]
"""What is depended on, and the path of the node that says so."""


def refuse_circles(template: Template) -> None:
    """Go no further with a template in which something must exist before itself.

    Raises:
        Unsupported: at the first place of the manifest that makes the circle.
    """
    resources = template.body.get("Resources", {})
    graph = {
        name: [edge for edge in _edges(name, resource) if edge[0] in resources] for name, resource in resources.items()
    }
    circle = _circle(graph)
    if circle is None:
        return
    owners = [template.resources.get(name, name) for name, _ in circle]
    # Companions of one thing are one step to whoever wrote the manifest.
    steps = [owner for index, owner in enumerate(owners) if index == 0 or owner != owners[index - 1]]
    if len(steps) > 1 and steps[-1] == steps[0]:
        steps.pop()
    # A circle has no beginning: the same one is always told alike.
    first = steps.index(min(steps))
    steps = [*steps[first:], *steps[:first]]
    chain = " needs ".join(f"`{step}`" for step in (*steps, steps[0]))
    place = next(
        (template.sources.at(*path) for _, path in circle if "Environment" in path), template.sources.at(*circle[0][1])
    )
    message = (
        f"Each of these would have to be made before the next: {chain}. CloudFormation refuses such a circle. Have one of "
        "them find the other when it runs, by a name that you set, instead of by `${…}`."
    )
    raise Unsupported(message, place)


def _circle(graph: Mapping[str, list[Edge]]) -> list[Edge] | None:
    """The edges of a circle, each from what the edge before leads to; iterative, since chains may be long."""
    done: set[str] = set()
    for start in sorted(graph):
        if start in done:
            continue
        trail: list[str] = [start]
        taken: list[Edge] = []
        on_trail = {start}
        waiting = [iter(graph[start])]
        while waiting:
            edge = next(waiting[-1], None)
            if edge is None:
                waiting.pop()
                left = trail.pop()
                on_trail.discard(left)
                done.add(left)
                if taken:
                    taken.pop()
                continue
            name = edge[0]
            if name in on_trail:
                return [*taken[trail.index(name) :], edge]
            if name not in done:
                trail.append(name)
                on_trail.add(name)
                taken.append(edge)
                waiting.append(iter(graph[name]))
    return None


def _edges(name: str, resource: Any) -> Iterator[Edge]:
    if isinstance(resource, Mapping):
        for key in ("DependsOn", "Properties"):
            if key in resource:
                yield from _named(key, resource[key], ("Resources", name, key))


def _named(key: object, value: Any, path: TemplatePath) -> Iterator[Edge]:
    for found in named_in(key, value):
        yield found, path
    if isinstance(value, Mapping):
        for inner_key, inner in value.items():
            yield from _named(inner_key, inner, (*path, inner_key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if not isinstance(item, str):
                yield from _named(None, item, (*path, index))
