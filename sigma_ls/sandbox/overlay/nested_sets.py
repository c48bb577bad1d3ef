"""Change sets of nested stacks: what a change set with `IncludeNestedStacks` makes for each nested stack that it lists.

They are only to be looked at: executing or deleting the root's disposes of them.  Unlike on AWS, a nested stack whose
own template alone changed, at the same address, is not listed, and a new one has no empty stack until it is made.
"""

from xml.etree import ElementTree as ET

import ministack.services.cloudformation.changesets as ministack_changesets
from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services.cloudformation import _change_sets, _stacks
from ministack.services.cloudformation.engine import _parse_template, _resolve_parameters
from ministack.services.cloudformation.helpers import CFN_NS, _resolve_template

from . import values

_KIND = "AWS::CloudFormation::Stack"
_NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."


def include(root, parent):
    """Make those of a change set, `parent`, which `root` is or is within."""
    template, params = parent["_template"], parent["_resolved_params"]
    resolved = ministack_changesets._resolve_props_for_diff(template, params, parent["StackName"], parent["StackId"])
    held = _stacks.get(parent["StackName"], {}).get("_resources", {})
    for change in parent["Changes"]:
        resource = change["ResourceChange"]
        name = resource["LogicalResourceId"]
        if resource["ResourceType"] != _KIND or resource["Action"] == "Remove":
            continue
        made = _made(root, parent, name, resolved["Resources"][name]["Properties"], held.get(name))
        if made is None:
            # Its template is not there, or refers to what is still to be made: the execution will tell.
            continue
        _change_sets[made["ChangeSetId"]] = made
        root.setdefault("_nested", []).append(made["ChangeSetId"])
        resource["ChangeSetId"] = made["ChangeSetId"]
        include(root, made)


def _made(root, parent, logical_id, properties, held):
    stack = next(
        (each for each in _stacks.values() if held and each["StackId"] == held["PhysicalResourceId"]), None
    ) or {"StackName": f"{parent['StackName']}-{logical_id}", "StackId": ""}
    try:
        body, refusal = _resolve_template({"TemplateURL": [properties.get("TemplateURL") or ""]})
        template = _parse_template(body) if body and not refusal else None
        given = [{"Key": key, "Value": str(value)} for key, value in (properties.get("Parameters") or {}).items()]
        params = _resolve_parameters(template, given, stack.get("_resolved_params", {})) if template else {}
    except ValueError:
        return None
    if template is None:
        return None
    name, stack_id = stack["StackName"], stack["StackId"]
    before = stack.get("_resolved_params", {})
    changes = ministack_changesets._diff_resources(
        ministack_changesets._resolve_props_for_diff(stack.get("_template", {}), before, name, stack_id),
        ministack_changesets._resolve_props_for_diff(template, params, name, stack_id),
        stack.get("_resources"),
        template,
        {key for key, value in params.items() if before.get(key, {}).get("Value") != value.get("Value")},
        (),
    )
    set_name = f"{parent['ChangeSetName']}-{logical_id}"
    made = {
        **root,
        "ChangeSetId": f"arn:aws:cloudformation:{get_region()}:{get_account_id()}:changeSet/{set_name}/{new_uuid()}",
        "ChangeSetName": set_name,
        "ChangeSetType": "UPDATE" if stack_id else "CREATE",
        "StackId": stack_id or f"arn:aws:cloudformation:{get_region()}:{get_account_id()}:stack/{name}/{new_uuid()}",
        "StackName": name,
        "Status": "CREATE_COMPLETE" if changes else "FAILED",
        "ExecutionStatus": "UNAVAILABLE",
        "StatusReason": "" if changes else _NO_CHANGES,
        "Changes": changes,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value["Value"]} for key, value in params.items()],
        "_template": template,
        "_resolved_params": params,
        "_nested": [],
    }
    made["_values"] = values.of(made, {**stack, "StackId": made["StackId"]})
    return made


def dispose(change_set):
    """Forget those of a change set that is executed or deleted."""
    for arn in change_set.pop("_nested", ()):
        _change_sets.pop(arn, None)


def told(body, change_set):
    """The body of the answer to DescribeChangeSet with the ids of nested change sets in it."""
    ids = [change["ResourceChange"].get("ChangeSetId") for change in change_set["Changes"]]
    if not any(ids):
        return body
    ET.register_namespace("", CFN_NS)
    root = ET.fromstring(body)  # noqa: S314 - ministack has just written it
    for arn, element in zip(ids, root.iter(f"{{{CFN_NS}}}ResourceChange"), strict=True):
        if arn:
            ET.SubElement(element, f"{{{CFN_NS}}}ChangeSetId").text = arn
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)
