"""Outputs: what one wants to know of a deployment, and what the manifest names itself."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Api, Cache, Database, Function, Resource, StateMachine, UrlTrigger
from sigma_ls.synth.cloudformation import domain, references
from sigma_ls.synth.cloudformation.api import own_url
from sigma_ls.synth.cloudformation.expressions import Expression, join
from sigma_ls.synth.cloudformation.limits import OUTPUTS
from sigma_ls.synth.cloudformation.nodes import At, Node, sourced
from sigma_ls.synth.cloudformation.scope import Scope, logical_id

# Of more than CloudFormation takes, those are left out that one misses least.
_ARN = "Arn"


def outputs(scope: Scope) -> dict[str, Node]:
    """Addresses and ARNs of what is deployed, and the manifest's own outputs, which win."""
    own: dict[str, Node] = {}
    for name, output in scope.project.outputs.items():
        node = {
            "Value": sourced(output.origin, references.expression(scope, output.value), "value"),
            "Description": sourced(output.origin, output.description, "description"),
        }
        own[name] = At(output.origin.key, node)
    usual = {name: node for name, node in _usual(scope) if name not in own}
    if len(own) + len(usual) > OUTPUTS:
        usual = {name: node for name, node in usual.items() if not name.endswith(_ARN)}
    if len(own) + len(usual) > OUTPUTS:
        usual = {}
    return {**usual, **own}


def _usual(scope: Scope) -> Iterator[tuple[str, Node]]:
    deployed = (scope.project.resources[resource_id] for resource_id in sorted(scope.usage.deployed))
    for _, function in sorted(scope.project.functions.items()):
        yield from _of(scope, function)
    for resource in deployed:
        if resource.existing is None:
            yield from _of(scope, resource)


def _of(scope: Scope, thing: Function | Resource) -> Iterator[tuple[str, Node]]:
    place = thing.origin.key

    def attribute(name: str) -> Expression:
        return scope.attribute(thing.id, name, place)

    def output(kind: str, value: Expression, what: str, joint: str = "of") -> tuple[str, Node]:
        node = {"Value": value, "Description": f"{what} {joint} {thing.id}."}
        return f"{logical_id(thing.id)}{kind}", At(place, node)

    match thing:
        case Function():
            yield output(_ARN, attribute("arn"), "ARN")
            if any(isinstance(trigger, UrlTrigger) for trigger in thing.triggers):
                yield output("Url", attribute("url"), "URL")
        case Api():
            yield output("Url", attribute("url"), "URL")
            if thing.domain is not None and (own := own_url(scope, thing)) is not None:
                # It answers before the records of the domain do.
                yield output("DefaultUrl", own, "API Gateway's own URL")
                if thing.domain.zone is None:
                    what = f"What a CNAME record of {thing.domain.name} must name"
                    yield output("DomainTarget", domain.target(scope, thing), what, "to lead to")
        case StateMachine():
            yield output(_ARN, attribute("arn"), "ARN")
        case Database() | Cache():
            yield output("Endpoint", join(attribute("endpoint"), ":", attribute("port")), "Host and port")
        case _:
            pass
