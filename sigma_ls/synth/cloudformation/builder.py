"""Parts, parameters and outputs → the template's body and its source map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from attrs import frozen

from sigma_ls.manifest.model import Json
from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation.merge import merge
from sigma_ls.synth.cloudformation.nodes import At, Node, bare, flatten
from sigma_ls.synth.cloudformation.scope import Part
from sigma_ls.synth.template import SourceMap, TemplatePath
from sigma_ls.synth.unsupported import Unsupported


@frozen
class Built:
    """The body as plain JSON with its source map, and the manifest id that each logical id serves."""

    body: Mapping[str, Json]
    sources: SourceMap
    resources: Mapping[str, str]


def build(
    description: Node, parameters: Mapping[str, Node], parts: Iterable[Part], outputs: Mapping[str, Node], overlay: Node
) -> Built:
    """The template, with `overlay` (the `template` block) laid over it."""
    resources: dict[str, Node] = {}
    owners: dict[str, str] = {}
    for part in parts:
        if part.logical_id in resources:
            message = (
                f"`{part.owner}` is wired twice in the same way: the template would hold `{part.logical_id}` twice."
            )
            raise Unsupported(message, part.range)
        resources[part.logical_id] = At(part.range, _resource(part))
        owners[part.logical_id] = part.owner
    generated: dict[str, Node] = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": description,
        "Parameters": parameters or None,
        "Resources": resources,
        "Outputs": outputs or None,
    }
    ranges: dict[TemplatePath, Range] = {}
    body = cast("dict[str, Any]", flatten(merge(generated, overlay), ranges))
    left = body.get("Resources", {})
    return Built(body, SourceMap(ranges), {name: owner for name, owner in sorted(owners.items()) if name in left})


def _resource(part: Part) -> Node:
    properties = {key: value for key, value in part.properties.items() if bare(value) is not None}
    return {
        "Type": part.type,
        "DependsOn": list(part.depends_on) or None,
        "DeletionPolicy": part.last,
        "UpdateReplacePolicy": part.last,
        "Properties": properties or None,
    }
