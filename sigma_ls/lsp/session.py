"""All that one conversation knows, for the features to share.

A session decides nothing: each feature registers its handlers on the protocol and keeps what others need here.
`documents`, `failures` and `publisher` come with the features, after `initialize` is answered: they load the analysis.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

from attrs import evolve, frozen
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sigma_ls.app.refusal import Refused
from sigma_ls.app.settings import Settings
from sigma_ls.app.wire import to_wire
from sigma_ls.lsp.announced import SERVER_STATUS_METHOD, ServerStatus
from sigma_ls.lsp.client import Client
from sigma_ls.lsp.protocol import SigmaProtocol, trace_nothing
from sigma_ls.lsp.server_status import ServerStatusReport
from sigma_ls.lsp.trace import trace
from sigma_ls.lsp.workspace import Workspace
from sigma_ls.runtime.blocking import run_blocking

if TYPE_CHECKING:
    from sigma_ls.app.deployments import Deployments
    from sigma_ls.app.world import Consent
    from sigma_ls.deploy.ports import Artifact
    from sigma_ls.deploy.snapshot import Deployment, Events
    from sigma_ls.lsp.documents import Documents
    from sigma_ls.lsp.failures import Failures
    from sigma_ls.lsp.features.environments import Environments
    from sigma_ls.lsp.features.linting import TemplateChecks
    from sigma_ls.lsp.publisher import Publisher
    from sigma_ls.runtime.environments import Environment

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

ATTENTION = 2.0
"""Seconds between two looks for the first deployment of this machine (a guess: soon enough for who looks on)."""


def _install(environment: Environment, report: Callable[[str], None]) -> None:
    from sigma_ls.runtime.installation import install  # noqa: PLC0415 - loaded when it is first called

    install(environment, report=report)


@frozen
class Services:
    """The use cases, each loaded when it is first called."""

    open_deployments: Callable[[Callable[[], Settings], Consent], Awaitable[Deployments]]
    build: Callable[[Settings, str, str | None, str | None, Consent], Awaitable[Sequence[Artifact]]]
    """Takes the settings, the manifest's URI, its text where it is open, a stage, and who is asked before installing."""
    nothing_deployed: Callable[[], bool] = lambda: False
    """Whether the journal is empty, so that nobody needs to load what reads it."""
    attention: float = ATTENTION
    install: Callable[[Environment, Callable[[str], None]], object] = _install
    """Blocks; the report is called from its thread.  Raises `sigma_ls.runtime.installation.InstallError`."""


Task = asyncio.Task[None]
Severity = Literal["error", "warning", "info"]
_MESSAGE_TYPES = {
    "error": types.MessageType.Error,
    "warning": types.MessageType.Warning,
    "info": types.MessageType.Info,
}


