"""Deploying templates to the sandbox in tests, and reading what happened."""

import json
import time
import uuid
from typing import Any

from attrs import frozen

PATIENCE = 30.0


@frozen
class Stack:
    """A stack in the sandbox, through a CloudFormation client."""

    client: Any
    name: str
    id: str

    def status(self) -> str:
        return self.client.describe_stacks(StackName=self.id)["Stacks"][0]["StackStatus"]

    def settled(self) -> str:
        """The status in which its operation ends."""
        return until(lambda: not self.status().endswith("_IN_PROGRESS") and self.status())

    def events(self) -> list[tuple[str, str]]:
        """Logical ids and statuses, oldest first."""
        return [(event["LogicalResourceId"], event["ResourceStatus"]) for event in self._events()]

    def statuses(self, logical_id: str) -> list[str]:
        """The statuses that a resource or the stack itself went through, without repeats."""
        found: list[str] = []
        for each, status in self.events():
            if each == logical_id and found[-1:] != [status]:
                found.append(status)
        return found

    def reason(self, logical_id: str, status: str) -> str:
        """The reason of the latest such event."""
        return next(
            event.get("ResourceStatusReason", "")
            for event in reversed(self._events())
            if (event["LogicalResourceId"], event["ResourceStatus"]) == (logical_id, status)
        )

    def outputs(self) -> dict[str, str]:
        found = self.client.describe_stacks(StackName=self.id)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}

    def resources(self) -> list[str]:
        listed = self.client.list_stack_resources(StackName=self.name)["StackResourceSummaries"]
        return sorted(resource["LogicalResourceId"] for resource in listed)

    def _events(self) -> list[dict[str, Any]]:
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=self.id)
        return [event for page in pages for event in page["StackEvents"]][::-1]


def until(condition: Any) -> Any:
    """What `condition` returns as soon as that is true."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := condition()):
        assert time.monotonic() < deadline, "nothing came of it"
        time.sleep(0.01)
    return answer


def staged(client: Any, name: str, resources: dict[str, Any], *, kind: str = "UPDATE", **more: Any) -> dict[str, Any]:
    """A change set that is ready, or failed."""
    body = json.dumps({"Resources": resources, **more.pop("template", {})})
    made = client.create_change_set(
        StackName=name, ChangeSetName=f"changes-{uuid.uuid4().hex}", ChangeSetType=kind, TemplateBody=body, **more
    )
    return until(
        lambda: (
            (found := client.describe_change_set(ChangeSetName=made["Id"]))["Status"] in ("CREATE_COMPLETE", "FAILED")
            and found
        )
    )


def start(client: Any, name: str, resources: dict[str, Any], *, kind: str = "CREATE", **more: Any) -> Stack:
    """The stack with its deployment under way."""
    change_set = staged(client, name, resources, kind=kind, **more)
    assert change_set["Status"] == "CREATE_COMPLETE", change_set["StatusReason"]
    client.execute_change_set(ChangeSetName=change_set["ChangeSetId"])
    return Stack(client, name, change_set["StackId"])


def deployed(client: Any, name: str, resources: dict[str, Any], *, kind: str = "CREATE", **more: Any) -> Stack:
    """The stack after its deployment ended, however that went."""
    stack = start(client, name, resources, kind=kind, **more)
    stack.settled()
    return stack
