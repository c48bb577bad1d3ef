"""An editor in memory: it speaks plain JSON-RPC with a server of this process, and keeps all that it hears.

Each method has a queue of its own, so that nothing is missed that came before somebody waited for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from sigma_ls.lsp.channel import SocketStream
from sigma_ls.lsp.serve import serve
from sigma_ls.lsp.session import Services

Json = Any
TIMEOUT = 10.0
"""Seconds after which a test gives up on a message; nothing waits that long unless it is broken."""

SIGMA = {"experimental": {"sigma": {"protocol": 1}}}
"""The capability of an editor that speaks our own messages."""


class Refusal(Exception):
    """An error answer."""

    def __init__(self, error: Mapping[str, Json]) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: int = error["code"]
        self.message: str = error["message"]
        self.data: Json = error.get("data")


class Editor:
    """One side of a conversation; `answers` maps a server's request to what it is answered, or a function that says."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.answers: dict[str, Json | Callable[[Json], Json]] = {}
        self.initialized: Json = None
        self.patience = TIMEOUT
        """Seconds to wait for a message."""
        self.hears = asyncio.Event()
        """While it is cleared, nothing is read of what the server says."""
        self.hears.set()
        self._reader = reader
        self._writer = writer
        self._ids = iter(range(1, 1_000_000))
        self._pending: dict[Json, asyncio.Future[Json]] = {}
        self._inbox: defaultdict[str, asyncio.Queue[Json]] = defaultdict(asyncio.Queue)
        self._ended = asyncio.Event()
        self.heard: Counter[str] = Counter()
        """How many messages of each method came."""
        self.transcript: list[Json] = []
        """All that was heard, in order."""
        self.exit_code: int | None = None
        self.stray: list[Json] = []
        """Answers to nothing that was asked."""

    async def listen(self) -> None:
        """Take what the server says until it says no more."""
        while (header := await self._reader.readline()) != b"":
            await self._reader.readline()
            try:
                body = await self._reader.readexactly(int(header.split(b":")[1]))
            except asyncio.IncompleteReadError:
                break  # Who is ended while nobody listens cannot finish its sentence.
            self._take(json.loads(body))
            await self.hears.wait()
        self._ended.set()

    async def full(self) -> None:
        """The buffer of what was heard is full: from now on the server's words stay in the pipe."""
        async with asyncio.timeout(TIMEOUT):
            while not self._reader._paused:  # type: ignore[attr-defined]  # noqa: ASYNC110 - asyncio tells nobody
                await asyncio.sleep(0)

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()

    async def listen_ended(self) -> None:
        """Wait for the server to say no more."""
        async with asyncio.timeout(TIMEOUT):
            await self._ended.wait()

    def _take(self, message: Json) -> None:
        self.transcript.append(message)
        if "method" not in message:
            future = self._pending.pop(message["id"], None)
            if future is None:
                self.stray.append(message)
            elif "error" in message:
                future.set_exception(Refusal(message["error"]))
            else:
                future.set_result(message["result"])
            return
        method = message["method"]
        self._inbox[method].put_nowait(message.get("params"))
        self.heard[method] += 1
        if "id" in message and method in self.answers:
            answer = self.answers[method]
            self.send({"id": message["id"], "result": answer(message["params"]) if callable(answer) else answer})
        elif "id" in message:
            self._inbox[method + "#id"].put_nowait(message["id"])

    def send(self, message: Mapping[str, Json]) -> None:
        """Send a message, whatever it is."""
        self.send_bytes(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def send_bytes(self, body: bytes) -> None:
        """Send a body, whatever it is."""
        self._writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def notify(self, method: str, params: Json = None) -> None:
        """Send a notification."""
        self.send({"method": method, "params": params})

    def ask(self, method: str, params: Json = None) -> asyncio.Future[Json]:
        """Send a request; the answer comes later."""
        return self.ask_as(next(self._ids), method, params)

    def ask_as(self, msg_id: Json, method: str, params: Json = None) -> asyncio.Future[Json]:
        """Send a request under this id."""
        future = self._pending[msg_id] = asyncio.get_running_loop().create_future()
        self.send({"id": msg_id, "method": method, "params": params})
        return future

    async def request(self, method: str, params: Json = None) -> Json:
        """Send a request and wait for its result.

        Raises:
            Refusal: the server answered with an error.
        """
        async with asyncio.timeout(TIMEOUT):
            return await self.ask(method, params)

    async def command(self, name: str, **argument: Json) -> Json:
        """Execute a command."""
        return await self.request("workspace/executeCommand", {"command": name, "arguments": [argument]})

    async def received(self, method: str) -> Json:
        """The parameters of the next message of this method, come or to come."""
        try:
            async with asyncio.timeout(self.patience):
                return await self._inbox[method].get()
        except TimeoutError:
            heard = {name: queue.qsize() for name, queue in self._inbox.items() if queue.qsize()}
            raise AssertionError(f"no {method} came; unread are {heard}") from None

    async def until(self, method: str, fits: Callable[[Json], bool]) -> Json:
        """The first message of this method that fits; those before it are dropped."""
        while not fits(params := await self.received(method)):
            pass
        return params

    async def answer_next(self, method: str, result: Json) -> Json:
        """Answer the next request of this method from the server, and give its parameters."""
        params = await self.received(method)
        self.send({"id": await self.received(method + "#id"), "result": result})
        return params

    def unread(self) -> dict[str, int]:
        """How many messages of each method nobody has looked at."""
        return {name: queue.qsize() for name, queue in self._inbox.items() if queue.qsize() and "#" not in name}

    async def settled(self) -> None:
        """All that was sent so far has been handled: the server answers in order."""
        with contextlib.suppress(Refusal):
            await self.request("test/settled")

    async def ready(self) -> None:
        """The deployments are open, which they are soon after the start."""
        await self.command("sigma.deployments")

    # --- documents ---------------------------------------------------------------------------------------------------

    def open(self, uri: str, text: str, version: int = 1, language: str = "yaml") -> None:
        """Open a document."""
        self.notify(
            "textDocument/didOpen",
            {"textDocument": {"uri": uri, "languageId": language, "version": version, "text": text}},
        )

    def change(self, uri: str, version: int, *changes: Json) -> None:
        """Change a document; a change is a text, or `(line, character, line, character, text)`."""

        def content(change: Json) -> Json:
            if isinstance(change, str):
                return {"text": change}
            l0, c0, l1, c1, text = change
            return {
                "range": {"start": {"line": l0, "character": c0}, "end": {"line": l1, "character": c1}},
                "text": text,
            }

        self.notify(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": version}, "contentChanges": [content(c) for c in changes]},
        )

    async def published(self, uri: str, version: int | None = None) -> list[Json]:
        """The diagnostics that are published for this document (of this version) next."""
        params = await self.until(
            "textDocument/publishDiagnostics",
            lambda params: params["uri"] == uri and version in (None, params.get("version")),
        )
        return params["diagnostics"]


@contextlib.asynccontextmanager
async def connected(
    services: Services,
    capabilities: Json = None,
    *,
    options: Json = None,
    folder: str | None = None,
    start: bool = True,
) -> AsyncIterator[Editor]:
    """A conversation, initialized unless `start` is false, and ended in good order if it still goes on."""
    ours, theirs = socket.socketpair()
    stream = SocketStream(theirs)
    serving = asyncio.create_task(serve(stream, services))
    editor = Editor(*await asyncio.open_connection(sock=ours))
    listening = asyncio.create_task(editor.listen())
    try:
        if start:
            editor.initialized = await editor.request(
                "initialize",
                {
                    "processId": None,
                    "rootUri": folder,
                    "capabilities": capabilities or {},
                    "initializationOptions": options,
                },
            )
            editor.notify("initialized", {})
        yield editor
        if not editor._ended.is_set():
            with contextlib.suppress(Refusal):
                await editor.request("shutdown")
            editor.notify("exit")
        async with asyncio.timeout(TIMEOUT):
            editor.exit_code = await serving
            await listening
    finally:
        serving.cancel()
        listening.cancel()
        await asyncio.gather(serving, listening, return_exceptions=True)
        stream.close()
        await editor.close()
