"""Stacks as they stand: described, remembered for a moment, compared with what is wanted.

Changes nothing on the cloud.  A description is remembered, so that the steps of one deployment that follow each other
within seconds ask once; whatever depends on it is checked again by CloudFormation itself.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sigma_ls.deploy.ports import (
    NotAllowed,
    NotFound,
    Rejected,
    Stack,
    StackAbsent,
    StackCondition,
    StackPresent,
    StageRequest,
)
from sigma_ls.deploy.snapshot import Output
from sigma_ls.providers.aws import holdings, statuses
from sigma_ls.providers.aws.holdings import NESTED, Held
from sigma_ls.providers.aws.session import AwsSession
from sigma_ls.providers.aws.stuck import stuck as stuck_in
from sigma_ls.runtime.clock import Clock

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

FRESH = dt.timedelta(seconds=60)
"""How long a description is good for the next step (a guess: archives are uploaded in between)."""


class Stacks:
    """The stacks of one account and region."""

    def __init__(self, session: AwsSession, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._remembered: dict[str, tuple[dt.datetime, StackTypeDef | None]] = {}

    async def look(self, stack: str, *, patient: bool = True) -> StackTypeDef | None:
        """The stack by name or id, asked for now; nothing when there is none or it was deleted."""
        try:
            answer = await self._session.cloudformation(
                lambda client: client.describe_stacks(StackName=stack), patient=patient
            )
        except NotFound:
            found = None
        else:
            found = next((s for s in answer["Stacks"] if s["StackStatus"] != statuses.DELETED), None)
        now = self._clock.now()
        self._remembered[stack] = (now, found)
        if found is not None:
            self._remembered[found["StackName"]] = self._remembered[found["StackId"]] = (now, found)
        return found

    async def recall(self, stack: str) -> StackTypeDef | None:
        """The stack as it was described within the last minute, or as it is now."""
        if (known := self._remembered.get(stack)) is not None and self._clock.now() - known[0] < FRESH:
            return known[1]
        return await self.look(stack)

    def forget(self) -> None:
        """Something was changed: what is known is no longer so."""
        self._remembered.clear()

    async def describe(self, stack: str) -> Stack:
        """The stack in the words of the life cycle.

        Its resources are listed only where it may have to be deleted, since only then somebody has to be told of them.
        """
        found = await self.look(stack)
        if found is None:
            return StackAbsent()
        status, stack_id = found["StackStatus"], found["StackId"]
        if status == statuses.REVIEW:
            return StackAbsent(shell_id=stack_id)
        condition = condition_of(found)
        stable = condition != "paused" or status == statuses.UPDATE_PAUSED
        endangered = condition == "unrecoverable" or not stable
        held = await holdings.held(self, stack_id) if endangered else {}
        stuck = await stuck_in(self._session, stack_id) if condition == "rollbackFailed" else ()
        return StackPresent(
            id=stack_id,
            status=status,
            condition=condition,
            reason=found.get("StackStatusReason") or None,
            protected=found.get("EnableTerminationProtection", False),
            resources=holdings.lost(held),
            stop_means=statuses.stop_means(status),
            stuck=stuck,
            undeletable=holdings.undeletable(held) if status == "DELETE_FAILED" else (),
            stable=stable,
            can_roll_back=not is_express(found),
        )

    async def kept(self, stack_id: str) -> frozenset[str]:
        """The logical ids that the stack's deletion leaves alone, as far as its template can be read."""
        template = await self._template(stack_id)
        resources = template.get("Resources") if isinstance(template, Mapping) else None
        return frozenset(
            logical_id
            for logical_id, resource in (resources or {}).items()
            if resource.get("DeletionPolicy") in {"Retain", "RetainExceptOnCreate"}
        )

    async def _template(self, stack_id: str) -> object:
        """The template that was deployed; nothing for who may not read it, or where there is none."""
        try:
            answer = await self._session.cloudformation(
                lambda client: client.get_template(StackName=stack_id, TemplateStage="Original")
            )
        except (NotAllowed, NotFound, Rejected):
            return None
        # botocore hands out a JSON template parsed, any other one as text.
        return parsed(answer["TemplateBody"])

    async def resources(self, stack_id: str) -> Mapping[str, Held]:
        """Each resource that the stack itself holds, by logical id."""
        found: dict[str, Held] = {}
        page: dict[str, Any] = {"StackName": stack_id}
        while True:
            answer = await self._session.cloudformation(lambda client: client.list_stack_resources(**page))
            for resource in answer["StackResourceSummaries"]:
                status, physical_id = resource["ResourceStatus"], resource.get("PhysicalResourceId") or None
                # What was deleted, or never came to be, is still listed.
                if status == "DELETE_COMPLETE" or (status == "CREATE_FAILED" and physical_id is None):
                    continue
                found[resource["LogicalResourceId"]] = Held(
                    resource["ResourceType"], physical_id, failed=status == "DELETE_FAILED"
                )
            if not (token := answer.get("NextToken")):
                return found
            page["NextToken"] = token

    async def is_as_wanted(self, stack: StackTypeDef, request: StageRequest) -> bool:
        """Whether executing `request` would surely change nothing.

        False whenever that cannot be told: after an operation that did not go well, where there are secret parameters,
        whose deployed values nobody can read, or nested stacks, whose templates may have changed where they lie.
        """
        if stack["StackStatus"] not in statuses.HEALTHY or not settings_are_same(stack, request):
            return False
        if NESTED in request.template:
            return False
        # Whoever may not read the template can still have CloudFormation compare it.
        deployed = await self._template(stack["StackId"])
        return deployed == parsed(request.template) and parameters_are_same(stack, request, deployed)


