"""Going on with a rollback that failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sigma_ls.deploy.ports import Conflict, NotFound
from sigma_ls.providers.aws.history import has_started
from sigma_ls.providers.aws.session import AwsSession


async def resume(session: AwsSession, stack_id: str, token: str, *, skip: Sequence[str] = ()) -> None:
    """Go on with a rollback that failed.  Doing it twice with one token is harmless.

    Raises:
        Conflict: there is no failed rollback to go on with, or one of `skip` did not fail in it.
    """
    arguments: dict[str, Any] = {
        "StackName": stack_id,
        "ClientRequestToken": token,
        **({"ResourcesToSkip": list(skip)} if skip else {}),
    }
    try:
        await session.cloudformation(lambda client: client.continue_update_rollback(**arguments), mutates=True)
    except (Conflict, NotFound):
        # The answer to an earlier request may have been lost.
        if not await has_started(session, stack_id, token):
            raise
