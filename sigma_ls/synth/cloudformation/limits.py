"""What CloudFormation refuses for its size (CloudFormation user guide, *Understand CloudFormation quotas*)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from sigma_ls.synth.cloudformation.render import canonical_json
from sigma_ls.synth.size import RESOURCES, too_many_resources
from sigma_ls.synth.template import Template, TemplatePath

PARAMETERS = 200
OUTPUTS = 200
MAPPINGS = 200
DESCRIPTION_BYTES = 1_024
TEMPLATE_BYTES = 1_000_000
"""Of a template in a bucket."""
ROLE_POLICIES = 10_240
"""Characters of all inline policies of a role, without white space (IAM user guide, *IAM and AWS STS quotas*)."""
FUNCTION_POLICY_BYTES = 20_480
"""Of the policy of a function that permissions make up (Lambda developer guide, *Lambda quotas*)."""
STATEMENT_BYTES = 100
"""What Lambda makes of a permission beside what the template says: keys, names, ARNs written out.  A guess."""


@frozen
class Excess:
    """A limit that the template exceeds, and the template path that does."""

    message: str
    path: TemplatePath


def excesses(template: Template) -> Iterator[Excess]:
    """Every limit that the template exceeds."""
    resources = len(template.body.get("Resources", {}))
    if resources > RESOURCES:
        yield Excess(too_many_resources(str(resources)), ("Resources",))
    counts = (
        ("Parameters", PARAMETERS, "Ask for fewer values, or keep them in the secret store and use `{secret: …}`."),
        ("Outputs", OUTPUTS, "Leave out some of `outputs`."),
        ("Mappings", MAPPINGS, "Leave out some of the template's `Mappings`."),
    )
    for section, limit, way_out in counts:
        count = len(template.body.get(section, {}))
        if count > limit:
            yield Excess(
                f"The template has {count} {section.lower()}; CloudFormation takes {limit}. {way_out}", (section,)
            )
    description = len(str(template.body.get("Description", "")).encode())
    if description > DESCRIPTION_BYTES:
        message = f"The description has {description} bytes; CloudFormation takes {DESCRIPTION_BYTES}. Shorten it."
        yield Excess(message, ("Description",))
    size = len(canonical_json(template.body).encode())
    if size > TEMPLATE_BYTES:
        message = (
            f"The template has {size:,} bytes; CloudFormation takes {TEMPLATE_BYTES:,}. "
            "Move some functions and resources to a second project."
        )
        yield Excess(message, ())
    yield from _policies(template.body)


def _policies(body: Mapping[str, Any]) -> Iterator[Excess]:
    """Roles and functions of which more is said than fits into their policies; what references stand for is unknown."""
    attached: dict[str, int] = {}
    permissions: dict[str, int] = {}
    for logical_id, resource in body.get("Resources", {}).items():
        properties = resource.get("Properties")
        if not isinstance(properties, Mapping):
            continue
        match resource.get("Type"):
            case "AWS::IAM::Role":
                documents = (each.get("PolicyDocument") for each in _mappings(properties.get("Policies")))
                attached[logical_id] = attached.get(logical_id, 0) + sum(map(_characters, documents))
            case "AWS::IAM::Policy":
                roles = properties.get("Roles")
                for name in map(_referred, roles if isinstance(roles, list) else ()):
                    attached[name] = attached.get(name, 0) + _characters(properties.get("PolicyDocument"))
            case "AWS::Lambda::Permission":
                name = _referred(properties.get("FunctionName"))
                permissions[name] = permissions.get(name, 0) + _characters(properties) + STATEMENT_BYTES
    for role, size in attached.items():
        if size > ROLE_POLICIES:
            message = (
                f"The policies of the role {role} have {size:,} characters; IAM takes {ROLE_POLICIES:,}. Let the "
                "function use fewer things, or say more with fewer statements under `permissions`."
            )
            yield Excess(message, ("Resources", role))
    for function, size in permissions.items():
        if size > FUNCTION_POLICY_BYTES:
            message = (
                f"The permissions to call {function} have about {size:,} bytes; Lambda takes {FUNCTION_POLICY_BYTES:,}. "
                "Give it fewer triggers: one route such as `ANY /{path+}` takes the place of many."
            )
            yield Excess(message, ("Resources", function))


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    """Those in a list: what the manifest says itself may be of any shape, and cfn-lint says what is wrong with it."""
    yield from (each for each in (value if isinstance(value, list) else ()) if isinstance(each, Mapping))


def _referred(value: Any) -> str:
    """The logical id, or the name in the cloud, that a reference means."""
    match value:
        case {"Ref": name} | {"Fn::GetAtt": [name, *_]}:
            return str(name)
        case _:
            return str(value)


def _characters(value: Any) -> int:
    return len(canonical_json(value))
