"""The real server process, spoken to over its standard input and output."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import define

from tests.support.editor import TIMEOUT, Editor

Json = Any
SERVER = (sys.executable, "-m", "sigma_ls")


@define
class Started:
    """A running server."""

    editor: Editor
    process: asyncio.subprocess.Process
    log: list[str]
    """What it wrote to standard error, line by line."""
    logging: asyncio.Task[None]
    """Done when it has closed standard error: when it is gone."""
    seconds: float = 0
    """From spawn to the answer of `initialize`."""

    async def gone(self) -> None:
        """Wait for the process to be gone, whether or not anybody has read what it said."""
        async with asyncio.timeout(TIMEOUT):
            await asyncio.shield(self.logging)

    async def ended(self) -> int:
        """Wait for the process to end."""
        async with asyncio.timeout(TIMEOUT):
            return await self.process.wait()


@contextlib.asynccontextmanager
async def started(
    capabilities: Json = None,
    *,
    folder: Path | None = None,
    options: Json = None,
    command: Sequence[str] = SERVER,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Started]:
    """A server that was initialized; it is ended in good order if it still runs, and killed where that fails."""
    begin = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **(environment or {})},
        cwd=folder,
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    log: list[str] = []
    server = Started(
        Editor(process.stdout, process.stdin), process, log, asyncio.create_task(_copy(process.stderr, log))
    )
    listening = asyncio.create_task(server.editor.listen())
    try:
        server.editor.initialized = await server.editor.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": folder.as_uri() if folder else None,
                "capabilities": capabilities or {},
                "initializationOptions": options,
            },
        )
        server.seconds = time.perf_counter() - begin
        server.editor.notify("initialized", {})
        yield server
        if process.returncode is None:
            await server.editor.request("shutdown")
            server.editor.notify("exit")
            assert await server.ended() == 0
    finally:
        server.editor.hears.set()
        if process.returncode is None:
            process.kill()
            await process.wait()
        await asyncio.gather(listening, server.logging)
        await server.editor.close()


async def _copy(reader: asyncio.StreamReader, log: list[str]) -> None:
    async for line in reader:
        log.append(line.decode(errors="replace").rstrip("\n"))  # noqa: PERF401 - each at its time
