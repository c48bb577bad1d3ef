"""Going on with a rollback that failed, or beginning one that was disabled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sigma_ls.deploy.ports import Conflict, NotFound
from sigma_ls.providers.aws.history import has_started
from sigma_ls.providers.aws.session import AwsSession
from sigma_ls.providers.aws.stacks import Stacks, condition_of, is_express


async def resume(
    session: AwsSession,
    stacks: Stacks,
    stack_id: str,
    token: str,
    *,
    skip: Sequence[str] = (),
    force: bool = False,
) -> None:
    """Go on with a rollback that failed, or begin that of a paused stack.  Doing it twice with one token is harmless.

    Raises:
        Conflict: there is nothing to roll back, or one of `skip` did not fail in the rollback.
    """
    stack = await stacks.look(stack_id)
    stacks.forget()
    if stack is not None and condition_of(stack) == "paused" and is_express(stack):
        raise Conflict(
            f"The stack {stack['StackName']} was last updated in express mode, which CloudFormation cannot roll back.",
            "Deploy to it what was deployed before.",
        )
    try:
        if stack is not None and condition_of(stack) == "paused":
            await session.cloudformation(
                lambda client: client.rollback_stack(
                    # What the failed operation made goes, also where its DeletionPolicy would keep it: it was never
                    # part of a stack in good order, and a deployment that follows would find its name taken.
                    StackName=stack_id,
                    ClientRequestToken=token,
                    RetainExceptOnCreate=True,
                ),
                mutates=True,
            )
            return
        arguments: dict[str, Any] = {
            "StackName": stack_id,
            "ClientRequestToken": token,
            # CloudFormation takes either of them.
            **({"ForceRollback": True} if force else {"ResourcesToSkip": list(skip)} if skip else {}),
        }
        await session.cloudformation(lambda client: client.continue_update_rollback(**arguments), mutates=True)
    except (Conflict, NotFound):
        # The answer to an earlier request may have been lost.
        if not await has_started(session, stack_id, token):
            raise
