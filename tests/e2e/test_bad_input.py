"""Whatever an editor sends, the real server goes on, answers, and says nothing that only its authors understand."""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from tests.support.editor import SIGMA, Refusal
from tests.support.process import started

GOOD = "name: shop\nplatform: aws\naws: {region: eu-west-1}\n"
SIZE = 5_000_000


def garbage(kind: str) -> str:
    chance = random.Random(7)
    match kind:
        case "letters":
            return "".join(chance.choices("abc: -[]{}#&*!|>'\"%@`\n\t ", k=SIZE))
        case "binary":
            return "".join(map(chr, chance.choices(range(0x10000), k=SIZE // 2)))
        case "one line":
            return "x" * SIZE
        case "keys":
            return "".join(f"k{number}: {{a: [1, 2\n" for number in range(SIZE // 16))
        case "nesting":
            return "[" * SIZE
        case _:
            return "\n" * SIZE


@pytest.mark.parametrize("kind", ["letters", "binary", "one line", "keys", "nesting", "lines"])
async def test_five_megabytes_of_garbage(kind: str, tmp_path: Path) -> None:
    uri = (tmp_path / "sigma.yaml").as_uri()
    async with started(SIGMA, folder=tmp_path) as server:
        editor = server.editor
        editor.patience = 30
        editor.open(uri, garbage(kind))
        assert await editor.published(uri, 1)
        editor.change(uri, 2, (0, 0, 0, 1, "x"))
        await editor.published(uri, 2)
        editor.change(uri, 3, GOOD)
        assert await editor.published(uri, 3) == []
    assert server.log == []


async def test_what_is_no_message_is_answered_and_what_follows_is_served() -> None:
    async with started(SIGMA) as server:
        editor = server.editor
        for body in (b"{", b"\xff\xff", b"[]", b"7", b"{}", b'{"jsonrpc":"2.0","id":null,"method":"x"}'):
            editor.send_bytes(body)
        await editor.settled()
        assert [stray["error"]["code"] for stray in editor.stray] == [-32700, -32700, -32600, -32600, -32600]
        with pytest.raises(Refusal):
            await editor.request("sigma/unheardOf")
    assert "Traceback" not in "\n".join(server.log)


async def test_bytes_that_are_no_stream_of_messages_end_it_with_a_reason() -> None:
    async with started(SIGMA) as server:
        assert server.process.stdin
        server.process.stdin.write(b"GET / HTTP/1.1\r\n" + b"x" * 10_000)
        assert await server.ended() == 1
    assert len(server.log) == 1
    assert "the conversation ended" in server.log[0]


async def test_an_editor_that_stops_reading_does_not_stop_it(tmp_path: Path) -> None:
    uri = (tmp_path / "sigma.yaml").as_uri()
    async with started(SIGMA, folder=tmp_path) as server:
        editor = server.editor
        editor.open(uri, GOOD + "".join(f"unknown{number}: x\n" for number in range(400)))
        assert len(await editor.published(uri, 1)) == 400
        editor.hears.clear()
        # Their answers are many times what a pipe and our own buffer hold.
        for _ in range(30):
            editor.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        await editor.full()
        # A server that waited for room would not hear this, and would go no further with a deployment either.
        server.process.send_signal(signal.SIGTERM)
        await server.gone()
        editor.hears.set()
        assert await server.ended() == 0
