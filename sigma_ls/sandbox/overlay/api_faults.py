"""What the sandbox answers in place of what it was asked, for tests: refusals, delays, answers cut short, and rates.

By the name of an operation of CloudFormation's protocol (`DescribeStackEvents`; STS, IAM and SNS speak it too), or `*`:

    {"code": "Throttling", "message": "Rate exceeded", "status": 400, "times": 2, "after": false,
     "seconds": 0, "cut": false, "perSecond": 5}

`times` is how many calls it is for, without it all; with `after` what was asked is done all the same; `seconds` delays;
`cut` breaks the answer off in its middle; `perSecond` refuses what is more than so many calls in one second.
"""

import asyncio
import time
from collections import deque
from html import escape
from urllib.parse import parse_qs

_XML = """<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>\
<Code>{code}</Code><Message>{message}</Message></Error><RequestId>sandbox</RequestId></ErrorResponse>"""


class ApiFaults:
    """The faults that are set, and the calls that they were for."""

    def __init__(self):
        self._faults = {}
        self._calls = {}

    def set(self, faults):
        """Replace all by these."""
        self._faults = {name: dict(fault) for name, fault in faults.items()}
        self._calls = {}

    def __bool__(self):
        return bool(self._faults)

    def take(self, operation):
        """The fault that this call meets, or None."""
        fault = self._faults.get(operation) or self._faults.get("*")
        if not fault:
            return None
        if "perSecond" in fault:
            return _too_fast(fault, self._calls.setdefault(operation, deque()))
        if "times" in fault:
            if fault["times"] <= 0:
                return None
            fault["times"] -= 1
        return fault


def _too_fast(fault, calls):
    now = time.monotonic()
    while calls and calls[0] <= now - 1:
        calls.popleft()
    if len(calls) < fault["perSecond"]:
        calls.append(now)
        return None
    return {"code": "Throttling", "message": "Rate exceeded", **fault}


def operation_of(body):
    """The operation that a request asks for, or nothing where it is of another protocol."""
    return parse_qs(body.decode("latin-1")).get("Action", [""])[0]


async def answered(fault, app, scope, receive, send):
    """Answer a call as the fault says."""
    await asyncio.sleep(fault.get("seconds", 0))
    if fault.get("cut"):
        return await app(scope, receive, _cut(send))
    if "code" not in fault:
        return await app(scope, receive, send)
    if fault.get("after"):
        await app(scope, receive, _nowhere)
    message = _XML.format(code=escape(fault["code"]), message=escape(fault.get("message", ""))).encode()
    headers = [(b"content-type", b"text/xml"), (b"content-length", str(len(message)).encode())]
    await send({"type": "http.response.start", "status": fault.get("status", 400), "headers": headers})
    return await send({"type": "http.response.body", "body": message})


async def _nowhere(_message):
    """The answer that nobody gets."""


def _cut(send):
    """Sends the beginning of the answer, which says how long it should have been."""

    async def sent(message):
        body = message.get("body", b"")
        await send({**message, "body": body[: len(body) // 2]} if body else message)

    return sent


API_FAULTS = ApiFaults()
