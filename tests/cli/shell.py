"""A shell in memory: the command line's host, with what it printed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from sigma_ls.cli import main
from sigma_ls.cli.host import Ask, Host


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


class Shell:
    """Runs commands in `folder`; `out` and `err` are what the last one printed."""

    def __init__(
        self,
        folder: Path,
        *,
        world: Callable[[], Any] | None = None,
        sandbox: Any = None,
        ask: Ask | None = None,
        environment: dict[str, str] | None = None,
        terminal: bool = False,
    ) -> None:
        self.folder = folder
        self.state_dir = folder / "state"
        self.out = ""
        self.err = ""
        self.press: Callable[[], None] | None = None
        """Ctrl-C, while a deployment is followed."""
        self._world = world or _nothing
        self._sandbox = sandbox
        self._ask = ask
        self._environment = environment or {}
        self._stream = Terminal if terminal else io.StringIO

    def run(self, *arguments: str) -> int:
        out, err = self._stream(), self._stream()
        try:
            return main(arguments, self.host(out, err))
        finally:
            self.out, self.err = out.getvalue(), err.getvalue()

    def host(self, out: TextIO, err: TextIO) -> Host:
        """What a command is given, with the streams that it is to print to."""
        return Host(
            out=out,
            err=err,
            folder=self.folder,
            environment=self._environment,
            state_dir=self.state_dir,
            world=self._world,
            ask=self._ask,
            interrupts=self._interrupts,
            sandbox=lambda: self._sandbox,
        )

    @contextmanager
    def _interrupts(self, call: Callable[[], None]) -> Iterator[None]:
        self.press = call
        yield
        self.press = None


def _nothing() -> Any:
    raise AssertionError("this command needs no world")
