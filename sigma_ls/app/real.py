"""The real world: this machine's clock and disk, AWS or the sandbox.  Each heavy part is loaded when it is first used."""

from __future__ import annotations

import asyncio
import getpass
import os
import platform
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sigma_ls.app.installing import Installer
from sigma_ls.app.world import BuildFailed, BuildFault, CloudRef, CommitFailed, Consent, Report, granted
from sigma_ls.deploy.ports import Artifact, Provider, ProviderError, Worktree
from sigma_ls.manifest.model import Function
from sigma_ls.runtime import places
from sigma_ls.runtime.blocking import run_blocking
from sigma_ls.runtime.clock import SystemClock

if TYPE_CHECKING:
    from sigma_ls.build import FunctionSource, Target
    from sigma_ls.providers.aws.pacing import Budgets
    from sigma_ls.sandbox.cloud import Endpoint


class SandboxUnavailable(ProviderError):
    """The sandbox cannot be started or does not answer."""

    code = "sandboxUnavailable"


class RealWorld:
    """What `sigma_ls.app.world.World` asks for."""

    def __init__(self, consent: Consent = granted) -> None:
        self.clock = SystemClock()
        self._budgets: Budgets | None = None
        # A deployment asks for the sandbox twice at once: for its provider, and to build for its Python.
        self._asking_for_sandbox = asyncio.Lock()
        self._installer = Installer(consent)

    @property
    def state_dir(self) -> Path:
        """The user's state folder."""
        return places.state_dir()

    def new_id(self) -> str:
        """Six characters by chance: with the time before them, they need to differ within one second only."""
        return secrets.token_hex(3)

    def who(self) -> str:
        """The user's name on this machine, and the machine's."""
        try:
            name = getpass.getuser()
        except (OSError, KeyError, ImportError):  # A user whom the system does not know, as in some containers.
            name = "?"
        return f"{name}@{platform.node() or '?'}"

    async def provider(self, cloud: CloudRef, report: Report, *, poll_interval: float) -> Provider:
        """AWS, or the sandbox in its place."""
        from sigma_ls.providers.aws.connection import AwsConnection  # noqa: PLC0415 - needed by deployments only
        from sigma_ls.providers.aws.pacing import Budgets  # noqa: PLC0415 - likewise
        from sigma_ls.providers.aws.provider import CloudFormation  # noqa: PLC0415 - likewise

        if cloud.sandbox:
            endpoint = await self._sandbox(report)
            connection = AwsConnection(
                region=cloud.region,
                endpoint_url=endpoint.url,
                access_key=endpoint.access_key,
                secret_key=endpoint.secret_key,
                artifacts=cloud.artifacts,
            )
        else:
            connection = AwsConnection(
                region=cloud.region,
                profile=cloud.profile,
                endpoint_url=cloud.endpoint_url,
                artifacts=cloud.artifacts,
            )
        if self._budgets is None:
            self._budgets = Budgets(self.clock)
        # The sandbox, or an endpoint of the user's own, is not the cloud that counts calls.
        budgets = None if cloud.sandbox or cloud.endpoint_url else self._budgets
        provider = CloudFormation(connection, self.clock, poll_interval=poll_interval, budgets=budgets)
        await run_blocking(provider.warm_up)
        return provider

    async def build(
        self, functions: Sequence[Function], folder: Path, cloud: CloudRef, report: Report
    ) -> tuple[Artifact, ...]:
        """Archives of all functions, as many at a time as there are processors."""
        if not functions:
            return ()
        from sigma_ls.build import TOOLS, Target, lacks_tools  # noqa: PLC0415 - needed by deployments only
        from sigma_ls.sandbox.environment import SANDBOX  # noqa: PLC0415 - likewise

        sources = [_source(each, folder) for each in functions]
        wanted = [SANDBOX] if cloud.sandbox and _lacks_sandbox() else []
        # All at once, and before the cloud is reached for beside this: one question, not two.
        await self._installer.have([*wanted, TOOLS] if any(map(lacks_tools, sources)) else wanted, _here(report))
        target = Target("sandbox", (await self._sandbox(report)).python) if cloud.sandbox else Target("lambda")
        limit = asyncio.Semaphore(os.cpu_count() or 1)
        results = await asyncio.gather(
            *(self._build_one(each, target, limit, report) for each in sources), return_exceptions=True
        )
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, BuildFailed):
                raise result
        if faults := [fault for result in results if isinstance(result, BuildFailed) for fault in result.faults]:
            raise BuildFailed(faults)
        return tuple(result for result in results if isinstance(result, Artifact))

    async def worktree(self, folder: Path) -> Worktree | None:
        """What git says of the folder."""
        from sigma_ls.vcs.git import Repository  # noqa: PLC0415 - needed where somebody asks about commits
        from sigma_ls.vcs.process import GitError  # noqa: PLC0415 - likewise

        try:
            return await Repository(folder, os.environ).worktree()
        except GitError as error:
            raise CommitFailed(str(error)) from error

    async def commit(self, folder: Path, message: str) -> str:
        """A commit of the folder."""
        from sigma_ls.vcs.git import Repository  # noqa: PLC0415 - likewise
        from sigma_ls.vcs.process import GitError  # noqa: PLC0415 - likewise

        try:
            return await Repository(folder, os.environ).commit(message)
        except GitError as error:
            raise CommitFailed(str(error)) from error

    async def local_url(self, cloud: CloudRef, url: str) -> str:
        """On the sandbox, a URL that answers on this machine."""
        from sigma_ls.sandbox import cloud as sandbox  # noqa: PLC0415 - needed by deployments only

        return sandbox.local_url(await self._sandbox(_ignore), url) if cloud.sandbox else url

    async def _build_one(
        self, source: FunctionSource, target: Target, limit: asyncio.Semaphore, report: Report
    ) -> Artifact:
        from sigma_ls.build import BuildError, build  # noqa: PLC0415 - needed by deployments only

        told = _here(report)
        try:
            made = await run_blocking(lambda: build(source, target, report=told), limit=limit)
        except BuildError as error:
            raise BuildFailed([BuildFault(source.function, str(error))]) from error
        return Artifact(source.function, made.hash, made.size, str(made.path), made.up_to_date)

    async def _sandbox(self, report: Report) -> Endpoint:
        from sigma_ls.sandbox import cloud as sandbox  # noqa: PLC0415 - needed by deployments only
        from sigma_ls.sandbox.environment import SANDBOX  # noqa: PLC0415 - likewise
        from sigma_ls.sandbox.errors import SandboxError  # noqa: PLC0415 - likewise

        told = _here(report)
        if _lacks_sandbox():
            await self._installer.have([SANDBOX], told)
        try:
            async with self._asking_for_sandbox:
                # Asked each time: it may have been stopped, or have ended after an idle hour.
                return await run_blocking(lambda: sandbox.ensure_running(report=told))
        except SandboxError as error:
            raise SandboxUnavailable(error.message, error.next_step) from error


def _lacks_sandbox() -> bool:
    from sigma_ls.runtime.environments import installed  # noqa: PLC0415 - needed by deployments only
    from sigma_ls.sandbox import cloud  # noqa: PLC0415 - likewise
    from sigma_ls.sandbox.environment import SANDBOX  # noqa: PLC0415 - likewise

    # One that runs may have been started with another Python, and so from another environment.
    return sys.platform != "win32" and installed(SANDBOX) is None and isinstance(cloud.status(), cloud.Stopped)


def _source(function: Function, folder: Path) -> FunctionSource:
    from sigma_ls.build import FunctionSource  # noqa: PLC0415 - needed by deployments only

    return FunctionSource(function.id, function.runtime, folder / function.code, function.architecture, folder)


def _here(report: Report) -> Report:
    """The same, to be called from any thread."""
    loop = asyncio.get_running_loop()

    def told(line: str) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(report, line)

    return told


def _ignore(_: str) -> None:
    """Nobody needs to hear it."""
