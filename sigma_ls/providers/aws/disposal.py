"""Throwing away what staging made: change sets, and the empty stacks that CloudFormation makes for them.

A change set that includes nested stacks takes those of these along.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from sigma_ls.deploy.ports import Conflict, NotFound
from sigma_ls.providers.aws import reading, statuses
from sigma_ls.providers.aws.session import AwsSession
from sigma_ls.providers.aws.stacks import Stacks, stack_name
from sigma_ls.runtime.polling import Poller

log = logging.getLogger(__name__)

SHELL_PATIENCE = 60.0
"""Seconds to wait until an empty stack is gone (a guess; it holds nothing, so seconds are usual)."""


class Disposal:
    """Deletes change sets of one account and region; doing it twice is harmless."""

    def __init__(self, session: AwsSession, stacks: Stacks, poller: Callable[[], Poller]) -> None:
        self._session = session
        self._stacks = stacks
        self._poller = poller

    async def delete_named(self, name: str, stack: str) -> None:
        """Delete the change set of that name, if there is one."""
        try:
            found = await reading.describe(self._session, name, stack)
        except NotFound:
            return
        await self.delete(found["ChangeSetId"])

    async def delete(self, arn: str) -> None:
        """Delete a change set, as soon as CloudFormation allows it.

        Raises:
            Conflict: it is being executed.
        """
        poller = self._poller()
        settled = False
        while True:
            await poller.wait()
            try:
                await self._session.cloudformation(
                    lambda client: client.delete_change_set(ChangeSetName=arn), mutates=True
                )
            except NotFound:
                return
            except Conflict:
                # One that is still being made may not be deleted yet; one that is executed never.  One that has been
                # made since it was refused is tried once more.
                if settled:
                    raise
                settled = not await self._is_pending(arn)
            else:
                return

    async def delete_shell(self, stack_id: str, deleted: str) -> None:
        """Delete an empty stack and wait until it is gone; a stack that holds something, or has plans, is left alone.

        `deleted` is the ARN or the name of the change set that is deleted by now, though it may still be listed.
        """
        shell = await self._stacks.look(stack_id)
        if shell is None or shell["StackStatus"] != statuses.REVIEW:
            return
        name = stack_name(stack_id)
        plans_left = await self._session.cloudformation(lambda client: client.list_change_sets(StackName=name))
        if any(
            plan.get("StackId") == stack_id
            and deleted not in (plan.get("ChangeSetId"), plan.get("ChangeSetName"))
            and not plan.get("Status", "").startswith("DELETE_")
            for plan in plans_left["Summaries"]
        ):
            return
        await self._session.cloudformation(lambda client: client.delete_stack(StackName=stack_id), mutates=True)
        poller = self._poller()
        while poller.age < SHELL_PATIENCE:
            await poller.wait()
            if await self._stacks.look(stack_id) is None:
                return
        log.warning("The empty stack %s is still being deleted.", stack_id)

    async def _is_pending(self, arn: str) -> bool:
        try:
            return (await reading.describe(self._session, arn))["Status"] in reading.PENDING
        except NotFound:
            return True
