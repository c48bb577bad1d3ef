"""Cutting a stream into messages, whatever the pieces in which it comes."""

from __future__ import annotations

import asyncio
import os
import socket
from collections import deque
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigma_ls.lsp.channel import CHUNK, Channel, FileStream, SocketStream, Stream
from sigma_ls.lsp.framing import MAX_HEADER, BrokenFraming, Framing


def bodies_of(chunks: Iterable[bytes]) -> list[bytes]:
    framing = Framing()
    found = [body for chunk in chunks for body in framing.feed(chunk)]
    framing.end()
    return found


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


@given(st.lists(st.binary(max_size=40), max_size=5), st.data())
def test_bodies_come_back_whatever_the_pieces(bodies: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(map(framed, bodies))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert bodies_of(chunks) == bodies


@pytest.mark.parametrize(
    "header",
    [
        b"content-length: 2\r\n\r\n",
        b"Content-Length:2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
        b"X: y\r\n\r\nContent-Length: 2\r\n\r\n",
        b"Content-Length: two\r\n\r\nContent-Length: 2\r\n\r\n",
        b"Content-Length: -2\r\n\r\nContent-Length: 2\r\n\r\n",
        b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nContent-Length: 2\r\n\r\n",
    ],
)
def test_headers_that_are_read_or_skipped(header: bytes) -> None:
    assert bodies_of([header + b"{}"]) == [b"{}"]


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        (b"Content-Length: 5\r\n\r\n{}", "ended within a message$"),
        (b"Content-Length", "ended within a message's header"),
        (b"Content-Length: 999999999999\r\n\r\n", "announced"),
        (b"x" * (MAX_HEADER + 1), "no end of a message's header"),
    ],
)
def test_a_stream_that_cannot_be_cut(stream: bytes, reason: str) -> None:
    with pytest.raises(BrokenFraming, match=reason):
        bodies_of([stream])


def test_what_came_before_the_stream_broke_is_a_message() -> None:
    found: list[bytes] = []
    with pytest.raises(BrokenFraming):
        found.extend(Framing().feed(framed(b"{}") + b"x" * (MAX_HEADER + 1)))
    assert found == [b"{}"]


def test_blank_lines_at_the_end_are_no_message() -> None:
    assert bodies_of([framed(b"{}") + b"\r\n"]) == [b"{}"]


class Listener:
    """Notes what is handed on at a time, and how the stream ended."""

    def __init__(self) -> None:
        self.taken: list[list[bytes]] = []
        self.ended: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

    def take(self, inbox: deque[bytes]) -> None:
        self.taken.append([*inbox])
        inbox.clear()


async def heard(stream: Stream) -> Listener:
    """What a channel hears to its end."""
    listener = Listener()
    channel = Channel(stream, listener.take, listener.ended.set_result)
    channel.start(asyncio.get_running_loop())
    await asyncio.wait_for(asyncio.shield(listener.ended), 10)
    channel.close(5)
    return listener


async def test_all_that_has_come_is_handed_on_at_once() -> None:
    read_from, write_to = os.pipe()
    for body in (b"{}", b"[]", b"[1]"):
        os.write(write_to, framed(body))
    os.close(write_to)
    listener = await heard(FileStream(read_from, os.open(os.devnull, os.O_WRONLY)))
    assert listener.taken == [[b"{}", b"[]", b"[1]"]]
    assert listener.ended.result() is None


async def test_what_one_reading_does_not_take_is_still_one_burst() -> None:
    ours, theirs = socket.socketpair()
    ours.sendall(framed(b"x" * CHUNK) + framed(b"y" * CHUNK) + b"Content-Length: 3\r\n\r\n[1")
    ours.close()
    listener = await heard(SocketStream(theirs))
    assert [len(body) for body in listener.taken[0]] == [CHUNK, CHUNK]
    assert listener.ended.result() == "the input ended within a message"


async def test_a_file_is_read_on_a_thread(tmp_path: Path) -> None:
    """No loop watches a file: `sigma-ls --stdio < conversation` works all the same."""
    (tmp_path / "conversation").write_bytes(framed(b"{}") + framed(b"[]"))
    conversation = os.open(tmp_path / "conversation", os.O_RDONLY)
    listener = await heard(FileStream(conversation, os.open(os.devnull, os.O_WRONLY)))
    assert [body for bodies in listener.taken for body in bodies] == [b"{}", b"[]"]
    assert listener.ended.result() is None


async def test_nothing_is_read_any_more_when_reading_was_stopped() -> None:
    read_from, write_to = os.pipe()
    listener = Listener()
    _, outgoing = os.pipe()
    channel = Channel(FileStream(read_from, outgoing), listener.take, listener.ended.set_result)
    channel.start(asyncio.get_running_loop())
    channel.stop_reading()
    os.write(write_to, framed(b"{}"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert listener.taken == []
    channel.close(5)


async def test_what_fits_into_a_pipe_is_written_at_once_and_the_rest_in_order() -> None:
    incoming, outgoing = os.pipe()
    into, _ = os.pipe()
    listener = Listener()
    channel = Channel(FileStream(into, outgoing), listener.take, listener.ended.set_result)
    # Nobody writes in the background yet.
    channel.send(b"{}")
    assert os.read(incoming, 100) == framed(b"{}")
    large = b"x" * 1_000_000
    channel.send(large)
    channel.send(b"[]")
    os.set_blocking(incoming, False)
    with pytest.raises(BlockingIOError):
        os.read(incoming, 100)
    os.set_blocking(incoming, True)
    channel.start(asyncio.get_running_loop())
    expected = framed(large) + framed(b"[]")
    found = b""
    while len(found) < len(expected):
        found += os.read(incoming, 1 << 20)
    assert found == expected
    channel.stop_reading()
    channel.close(5)


async def test_an_editor_that_is_gone_stops_nothing() -> None:
    incoming, outgoing = os.pipe()
    into, _ = os.pipe()
    os.close(incoming)
    listener = Listener()
    Channel(FileStream(into, outgoing), listener.take, listener.ended.set_result).send(b"{}")
    os.close(outgoing)
