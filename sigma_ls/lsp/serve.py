"""The language server's process: its streams, its event loop and their end.

The loop's root scope is ours instead of pygls' `start_io()`, so that nothing keeps the process alive after `exit`, and
deployments run in a task group that ends with the conversation.  What the server can do is composed here and nowhere
else.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import logging
import os
import signal
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from sigma_ls import __version__
from sigma_ls.app.settings import Settings
from sigma_ls.lsp.channel import Channel, SocketStream, Stream, claim_stdio
from sigma_ls.lsp.features import lifecycle
from sigma_ls.lsp.protocol import SigmaProtocol
from sigma_ls.lsp.session import Services, Session
from sigma_ls.runtime.blocking import run_blocking

if TYPE_CHECKING:
    from sigma_ls.app.deployments import Deployments
    from sigma_ls.app.world import Consent
    from sigma_ls.deploy.ports import Artifact

log = logging.getLogger(__name__)

GRACE = 1.0
"""Seconds that the end may take: for the last messages to be written, and for threads that Python would wait for."""


@frozen
class Stdio:
    """Serve the editor that started us."""


@frozen
class Tcp:
    """Listen, and serve the first editor that connects."""

    host: str
    port: int


class UsageError(Exception):
    """The command line makes no sense."""


class SigmaServer(LanguageServer):
    """pygls' server; only its protocol is used."""

    protocol: SigmaProtocol

    def __init__(self) -> None:
        super().__init__(
            "sigma-ls", __version__, protocol_cls=SigmaProtocol, converter_factory=default_converter, max_workers=1
        )

    def report_server_error(self, error: Exception, source: Any) -> None:
        """To the log; pygls would show a message for each to the user."""
        log.error("%s: %s", source.__name__, error)


async def serve(stream: Stream, services: Services, signals: Sequence[signal.Signals] = ()) -> int:
    """Hold one conversation, until it ends or one of `signals` comes; the result is the process's exit status.

    0 after `shutdown` and `exit`, and where the editor just went away; 1 after `exit` alone, and where the input
    could not be read any more.
    """
    loop = asyncio.get_running_loop()
    protocol = SigmaServer().protocol

    async with asyncio.TaskGroup() as tasks:
        session = Session(protocol, tasks, services)
        lifecycle.register(session)
        complete = False

        def take(inbox: deque[bytes]) -> None:
            nonlocal complete
            while inbox and not session.exit_code.done():
                protocol.receive(inbox.popleft())
                if protocol.initialized and not complete:
                    # Only now, so that an editor need not wait for what its first document needs.
                    complete = True
                    try:
                        _add_features(session)
                    except Exception:
                        log.exception("the server cannot work, and ends")
                        session.finish(1)
            if complete:
                session.publisher.flush()

        def ended(reason: str | None) -> None:
            if reason is not None:
                log.error("the conversation ended: %s", reason)
            session.finish(0 if reason is None else 1)

        for number in signals:
            with contextlib.suppress(NotImplementedError):  # Windows has none
                loop.add_signal_handler(number, session.finish, 0)
        channel = Channel(stream, take, ended)
        protocol.send = channel.send
        channel.start(loop)
        code = await session.exit_code
        channel.stop_reading()
        try:
            async with asyncio.timeout(GRACE):
                await session.close()
        except TimeoutError:
            log.warning("deployments were left at once; the journal has them")
    await asyncio.to_thread(channel.close, GRACE)
    return code


def _add_features(session: Session) -> None:
    from sigma_ls.lsp.features.all import FEATURES  # noqa: PLC0415 - see where it is called

    for register in FEATURES:
        register(session)


def parse(args: Sequence[str]) -> Stdio | Tcp:
    """What `sigma-ls [serve] …` asks for.

    Raises:
        UsageError: it cannot be understood.
    """
    rest = list(args[1:] if args[:1] == ["serve"] else args)
    where: Stdio | Tcp = Stdio()
    while rest:
        option, equals, value = rest.pop(0).partition("=")
        if option == "--stdio":
            continue
        if option == "--clientProcessId":
            continue  # Some editors add it.  That they are gone is seen by the end of their input.
        if option != "--tcp":
            raise UsageError(f"unknown option {option!r}; known are --stdio and --tcp HOST:PORT")
        if not equals:
            value = rest.pop(0) if rest else ""
        host, colon, port = value.rpartition(":")
        if not (host and colon and port.isdecimal() and int(port) < 1 << 16):
            raise UsageError(f"--tcp needs HOST:PORT, such as 127.0.0.1:7000, not {value!r}")
        where = Tcp(host.strip("[]"), int(port))
    return where


