"""Blocking calls off the event loop, on daemon threads.

Not `asyncio.to_thread`: its threads are joined when the interpreter ends, so that one slow call keeps a server alive
for seconds after `exit`.  A thread here is simply left behind.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


async def run_blocking(
    fn: Callable[..., T],
    *args: Any,
    timeout: float | None = None,  # noqa: ASYNC109 - it abandons a thread, which the caller's timeout would do as well
    limit: asyncio.Semaphore | None = None,
) -> T:
    """What `fn(*args)` returns or raises, computed on a thread of its own.

    Cancellation and `timeout` (seconds) abandon the call: the thread runs on, and nobody hears of its end.  With
    `limit`, a place is taken before the thread starts and given back when the thread ends, abandoned or not.

    Raises:
        TimeoutError: `fn` did not return in time; whatever it does may still happen.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()
    if limit is not None:
        await limit.acquire()

    def settle(deliver: Callable[[Any], None], value: object) -> None:
        if limit is not None:
            limit.release()
        if not answer.done():
            deliver(value)

    def post(deliver: Callable[[Any], None], value: object) -> None:
        try:
            loop.call_soon_threadsafe(settle, deliver, value)
        except RuntimeError:
            # The loop is closed: nobody is left to hear the answer.
            return

    def work() -> None:
        try:
            result = fn(*args)
        except StopIteration as error:
            # A future takes no StopIteration, which would end the coroutine that awaits it.
            post(answer.set_exception, RuntimeError(f"{fn!r} raised {error!r}"))
        except BaseException as error:  # noqa: BLE001 - it is handed to whoever waits
            post(answer.set_exception, error)
        else:
            post(answer.set_result, result)

    threading.Thread(target=work, daemon=True, name="sigma-blocking").start()
    async with asyncio.timeout(timeout):
        return await answer
