"""The door of the server: who may come in, the control endpoints under `/_sigma/`, and short paths to deployed things.

Functions run here with the rights of the user, so a page in a browser must not be able to deploy one: requests that a
browser sends on behalf of a foreign page, or under a name that is not this machine's, get no further than the
deployed applications themselves.
"""

import json
import os
import sys
import time
from urllib.parse import quote, urlsplit

from .api_faults import API_FAULTS, answered, operation_of
from .conditions import CONDITIONS

# Underscores cannot begin a bucket's name, so these paths hide no bucket.
_SHORT_PATHS = {"_api": "/_aws/execute-api/", "_url": "/_aws/lambda-url/"}
_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
_POLICY_VIOLATION = 1008  # RFC 6455, section 7.4.1
_LOCAL_SUFFIXES = (".localhost", ".amazonaws.com", ".on.aws")


class Gate:
    """An ASGI application in front of ministack's.  `last_request` is on the monotonic clock, in seconds."""

    def __init__(self, app, sandbox_id, operations):
        self._app = app
        self._id = sandbox_id
        self._operations = operations
        self._open_requests = 0
        self.last_request = time.monotonic()

    def idle_seconds(self):
        """Seconds since the last request ended.  None while one is answered or a stack is being worked on."""
        return None if self._open_requests or self._operations.running() else time.monotonic() - self.last_request

    async def __call__(self, scope, receive, send):
        """Answer a request or pass it on.  Asking for the health does not count as use."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        short = scope["path"].split("/")[1]
        refusal = None if short in _SHORT_PATHS else _refusal(headers)
        if refusal and scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        if refusal:
            return await _answer(send, 403, {"message": refusal})
        if short == "_sigma" and scope["type"] == "http":
            return await self._control(scope, headers, receive, send)
        if short in _SHORT_PATHS:
            scope = _deployed(scope, _SHORT_PATHS[short], short)
        self._open_requests += 1
        try:
            if API_FAULTS and scope["type"] == "http" and scope["method"] == "POST":
                body = await _body(receive)
                receive = _replay(body)
                if fault := API_FAULTS.take(operation_of(body)):
                    return await answered(fault, self._app, scope, receive, send)
            return await self._app(scope, receive, send)
        finally:
            self._open_requests -= 1
            self.last_request = time.monotonic()

    async def _control(self, scope, headers, receive, send):
        route = f"{scope['method']} {scope['path']}"
        if route == "GET /_sigma/health":
            health = {"id": self._id, "pid": os.getpid(), "pace": CONDITIONS.pace, "python": list(sys.version_info[:2])}
            return await _answer(send, 200, health)
        # Not a secret, but proof that the sandbox is meant that the caller found on record.
        if headers.get("x-sigma-sandbox") != self._id:
            return await _answer(send, 403, {"message": "The X-Sigma-Sandbox header must carry the sandbox's id."})
        self.last_request = time.monotonic()
        body = await _body(receive)
        if route == "PUT /_sigma/pace":
            CONDITIONS.pace = json.loads(body)["pace"]
        elif route == "PUT /_sigma/faults":
            CONDITIONS.faults = json.loads(body)
        elif route == "PUT /_sigma/api-faults":
            API_FAULTS.set(json.loads(body))
        elif route == "PUT /_sigma/strict":
            CONDITIONS.strict_buckets = json.loads(body)["buckets"]
        elif route == "POST /_sigma/reset":
            CONDITIONS.faults, CONDITIONS.strict_buckets = {}, True
            API_FAULTS.set({})
            await self._operations.abandon_all()
            reset = {**scope, "path": "/_ministack/reset", "raw_path": b"/_ministack/reset"}
            return await self._app(reset, _replay(b""), send)
        else:
            return await _answer(send, 404, {"message": f"There is no {route}."})
        return await _answer(send, 200, {})


def _deployed(scope, prefix, short):
    """The request as ministack knows it, in the account that owns the API (it finds functions in any account)."""
    from ministack.core.responses import set_request_account_id
    from ministack.services import apigateway, apigateway_v1

    if scope["path"].count("/") == 2:
        # The bare address means the root, as it does on AWS, whose host names have no path to leave out.
        scope = {
            **scope,
            "path": scope["path"] + "/",
            "raw_path": (scope.get("raw_path") or quote(scope["path"]).encode()) + b"/",
        }
    rest = scope["path"].removeprefix(f"/{short}/")
    api_id = rest.partition("/")[0]
    for store in (apigateway._apis, apigateway_v1._rest_apis):
        for (account, _, key), _ in store.all_items():
            if key == api_id:
                set_request_account_id(account)
    raw = (scope.get("raw_path") or quote(scope["path"]).encode()).removeprefix(f"/{short}/".encode())
    return {**scope, "path": prefix + rest, "raw_path": prefix.encode() + raw}


def _refusal(headers):
    host = _hostname("//" + headers.get("host", "localhost"))
    if host not in _LOCAL_NAMES and not host.endswith(_LOCAL_SUFFIXES):
        return f"The sandbox is not known as {host}; use 127.0.0.1."
    origin = headers.get("origin")
    if origin and _hostname(origin) not in _LOCAL_NAMES:
        return f"The sandbox answers no requests of pages from {origin}."
    if not origin and headers.get("sec-fetch-site") == "cross-site":
        return "The sandbox answers no requests of foreign pages."
    return None


def _hostname(url):
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


async def _body(receive):
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


def _replay(body):
    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _answer(send, status, content):
    body = json.dumps(content).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
