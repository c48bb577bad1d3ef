"""A deployment as a table that is drawn anew while it runs, and stays on the screen at its end.

The only module that is loaded just for terminals: it imports rich.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from rich.console import Console, RenderableType
from rich.live import Live

from sigma_ls.cli.table import screen
from sigma_ls.cli.views import View, print_result
from sigma_ls.deploy.snapshot import Change, Deployment

REFRESH_PER_SECOND = 8
"""Running times tick smoothly enough, and a slow remote terminal keeps up (a guess)."""


def live_view(out: TextIO, err: TextIO, folder: Path, now: Callable[[], str]) -> View:
    """A live table on the terminal `out`; `now` gives the time in ISO 8601."""
    return _LiveView(Console(file=out, highlight=False, markup=False, emoji=False), out, err, folder, now)


class _LiveView:
    def __init__(self, console: Console, out: TextIO, err: TextIO, folder: Path, now: Callable[[], str]) -> None:
        self._console = console
        self._out = out
        self._err = err
        self._folder = folder
        self._now = now
        self._last: Deployment | None = None
        self._live: Live | None = None
        self._held = False
        self._printed: tuple[Change, ...] | None = None
        """The changes that stand above the live table; two questions about the same ones show them once."""

    def show(self, deployment: Deployment) -> None:
        self._last = deployment
        self._draw()

    def hold(self) -> None:
        self._held = True
        self.close()
        if self._last is not None and self._last.changes != self._printed:
            self._print(self._last)

    def resume(self) -> None:
        self._held = False
        self._draw()

    def tell(self, line: str) -> None:
        self._console.print(line, style="yellow", soft_wrap=True)

    def finish(self, deployment: Deployment) -> None:
        self._last = deployment
        self._held = True
        self.close()
        self._print(deployment)
        print_result(deployment, self._out, self._err, self._folder)

    def close(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _print(self, deployment: Deployment) -> None:
        self._printed = deployment.changes
        self._console.print(self._screen(deployment, height=None))

    def _draw(self) -> None:
        if self._live is not None or self._held or self._last is None:
            return
        self._live = Live(
            console=self._console,
            get_renderable=self._current,
            refresh_per_second=REFRESH_PER_SECOND,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start(refresh=True)

    def _current(self) -> RenderableType:
        return self._screen(self._last, height=self._console.height) if self._last else ""

    def _screen(self, deployment: Deployment, *, height: int | None) -> RenderableType:
        return screen(
            deployment,
            now=self._now(),
            width=self._console.width,
            height=height,
            ascii_only=self._console.options.ascii_only,
        )
