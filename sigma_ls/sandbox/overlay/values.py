"""The property values of change sets: what `IncludePropertyValues` adds to their description.

What each resource is before and after, and the same for each changed path within a property.  Values that a deployment
will only bring are written as AWS writes them, secret parameters are masked.
"""

import copy
import json
from xml.etree import ElementTree as ET

import ministack.services.cloudformation.stacks as ministack_stacks
from ministack.services.cloudformation.engine import _evaluate_conditions, _intrinsic_references
from ministack.services.cloudformation.helpers import CFN_NS

UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"
MASK = "****"

_MISSING = object()


class _UnknownAttributes(dict):
    """The attributes of a resource that is to be changed: any can be asked for, and none is known yet."""

    def __contains__(self, name):
        return True

    def __getitem__(self, name):
        return UNKNOWN


def of(change_set, stack):
    """By logical id, what each resource with a change is before and after: two mappings, or None where it is not."""
    updates = change_set["ChangeSetType"] == "UPDATE"
    changes = {
        change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"] for change in change_set["Changes"]
    }
    present = stack.get("_resources", {}) if updates else {}
    before = Side(stack.get("_template") or {}, stack.get("_resolved_params", {}), present, stack)
    after = Side(change_set["_template"], change_set["_resolved_params"], _expected(present, changes), stack)
    return {name: (before.context(name), after.context(name)) for name in changes}


def _expected(present, changes):
    """The records of the resources as far as they are known before the change set is executed."""
    expected = dict(present)
    for name, change in changes.items():
        steady = change["Action"] == "Modify" and change.get("Replacement") == "False"
        expected[name] = {
            **present.get(name, {}),
            "PhysicalResourceId": present[name]["PhysicalResourceId"] if steady else UNKNOWN,
            "Attributes": _UnknownAttributes(),
        }
    return expected


class Side:
    """A template with what its references are resolved to; secret parameters are masked."""

    def __init__(self, template, params, resources, stack):
        self._definitions = template.get("Resources") or {}
        self._arguments = (
            resources,
            {name: {**value, "Value": MASK} if value.get("NoEcho") else value for name, value in params.items()},
            _evaluate_conditions(template, params),
            template.get("Mappings") or {},
            stack["StackName"],
            stack["StackId"],
        )

    def context(self, name):
        """The properties and the other attributes of a resource, or None where it is not in the template."""
        definition = self._definitions.get(name)
        if definition is None:
            return None
        properties = {key: self._value(value) for key, value in (definition.get("Properties") or {}).items()}
        rest = {key: definition[key] for key in ministack_stacks._DIFFED_ATTRIBUTES if key in definition}
        return {
            "Properties": {key: value for key, value in properties.items() if value is not ministack_stacks._NO_VALUE},
            **rest,
        }

    def _value(self, raw):
        try:
            return _settled(ministack_stacks._resolve_refs(raw, *self._arguments))
        except Exception:  # noqa: BLE001 - what cannot be worked out now has to wait for the deployment
            return UNKNOWN


def _settled(value):
    """The value with each text that has an unknown part unknown as a whole."""
    if isinstance(value, dict):
        return {key: _settled(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_settled(each) for each in value]
    return UNKNOWN if isinstance(value, str) and UNKNOWN in value else value


# --- the description -------------------------------------------------------------------------------------------------


def added(body, change_set):
    """The body of the answer to DescribeChangeSet with the values of the change set in it."""
    ET.register_namespace("", CFN_NS)
    root = ET.fromstring(body)  # noqa: S314 - ministack has just written it
    if change_set["Status"] == "FAILED":
        # AWS does so too (boto3, issue 4178).
        for found in root.iter(_tag("DescribeChangeSetResult")):
            found.remove(found.find(_tag("StatusReason")))
    for change, element in zip(change_set["Changes"], root.iter(_tag("ResourceChange")), strict=True):
        resource = change["ResourceChange"]
        name = resource["LogicalResourceId"]
        before, after = change_set["_values"][name]
        for key, context in (("BeforeContext", before), ("AfterContext", after)):
            if context is not None:
                _add(element, key, _text(context))
        if before is None or after is None:
            continue
        raw = change_set["_template"]["Resources"][name]
        listed = element.find(_tag("Details"))
        for detail, member in zip(resource.get("Details", []), list(listed), strict=True):
            place = list(listed).index(member)
            listed.remove(member)
            listed[place:place] = [
                _with_values(member, path, *values) for path, values in _targets(detail, before, after, raw)
            ] or [member]
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _targets(detail, before, after, raw):
    """The changed paths of a detail's target, each with its value before and after."""
    target = detail["Target"]
    attribute = target["Attribute"]
    if attribute == "Tags":
        return []
    path = (attribute, target["Name"]) if "Name" in target else (attribute,)
    values = _at(before, path), _at(after, path)
    found = list(_differences(path, *values)) if "Name" in target else []
    # Of the paths within a property, a reference changes only those where it stands.
    entity = detail.get("CausingEntity", "").partition(".")[0]
    return [each for each in found if entity and _mentions(raw, each[0], entity)] or found or [(path, values)]


def _at(value, path):
    for step in path:
        value = value.get(step, _MISSING) if isinstance(value, dict) else _MISSING
    return value


def _differences(path, before, after):
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            yield from _differences((*path, key), before.get(key, _MISSING), after.get(key, _MISSING))
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            sides = (side[index] if index < len(side) else _MISSING for side in (before, after))
            yield from _differences((*path, str(index)), *sides)
    elif before != after:
        yield path, (before, after)


def _mentions(raw, path, entity):
    """Whether the template refers to the entity at that path."""
    for step in path:
        if isinstance(raw, list) and step.isdigit() and int(step) < len(raw):
            raw = raw[int(step)]
        elif isinstance(raw, dict) and step in raw:
            raw = raw[step]
        else:
            # An intrinsic function stands for all that is below.
            break
    return any(name == entity for name, _ in _intrinsic_references(raw))


def _with_values(member, path, before, after):
    member = copy.deepcopy(member)
    target = member.find(_tag("Target"))
    _add(target, "Path", "/" + "/".join(path))
    kind = "Add" if before is _MISSING else "Remove" if after is _MISSING else "Modify"
    _add(target, "AttributeChangeType", kind)
    for key, value in (("BeforeValue", before), ("AfterValue", after)):
        if value is not _MISSING:
            _add(target, key, value if isinstance(value, str) else _text(value))
    return member


def _text(value):
    return json.dumps(value, separators=(",", ":"), default=str)


def _add(element, tag, text):
    ET.SubElement(element, _tag(tag)).text = text


def _tag(name):
    return f"{{{CFN_NS}}}{name}"
