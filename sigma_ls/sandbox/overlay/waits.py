"""Wait conditions: whoever stops a stack's operation need not signal them any more.

Ministack's wait on a thread for their signals or their timeout, whatever becomes of the operation, and so would a
person who stops a deployment; AWS cancels them with all else that is under way.
"""

import asyncio

from ministack.services.cloudformation import wait_conditions

from .operations import Halted

WAIT_CONDITION = "AWS::CloudFormation::WaitCondition"
# The thread waits from a moment after it was started on; before that there is nothing to end. A guess.
_RETRY_SECONDS = 0.05


async def unless_halted(work, logical_id, making):
    """Make a wait condition; raises `Halted` where the operation is to stop before it has its signals."""
    waiting = asyncio.ensure_future(making)
    halted = asyncio.ensure_future(work.operation.until_halted())
    await asyncio.wait((waiting, halted), return_when=asyncio.FIRST_COMPLETED)
    if waiting.done():
        halted.cancel()
        return waiting.result()
    while not waiting.done():
        _end(work.stack_id, logical_id)
        await asyncio.wait((waiting,), timeout=_RETRY_SECONDS)
    if waiting.exception() is not None:
        raise Halted
    return waiting.result()


def _end(stack_id, logical_id):
    # Not by a signal like any other: each of those is an event of the stack.
    with wait_conditions._changed:
        waiter = wait_conditions._waiting.get((stack_id, logical_id))
        if waiter is not None:
            ended = {"Status": "FAILURE", "Reason": "", "Data": ""}
            wait_conditions._handles[waiter["token"]]["signals"]["halted"] = ended
            wait_conditions._changed.notify_all()
