"""Nested stacks: deployed, rolled back and removed as stacks, while the resource that stands for them is in progress.

ministack calls the handlers of this type on threads, since its own block; these hand the work to the event loop.  A
nested stack that fails is left as it is, for the rollback of its parent: that removes it, or rolls it back.
Unlike on AWS, its own clean-up does not wait for its parent's.
"""

import asyncio
import copy
import secrets
import string

import ministack.services.cloudformation.provisioners as ministack_provisioners
import ministack.services.cloudformation.stacks as ministack_stacks
from ministack.core.responses import get_account_id, get_region, new_uuid, now_iso
from ministack.services.cloudformation import _stack_events, _stacks
from ministack.services.cloudformation.engine import _evaluate_conditions, _parse_template, _resolve_parameters
from ministack.services.cloudformation.helpers import _resolve_template

from .deployment import deploy
from .operations import Halted
from .removal import remove_stack
from .rollback import roll_back_later
from .work import NestedStackError

KIND = "AWS::CloudFormation::Stack"
_PREVIOUS = (
    "_resources", "_template", "_template_body", "_resolved_params", "_conditions", "Parameters", "Tags", "Outputs",
)  # fmt: skip


def install():
    """Put all of it in place.  Called on the event loop that is to do the work."""
    loop = asyncio.get_running_loop()

    def on_the_loop(function):
        return lambda *args: asyncio.run_coroutine_threadsafe(function(*args), loop).result()

    ministack_provisioners._RESOURCE_HANDLERS[KIND] = {
        "create": on_the_loop(_create),
        "update": on_the_loop(_update),
        "delete": on_the_loop(_delete),
    }


async def _create(logical_id, props, parent_name):
    parent = _stacks[parent_name]
    # The end of a nested stack's name is AWS's: twelve letters and digits.
    end = "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(12))
    name = f"{parent_name}-{logical_id}-{end}"
    stack_id = f"arn:aws:cloudformation:{get_region()}:{get_account_id()}:stack/{name}/{new_uuid()}"
    wanted = _wanted(props, parent_name, {})
    _stacks[name] = {
        "StackName": name,
        "StackId": stack_id,
        "CreationTime": now_iso(),
        "Outputs": [],
        "DisableRollback": False,
        "_region": get_region(),
        "_resources": {},
        "_template": {},
        "_resolved_params": {},
    }
    _stack_events[stack_id] = []
    # From here on it is there, and has to be removed if it fails.
    parent["_resources"][logical_id]["PhysicalResourceId"] = stack_id
    ministack_stacks._add_event(
        parent["StackId"], parent_name, logical_id, KIND, "CREATE_IN_PROGRESS", "Resource creation Initiated", stack_id
    )
    return await _deploy(_stacks[name], wanted, None)


async def _update(stack_id, _old_props, new_props, parent_name):
    stack = _find(stack_id)
    failure = stack.get("_failed_operation")
    if failure and "ROLLBACK" in _stacks[parent_name]["StackStatus"]:
        await roll_back_later(stack["StackName"], stack_id, stack, failure, "User Initiated")
        if stack["StackStatus"] != "UPDATE_ROLLBACK_COMPLETE":
            raise NestedStackError(f"Embedded stack {stack_id} was not successfully rolled back.")
        return stack_id, _attributes(stack)
    wanted = _wanted(new_props, parent_name, stack.get("_resolved_params", {}))
    return await _deploy(stack, wanted, {key: copy.deepcopy(stack[key]) for key in _PREVIOUS if key in stack})


async def _delete(stack_id, _props):
    stack = _find(stack_id)
    if stack is None or stack["StackStatus"] == "DELETE_COMPLETE":
        return
    await remove_stack(stack["StackName"], stack_id)
    if stack["StackStatus"] != "DELETE_COMPLETE":
        told = stack.get("StackStatusReason", "")
        raise NestedStackError(f"Embedded stack {stack_id} was not successfully deleted: {told}")


def _find(stack_id):
    return next((stack for stack in _stacks.values() if stack["StackId"] == stack_id), None)


def _wanted(props, parent_name, parameters_before):
    """What of a stack's record is given by the resource in its parent."""
    url = props.get("TemplateURL") or ""
    body, refusal = _resolve_template({"TemplateURL": [url]})
    if refusal or not body:
        raise ValueError(f"S3 error: Access Denied or no template at TemplateURL {url!r}")
    template = _parse_template(body)
    ministack_provisioners._check_nested_stack_capabilities(parent_name, template)
    given = [{"Key": name, "Value": str(value)} for name, value in (props.get("Parameters") or {}).items()]
    parameters = _resolve_parameters(template, given, parameters_before)
    tags = ministack_provisioners._tag_map(props.get("Tags"))
    return {
        "Description": template.get("Description", ""),
        "LastUpdatedTime": now_iso(),
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value["Value"], "NoEcho": value["NoEcho"]}
            for key, value in parameters.items()
        ],
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items() if not key.startswith("aws:")],
        "Capabilities": ministack_provisioners._inherited_capabilities(parent_name),
        "_conditions": _evaluate_conditions(template, parameters),
        "_template_body": body,
        "_wanted": (template, parameters),
    }


async def _deploy(stack, wanted, previous):
    name, stack_id = stack["StackName"], stack["StackId"]
    template, parameters = wanted.pop("_wanted")
    verb = "CREATE" if previous is None else "UPDATE"
    stack.update(wanted, StackStatus=f"{verb}_IN_PROGRESS", StackStatusReason="")
    ministack_stacks._add_event(stack_id, name, name, KIND, f"{verb}_IN_PROGRESS", physical_id=stack_id)
    await deploy(
        name, stack_id, template, parameters, False, stack["Tags"], previous is not None, previous, nested=True
    )
    if stack["StackStatus"].endswith("_IN_PROGRESS"):
        # It was halted together with its parent.
        raise Halted
    if stack["StackStatus"] != f"{verb}_COMPLETE":
        done = "created" if previous is None else "updated"
        raise NestedStackError(f"Embedded stack {stack_id} was not successfully {done}: {stack['StackStatusReason']}")
    return stack_id, _attributes(stack)


def _attributes(stack):
    return {f"Outputs.{output['OutputKey']}": output["OutputValue"] for output in stack.get("Outputs", [])}
