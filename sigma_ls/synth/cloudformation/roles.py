"""Roles of services other than Lambda."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation.nodes import Node
from sigma_ls.synth.cloudformation.permissions import statements
from sigma_ls.synth.cloudformation.scope import Grant, Part


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
    """A role with one inline policy."""
    policy = {
        "PolicyName": logical_id,
        "PolicyDocument": {"Version": "2012-10-17", "Statement": statements(granted)},
    }
    return Part(
        logical_id=logical_id,
        type="AWS::IAM::Role",
        owner=owner,
        range=place,
        properties={"AssumeRolePolicyDocument": trusted, "Policies": [policy]},
    )
