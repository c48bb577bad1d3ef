"""The SDK's session and clients of one connection, made when first needed, and the one way to call them.

botocore is loaded by the first call, on its thread, so that importing and constructing this is free.  Clients are
thread-safe, sessions are not (boto3's documentation, "Multithreading"): one session, made and used under a lock.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sigma_ls import __version__
from sigma_ls.deploy.ports import NotAuthenticated
from sigma_ls.providers.aws.connection import AwsConnection
from sigma_ls.providers.aws.errors import Context, overdue, translate
from sigma_ls.runtime.blocking import run_blocking

if TYPE_CHECKING:
    from botocore.session import Session
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts import STSClient

T = TypeVar("T")

_ENDPOINT_VARIABLES = frozenset({"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_CLOUDFORMATION"})

CALLS_AT_ONCE = 8
"""Per connection (a guess that suits botocore's pool of 10 connections)."""

CALL_TIMEOUT = 120.0
"""Seconds for one call with its repeats: three sendings of 5 + 20 s, the pauses of botocore's standard mode, and slack
for credentials that a program or a login server has to give out first."""

_CONNECT_TIMEOUT = 5
READ_TIMEOUT = 20.0
"""Seconds without a byte of an answer, after which a call is given up."""


class AwsSession:
    """Calls AWS for one connection; `read_timeout` is in seconds."""

    def __init__(self, connection: AwsConnection, *, read_timeout: float = READ_TIMEOUT) -> None:
        self.connection = connection
        self._read_timeout = read_timeout
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._clients: dict[tuple[str, bool], Any] = {}
        self._login: str | None = None
        self._limit = asyncio.Semaphore(CALLS_AT_ONCE)

    async def cloudformation(
        self, call: Callable[[CloudFormationClient], T], *, mutates: bool = False, patient: bool = True
    ) -> T:
        """What `call` returns; an impatient call is sent once, since its caller comes back by itself."""
        return await self._call("cloudformation", call, mutates=mutates, patient=patient)

    async def s3(self, call: Callable[[S3Client], T], *, mutates: bool = False, within: float = CALL_TIMEOUT) -> T:
        """What `call` returns, waited for no longer than `within` seconds."""
        return await self._call("s3", call, mutates=mutates, within=within)

    async def sts(self, call: Callable[[STSClient], T]) -> T:
        """What `call` returns."""
        return await self._call("sts", call)

    def warm_up(self) -> None:
        """Load the SDK and make the clients; blocks for a third of a second.  Any failure shows at the first call."""
        for service, patient in (("sts", True), ("cloudformation", True), ("cloudformation", False), ("s3", True)):
            try:
                self._client(service, patient=patient)
            except Exception:  # noqa: BLE001 - the first call meets it again, and says it
                return

    @property
    def is_elsewhere(self) -> bool:
        """Whether calls go to another place than AWS itself (an emulator), as far as is known yet."""
        return self.connection.endpoint_url is not None or not _ENDPOINT_VARIABLES.isdisjoint(os.environ)

    async def _call(
        self,
        service: str,
        call: Callable[[Any], T],
        *,
        mutates: bool = False,
        patient: bool = True,
        within: float = CALL_TIMEOUT,
    ) -> T:
        try:
            return await run_blocking(
                lambda: call(self._client(service, patient=patient)), timeout=within, limit=self._limit
            )
        except TimeoutError as error:
            raise overdue(self._context(service, mutates=mutates), within) from error
        except Exception as error:
            translated = translate(error, self._context(service, mutates=mutates))
            if translated is None:
                raise
            if isinstance(translated, NotAuthenticated):
                # The next call reads the configuration again: the user may have logged in by then.
                self._forget()
            raise translated from error

    def _client(self, service: str, *, patient: bool) -> Any:
        from botocore.config import Config  # noqa: PLC0415 - slow to load, see above

        from sigma_ls.providers.aws.sdk import make_session  # noqa: PLC0415 - likewise

        with self._lock:
            if (client := self._clients.get((service, patient))) is not None:
                return client
            if self._session is None:
                self._session = make_session(self.connection)
                if not self.connection.explicit:
                    _refuse_mfa(self._session)
                self._login = _login_command(self._session, self.connection)
            local = self.connection.explicit and self.connection.endpoint_url is not None
            config = Config(
                connect_timeout=_CONNECT_TIMEOUT,
                read_timeout=self._read_timeout,
                # How often a patient call is sent is the user's to say (AWS_MAX_ATTEMPTS); botocore's default is 3.
                retries={"mode": "standard"} if patient else {"mode": "standard", "total_max_attempts": 1},
                tcp_keepalive=True,
                user_agent_extra=f"sigma-ls/{__version__}",
                # The sandbox is on this machine, where no proxy is asked the way.
                proxies={} if local else None,
                s3={"addressing_style": "path"} if self.is_elsewhere else None,
            )
            make = cast("Callable[..., Any]", self._session.create_client)
            client = make(service, endpoint_url=self.connection.endpoint_url, config=config)
            self._clients[service, patient] = client
            return client

    def _forget(self) -> None:
        with self._lock:
            self._session = None
            self._clients.clear()

    def _context(self, service: str, *, mutates: bool) -> Context:
        return Context(
            self.connection,
            service,
            self._login,
            region_known=lambda: self.is_elsewhere or self._knows_region(service),
            mutates=mutates,
        )

    def _knows_region(self, service: str) -> bool:
        with self._lock:
            if self._session is None:
                return True
            partitions = self._session.get_available_partitions()
            known = {
                region
                for partition in partitions
                for region in self._session.get_available_regions(service, partition_name=partition)
            }
        return self.connection.region in known


def _refuse_mfa(session: Session) -> None:
    """A role that wants a one-time code would have the SDK read it from standard input, where the editor speaks."""
    settings = session.get_scoped_config()
    if settings.get("mfa_serial") and settings.get("role_arn"):
        raise NotAuthenticated(
            f"The AWS profile “{_profile(session)}” asks for a one-time code (mfa_serial), which cannot be entered here.",
            "Get temporary credentials with a tool that keeps them, such as `aws sso login` or aws-vault, and name"
            " their profile in `aws.profile`.",
        )


def _login_command(session: Session, connection: AwsConnection) -> str | None:
    """The command that renews the credentials, where the configuration says which one."""
    if connection.explicit:
        return None
    settings = session.get_scoped_config()
    profile = "" if _profile(session) == "default" else f" --profile {_profile(session)}"
    if "sso_session" in settings or "sso_start_url" in settings:
        return f"aws sso login{profile}"
    if "login_session" in settings:
        return f"aws login{profile}"
    return None


def _profile(session: Session) -> str:
    return session.profile or "default"
