"""What must be installed before something can be done: asked for once, installed once, whoever needs it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from sigma_ls.app.world import Consent, Report, granted
from sigma_ls.deploy.ports import ProviderError
from sigma_ls.runtime.blocking import run_blocking
from sigma_ls.runtime.environments import Environment, installed, named
from sigma_ls.runtime.installation import InstallError, install

log = logging.getLogger(__name__)

Install = Callable[[Environment, Report], object]
"""Blocks.  Raises `InstallError`."""


class NotInstalled(ProviderError):
    """Something that is needed is not installed: nobody consented, or it failed."""

    code = "notInstalled"


class Installer:
    """Installs what is lacking, after consent; one question at a time."""

    def __init__(self, consent: Consent, install: Install | None = None) -> None:
        self._consent = consent
        self._install = install or _install
        self._asking = asyncio.Lock()
        self._declined = 0
        self._running: dict[str, asyncio.Task[object]] = {}
        """What is being installed, by name: whoever wanted it may have given up meanwhile."""

    async def have(self, wanted: Sequence[Environment], report: Report) -> None:
        """Return once all of `wanted` are installed; `report` is called from other threads, too.

        Raises:
            NotInstalled: they are not; the message says why and what to do.
        """
        if not wanted:
            return
        declined = self._declined
        async with self._asking:
            lacking = [each for each in wanted if installed(each) is None]
            if not lacking:
                return
            asked = [each for each in lacking if each.name not in self._running]
            # Who waited while somebody declined is not asked the same again.
            if not asked or (declined == self._declined and await self._consented(asked, report)):
                await self._all(lacking, report)
                return
            self._declined += 1
            raise NotInstalled(
                f"{named(lacking, capital=True)} {'is' if len(lacking) == 1 else 'are'} not installed.",
                "Deploy again and consent, or run `sigma-ls environment install "
                f"{' '.join(each.name for each in lacking)}`.",
            )

    async def _consented(self, asked: Sequence[Environment], report: Report) -> bool:
        if self._consent is not granted:
            report(f"Waiting for consent to install {named(asked)} …")
        return await self._consent(asked)

    async def _all(self, lacking: Sequence[Environment], report: Report) -> None:
        for each in lacking:
            try:
                await asyncio.shield(self._begun(each, report))
            except InstallError as error:
                raise NotInstalled(error.message, error.next_step) from error

    def _begun(self, environment: Environment, report: Report) -> asyncio.Task[object]:
        """Its installation, which goes on when a deployment that waits for it is aborted: the next one needs it, too."""
        name = environment.name
        if (running := self._running.get(name)) is not None:
            report(f"Installing {environment.title}, which was begun before …")
            return running
        task = self._running[name] = asyncio.ensure_future(run_blocking(self._install, environment, report))
        task.add_done_callback(lambda done: self._ended(name, done))
        return task

    def _ended(self, name: str, task: asyncio.Task[object]) -> None:
        del self._running[name]
        if not task.cancelled() and (error := task.exception()) is not None:
            # Where nobody waits for it any more, nobody else tells.
            log.warning("%s", error)


def _install(environment: Environment, report: Report) -> None:
    install(environment, report=report)
