"""What the command line asks of the process around it: streams, a person, signals, and the world to deploy in.

Commands get a `Host`, so that tests run them in a process of their own choosing; `real_host` is the one of a shell.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from attrs import frozen

from sigma_ls.app.world import World

if TYPE_CHECKING:
    from sigma_ls.cli.sandbox import Sandbox

Ask = Callable[[str, bool], Awaitable[str | None]]
"""Puts a prompt and gives the line that was typed, without its end; nothing at the end of input.  With `True` what is
typed is a secret and not shown."""

Interrupts = Callable[[Callable[[], None]], AbstractContextManager[None]]
"""While it is entered, each Ctrl-C (and each SIGTERM) calls the given function, on the event loop."""


@frozen
class Host:
    """One run of the command line.  `folder` is the working directory, `world` makes the ports when they are needed."""

    out: TextIO
    err: TextIO
    folder: Path
    environment: Mapping[str, str]
    state_dir: Path
    world: Callable[[], World]
    ask: Ask | None
    """Nothing where no person can be asked."""
    interrupts: Interrupts
    sandbox: Callable[[], Sandbox]

    @property
    def live(self) -> bool:
        """Whether `out` is a terminal on which lines can be drawn anew."""
        return self.out.isatty() and self.environment.get("TERM") != "dumb"
