"""What all resources of named types have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from sigma_ls.manifest.model import ResourceBase
from sigma_ls.synth.cloudformation import references
from sigma_ls.synth.cloudformation.merge import merge
from sigma_ls.synth.cloudformation.nodes import Node
from sigma_ls.synth.cloudformation.scope import Part, Policy, Scope, logical_id


def main_part(
    scope: Scope,
    resource: ResourceBase,
    type_name: str,
    properties: Mapping[str, Node],
    *,
    depends_on: tuple[str, ...] = (),
    last: Policy | None = None,
) -> Part:
    """The resource itself, with the manifest's `properties` laid over the generated ones.

    `last` is what happens to it when it is removed or replaced, unless the manifest says `keep`.
    """
    direct = references.node(scope, resource.properties, resource.origin, "properties")
    return Part(
        logical_id=logical_id(resource.id),
        type=type_name,
        owner=resource.id,
        range=resource.origin.key,
        properties=cast("Mapping[str, Node]", merge(dict(properties), direct)) if resource.properties else properties,
        depends_on=depends_on,
        last="Retain" if resource.keep else last,
    )
