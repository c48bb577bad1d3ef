"""Roles of services other than Lambda."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation.nodes import Node
from sigma_ls.synth.cloudformation.scope import Grant, Part
from sigma_ls.synth.cloudformation.statements import statements


def trust(service: str, condition: Mapping[str, Node] | None = None) -> Node:
    """The document that lets a service take a role."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": service},
        "Condition": condition,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def role(logical_id: str, owner: str, place: Range, trusted: Node, granted: Iterable[Grant]) -> Part:
    """A role with one inline policy, where it is allowed anything."""
    allowed = statements(granted)
    document = {"Version": "2012-10-17", "Statement": allowed}
    return Part(
        logical_id=logical_id,
        type="AWS::IAM::Role",
        owner=owner,
        range=place,
        properties={
            "AssumeRolePolicyDocument": trusted,
            "Policies": [{"PolicyName": logical_id, "PolicyDocument": document}] if allowed else None,
        },
    )
