"""Policy statements from grants."""

from __future__ import annotations

import json
from collections.abc import Iterable

from attrs import evolve

from sigma_ls.synth.cloudformation.expressions import to_json
from sigma_ls.synth.cloudformation.nodes import At, Node, flatten
from sigma_ls.synth.cloudformation.scope import Grant


def statements(granted: Iterable[Grant], own: Iterable[Node] = ()) -> list[Node]:
    """Policy statements: one for all that is granted on the same resources, then the user's own, none twice."""
    by_resources: dict[str, Grant] = {}
    for grant in granted:
        key = json.dumps([to_json(resource) for resource in grant.resources], sort_keys=True)
        known = by_resources.get(key)
        if known is None:
            by_resources[key] = grant
        else:
            by_resources[key] = evolve(known, actions=known.actions + grant.actions)
    # By resource, so that the order of `uses` and of triggers does not show.
    generated = [_statement(by_resources[key]) for key in sorted(by_resources)]

    seen: set[str] = set()
    kept: list[Node] = []
    for statement in (*generated, *own):
        plain = json.dumps(flatten(statement), sort_keys=True)
        if plain not in seen:
            seen.add(plain)
            kept.append(statement)
    return kept


def _statement(grant: Grant) -> Node:
    service_wide = {action.partition(":")[0] for action in grant.actions if action.endswith(":*")}
    actions = sorted(
        action for action in set(grant.actions) if action.endswith(":*") or action.partition(":")[0] not in service_wide
    )
    resources = grant.resources
    resource = resources[0] if len(resources) == 1 else list(resources)
    return At(grant.range, {"Effect": "Allow", "Action": actions, "Resource": resource})
