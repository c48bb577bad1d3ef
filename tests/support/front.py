"""A front of the sandbox: passes calls on, counts them, and spoils some when told to.

It speaks HTTP on the loopback interface, so the real SDK with its retries, parsers and connections is under test.
"""

from __future__ import annotations

import contextlib
import http.client
import threading
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

ERROR = """<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>0</RequestId></ErrorResponse>"""

# Hop-by-hop, or set anew by whoever answers.
_NOT_PASSED_ON = {"connection", "transfer-encoding", "content-length", "date", "server"}


Reply = tuple[int, list[tuple[str, str]], bytes]
"""Status, headers and body."""


class Front:
    """`url` is what to talk to; `calls` the operations that came, in order."""

    def __init__(self, behind: str) -> None:
        self.calls: list[str] = []
        self._behind = urlsplit(behind).netloc
        self._spoiled: dict[str, list[Spoiler]] = {}
        self._spoiled_at: dict[int, Spoiler] = {}
        self._lock = threading.Lock()
        front = self

        class Handler(_Handler):
            def handle_call(self) -> None:
                front._handle(self)

            do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_call  # noqa: N815 - http.server's names

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def spoil(self, operation: str, spoiler: Spoiler, *, times: int) -> None:
        """Have the next `times` calls of `operation` spoiled."""
        self._spoiled[operation] = [spoiler] * times

    def spoil_call(self, number: int, spoiler: Spoiler | None) -> None:
        """Have one call spoiled, by its place (from 1) among all that come from now on; or none of them."""
        self.calls.clear()
        self._spoiled_at = {} if spoiler is None else {number: spoiler}

    @contextlib.contextmanager
    def running(self) -> Iterator[Self]:
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    def _handle(self, request: _Handler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        operation = _operation(request.command, request.path, body)
        with self._lock:
            self.calls.append(operation)
            waiting = self._spoiled.get(operation)
            spoiler = waiting.pop(0) if waiting else self._spoiled_at.pop(len(self.calls), _answered)
        spoiler(request, lambda: self._pass_on(request, body))

    def _pass_on(self, request: _Handler, body: bytes) -> Reply:
        connection = request.behind = request.behind or http.client.HTTPConnection(self._behind, timeout=30)
        headers = {key: value for key, value in request.headers.items() if key.lower() != "expect"}
        connection.request(request.command, request.path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are written one after the other: else the body waits for the acknowledgement of the head, 40 ms each time.
    disable_nagle_algorithm = True
    behind: http.client.HTTPConnection | None = None
    """One for each that is in front: the sandbox looks up who it is that connects, which takes its time."""

    def log_message(self, *_: object) -> None:
        """Nothing: pytest shows what matters."""

    def say(self, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for key, value in headers:
            if key.lower() not in _NOT_PASSED_ON:
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def finish(self) -> None:
        super().finish()
        if self.behind is not None:
            self.behind.close()

    def hang_up(self) -> None:
        self.close_connection = True


def _operation(method: str, path: str, body: bytes) -> str:
    if action := parse_qs(body.decode("latin-1")).get("Action"):
        return action[0]
    return f"{method} {'object' if urlsplit(path).path.strip('/').count('/') else 'bucket'}"


Spoiler = Callable[[_Handler, Callable[[], Reply]], None]


# --- spoilers: take the request and a function that has it carried out -----------------------------------------------


def _answered(request: _Handler, carry_out: Callable[[], Reply]) -> None:
    request.say(*carry_out())


def lost_before(request: _Handler, _: Callable[[], Reply]) -> None:
    """The connection breaks before the call arrives."""
    request.hang_up()


def lost_after(request: _Handler, carry_out: Callable[[], Reply]) -> None:
    """The call is carried out, and its answer is lost."""
    carry_out()
    request.hang_up()


def broken_gateway(request: _Handler, _: Callable[[], Reply]) -> None:
    """An HTML page of something in between."""
    request.say(502, [("Content-Type", "text/html")], b"<html><body>Bad gateway</body></html>")


def error(code: str, message: str, status: int = 400) -> Spoiler:
    """An error of AWS's."""
    return lambda request, _: request.say(
        status, [("Content-Type", "text/xml")], ERROR.format(code=code, message=message).encode()
    )


def unanswered(request: _Handler, carry_out: Callable[[], Reply]) -> None:
    """What is asked is done, and no answer comes for as long as somebody waits for one."""
    carry_out()
    request.rfile.read(1)
    request.hang_up()


def truncated(request: _Handler, carry_out: Callable[[], Reply]) -> None:
    """The answer ends in the middle; its length says otherwise."""
    status, headers, body = carry_out()
    request.send_response(status)
    for key, value in headers:
        if key.lower() not in _NOT_PASSED_ON:
            request.send_header(key, value)
    request.send_header("Content-Length", str(len(body) + 100))
    request.end_headers()
    request.wfile.write(body[: len(body) // 2])
    request.close_connection = True


denied = error("AccessDenied", "User: me is not authorized to perform: some:Action", 403)
broken = error("InternalFailure", "We failed.", 500)
throttled = error("Throttling", "Rate exceeded")
expired = error("ExpiredToken", "The security token included in the request is expired", 403)

FAULTS = {
    "throttled": throttled,
    "500": broken,
    "reset before": lost_before,
    "reset after": lost_after,
    "gateway": broken_gateway,
    "expired": expired,
    "denied": denied,
    "truncated": truncated,
    "timeout": unanswered,
}
"""By the names that tests and their tables have for them."""
