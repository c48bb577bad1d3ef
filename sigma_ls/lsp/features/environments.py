"""What is installed on demand: asked for before a deployment, offered for the check of templates, and by commands.

Questions are standard dialogs and progress is standard progress, so that any editor can show them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sigma_ls.lsp.session import Session
from sigma_ls.runtime.blocking import run_blocking
from sigma_ls.runtime.environments import Environment, named

log = logging.getLogger(__name__)

INSTALL = "Install"
NOT_NOW = "Not Now"
NEVER = "Don't Ask Again"


async def consent(session: Session, wanted: Sequence[Environment]) -> bool:
    """Whether the user wants them installed, for a deployment that waits."""
    return await _choose(session, question(wanted), [INSTALL, NOT_NOW]) == INSTALL


def question(wanted: Sequence[Environment]) -> str:
    """What will be installed, for what, how large, and where."""
    from sigma_ls.runtime.places import environments_dir  # noqa: PLC0415 - not at a server's start

    what = " and ".join(f"{each.title} ({each.purpose})" for each in wanted)
    verb, them = ("is", "it") if len(wanted) == 1 else ("are", "them")
    size = sum(each.megabytes for each in wanted)
    return (
        f"{what[:1].upper()}{what[1:]} {verb} not installed yet. Install {them} once, about {size} MB from the Python "
        f"package index, into {environments_dir()}?"
    )


class Environments:
    """Installs and removes on request, and offers cfn-lint once where it is lacking."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._offered = False
        self._installing: set[str] = set()
        self.on_change: list[Callable[[Environment], None]] = []
        """Called after one was installed or removed."""

    def offer_cfn_lint(self) -> None:
        """Offer it, unless it was offered since the start, or is not wanted."""
        if not self._offered and self._session.settings.trusted:
            from sigma_ls.app.lint import CFN_LINT  # noqa: PLC0415 - not at a server's start

            self._offered = True

            self._session.spawn(self._offer, CFN_LINT)

    def install(self, environment: Environment) -> None:
        """Install it beside the conversation; progress and the end of it come as standard messages."""
        if environment.name not in self._installing:
            self._installing.add(environment.name)
            self._session.spawn(self._install, environment)

    async def remove(self, environment: Environment) -> None:
        """Delete it, and offer it no more in this conversation.

        Raises:
            Refused: `notRemoved`.
        """
        from sigma_ls.app import environments  # noqa: PLC0415 - not at a server's start

        self._offered = True
        await run_blocking(environments.remove, environment)
        self._tell(environment)

    def is_installing(self, environment: Environment) -> bool:
        """Whether it is being installed just now."""
        return environment.name in self._installing

    async def _offer(self, environment: Environment) -> None:
        from sigma_ls.app import environments  # noqa: PLC0415 - not at a server's start

        if await run_blocking(environments.is_declined, environment):
            return
        chosen = await _choose(self._session, question([environment]), [INSTALL, NEVER])
        if chosen == INSTALL:
            self.install(environment)
        elif chosen == NEVER:
            await run_blocking(environments.decline, environment)

    async def _install(self, environment: Environment) -> None:
        from sigma_ls.runtime.installation import InstallError  # noqa: PLC0415 - not at a server's start

        work = f"installing {environment.name}"
        self._session.status.begin(work)
        report = _Progress(self._session, f"sigma/install/{environment.name}", f"Installing {environment.title}")
        try:
            await report.begin()
            await self._session.install(environment, report.say)
            self._session.say("info", f"{named([environment], capital=True)} is installed.")
        except InstallError as error:
            self._session.say("error", f"{error.message} {error.next_step}")
        finally:
            report.end()
            self._installing.discard(environment.name)
            self._session.status.end(work)
        self._tell(environment)

    def _tell(self, environment: Environment) -> None:
        for listener in self.on_change:
            listener(environment)


class _Progress:
    """Standard progress of one installation, where the editor shows any."""

    def __init__(self, session: Session, token: str, title: str) -> None:
        self._session = session
        self._token = token
        self._title = title
        self._shown = False

    async def begin(self) -> None:
        if not self._session.client.shows_progress:
            return
        try:
            await self._session.protocol.ask(types.WINDOW_WORK_DONE_PROGRESS_CREATE, {"token": self._token})
        except JsonRpcException as error:
            log.info("no progress is shown: %s", error)
            return
        self._shown = True
        self._send(kind="begin", title=self._title)

    def say(self, line: str) -> None:
        self._send(kind="report", message=line)

    def end(self) -> None:
        self._send(kind="end")
        self._shown = False

    def _send(self, **value: object) -> None:
        if self._shown:
            self._session.protocol.notify(types.PROGRESS, {"token": self._token, "value": value})


async def _choose(session: Session, text: str, titles: Sequence[str]) -> str | None:
    """The title that the user chose, or nothing where the dialog was dismissed or could not be shown."""
    actions = [{"title": title} for title in titles]
    asked = {"type": types.MessageType.Info, "message": text, "actions": actions}
    try:
        chosen = await session.protocol.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, asked)
    except JsonRpcException as error:
        log.info("no dialog was shown: %s", error)
        return None
    return chosen.get("title") if isinstance(chosen, dict) else None
