"""Stopping an operation that runs: an update is rolled back, a creation deleted, anything else runs to its end."""

from __future__ import annotations

from sigma_ls.deploy.ports import Conflict, NotFound
from sigma_ls.deploy.snapshot import StopMeans
from sigma_ls.providers.aws import removal, statuses
from sigma_ls.providers.aws.events import stop_token
from sigma_ls.providers.aws.history import has_started
from sigma_ls.providers.aws.session import AwsSession
from sigma_ls.providers.aws.stacks import Stacks


async def stop(session: AwsSession, stacks: Stacks, stack_id: str, means: StopMeans, token: str) -> None:
    """Stop the operation that was started with `token`, as `means` says.  Doing it twice is harmless.

    Raises:
        Conflict: there is nothing (any more) that could be stopped so.
        NotFound: there is no such stack (any more).
    """
    try:
        await _ask(session, stacks, stack_id, means, stop_token(token))
    except (Conflict, NotFound):
        # The answer to an earlier request may have been lost.
        if not await has_started(session, stack_id, stop_token(token)):
            raise


async def _ask(session: AwsSession, stacks: Stacks, stack_id: str, means: StopMeans, token: str) -> None:
    stack = await stacks.look(stack_id)
    if stack is None:
        raise NotFound(f"The stack {stack_id} does not exist any more.")
    # An update without rollback is stopped like any other, and ends where it is then.
    if statuses.stop_means(stack["StackStatus"]) != ("rollback" if means == "halt" else means):
        # Deleting a creation that has just succeeded would not be stopping it.
        raise Conflict(f"The stack {stack['StackName']} is in {stack['StackStatus']}: it is too late to stop it.")
    found = stack["StackId"]
    if means == "delete":
        await removal.delete(session, stacks, found, token)
        return
    stacks.forget()
    await session.cloudformation(
        lambda client: client.cancel_update_stack(StackName=found, ClientRequestToken=token), mutates=True
    )
