"""The ports put together: what a deployment needs of the world around it.

The real one loads its heavy parts when a deployment first needs them; tests give fakes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Protocol

from attrs import frozen

from sigma_ls.deploy.ports import Artifact, Provider, Worktree
from sigma_ls.deploy.snapshot import Engine
from sigma_ls.manifest.model import Function
from sigma_ls.runtime.clock import Clock
from sigma_ls.runtime.environments import Environment

Report = Callable[[str], None]
"""Takes one line for a person about what is being done."""

Consent = Callable[[Sequence[Environment]], Awaitable[bool]]
"""Asks whether these may be installed; a deployment waits for the answer."""


@frozen
class CloudRef:
    """Which cloud a deployment goes to: all that is needed to reach it again after a restart, and no secret."""

    engine: Engine
    region: str
    sandbox: bool = False
    profile: str | None = None
    endpoint_url: str | None = None
    artifacts: str | None = None
    """The bucket for archives, if it is not the default one."""


class World(Protocol):
    """What the use cases ask of the world."""

    @property
    def clock(self) -> Clock:
        """The time."""

    @property
    def state_dir(self) -> Path:
        """Where the journal lives."""

    def new_id(self) -> str:
        """A few characters that no one else draws, `[a-z0-9]+`."""

    def who(self) -> str:
        """Who works here, for the history: a name and a machine, no secret."""

    async def provider(self, cloud: CloudRef, report: Report, *, poll_interval: float) -> Provider:
        """The cloud; starts the sandbox where it is that.  `poll_interval` is in seconds.

        Raises:
            ProviderError: it cannot be had; the message says why and what to do.
        """

    async def build(
        self, functions: Sequence[Function], folder: Path, cloud: CloudRef, report: Report
    ) -> tuple[Artifact, ...]:
        """Archives of the functions' code; `folder` is the project's.

        Raises:
            BuildFailed: one or more could not be built.
        """

    async def worktree(self, folder: Path) -> Worktree | None:
        """What git says of a project's folder; nothing where there is no git, or no repository around it.

        Raises:
            CommitFailed: git cannot tell.
        """

    async def commit(self, folder: Path, message: str) -> str:
        """Commit what is in the folder, and nothing else; the commit's id.

        Raises:
            CommitFailed: nothing was committed.
        """

    async def local_url(self, cloud: CloudRef, url: str) -> str:
        """On the sandbox, a URL that answers on this machine; otherwise `url`."""


@frozen
class BuildFault:
    """Why one function could not be built, and what to do."""

    function: str
    message: str


class BuildFailed(Exception):
    """Some functions could not be built."""

    def __init__(self, faults: Sequence[BuildFault]) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = tuple(faults)


class CommitFailed(Exception):
    """Git did not do it; the message says why, and what to do."""


async def granted(_: Sequence[Environment]) -> bool:
    """Consent of who asked for it by a command in a terminal: `--sandbox` says what is wanted."""
    return True


def real_world(consent: Consent = granted) -> World:
    """This machine, AWS and the sandbox; `consent` is asked before anything is installed."""
    from sigma_ls.app.real import RealWorld  # noqa: PLC0415 - loaded when there is something to deploy

    return RealWorld(consent)
