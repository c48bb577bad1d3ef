"""What CloudFormation wants to be told that a template does: make identities, name them, expand macros."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_OWN_NAMES = MappingProxyType(
    {
        "AWS::IAM::Group": "GroupName",
        "AWS::IAM::InstanceProfile": "InstanceProfileName",
        "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
        "AWS::IAM::Role": "RoleName",
        "AWS::IAM::User": "UserName",
    }
)
"""The property by which an identity gets a name of its own; the name of an inline policy is none (CloudFormation API
reference, CreateChangeSet, Capabilities)."""


def capabilities(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The capabilities that the template needs, for `CreateChangeSet`."""
    needed = {"CAPABILITY_AUTO_EXPAND"} if "Transform" in body else set()
    for resource in body.get("Resources", {}).values():
        if not isinstance(resource, Mapping):
            continue
        type_name = str(resource.get("Type", ""))
        if type_name.startswith("AWS::IAM::"):
            needed.add("CAPABILITY_IAM")
            properties = resource.get("Properties")
            if isinstance(properties, Mapping) and _OWN_NAMES.get(type_name) in properties:
                needed.add("CAPABILITY_NAMED_IAM")
        elif type_name == "AWS::CloudFormation::Stack":
            # What is in a nested stack cannot be seen here.
            needed |= {"CAPABILITY_AUTO_EXPAND", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"}
    return tuple(sorted(needed))
