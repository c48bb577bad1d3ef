"""The real terminal and the real signals."""

import asyncio
import contextlib
import io
import os
import pty
import signal

import pytest

from sigma_ls.cli.terminal import asker, on_interrupt


@pytest.fixture
def terminal():
    """Both ends of a terminal: what a person types goes into the first, the program reads the second."""
    person, program = pty.openpty()
    with os.fdopen(program, "r") as source:
        yield person, source
    with contextlib.suppress(OSError):
        os.close(person)


@pytest.mark.parametrize(("typed", "line"), [(b"yes\n", "yes"), (b"\n", ""), (b"\xc3\xa4\n", "ä"), (b"\x04", None)])
async def test_a_line_is_read_without_its_end_and_the_end_of_input_is_nothing(terminal, typed, line):
    person, source = terminal
    prompts = io.StringIO()
    os.write(person, typed)
    assert await asyncio.wait_for(asker(source, prompts)("Execute? ", False), 5) == line
    assert prompts.getvalue().startswith("Execute? ")


async def test_a_secret_is_not_shown_and_the_terminal_is_as_before(terminal):
    person, source = terminal
    asking = asyncio.create_task(asker(source, io.StringIO())("Key: ", True))
    await asyncio.sleep(0)
    os.write(person, b"s3cret\n")
    assert await asyncio.wait_for(asking, 5) == "s3cret"
    os.write(person, b"shown\n")
    # Only the line's end was echoed of the secret, and all of what came after it.
    assert b"s3cret" not in (echo := os.read(person, 100))
    assert b"shown" in echo


async def test_a_prompt_that_is_withdrawn_leaves_the_terminal_as_before(terminal):
    person, source = terminal
    asking = asyncio.create_task(asker(source, io.StringIO())("Key: ", True))
    await asyncio.sleep(0)
    asking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asking
    os.write(person, b"shown\n")
    assert b"shown" in os.read(person, 100)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_becomes_a_call_on_the_loop_and_only_while_asked(number):
    before = signal.getsignal(number)
    called = asyncio.Event()
    with on_interrupt(called.set):
        os.kill(os.getpid(), number)
        await asyncio.wait_for(called.wait(), 5)
    assert signal.getsignal(number) is before
