"""Values that are asked for at deployment: one `NoEcho` parameter for each."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from sigma_ls.manifest.model import Ask, Project, pascal_case
from sigma_ls.synth.cloudformation.names import LogicalIds
from sigma_ls.synth.cloudformation.nodes import At, Node
from sigma_ls.synth.template import TemplateParameter


@frozen
class Asked:
    """The parameters, their nodes by logical id, and the logical id for each function's environment key."""

    parameters: tuple[TemplateParameter, ...]
    nodes: Mapping[str, Node]
    by_use: Mapping[tuple[str, str], str]


def asked_values(project: Project, ids: LogicalIds) -> Asked:
    """A value is named by its environment key; by `function.KEY` where functions ask for different ones by that key."""
    uses: dict[str, dict[str, Ask]] = {}
    for function in sorted(project.functions.values(), key=lambda function: function.id):
        for key, value in function.environment.items():
            if isinstance(value, Ask):
                uses.setdefault(key, {})[function.id] = value

    parameters: dict[str, TemplateParameter] = {}
    nodes: dict[str, Node] = {}
    by_use: dict[tuple[str, str], str] = {}
    for key, asks in sorted(uses.items()):
        shared = len({ask.title for ask in asks.values()}) == 1
        for function_id, ask in asks.items():
            owner = () if shared else (function_id,)
            name = ids.companion(*owner, kind=_pascal_case_of_key(key))
            by_use[function_id, key] = name
            if name not in parameters:
                parameters[name] = TemplateParameter(".".join((*owner, key)), name, ask.title)
                place = project.functions[function_id].origin.at("environment", key)
                nodes[name] = At(place, {"Type": "String", "NoEcho": True, "Description": ask.title})
    return Asked(tuple(parameters[name] for name in sorted(parameters)), nodes, by_use)


def _pascal_case_of_key(key: str) -> str:
    """`StripeKey` of `STRIPE_KEY`; a key that has small letters keeps its capitals."""
    words = [word.lower() if key == key.upper() else word for word in key.split("_")]
    return pascal_case("-".join(words))
