"""The removal of a whole stack, staged as if CloudFormation had change sets for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sigma_ls.deploy.ports import Conflict, NotFound, NothingToChange, Staged, StagedChanges, StageRequest
from sigma_ls.deploy.snapshot import Change, ChangedResource
from sigma_ls.providers.aws import holdings, plans, statuses
from sigma_ls.providers.aws.session import AwsSession
from sigma_ls.providers.aws.stacks import Stacks
from sigma_ls.runtime.clock import timestamp

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef


async def stage(stacks: Stacks, request: StageRequest) -> Staged:
    """Each resource that the stack holds, as to be removed; `retained` where its DeletionPolicy keeps it.

    Raises:
        Conflict: the stack is busy.
    """
    stack = await stacks.recall(request.stack)
    if stack is None:
        return NothingToChange(stack_id=request.stack)
    if statuses.is_busy(stack["StackStatus"]):
        raise Conflict(
            f"The stack {stack['StackName']} is busy: {stack['StackStatus']}.", "Wait until that operation has ended."
        )
    held = await holdings.held(stacks, stack["StackId"])
    return StagedChanges(
        plan=plans.to_text(plans.RemovalPlan(stack["StackId"], _changed_at(stack), request.role, request.retain)),
        stack_id=stack["StackId"],
        stack_is_new=False,
        changes=tuple(
            Change(
                id=logical_id,
                resource=ChangedResource(type=each.type, name=logical_id, physical_id=each.physical_id),
                action="remove",
                status="retained" if each.kept or logical_id.partition(".")[0] in request.retain else "pending",
            )
            for logical_id, each in held.items()
        ),
    )


async def is_current(stacks: Stacks, plan: plans.RemovalPlan) -> bool:
    """Whether the stack is still as it was when its removal was staged."""
    stack = await stacks.look(plan.stack_id)
    return stack is not None and not statuses.is_busy(stack["StackStatus"]) and _changed_at(stack) == plan.changed_at


async def execute(session: AwsSession, stacks: Stacks, plan: plans.RemovalPlan, token: str) -> None:
    """Start the removal.

    Raises:
        Conflict: the stack was changed since, or is protected.
        NotFound: there is no such stack any more.
    """
    stack = await stacks.look(plan.stack_id)
    if stack is None:
        raise NotFound(f"The stack {plan.stack_id} does not exist any more.")
    # A deletion that runs already may be ours, asked for a second time: CloudFormation takes that as one.
    if stack["StackStatus"] != "DELETE_IN_PROGRESS" and _changed_at(stack) != plan.changed_at:
        raise Conflict(
            f"The stack {stack['StackName']} was changed since its removal was staged.", "Stage the removal again."
        )
    retain = plan.retain if stack["StackStatus"] == "DELETE_FAILED" else ()
    await delete(session, stacks, plan.stack_id, token, retain=retain, role=plan.role)


async def delete(
    session: AwsSession,
    stacks: Stacks,
    stack_id: str,
    token: str,
    *,
    retain: Sequence[str] = (),
    role: str | None = None,
) -> None:
    """Start the deletion of a stack; `retain` names resources to keep, which only a failed deletion allows.

    Raises:
        Conflict: the stack is protected, or in a state that allows no deletion.
    """
    arguments: dict[str, Any] = {
        "StackName": stack_id,
        "ClientRequestToken": token,
        **({"RetainResources": list(retain)} if retain else {}),
        **({"RoleARN": role} if role else {}),
    }
    stacks.forget()
    try:
        await session.cloudformation(lambda client: client.delete_stack(**arguments), mutates=True)
    except Conflict as error:
        if "TerminationProtection" in error.message:
            raise Conflict(
                f"The stack {stack_id} is protected against deletion.",
                "Switch its termination protection off in the console, then try again.",
            ) from error
        raise


def _changed_at(stack: StackTypeDef) -> str:
    return timestamp(stack.get("LastUpdatedTime") or stack["CreationTime"])
