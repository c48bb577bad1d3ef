"""Cutting a stream into messages, whatever the pieces in which it comes."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigma_ls.lsp.channel import MAX_HEADER, BrokenFraming, Channel, FileStream, messages


def reader(*chunks: bytes) -> Callable[[], bytes]:
    left = list(chunks)
    return lambda: left.pop(0) if left else b""


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


@given(st.lists(st.binary(max_size=40), max_size=5), st.data())
def test_bodies_come_back_whatever_the_pieces(bodies: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(map(framed, bodies))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert list(messages(reader(*filter(None, chunks)))) == bodies


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
    assert list(messages(reader(header + b"{}"))) == [b"{}"]


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        (b"Content-Length: 5\r\n\r\n{}", "ended within a message"),
        (b"Content-Length", "ended within a message's header"),
        (b"Content-Length: 999999999999\r\n\r\n", "announced"),
        (b"x" * (MAX_HEADER + 1), "no end of a message's header"),
    ],
)
def test_a_stream_that_cannot_be_cut(stream: bytes, reason: str) -> None:
    with pytest.raises(BrokenFraming, match=reason):
        list(messages(reader(stream)))


def test_blank_lines_at_the_end_are_no_message() -> None:
    assert list(messages(reader(framed(b"{}") + b"\r\n"))) == [b"{}"]


def test_what_fits_into_a_pipe_is_written_at_once_and_the_rest_in_order() -> None:
    incoming, outgoing = os.pipe()
    into, _ = os.pipe()
    channel = Channel(FileStream(into, outgoing))
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
    channel.start(lambda _: None, lambda _: None)
    expected = framed(large) + framed(b"[]")
    found = b""
    while len(found) < len(expected):
        found += os.read(incoming, 1 << 20)
    assert found == expected
    channel.close(5)


def test_an_editor_that_is_gone_stops_nothing() -> None:
    incoming, outgoing = os.pipe()
    into, _ = os.pipe()
    os.close(incoming)
    Channel(FileStream(into, outgoing)).send(b"{}")
    os.close(outgoing)
