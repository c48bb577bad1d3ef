"""What CloudFormation wants to be told that a template does: make identities, name them, expand macros."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NAMES = frozenset({"GroupName", "InstanceProfileName", "ManagedPolicyName", "RoleName", "UserName"})
"""Properties that give an identity a name of its own; an inline policy's name is none (CloudFormation API reference,
CreateChangeSet, Capabilities)."""


def capabilities(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The capabilities that the template needs, for `CreateChangeSet`."""
    resources = [resource for resource in body.get("Resources", {}).values() if isinstance(resource, Mapping)]
    types = [str(resource.get("Type", "")) for resource in resources]
    needed = set()
    if any(type_name.startswith("AWS::IAM::") or type_name == "AWS::CloudFormation::Stack" for type_name in types):
        needed.add("CAPABILITY_IAM")
    if any(_is_named_identity(resource) for resource in resources):
        needed.add("CAPABILITY_NAMED_IAM")
    if "Transform" in body or "AWS::CloudFormation::Stack" in types:
        needed.add("CAPABILITY_AUTO_EXPAND")
    return tuple(sorted(needed))


def _is_named_identity(resource: Mapping[str, Any]) -> bool:
    properties = resource.get("Properties")
    if not str(resource.get("Type", "")).startswith("AWS::IAM::") or not isinstance(properties, Mapping):
        return False
    # A policy that is attached to a user, or a group, names it without making it.
    own = {
        "AWS::IAM::Group": "GroupName",
        "AWS::IAM::InstanceProfile": "InstanceProfileName",
        "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
        "AWS::IAM::Role": "RoleName",
        "AWS::IAM::User": "UserName",
    }.get(str(resource["Type"]))
    return own in properties
