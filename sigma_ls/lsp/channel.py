"""Messages over a byte stream: framing, reading as input comes, and a thread that writes what would block.

An editor that stops reading stops no deployment: only the thread waits for it.  What a message means is not known here.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import select
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol

from sigma_ls.lsp.framing import BrokenFraming, Framing

CHUNK = 64 * 1024
"""Bytes asked for at once: the size of a pipe's buffer on Linux."""

MOST_READS = 64
"""Chunks that are read one after the other before anything is made of them: 4 MB, so that nothing else waits long."""


class Stream(Protocol):
    """Two blocking directions; `read` answers `b""` at the end."""

    def fileno(self) -> int:
        """The descriptor that is read from."""

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

    def fileno(self) -> int:
        """The descriptor that is read from."""
        return self._read_from

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

    def fileno(self) -> int:
        """The descriptor that is read from."""
        return self._connection.fileno()

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
    """One conversation over a stream; all but the reading thread's own part is for the loop's thread.

    `take` is called with a queue of the bodies that have come, from which it takes what it handles; `ended` once, with a
    reason where the stream broke.
    """

    def __init__(
        self, stream: Stream, take: Callable[[deque[bytes]], None], ended: Callable[[str | None], None]
    ) -> None:
        self._stream = stream
        self._take = take
        self._ended = ended
        self._framing = Framing()
        self._inbox: deque[bytes] = deque()
        self._over: str | None = None
        """Why nothing more will come, from when that is known until it is said; empty where the input just ended."""
        self._loop: asyncio.AbstractEventLoop | None = None
        """The one that watches the stream, where it can."""
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._waiting = 0
        """How many messages are in the outbox or being written by the thread."""
        self._counting = threading.Lock()
        self._writer = threading.Thread(target=self._write, name="lsp-writer", daemon=True)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to read and write."""
        self._writer.start()
        try:
            # A thread less on the way of an edit: 0.12 ms.
            loop.add_reader(self._stream.fileno(), self._read_on_loop)
            self._loop = loop
            self._more = select.poll()
            self._more.register(self._stream.fileno(), select.POLLIN)
        except (NotImplementedError, OSError):
            # Windows' loop watches no pipes, and none watches a file.
            threading.Thread(target=self._read_on_thread, args=(loop,), name="lsp-reader", daemon=True).start()

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

    def stop_reading(self) -> None:
        """What comes from now on is nobody's, where the loop reads; the thread ends with the process."""
        if self._loop is not None:
            self._loop.remove_reader(self._stream.fileno())
            self._loop = None

    def close(self, timeout: float) -> None:
        """Write what is queued, for `timeout` seconds at most, and close the stream.  Blocks; for any thread."""
        self._outbox.put(None)
        self._writer.join(timeout)
        self._stream.close()

    def _read_on_loop(self) -> None:
        # All that has come is read before anything is made of it, so that a burst of edits is one analysis.
        for _ in range(MOST_READS):
            if not self._read():
                self.stop_reading()
                break
            if not self._more.poll(0):
                break
        self._hand_on()

    def _read_on_thread(self, loop: asyncio.AbstractEventLoop) -> None:
        with contextlib.suppress(RuntimeError):  # The loop is closed: nobody listens any more.
            while self._read():
                loop.call_soon_threadsafe(self._hand_on)
            loop.call_soon_threadsafe(self._hand_on)

    def _read(self) -> bool:
        """Read once; answers whether there can be more."""
        try:
            chunk = self._stream.read()
            if chunk:
                self._inbox.extend(self._framing.feed(chunk))
                return True
            self._framing.end()
            self._over = ""
        except BrokenFraming as error:
            self._over = str(error)
        except OSError as error:
            self._over = f"reading from the editor failed: {error}"
        return False

    def _hand_on(self) -> None:
        over, self._over = self._over, None
        self._take(self._inbox)
        if over is not None:
            self._ended(over or None)

    def _write(self) -> None:
        while (data := self._outbox.get()) is not None:
            try:
                self._stream.write(data)
            except OSError:
                return  # The editor is gone; the reading thread says so.
            with self._counting:
                self._waiting -= 1
