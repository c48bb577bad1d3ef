"""What a change set compares: the properties of both templates, with references resolved.

ministack resolves none to a resource, so that an attribute of one is to it the same as that of another, and a change
from one to the other none.
"""

import copy

import ministack.services.cloudformation.changesets as ministack_changesets
from ministack.services.cloudformation import _stacks
from ministack.services.cloudformation.engine import _evaluate_conditions, _resolve_refs


def install():
    """Put it in place."""
    ministack_changesets._resolve_props_for_diff = _resolved


class _NewAttributes(dict):
    """The attributes of a resource that is still to be made: each is only like itself."""

    def __init__(self, logical_id):
        super().__init__()
        self._logical_id = logical_id

    def __contains__(self, name):
        return True

    def __getitem__(self, name):
        return f"{{{{{self._logical_id}.{name}}}}}"


def _resolved(template, params, stack_name, stack_id):
    """The resources of the template with resolved properties.  The signature is ministack's."""
    definitions = (template or {}).get("Resources") or {}
    resources = {name: {"PhysicalResourceId": name, "Attributes": _NewAttributes(name)} for name in definitions}
    resources |= (_stacks.get(stack_name) or {}).get("_resources", {})
    arguments = (
        resources, params, _evaluate_conditions(template, params) if template else {},
        (template or {}).get("Mappings") or {}, stack_name, stack_id,
    )  # fmt: skip
    return {
        "Resources": {
            name: {**definition, "Properties": _attempted(definition.get("Properties") or {}, arguments)}
            for name, definition in definitions.items()
        }
    }


def _attempted(properties, arguments):
    try:
        return _resolve_refs(copy.deepcopy(properties), *arguments)
    except Exception:  # noqa: BLE001 - the deployment will say what is wrong
        return properties