def main(args: Sequence[str]) -> int:
    """Run the language server; the result is the exit status."""
    try:
        where = parse(args)
    except UsageError as error:
        print(f"sigma-ls: {error}", file=sys.stderr)  # noqa: T201 - the log is for a running server
        return 2
    logging.basicConfig(stream=sys.stderr, format="sigma-ls: %(levelname)s: %(message)s", level=logging.WARNING)
    logging.getLogger("sigma_ls").setLevel(logging.INFO)
    logging.getLogger("pygls").setLevel(logging.ERROR)
    if isinstance(where, Stdio) and sys.stdin is not None and sys.stdin.isatty():
        print("sigma-ls: waiting for an editor. `sigma-ls --help` lists what a person can do.", file=sys.stderr)  # noqa: T201
    try:
        stream = claim_stdio() if isinstance(where, Stdio) else _accept(where)
    except OSError as error:
        log.error("%s", error)  # noqa: TRY400 - a person reads it
        return 1
    # What is there now stays: the collector need not look at it again.
    gc.freeze()
    # An edit makes and drops a thousand objects; with Python's own 700 each would set the collector off.  Cycles are few.
    gc.set_threshold(20_000, 10, 10)
    gc.enable()
    # With Python's own 5 ms, a thread that computes makes an answer wait 11 ms (median); with this 3 ms.
    sys.setswitchinterval(0.0005)
    return asyncio.run(_serve_and_leave(stream))


async def _serve_and_leave(stream: Stream) -> int:
    code = await serve(stream, Services(_open_deployments, _build, _nothing_deployed), (signal.SIGTERM, signal.SIGINT))
    _leave_soon(code)
    return code


def _accept(where: Tcp) -> SocketStream:
    import ipaddress  # noqa: PLC0415 - on no other way

    try:
        family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
        listener = socket.create_server((where.host, where.port), family=family)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OSError(
            f"cannot listen on {where.host}:{where.port}: {reason}. Choose another port, or 0 for any free one."
        ) from error
    with listener:
        address, port = listener.getsockname()[:2]
        log.info("listening on %s:%d", address, port)
        if not ipaddress.ip_address(address).is_loopback:
            log.warning("whoever reaches %s can deploy with your credentials; prefer 127.0.0.1", address)
        connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return SocketStream(connection)


async def _open_deployments(settings: Callable[[], Settings], consent: Consent) -> Deployments:
    # On a thread, since an editor's first keystrokes come while these are loaded.
    await run_blocking(importlib.import_module, "sigma_ls.app.deployments")
    from sigma_ls.app.deployments import Deployments  # noqa: PLC0415 - see Session.deployments
    from sigma_ls.app.world import real_world  # noqa: PLC0415 - likewise

    return Deployments(real_world(needed_consent(consent)), settings)


def needed_consent(consent: Consent) -> Consent:
    """Whom to ask before anything is installed: the user, where the server came along with an extension.

    Who installed it by hand asks for the sandbox by deploying to it, in an editor as on the command line.
    """
    from sigma_ls.app.world import granted  # noqa: PLC0415 - see Session.deployments
    from sigma_ls.runtime.installation import BUNDLED_PIP  # noqa: PLC0415 - likewise

    return consent if os.environ.get(BUNDLED_PIP) else granted


def _nothing_deployed() -> bool:
    from sigma_ls.runtime.places import journal_dir  # noqa: PLC0415 - an editor's first answer does not wait for it

    try:
        return next(journal_dir().iterdir(), None) is None
    except FileNotFoundError:
        return True
    except OSError:
        return False  # The journal says what is wrong with it.


async def _build(
    settings: Settings, manifest: str, text: str | None, stage: str | None, consent: Consent
) -> Sequence[Artifact]:
    await run_blocking(importlib.import_module, "sigma_ls.app.building")
    from sigma_ls.app.building import build_project  # noqa: PLC0415 - see Session.build
    from sigma_ls.app.world import real_world  # noqa: PLC0415 - likewise

    return await build_project(real_world(needed_consent(consent)), settings, manifest, text=text, stage=stage)


def _leave_soon(code: int) -> None:
    """End the process even where a library left a thread behind that Python would wait for."""
    sys.stderr.flush()
    timer = threading.Timer(GRACE, os._exit, [code])
    timer.daemon = True
    timer.start()
