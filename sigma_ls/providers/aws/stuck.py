"""What a failed rollback failed for.  Changes nothing on the cloud.

CloudFormation takes for skipping only resources that failed *in the rollback*, and those in nested stacks by the name of
their stack (ContinueUpdateRollback in the API reference).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sigma_ls.deploy.natural import natural
from sigma_ls.deploy.ports import ProviderError
from sigma_ls.providers.aws.holdings import NESTED
from sigma_ls.providers.aws.session import AwsSession

_BEGINS = frozenset({"UPDATE_ROLLBACK_IN_PROGRESS", "IMPORT_ROLLBACK_IN_PROGRESS"})


async def stuck(session: AwsSession, stack_id: str) -> tuple[str, ...]:
    """The resources for which the newest rollback of the stack failed, as `ResourcesToSkip` names them."""
    failed: dict[str, tuple[str, str | None]] = {}
    try:
        events = await _since_rollback(session, stack_id)
    except ProviderError:
        # The rollback can be continued without knowing; who may not read the events may still do that.
        return ()
    for event in events:
        _note(failed, event)
    found: list[str] = []
    for logical_id, (kind, physical_id) in sorted(failed.items(), key=lambda each: natural(each[0])):
        inside = await stuck(session, physical_id) if kind == NESTED and physical_id else ()
        # What is stuck deeper down has the name of its own stack already.
        name = physical_id.split("/")[1] if inside and physical_id else ""
        found += [each if "." in each else f"{name}.{each}" for each in inside] or [logical_id]
    return tuple(found)


async def _since_rollback(session: AwsSession, stack_id: str) -> list[Mapping[str, Any]]:
    """The events since the newest rollback began, oldest first."""
    found: list[Mapping[str, Any]] = []
    page: dict[str, Any] = {"StackName": stack_id}
    while True:
        answer = await session.cloudformation(lambda client: client.describe_stack_events(**page))
        for event in answer["StackEvents"]:
            if event.get("PhysicalResourceId") == event["StackId"] and event.get("ResourceStatus") in _BEGINS:
                return found[::-1]
            found.append(event)
        if not (token := answer.get("NextToken")):
            return found[::-1]
        page["NextToken"] = token


def _note(failed: dict[str, tuple[str, str | None]], event: Mapping[str, Any]) -> None:
    logical_id, status = event.get("LogicalResourceId", ""), event.get("ResourceStatus", "")
    if event.get("PhysicalResourceId") == event["StackId"]:
        return
    if status == "UPDATE_FAILED" and "cancelled" not in event.get("ResourceStatusReason", "").lower():
        failed[logical_id] = (event.get("ResourceType", ""), event.get("PhysicalResourceId") or None)
    elif status == "UPDATE_COMPLETE":
        failed.pop(logical_id, None)
