"""The real host: this process' streams, its terminal and its signals."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from sigma_ls.app.world import World
from sigma_ls.cli.host import Ask, Host
from sigma_ls.runtime import places

if TYPE_CHECKING:
    from sigma_ls.cli.sandbox import Sandbox


def real_host() -> Host:
    """The host of a shell.  Someone can be asked when both the input and the place of the prompt are terminals."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character shows `?` instead of ending the program.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    return Host(
        out=sys.stdout,
        err=sys.stderr,
        folder=Path.cwd(),
        environment=os.environ,
        state_dir=places.state_dir(),
        world=_world,
        ask=asker(sys.stdin, sys.stderr) if _can_ask() else None,
        interrupts=on_interrupt,
        sandbox=_sandbox,
    )


def _can_ask() -> bool:
    # Windows' event loop cannot wait for a console: there, consent is given by options only.
    return sys.platform != "win32" and sys.stdin.isatty() and sys.stderr.isatty()


def _world() -> World:
    from sigma_ls.app.real import RealWorld  # noqa: PLC0415 - loaded when a command needs it

    return RealWorld()


def _sandbox() -> Sandbox:
    from sigma_ls.sandbox import cloud  # noqa: PLC0415

    return cloud


@contextmanager
def on_interrupt(call: Callable[[], None]) -> Iterator[None]:
    """Call on the running event loop for each SIGINT and SIGTERM, instead of what they do otherwise."""
    loop = asyncio.get_running_loop()

    def handle(_number: int, _frame: Any) -> None:
        loop.call_soon_threadsafe(call)

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def asker(source: TextIO, prompt_to: TextIO) -> Ask:
    """Asks on the terminal `source`; prompts go to `prompt_to`."""

    async def ask(prompt: str, secret: bool) -> str | None:
        prompt_to.write(prompt)
        prompt_to.flush()
        with _hidden(source.fileno()) if secret else _shown():
            line = await _line(source.fileno())
        if secret or line is None:
            # What was typed did not end the prompt's line.
            prompt_to.write("\n")
        return line

    return ask


async def _line(terminal: int) -> str | None:
    """The next line.  The loop waits for it, not a thread: a thread that reads a terminal cannot be ended."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(terminal, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(terminal)
    # A terminal gives whole lines; 4096 is the longest that the kernel keeps (termios(3), MAX_CANON on Linux).
    data = os.read(terminal, 4096)
    return data.decode(errors="replace").rstrip("\r\n") if data else None


@contextmanager
def _shown() -> Iterator[None]:
    yield


@contextmanager
def _hidden(terminal: int) -> Iterator[None]:
    """Typing does not show."""
    import termios  # noqa: PLC0415 - there is none on Windows

    before = termios.tcgetattr(terminal)
    silent = list(before)
    silent[3] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSAFLUSH, silent)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)