def condition_of(stack: StackTypeDef) -> StackCondition:
    """What can be done with it."""
    disabled = stack.get("DisableRollback", False) or is_express(stack)
    return statuses.condition(stack["StackStatus"], rollback_disabled=disabled)


def is_express(stack: StackTypeDef) -> bool:
    """Whether its last operation was in express mode (`DeploymentConfig`), which is without rollback if nothing else is said.

    Where that operation failed, the next one must be in express mode, too, and `RollbackStack` is refused
    (aws-cdk-cli, issue 1739).
    """
    return stack.get("DeploymentConfig", {}).get("Mode") == "EXPRESS"


def stack_name(stack_id: str) -> str:
    """The name in a stack's id, `arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID`; a name is its own."""
    return stack_id.split("/")[1] if stack_id.startswith("arn:") else stack_id


def settings_are_same(stack: StackTypeDef, request: StageRequest) -> bool:
    """Whether the stack has the wanted tags and service role.

    Without a role in the request CloudFormation goes on with the stack's own.
    """
    tags = {tag["Key"]: tag["Value"] for tag in stack.get("Tags", [])}
    return tags == dict(request.tags) and request.role in (None, stack.get("RoleARN"))


def parameters_are_same(stack: StackTypeDef, request: StageRequest, template: object) -> bool:
    """Whether the deployed parameters are those that `request` would give to `template`."""
    if not isinstance(template, Mapping):
        # It was compared as text; what its parameters are by default is not known.
        return not stack.get("Parameters")
    declared = template.get("Parameters") or {}
    if any(is_secret(parameter) for parameter in declared.values()):
        return False
    deployed = {p["ParameterKey"]: p.get("ParameterValue", "") for p in stack.get("Parameters", [])}
    wanted = {
        # Without value and default, the deployed value is kept.
        name: request.parameters.get(name, str(parameter.get("Default", deployed.get(name, ""))))
        for name, parameter in declared.items()
    }
    return deployed == wanted


def is_secret(parameter: Mapping[str, Any]) -> bool:
    """Whether a template parameter is NoEcho: CloudFormation shows its value to nobody."""
    return str(parameter.get("NoEcho", "")).lower() == "true"


def outputs_of(stack: StackTypeDef) -> tuple[Output, ...]:
    """The outputs, in the order in which CloudFormation gives them; it refuses to put a NoEcho parameter there."""
    return tuple(
        Output(
            name=output["OutputKey"], value=output.get("OutputValue", ""), description=output.get("Description") or None
        )
        for output in stack.get("Outputs", [])
    )


def parsed(template: Any) -> object:
    """The data of a JSON template, the text of any other."""
    if not isinstance(template, str):
        return template
    try:
        return json.loads(template)
    except ValueError:
        return template.strip()
