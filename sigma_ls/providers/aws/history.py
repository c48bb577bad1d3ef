"""A stack's events as `DescribeStackEvents` tells them, newest first, put together to a history, oldest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve

from sigma_ls.deploy.ports import StackEvent
from sigma_ls.providers.aws import faults
from sigma_ls.providers.aws.pacing import Calls
from sigma_ls.runtime.clock import timestamp

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackEventTypeDef


def to_event(event: StackEventTypeDef) -> StackEvent:
    """One of CloudFormation's events as ours."""
    return StackEvent(
        id=event["EventId"],
        at=timestamp(event["Timestamp"]),
        logical_id=event.get("LogicalResourceId", ""),
        type=event.get("ResourceType", ""),
        status=event.get("ResourceStatus", ""),
        reason=faults.reason_of_hook_event(event) or event.get("ResourceStatusReason") or None,
        physical_id=event.get("PhysicalResourceId") or None,
        is_stack=event.get("PhysicalResourceId") == event["StackId"],
        token=event.get("ClientRequestToken") or None,
    )


class History:
    """What is known of a stack's events, oldest first."""

    def __init__(self, session: Calls, stack_id: str) -> None:
        self._session = session
        self._stack_id = stack_id
        self.events: list[StackEvent] = []
        self._hooks: dict[str, str] = {}

    async def refresh(self, enough: Callable[[Sequence[StackEvent]], bool]) -> None:
        """Read the events that are new; the first time, older and older ones until `enough` says yes of them.

        Whole pages are looked through, since an event can turn up behind a newer one.
        """
        known = {event.id for event in self.events}
        fresh: list[StackEvent] = []
        hooks: dict[str, str] = {}
        arguments: dict[str, Any] = {"StackName": self._stack_id}
        while True:
            answer = await self._session.cloudformation(
                lambda client: client.describe_stack_events(**arguments), patient=False
            )
            page = [to_event(event) for event in answer["StackEvents"]]
            # Newest first, so an objection that a hook raised again does not hide behind its first one.
            for event in answer["StackEvents"]:
                if faults.is_failed_hook_event(event):
                    hooks.setdefault(event.get("LogicalResourceId", ""), to_event(event).reason or "")
            fresh += [event for event in page if event.id not in known]
            arguments["NextToken"] = answer.get("NextToken")
            met = any(event.id in known for event in page)
            if not arguments["NextToken"] or met or (not known and enough(list(reversed(fresh)))):
                break
        self._hooks |= hooks
        self.events += [self._told_why(event) for event in reversed(fresh)]

    def _told_why(self, event: StackEvent) -> StackEvent:
        """The failure of a resource at a hook says only that there was one; the hook's own event says why."""
        why = self._hooks.get(event.logical_id)
        if why and event.status.endswith("_FAILED") and faults.names_hooks(event.reason or ""):
            return evolve(event, reason=f"{event.reason} {why}")
        return event

    async def read_all(self) -> None:
        """Read the whole history anew."""
        self.events.clear()
        await self.refresh(lambda _: False)


async def has_started(session: Calls, stack_id: str, token: str) -> bool:
    """Whether the operation with `token` has left its traces among the stack's newest events."""
    answer = await session.cloudformation(lambda client: client.describe_stack_events(StackName=stack_id))
    return any(event.get("ClientRequestToken") == token for event in answer["StackEvents"])
