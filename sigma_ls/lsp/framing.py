"""The base protocol of LSP: cutting a stream of bytes into the bodies of messages, whatever the pieces it comes in."""

from __future__ import annotations

from collections.abc import Iterator

MAX_HEADER = 8 * 1024
"""Bytes of all header lines of one message; real ones have some dozens."""
MAX_BODY = 256 * 1024 * 1024
"""Bytes of one message.  A guess: far above any manifest, far below what would exhaust a machine."""

_MANY_DIGITS = 20
"""A number of so many digits is longer than any file, and too much work to read as one."""


class BrokenFraming(Exception):
    """What came cannot be cut into messages any more."""


class Framing:
    """What has come of a stream and is not a whole message yet.

    A header without a usable `Content-Length` is skipped, since the next message may be sound.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length: int | None = None
        """Bytes of the body that is coming, once its header is read."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The bodies that are complete with this chunk.

        Raises:
            BrokenFraming: a header or a body is longer than any real one.
        """
        buffer = self._buffer
        buffer.extend(chunk)
        while True:
            if self._length is None:
                end = buffer.find(b"\r\n\r\n")
                if end < 0:
                    if len(buffer) > MAX_HEADER:
                        raise BrokenFraming(f"no end of a message's header within {MAX_HEADER} bytes")
                    return
                self._length = _content_length(bytes(buffer[:end]))
                del buffer[: end + 4]
                if self._length is not None and self._length > MAX_BODY:
                    raise BrokenFraming(f"a message of {self._length} bytes was announced, more than {MAX_BODY}")
            elif len(buffer) < self._length:
                return
            else:
                with memoryview(buffer) as view:
                    body = bytes(view[: self._length])
                del buffer[: self._length]
                self._length = None
                yield body

    def end(self) -> None:
        """The stream is at its end.

        Raises:
            BrokenFraming: it ends within a message.
        """
        if self._length is not None:
            raise BrokenFraming("the input ended within a message")
        if self._buffer.strip():
            raise BrokenFraming("the input ended within a message's header")


def _content_length(header: bytes) -> int | None:
    for line in header.split(b"\r\n"):
        name, _, value = line.partition(b":")
        digits = value.strip()
        if name.strip().lower() == b"content-length" and digits.isdigit() and len(digits) < _MANY_DIGITS:
            return int(digits)
    return None
