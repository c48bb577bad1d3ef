import asyncio
import subprocess
import sys
import threading

import pytest

from sigma_ls.runtime.blocking import run_blocking


async def test_gives_what_the_function_returns():
    assert await run_blocking(divmod, 7, 3) == (2, 1)


async def test_raises_what_the_function_raises():
    with pytest.raises(ZeroDivisionError):
        await run_blocking(divmod, 7, 0)


async def test_a_stop_iteration_does_not_end_the_caller_in_silence():
    with pytest.raises(RuntimeError, match="StopIteration"):
        await run_blocking(next, iter([]))


async def test_the_loop_goes_on_meanwhile():
    gate = threading.Event()
    call = asyncio.create_task(run_blocking(gate.wait, timeout=10))
    await asyncio.sleep(0)
    assert not call.done()
    gate.set()
    assert await call


async def test_a_call_that_takes_too_long_is_abandoned():
    gate = threading.Event()
    with pytest.raises(TimeoutError):
        await run_blocking(gate.wait, timeout=0.01)
    gate.set()


async def test_cancellation_abandons_the_call():
    gate, ended = threading.Event(), threading.Event()

    def work():
        gate.wait()
        ended.set()

    call = asyncio.create_task(run_blocking(work))
    await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    gate.set()
    assert ended.wait(10)


async def test_a_place_is_held_until_the_thread_ends_even_an_abandoned_one():
    gate, places = threading.Event(), asyncio.Semaphore(1)
    with pytest.raises(TimeoutError):
        await run_blocking(gate.wait, timeout=0.01, limit=places)
    second = asyncio.create_task(run_blocking(threading.get_ident, limit=places))
    await asyncio.sleep(0.01)
    assert not second.done()
    gate.set()
    assert await asyncio.wait_for(second, 10)
    assert not places.locked()


async def test_a_place_comes_back_after_a_failure():
    places = asyncio.Semaphore(1)
    with pytest.raises(ZeroDivisionError):
        await run_blocking(divmod, 7, 0, limit=places)
    assert not places.locked()


def test_a_call_that_is_still_busy_does_not_keep_the_process_alive():
    script = """
import asyncio, time
from sigma_ls.runtime.blocking import run_blocking

async def main():
    try:
        await run_blocking(time.sleep, 600, timeout=0.01)
    except TimeoutError:
        print("abandoned")

asyncio.run(main())
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=20, check=True)
    assert (ended.stdout, ended.stderr) == ("abandoned\n", "")


def test_an_answer_after_the_loop_was_closed_is_dropped():
    gate, ended = threading.Event(), threading.Event()

    def work():
        gate.wait()
        return ended.set()

    async def give_up():
        with pytest.raises(TimeoutError):
            await run_blocking(work, timeout=0.01)

    asyncio.run(give_up())
    gate.set()
    # An error on the thread would be reported by pytest as a warning, and warnings are errors.
    assert ended.wait(10)
