"""The floor: a bare JSON-RPC loop that re-parses just the touched block with libyaml, and knows no rule.

No server written in Python can answer faster; ours is measured against it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import yaml

Lines = list[str]


def send(message: dict[str, Any]) -> None:
    """Write one message."""
    body = json.dumps(message).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    sys.stdout.buffer.flush()


def block(lines: Lines, line: int) -> str:
    """The lines around `line` that a key at indent 0 or 2 begins."""

    def begins(text: str) -> bool:
        return text[:3].strip() != "" and not text.lstrip().startswith(("#", "-"))

    first = line
    while first > 0 and not begins(lines[first]):
        first -= 1
    last = line + 1
    while last < len(lines) and not begins(lines[last]):
        last += 1
    return "\n".join(lines[first:last])


def change(lines: Lines, edit: dict[str, Any]) -> None:
    """Apply one incremental change of a document that is all ASCII."""
    start, end = edit["range"]["start"], edit["range"]["end"]
    head, tail = lines[start["line"]][: start["character"]], lines[end["line"]][end["character"] :]
    lines[start["line"] : end["line"] + 1] = (head + edit["text"] + tail).split("\n")
    yaml.compose(block(lines, start["line"]), Loader=yaml.CSafeLoader)


def main() -> None:
    """Serve until the end of the input."""
    lines: Lines = []
    while True:
        length = 0
        while (header := sys.stdin.buffer.readline()) not in (b"\r\n", b""):
            length = int(header.split(b":")[1]) if header[:1] in b"Cc" else length
        if not header:
            return
        message = json.loads(sys.stdin.buffer.read(length))
        match message.get("method"):
            case "initialize":
                send({"jsonrpc": "2.0", "id": message["id"], "result": {"capabilities": {"textDocumentSync": 2}}})
            case "textDocument/didOpen" | "textDocument/didChange" as method:
                params = message["params"]
                if method == "textDocument/didOpen":
                    lines = params["textDocument"]["text"].split("\n")
                for edit in params.get("contentChanges", ()):
                    change(lines, edit)
                document = {key: params["textDocument"][key] for key in ("uri", "version")}
                publication = {**document, "diagnostics": []}
                send({"jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": publication})
            case "exit":
                return
            case _ if "id" in message:
                send({"jsonrpc": "2.0", "id": message["id"], "result": None})


if __name__ == "__main__":
    main()
