"""Processes that are killed at a point of their life that a test chooses, and the cloud that they leave behind.

A life is a fork of one waiting process (`python -m tests.support.mortal`), so that hundreds of them cost little.  Its
cloud is a `FakeCloud` in the test's process, spoken to over a socket: it stands whatever becomes of the life.

The points are counted from 1: each change to a file below the state folder, as Python's audit events tell of it (before
a draft is opened, before it gets its name, before the folder is made durable, before an old record is removed, before
events are added), and each call to the cloud, before it is sent and after it was answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from sigma_ls.app.world import CloudRef, Report
from sigma_ls.deploy.ports import Provider
from sigma_ls.deploy.snapshot import Deployment
from tests.support.app import App, write_project
from tests.support.cloud import FakeCloud, FakeWorld, InstantClock


@frozen
class Will:
    """What a person wants of a deployment; it is the same will that meets the next process."""

    operation: str = "deploy"
    auto_execute: bool = False
    abort: bool = False
    """At the staged changes."""
    stop: bool = False
    """As soon as something is done."""


@frozen
class Life:
    """One process' share of a deployment; it is killed `at` a point, and never where that is 0."""

    folder: str
    socket: str
    will: Will
    at: int


async def lived(app: App, begun: Deployment, will: Will) -> Deployment:
    """Do what a person of this will does, to the end of the deployment."""
    asked: set[str] = set()
    async for now in app.deployments.follow(begun.id):
        if now.question is not None and now.question.id not in asked:
            asked.add(now.question.id)
            choice = now.question.choices[0].id
            await app.deployments.answer(
                now.id, now.question.id, {"KEY": "s3cret"} if now.question.kind == "values" else choice
            )
        elif now.can.execute and will.abort:
            await app.deployments.abort(now.id)
        elif now.can.execute:
            await app.deployments.execute(now.id, now.plan.id if now.plan else None)
        elif now.can.stop and will.stop and now.progress.done and now.phase == "monitoring":
            await app.deployments.stop(now.id)
    return app.deployments.get(begun.id)


async def begun(app: App, will: Will) -> Deployment:
    """The deployment that was left alone or brought to its end, or a new one where there is none."""
    await app.deployments.resume()
    known = app.deployments.list()
    return known[0] if known else await app.start(will.operation, auto_execute=will.auto_execute)


