"""Every deployment that this process drives or watches: the one door for the language server and the command line.

Nothing here waits for a cloud: each method answers with the snapshot of that moment, later ones go to the observers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Literal

from attrs import field, frozen

from sigma_ls.app.refusal import Refused
from sigma_ls.app.settings import Settings
from sigma_ls.app.world import World
from sigma_ls.deploy.snapshot import Deployment, Event, Events, Operation

__all__ = ["CommitMessage", "DeployRequest", "Deployments", "Refused"]


@frozen
class CommitMessage:
    """Commit changed files with this message before the deployment."""

    message: str


@frozen
class DeployRequest:
    """What is asked for.

    `manifest` is a path or `file:` URI of a manifest or of its folder; `text` is the editor's unsaved text, which wins
    over the disk.  What is left `None` falls back to the settings.  `answers` are asked values by name: kept in memory
    only, never stored, never logged.
    """

    operation: Operation
    manifest: str
    text: str | None = None
    stage: str | None = None
    sandbox: bool | None = None
    auto_execute: bool | None = None
    answers: Mapping[str, str] = field(factory=dict, repr=False)
    commit: Literal["ask", "skip"] | CommitMessage = "ask"
    allow_data_loss: bool = False
    """Consent, given beforehand, to lose the data of stateful resources that are replaced or removed."""
    recreate: bool = False
    """Consent, given beforehand, to delete and recreate an unrecoverable stack that holds no stateful resource (with
    `allow_data_loss`: any)."""


class Deployments:
    """The deployments of one process.  To be used on one event loop.

    Every method that names a deployment may raise `Refused` with `notFound`.
    """

    def __init__(self, world: World, settings: Callable[[], Settings]) -> None:
        """Nothing is read or started yet; `settings` is asked anew at each request."""

    def observe(
        self,
        *,
        snapshot: Callable[[Deployment], None] | None = None,
        events: Callable[[Events], None] | None = None,
    ) -> Callable[[], None]:
        """Call `snapshot` with each new revision, and `events` with each batch of what a cloud said.

        Not throttled: whoever sends them on coalesces.  The completed snapshot comes last and always.  Returns the
        function that ends the subscription.
        """
        raise NotImplementedError

    async def start(self, request: DeployRequest) -> Deployment:
        """Begin a deployment or an undeployment; a running one for the same stack answers instead (`attached`).

        A manifest with errors gives a completed deployment with outcome `refused`, its errors in `failures`.

        Raises:
            Refused: `untrusted`, `noManifest`, `ambiguousProject`, `unknownStage`, `unsupported`.
        """
        raise NotImplementedError

    async def execute(self, deployment: str, plan: str | None = None) -> Deployment:
        """Execute the staged changes, if they are those of `plan`.

        Raises:
            Refused: `notStaged`, `planChanged`, `needsConsent` (a question about data loss is open), `ownedElsewhere`.
        """
        raise NotImplementedError

    async def abort(self, deployment: str) -> Deployment:
        """Give up before execution: discard what was staged, and the empty stack that it made.

        Raises:
            Refused: `notAbortable`, `ownedElsewhere`.
        """
        raise NotImplementedError

    async def stop(self, deployment: str) -> Deployment:
        """Stop the execution, as `can.stop_means` says.

        Raises:
            Refused: `notStoppable`, `ownedElsewhere`.
        """
        raise NotImplementedError

    async def cancel(self, deployment: str) -> Deployment:
        """Abort before execution, stop after (Ctrl-C, a cancelled progress).

        Raises:
            Refused: `notStoppable` where neither is possible, `ownedElsewhere`.
        """
        raise NotImplementedError

    async def answer(self, deployment: str, question: str, answer: str | Mapping[str, str]) -> Deployment:
        """Answer the open question: the id of a choice, or the asked values by name.

        Raises:
            Refused: `questionChanged` (another question or none is open), `badAnswer` (no such choice, a value is
                missing), `ownedElsewhere`.
        """
        raise NotImplementedError

    def get(self, deployment: str) -> Deployment:
        """The present snapshot."""
        raise NotImplementedError

    def list(self, project: str | None = None) -> tuple[Deployment, ...]:
        """The running ones, newest first, then the last complete one of each project and stage.

        With `project` (a URI or path) only those of that project.
        """
        raise NotImplementedError

    def logs(self, deployment: str) -> tuple[Event, ...]:
        """All that the cloud said of a deployment, oldest first; of a completed one too."""
        raise NotImplementedError

    def follow(self, deployment: str) -> AsyncIterator[Deployment]:
        """The present snapshot and each later one (the newest, where several came at once), up to the completed one."""
        raise NotImplementedError

    async def resume(self) -> tuple[Deployment, ...]:
        """Take up what the journal says is running: after a crash, a reload, a restart (invariant 6).

        Those that another live process drives are followed, not driven.  One that was not executed yet loses
        `auto_execute`: nothing is executed behind anyone's back.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """Stop watching.  The journal stays; on the cloud nothing is cancelled."""
        raise NotImplementedError
