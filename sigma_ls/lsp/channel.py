"""Messages over a byte stream: framing, one thread that reads and one that writes.

Nothing else may take these threads' time, so a busy server still hears `exit`, and an editor that stops reading does
not stop a deployment.  What a message means is not known here.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

MAX_HEADER = 8 * 1024
"""Bytes of all header lines of one message; real ones have some dozens."""
MAX_BODY = 256 * 1024 * 1024
"""Bytes of one message.  A guess: far above any manifest, far below what would exhaust a machine."""
CHUNK = 64 * 1024
"""Bytes asked for at once: the size of a pipe's buffer on Linux."""

_MANY_DIGITS = 20
"""A number of so many digits is longer than any file, and too much work to read as one."""


class BrokenFraming(Exception):
    """What came cannot be cut into messages any more."""


class Stream(Protocol):
    """Two blocking directions; `read` answers `b""` at the end."""

    def read(self) -> bytes:
        """Some bytes, as soon as there are any."""

    def write(self, data: bytes) -> None:
        """Write all of it."""

    def write_now(self, data: bytes) -> bool:
        """Write all of it if that takes no waiting; answers whether it did."""

    def close(self) -> None:
        """Close both directions."""


class FileStream:
    """Two file descriptors, such as those of standard input and output.

    They are read and written without Python's buffers: a buffer's lock, held by a thread that waits for input, would
    hang the interpreter's end.
    """

    def __init__(self, read_from: int, write_to: int) -> None:
        self._read_from = read_from
        self._write_to = write_to
        self._room: select.poll | None = None
        if hasattr(select, "poll"):  # Windows has none
            self._room = select.poll()
            self._room.register(write_to, select.POLLOUT)

    def read(self) -> bytes:
        """Some bytes, as soon as there are any."""
        return os.read(self._read_from, CHUNK)

    def write(self, data: bytes) -> None:
        """Write all of it."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._write_to, rest) :]

    def write_now(self, data: bytes) -> bool:
        """Write all of it if that takes no waiting; answers whether it did."""
        # Where a pipe has room at all it has room for so many bytes (POSIX), and a socket for more.
        if self._room is None or len(data) > select.PIPE_BUF or not self._room.poll(0):
            return False
        self.write(data)
        return True

    def close(self) -> None:
        """Close the written direction; the other one may have a reader in it and ends with the process."""
        os.close(self._write_to)


class SocketStream:
    """A connected socket."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def read(self) -> bytes:
        """Some bytes, as soon as there are any."""
        return self._connection.recv(CHUNK)

    def write(self, data: bytes) -> None:
        """Write all of it."""
        self._connection.sendall(data)

    def write_now(self, data: bytes) -> bool:  # noqa: ARG002 - as the other stream has it
        """Never: who debugs over TCP can wait for the thread."""
        return False

    def close(self) -> None:
        """Close both directions, which also ends a pending read."""
        with contextlib.suppress(OSError):  # The other side may have been faster.
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()


def claim_stdio() -> FileStream:
    """Standard input and output for the protocol alone.

    From here on whatever prints goes to standard error, and child processes find their input empty, so that neither
    can spoil the conversation.
    """
    sys.stdout.flush()
    read_from, write_to = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return FileStream(read_from, write_to)


class Channel:
    """One conversation over a stream.

    `deliver` is called with each message's body and `ended` once, with a reason where the stream broke; both on the
    reading thread.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._waiting = 0
        """How many messages are in the outbox or being written by the thread."""
        self._counting = threading.Lock()
        self._writer = threading.Thread(target=self._write, name="lsp-writer", daemon=True)

    def start(self, deliver: Callable[[bytes], None], ended: Callable[[str | None], None]) -> None:
        """Begin to read and write."""
        self._writer.start()
        threading.Thread(target=self._read, args=(deliver, ended), name="lsp-reader", daemon=True).start()

    def send(self, body: bytes) -> None:
        """Write one message, or queue it where that would block or others wait; for one thread only."""
        data = b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        with self._counting:
            idle = not self._waiting
        try:
            # A thread less on the way of an answer: 0.1 ms.
            if idle and self._stream.write_now(data):
                return
        except OSError:
            return  # The editor is gone; the reading thread says so.
        with self._counting:
            self._waiting += 1
        self._outbox.put(data)

    def close(self, timeout: float) -> None:
        """Write what is queued, for `timeout` seconds at most, and close the stream."""
        self._outbox.put(None)
        self._writer.join(timeout)
        self._stream.close()

    def _read(self, deliver: Callable[[bytes], None], ended: Callable[[str | None], None]) -> None:
        reason = None
        try:
            for body in messages(self._stream.read):
                deliver(body)
        except BrokenFraming as error:
            reason = str(error)
        except OSError as error:
            reason = f"reading from the editor failed: {error}"
        ended(reason)

    def _write(self) -> None:
        while (data := self._outbox.get()) is not None:
            try:
                self._stream.write(data)
            except OSError:
                return  # The editor is gone; the reading thread says so.
            with self._counting:
                self._waiting -= 1


def messages(read: Callable[[], bytes]) -> Iterator[bytes]:
    """The bodies of the messages in a stream of bytes.

    A header without a usable `Content-Length` is skipped, since the next message may be sound.

    Raises:
        BrokenFraming: a header or a body is longer than any real one, or the stream ends within a message.
    """
    buffer = bytearray()

    def more() -> bool:
        chunk = read()
        buffer.extend(chunk)
        return bool(chunk)

    while True:
        while (end := buffer.find(b"\r\n\r\n")) < 0:
            if len(buffer) > MAX_HEADER:
                raise BrokenFraming(f"no end of a message's header within {MAX_HEADER} bytes")
            if not more():
                if buffer.strip():
                    raise BrokenFraming("the input ended within a message's header")
                return
        length = _content_length(bytes(buffer[:end]))
        del buffer[: end + 4]
        if length is None:
            continue
        if length > MAX_BODY:
            raise BrokenFraming(f"a message of {length} bytes was announced, more than {MAX_BODY}")
        while len(buffer) < length:
            if not more():
                raise BrokenFraming("the input ended within a message")
        yield bytes(buffer[:length])
        del buffer[:length]


def _content_length(header: bytes) -> int | None:
    for line in header.split(b"\r\n"):
        name, _, value = line.partition(b":")
        digits = value.strip()
        if name.strip().lower() == b"content-length" and digits.isdigit() and len(digits) < _MANY_DIGITS:
            return int(digits)
    return None