class Session:
    """One editor's conversation with us, from its beginning to its end."""

    def __init__(
        self,
        protocol: SigmaProtocol,
        tasks: asyncio.TaskGroup,
        services: Services,
    ) -> None:
        self.protocol = protocol
        self.client = Client()
        self.settings = Settings()
        self.initial_settings = Settings()
        """Those of `initialize`, to which later ones are added."""
        self.workspace = Workspace()
        self.documents: Documents
        self.failures: Failures
        self.publisher: Publisher
        self.template_checks: TemplateChecks
        self.environments: Environments
        self.status = ServerStatusReport(self._send_status)
        self.before_deployments: list[Callable[[], None]] = []
        """Called once, before the deployments are opened."""
        self.on_snapshot: list[Callable[[Deployment], None]] = []
        """Called with each new revision of a deployment."""
        self.on_settings: list[Callable[[Settings], None]] = []
        """Called with the settings when they have changed."""
        self.on_events: list[Callable[[Events], None]] = []
        """Called with what a cloud said."""
        self.exit_code: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        """Done when the conversation is over."""
        self._tasks = tasks
        self._services = services
        self._deployments: asyncio.Task[Deployments] | None = None
        self._spawned: set[Task] = set()
        self._settings_asked: Task | None = None

    async def deployments(self) -> Deployments:
        """All deployments, opened at first use: what they need is not on the way to the first diagnostics."""
        if self._deployments is None:
            self._deployments = asyncio.create_task(self._opened())
        return await asyncio.shield(self._deployments)

    @property
    def nothing_deployed(self) -> bool:
        """Whether there is no deployment, neither of this server nor of another process on this machine."""
        return self._deployments is None and self._services.nothing_deployed()

    async def any_deployed(self) -> None:
        """Wait for the first deployment of this machine, should there be none; what reads them is 5 MB."""
        while self.nothing_deployed:  # noqa: ASYNC110 - another process makes the folder, and tells nobody
            await asyncio.sleep(self._services.attention)

    async def _opened(self) -> Deployments:
        for prepare in self.before_deployments:
            prepare()
        deployments = await self._services.open_deployments(lambda: self.settings, self._consent)
        deployments.observe(snapshot=self.hand_on, events=self._heard, trouble=partial(self.say, "warning"))
        return deployments

    def edited(self, uri: str, text: Callable[[], str]) -> None:
        """Tell deployments, if there can be any, what the text of a manifest is now."""
        opening = self._deployments
        if opening is not None and opening.done() and not opening.cancelled() and opening.exception() is None:
            opening.result().edited(uri, text)

    def hand_on(self, deployment: Deployment) -> None:
        """Tell all features of a deployment as it is now."""
        _call_all(self.on_snapshot, deployment)

    def _heard(self, events: Events) -> None:
        _call_all(self.on_events, events)

    async def build(self, manifest: str, text: str | None, stage: str | None) -> Sequence[Artifact]:
        """Build a project's functions.

        Raises:
            Refused: see `sigma_ls.app.building`.
        """
        return await self._services.build(self.settings, manifest, text, stage, self._consent)

    async def install(self, environment: Environment, report: Callable[[str], None]) -> None:
        """Install it; `report` is called on the event loop.

        Raises:
            InstallError: it could not be installed.
        """
        loop = asyncio.get_running_loop()
        await run_blocking(self._services.install, environment, lambda line: loop.call_soon_threadsafe(report, line))

    async def _consent(self, wanted: Sequence[Environment]) -> bool:
        from sigma_ls.lsp.features.environments import consent  # noqa: PLC0415 - see `sigma_ls.lsp.serve`

        return await consent(self, wanted)

    def spawn(self, work: Callable[P, Coroutine[Any, Any, None]], *args: P.args, **kwargs: P.kwargs) -> Task | None:
        """Run `work` beside the conversation; what it raises is logged and ends nothing else.

        Nothing is run, and nothing returned, once the conversation is over.
        """
        if self.exit_code.done():
            return None

        async def guarded() -> None:
            try:
                await work(*args, **kwargs)
            except Exception:
                log.exception("%s failed", getattr(work, "__qualname__", work))

        task = self._tasks.create_task(guarded())
        self._spawned.add(task)
        task.add_done_callback(self._spawned.discard)
        return task

    def say(self, severity: Severity, text: str) -> None:
        """Show a message to the user."""
        self.protocol.notify(types.WINDOW_SHOW_MESSAGE, {"type": _MESSAGE_TYPES[severity], "message": text})

    async def register(self, registration: Mapping[str, Any]) -> None:
        """Have the editor send something that it only sends when asked to."""
        try:
            await self.protocol.ask(types.CLIENT_REGISTER_CAPABILITY, {"registrations": [registration]})
        except JsonRpcException as error:
            log.warning("%s was not registered: %s", registration["method"], error)

    def in_editor_units(self, deployment: Deployment) -> Deployment:
        """The deployment with its places as the editor counts them."""
        from sigma_ls.lsp.deployment_positions import deployment_in_units  # noqa: PLC0415 - loaded with the first deployment

        return deployment_in_units(deployment, self.documents.lines_of, self.client.encoding)

    def configure(self, settings: Settings) -> None:
        """These are the settings from now on."""
        self.settings = settings
        if settings.trace == "off":
            self.protocol.traced = trace_nothing
        else:
            self.protocol.traced = partial(trace, verbose=settings.trace == "verbose")
        _call_all(self.on_settings, settings)

    def asks_for_settings(self, asking: Task | None) -> None:
        """The settings have changed, and are known once `asking` is done."""
        self._settings_asked = asking

    async def settings_known(self) -> None:
        """Wait for settings that have changed: who chooses another stage and deploys at once means the new one."""
        if self._settings_asked is not None:
            await asyncio.wait({self._settings_asked})

    # --- trust -------------------------------------------------------------------------------------------------------

    def trust(self) -> None:
        """The user trusts the workspace from now on."""
        self.settings = evolve(self.settings, trusted=True)

    def require_trust(self) -> None:
        """Go on only in a trusted workspace.

        Raises:
            Refused: `untrusted`.
        """
        if not self.settings.trusted:
            raise Refused(
                "untrusted", "The workspace is not trusted, so nothing of it is run. Trust it in the editor first."
            )

    # --- the end -----------------------------------------------------------------------------------------------------

    def finish(self, code: int) -> None:
        """The conversation is over."""
        if not self.exit_code.done():
            self.exit_code.set_result(code)

    def _send_status(self, status: ServerStatus) -> None:
        if self.client.sigma:
            self.protocol.notify(SERVER_STATUS_METHOD, to_wire(status))

    async def close(self) -> None:
        """Let go of everything.  Deployments go on in the cloud, and in the journal."""
        self.protocol.end()
        for task in self._spawned:
            task.cancel()
        opening = self._deployments
        if opening is None:
            return
        if not opening.done():
            opening.cancel()
        elif not opening.cancelled() and opening.exception() is None:
            await opening.result().close()


def _call_all(listeners: Sequence[Callable[[T], None]], news: T) -> None:
    """What one listener fails at is neither the others' nor the deployment's affair."""
    for listener in listeners:
        try:
            listener(news)
        except Exception:
            log.exception("%s failed", listener.__qualname__)
