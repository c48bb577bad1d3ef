"""What a change set says, with what those of its nested stacks say.  Changes nothing on the cloud.

A change of a resource within a nested stack is named by its whole way, such as `Inner.Queue`, as events within are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import evolve

from sigma_ls.deploy.ports import TemplateFault
from sigma_ls.deploy.snapshot import Change
from sigma_ls.providers.aws import changes, faults, reading
from sigma_ls.providers.aws.holdings import NESTED
from sigma_ls.providers.aws.session import AwsSession
from sigma_ls.providers.aws.stacks import parsed
from sigma_ls.synth.template import TemplatePath

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import DescribeChangeSetOutputTypeDef

_FAILED = "Nested change set"
"""How the reason of a change set begins that failed since one of a nested stack did (aws-cdk-cli, diagnosing)."""


def has_nested(template: str) -> bool:
    """Whether the template declares a nested stack; one that is no JSON may."""
    data = parsed(template)
    resources = data.get("Resources") if isinstance(data, Mapping) else None
    return resources is None or any(each.get("Type") == NESTED for each in resources.values())


def is_of_nested(reason: str) -> bool:
    """Whether a change set failed for a nested one."""
    return reason.startswith(_FAILED)


async def all_changes(session: AwsSession, first: DescribeChangeSetOutputTypeDef) -> tuple[Change, ...]:
    """All changes of the change set whose description begins with `first`, those within each nested stack behind its own."""
    plain = await reading.all_changes(session, first)
    described = await reading.describe(session, first["ChangeSetId"], values=True)
    valued = await reading.all_changes(session, described, values=True)
    merged = changes.merged(plain, valued)
    kept = {change["LogicalResourceId"]: change for change in changes.effective(merged)}
    found: list[Change] = []
    for change in merged:
        logical_id, inner = change["LogicalResourceId"], change.get("ChangeSetId")
        within = await _within(session, inner, logical_id) if inner else ()
        if logical_id in kept or within:
            found.append(changes.to_change(kept.get(logical_id, change)))
        found += within
    return tuple(found)


async def _within(session: AwsSession, arn: str, logical_id: str) -> tuple[Change, ...]:
    first = await reading.describe(session, arn)
    if first["Status"] != "CREATE_COMPLETE":
        # Of a nested stack that does not change; any other failure had kept the whole change set from being made.
        return ()
    return tuple(
        evolve(
            change,
            id=f"{logical_id}.{change.id}",
            resource=evolve(change.resource, name=f"{logical_id}.{change.resource.name}"),
        )
        for change in await all_changes(session, first)
    )


async def faults_of(session: AwsSession, arn: str) -> tuple[TemplateFault, ...]:
    """Why nested change sets failed, at the nested stack in the template; none where they only have no changes."""
    return tuple(
        TemplateFault(f"{'.'.join(map(str, way))}: {fault.reason}" if way else fault.reason, ("Resources", top))
        for top, way, fault in await _failures(session, arn)
    )


async def _failures(session: AwsSession, arn: str) -> list[tuple[str, TemplatePath, TemplateFault]]:
    """The nested stack's logical id, the way to the fault from there, and the fault."""
    found: list[tuple[str, TemplatePath, TemplateFault]] = []
    for change in await reading.all_changes(session, await reading.describe(session, arn)):
        resource = change.get("ResourceChange", {})
        if not (inner := resource.get("ChangeSetId")):
            continue
        described = await reading.describe(session, inner)
        reason, logical_id = described.get("StatusReason", ""), resource["LogicalResourceId"]
        if described["Status"] == "CREATE_COMPLETE" or faults.is_no_change(reason):
            continue
        if is_of_nested(reason):
            found += [(logical_id, (top, *way), fault) for top, way, fault in await _failures(session, inner)]
            continue
        for fault in await reading.faults_of(session, inner, reason, "{}"):
            found.append((logical_id, fault.path[1:2], fault))
    return found
