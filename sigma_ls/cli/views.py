"""Where snapshots of a deployment go when nothing can be drawn: JSON lines, or plain lines.  See `sigma_ls.cli.live`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol, TextIO

from sigma_ls.app.wire import to_wire
from sigma_ls.cli import lines, result
from sigma_ls.deploy.snapshot import Deployment


class View(Protocol):
    """Shows one deployment.  `show` takes every snapshot in turn; the completed one is given to `finish` instead."""

    def show(self, deployment: Deployment) -> None:
        """Show the snapshot."""

    def hold(self) -> None:
        """Leave the screen alone, since a question is about to be asked."""

    def resume(self) -> None:
        """The question is answered, or not asked any more."""

    def tell(self, line: str) -> None:
        """Say something that is not part of the deployment, such as how it can be stopped."""

    def finish(self, deployment: Deployment) -> None:
        """Show how it ended."""

    def close(self) -> None:
        """Give the terminal back; doing it twice is harmless."""


def json_view(out: TextIO, err: TextIO) -> View:
    """A `Deployment` on each line of `out`; what is for people goes to `err`."""
    return _JsonView(out, err)


def lines_view(out: TextIO, err: TextIO, folder: Path) -> View:
    """A line for each thing that changed on `out`, failures on `err`; files are named as seen from `folder`."""
    return _LinesView(out, err, folder)


def print_result(deployment: Deployment, out: TextIO, err: TextIO, folder: Path) -> None:
    """How it ended or stands, and the outputs; on `err` what failed."""
    out.flush()
    for line in result.failures(deployment, folder):
        print(line, file=err, flush=True)
    print(result.closing(deployment), file=err if result.is_bad(deployment) else out, flush=True)
    if deployment.outputs:
        print("outputs:", file=out)
        for line in result.outputs(deployment):
            print(line, file=out)
    out.flush()


class _Static:
    """A view that never draws anything anew, and so has nothing to hold or give back."""

    def __init__(self, err: TextIO) -> None:
        self._err = err

    def hold(self) -> None:
        pass

    def resume(self) -> None:
        pass

    def close(self) -> None:
        pass

    def tell(self, line: str) -> None:
        print(line, file=self._err, flush=True)


class _JsonView(_Static):
    def __init__(self, out: TextIO, err: TextIO) -> None:
        super().__init__(err)
        self._out = out

    def show(self, deployment: Deployment) -> None:
        print(json.dumps(to_wire(deployment)), file=self._out, flush=True)

    def finish(self, deployment: Deployment) -> None:
        self.show(deployment)


class _LinesView(_Static):
    def __init__(self, out: TextIO, err: TextIO, folder: Path) -> None:
        super().__init__(err)
        self._out = out
        self._folder = folder
        self._last: Deployment | None = None

    def show(self, deployment: Deployment) -> None:
        for line in lines.news(self._last, deployment):
            print(line, file=self._out, flush=True)
        self._last = deployment

    def finish(self, deployment: Deployment) -> None:
        self.show(deployment)
        print_result(deployment, self._out, self._err, self._folder)