# --- in the test's process -------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def served(cloud: FakeCloud, path: Path) -> AsyncIterator[None]:
    """The cloud behind a socket: each connection is one call."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            method, args, kwargs = pickle.loads(await _read(reader))
            if method == "watch":
                async for news in cloud.watch(*args):
                    await _write(writer, ("item", news, cloud.clock.now()))
                    # It goes on when it was heard, so that nothing happens after a life has ended.
                    await reader.readexactly(1)
                await _write(writer, ("end", None, cloud.clock.now()))
            else:
                await _write(writer, ("end", await getattr(cloud, method)(*args, **kwargs), cloud.clock.now()))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # Who asked was killed.
        except Exception as error:  # noqa: BLE001 - it is for who asked
            with contextlib.suppress(ConnectionError):
                await _write(writer, ("error", error, cloud.clock.now()))
        finally:
            writer.close()

    server = await asyncio.start_unix_server(answer, path)
    async with server:
        yield


class Nursery:
    """The process whose forks the lives are."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.mortal"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
            text=True,
        )

    async def live(self, life: Life) -> bool:
        """Whether it lived to the end of the deployment; `False` where it was killed before.

        An error where it ended otherwise.
        """
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(pickle.dumps(life).hex() + "\n")
        self._process.stdin.flush()
        status = int(await asyncio.to_thread(self._process.stdout.readline))
        assert status in (0, -signal.SIGKILL), f"a life ended with status {status}: {life}"
        return status == 0

    def close(self) -> None:
        """End it."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


# --- in a life -------------------------------------------------------------------------------------------------------


class _Points:
    """Counts, and kills this process at the chosen point."""

    def __init__(self, state: str, at: int) -> None:
        self._state = state
        self._left = at

    def reached(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, event: str, args: tuple[Any, ...]) -> None:
        if event not in ("open", "os.rename", "os.remove") or not str(args[0]).startswith(self._state):
            return
        changes = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_DIRECTORY
        if event != "open" or args[2] & changes:
            self.reached()


class _DistantCloud:
    """The provider of a life: each method is a call over the socket."""

    def __init__(self, path: str, points: _Points, clock: InstantClock) -> None:
        self.engine = FakeCloud.engine
        self.capabilities = FakeCloud.capabilities
        self._path = path
        self._points = points
        self._clock = clock

    def console_url(self, stack_id: str) -> str | None:
        return f"https://console.example/{stack_id}"

    def __getattr__(self, method: str) -> Any:
        if method == "watch":
            return self._watch

        async def call(*args: Any, **kwargs: Any) -> Any:
            # A function cannot be sent; what an upload reports is of no interest here.
            sent = tuple(None if callable(each) else each for each in args)
            async for _, answer in self._answers("upload_quietly" if method == "upload" else method, sent, kwargs):
                return answer
            raise ConnectionResetError(method)

        return call

    async def _watch(self, stack_id: str, token: str | None) -> AsyncIterator[Any]:
        async for kind, news in self._answers("watch", (stack_id, token), {}):
            if kind == "item":
                yield news

    async def _answers(self, method: str, args: tuple[Any, ...], kwargs: Any) -> AsyncIterator[tuple[str, Any]]:
        self._points.reached()
        reader, writer = await asyncio.open_unix_connection(self._path)
        try:
            await _write(writer, (method, args, kwargs))
            kind = "item"
            while kind == "item":
                kind, answer, now = pickle.loads(await _read(reader))
                self._clock.catch_up(now)
                self._points.reached()
                if kind == "error":
                    raise answer
                yield kind, answer
                if kind == "item":
                    writer.write(b"+")
        finally:
            writer.close()


class _DistantWorld(FakeWorld):
    def __init__(self, life: Life, points: _Points) -> None:
        super().__init__(Path(life.folder) / "state")
        self._provider = _DistantCloud(life.socket, points, self.clock)

    def new_id(self) -> str:
        return f"p{os.getpid()}"

    async def provider(self, cloud: CloudRef, report: Report, *, poll_interval: float) -> Provider:
        return self._provider  # type: ignore[return-value]


async def _life(life: Life) -> None:
    points = _Points(str(Path(life.folder) / "state"), life.at)
    app = App(Path(life.folder), world=_DistantWorld(life, points))
    sys.addaudithook(points.audit)
    await lived(app, await begun(app, life.will), life.will)
    await app.deployments.close()


async def _warmed_up(folder: Path) -> None:
    """Load, and compile, whatever a life needs: its forks have it then."""
    write_project(folder / "project")
    app = App(folder)
    await app.run()
    await app.deployments.close()


def _nursery() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_warmed_up(Path(folder)))
    gc.freeze()
    for line in sys.stdin:
        life = pickle.loads(bytes.fromhex(line))
        if (child := os.fork()) == 0:
            status = 1
            try:
                asyncio.run(asyncio.wait_for(_life(life), 30))
                status = 0
            finally:
                # A failure has shown its traceback by now, and nothing of the parent's is to be flushed again.
                if status:
                    sys.excepthook(*sys.exc_info())
                os._exit(status)
        _, waited = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(waited)}\n")
        sys.stdout.flush()


async def _read(reader: asyncio.StreamReader) -> bytes:
    return await reader.readexactly(int.from_bytes(await reader.readexactly(4)))


async def _write(writer: asyncio.StreamWriter, message: Any) -> None:
    data = pickle.dumps(message)
    writer.write(len(data).to_bytes(4) + data)
    await writer.drain()


@contextlib.contextmanager
def nursery() -> Iterator[Nursery]:
    """A nursery for the time of a test."""
    made = Nursery()
    try:
        yield made
    finally:
        made.close()


if __name__ == "__main__":
    _nursery()
