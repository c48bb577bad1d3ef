"""A small LSP client for measuring: one process, raw JSON-RPC, times taken as the bytes are written and read.

It is not the tests' client: it checks nothing but that the answers it times are the ones it waits for.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "synchronization": {"didSave": True},
        "publishDiagnostics": {"versionSupport": True, "relatedInformation": True},
    },
    "workspace": {"configuration": True, "workspaceFolders": True},
    "window": {"workDoneProgress": True},
}


class Gone(Exception):
    """The server ended, or did not answer in time."""


class Client:
    """A server process and the conversation with it."""

    def __init__(self, command: Sequence[str], root: Path, settings: Mapping[str, Any]) -> None:
        self.spawned = time.perf_counter()
        self._settings = settings
        self._root = root
        self._process = subprocess.Popen(
            command,
            cwd=root,
            # Python's servers as they are installed: with their modules compiled.
            # Nothing was deployed yet, whoever measures.
            env={
                "SIGMA_HOME": str(root / "home"),
                **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        # The reading thread answers the server's questions while a large document is being written.
        self._writing = threading.Lock()
        self._next_id = 0
        self._answers: queue.Queue[tuple[float, dict[str, Any]]] = queue.Queue()
        self._published: queue.Queue[tuple[float, dict[str, Any]]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def initialize(self) -> float:
        """Seconds from spawn to the answer of `initialize`."""
        at, _ = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": self._root.as_uri(),
                "workspaceFolders": [{"uri": self._root.as_uri(), "name": "bench"}],
                "capabilities": CAPABILITIES,
                "initializationOptions": {},
            },
        )
        self.notify("initialized", {})
        if self._settings:
            self.notify("workspace/didChangeConfiguration", {"settings": self._settings})
        return at - self.spawned

    def request(self, method: str, params: object, timeout: float = 120) -> tuple[float, Any]:
        """The moment of the answer, and the answer's result."""
        self._next_id += 1
        self.send({"jsonrpc": "2.0", "id": self._next_id, "method": method, "params": params})
        try:
            while True:
                at, message = self._answers.get(timeout=timeout)
                if message["id"] == self._next_id:
                    return at, message.get("result")
        except queue.Empty as error:
            raise Gone(f"{method}: no answer") from error

    def notify(self, method: str, params: object) -> float:
        """The moment just before the notification was written."""
        return self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def send(self, message: Mapping[str, Any]) -> float:
        """The moment just before `message` was written."""
        body = json.dumps(message, ensure_ascii=False).encode()
        data = memoryview(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        assert self._process.stdin
        with self._writing:
            at = time.perf_counter()
            while data:
                data = data[self._process.stdin.write(data) :]
        return at

    def published(self, uri: str, version: int, timeout: float = 120) -> tuple[float, list[dict[str, Any]]]:
        """The moment and the diagnostics of the next publication for `uri` (of `version`, where the server says)."""
        try:
            while True:
                at, params = self._published.get(timeout=timeout)
                if params["uri"] == uri and params.get("version", version) == version:
                    return at, params["diagnostics"]
        except queue.Empty as error:
            raise Gone(f"no diagnostics for version {version}") from error

    def forget(self) -> None:
        """Drop publications that nobody waited for."""
        while not self._published.empty():
            self._published.get_nowait()

    def resident_megabytes(self) -> list[float]:
        """Resident memory of the process and then of each of its descendants, in MB of 2**20 bytes (Linux's /proc)."""
        found, pids = [], [self._process.pid]
        for pid in pids:
            try:
                status = Path(f"/proc/{pid}/status").read_text()
                # Each thread has the children that it started.
                tasks = [task / "children" for task in Path(f"/proc/{pid}/task").iterdir()]
                children = " ".join(task.read_text() for task in tasks)
            except OSError:
                continue
            resident = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
            found.append(resident / 1024)
            pids += [int(child) for child in children.split()]
        return found

    def close(self) -> None:
        """End the server, politely and then not."""
        try:
            self.request("shutdown", None, timeout=3)
            self.notify("exit", None)
            self._process.wait(timeout=3)
        except (Gone, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()

    def _read(self) -> None:
        assert self._process.stdout
        stream = os.fdopen(os.dup(self._process.stdout.fileno()), "rb", buffering=1 << 20)
        while True:
            length = 0
            while (line := stream.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not line:
                return
            message = json.loads(stream.read(length))
            self._receive(time.perf_counter(), message)

    def _receive(self, at: float, message: dict[str, Any]) -> None:
        method = message.get("method")
        if method is None:
            self._answers.put((at, message))
        elif method == "textDocument/publishDiagnostics":
            self._published.put((at, message["params"]))
        elif method == "workspace/configuration":
            sections = [item.get("section") for item in message["params"]["items"]]
            self.send({"jsonrpc": "2.0", "id": message["id"], "result": [self._settings.get(s) for s in sections]})
        elif "id" in message:
            self.send({"jsonrpc": "2.0", "id": message["id"], "result": None})
