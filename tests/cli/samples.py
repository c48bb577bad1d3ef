"""Snapshots as the life cycle makes them, for tests of how they are shown and followed."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from sigma_ls.deploy.snapshot import (
    Can,
    Change,
    ChangeAction,
    ChangedResource,
    ChangeStatus,
    Deployment,
    Plan,
    PlanSummary,
    Progress,
    ProjectRef,
    StackRef,
)

TYPES = {"images": "AWS::S3::Bucket", "resize": "AWS::Lambda::Function", "sizes": "AWS::DynamoDB::Table"}


def change(name: str, action: ChangeAction, status: ChangeStatus = "pending", **fields: Any) -> Change:
    """A change of a resource of the thumbnailer."""
    return Change(name.title(), ChangedResource(TYPES[name], name), action, status=status, **fields)


def deployment(**fields: Any) -> Deployment:
    """A deployment of the thumbnailer that has just begun, with `fields` of its own."""
    begun = Deployment(
        id="d1",
        revision=1,
        operation="deploy",
        project=ProjectRef("file:///home/ada/thumbnailer/sigma.yaml", "thumbnailer"),
        stage="dev",
        sandbox=True,
        engine="cloudformation",
        stack=StackRef("thumbnailer-dev", "eu-west-1"),
        phase="initialization",
        message="Looking at the project.",
        changes=(),
        progress=Progress(),
        outputs=(),
        failures=(),
        can=Can(abort=True),
        auto_execute=False,
        started_at=at(0),
        updated_at=at(0),
    )
    return evolve(begun, **fields)


def staged(**fields: Any) -> Deployment:
    """One whose changes are staged: a bucket to add, a function to modify."""
    return deployment(
        phase="staged",
        message="2 changes are ready.",
        plan=Plan("cs-1", PlanSummary(add=1, modify=1)),
        changes=(change("images", "add"), change("resize", "modify")),
        progress=Progress(0, 2),
        can=Can(execute=True, abort=True),
        **fields,
    )


def at(seconds: int) -> str:
    """A time, `seconds` after the deployment's start."""
    return f"2026-11-23T06:00:{seconds:02}.000Z"
