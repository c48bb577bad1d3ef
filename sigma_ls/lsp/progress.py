"""Standard progress for each running deployment, under tokens that the server creates.

A token is forgotten when its deployment ends (pygls' own table grows for ever).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from attrs import define
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sigma_ls.deploy.snapshot import Deployment

log = logging.getLogger(__name__)


@define
class _Report:
    """What the editor shows of one deployment."""

    token: str
    newest: Deployment
    shown: bool = False
    percentage: int = 0


class Progress:
    """Shows snapshots of deployments as they come."""

    def __init__(
        self,
        notify: Callable[[str, Any], None],
        ask: Callable[[str, Any], Awaitable[Any]],
        spawn: Callable[..., object],
    ) -> None:
        self._notify = notify
        self._ask = ask
        self._spawn = spawn
        self._reports: dict[str, _Report] = {}

    def show(self, deployment: Deployment) -> None:
        """Begin, report or end the progress of this deployment."""
        report = self._reports.get(deployment.id)
        if report is None:
            if deployment.phase != "completed":
                report = self._reports[deployment.id] = _Report(f"sigma/{deployment.id}", deployment)
                self._spawn(self._create, report)
            return
        report.newest = deployment
        if report.shown:
            self._report(report)

    def deployment_of(self, token: object) -> str | None:
        """The id of the deployment whose progress has this token."""
        return next((id_ for id_, report in self._reports.items() if report.token == token), None)

    async def _create(self, report: _Report) -> None:
        try:
            await self._ask(types.WINDOW_WORK_DONE_PROGRESS_CREATE, {"token": report.token})
        except JsonRpcException as error:
            log.info("no progress is shown: %s", error)
            del self._reports[report.newest.id]
            return
        newest = report.newest
        self._send(
            report,
            kind="begin",
            title=title(newest),
            message=newest.message,
            cancellable=newest.can.abort or newest.can.stop,
            percentage=0,
        )
        report.shown = True
        self._report(report)

    def _report(self, report: _Report) -> None:
        newest = report.newest
        if newest.phase == "completed":
            del self._reports[newest.id]
            self._send(report, kind="end", message=newest.message)
            return
        if newest.progress.total:
            # An editor may ignore a percentage that is less than the one before (LSP 3.17, work done progress).
            report.percentage = max(report.percentage, 100 * newest.progress.done // newest.progress.total)
        self._send(
            report,
            kind="report",
            message=newest.message,
            cancellable=newest.can.abort or newest.can.stop,
            percentage=report.percentage,
        )

    def _send(self, report: _Report, **value: object) -> None:
        self._notify(types.PROGRESS, {"token": report.token, "value": value})


def title(deployment: Deployment) -> str:
    """What is going on, such as `Deploying thumbnailer (dev)`."""
    doing = "Deploying" if deployment.operation == "deploy" else "Removing"
    return f"{doing} {named(deployment)}"


def named(deployment: Deployment) -> str:
    """The project, with its stage where it has stages."""
    return deployment.project.name + (f" ({deployment.stage})" if deployment.stage else "")
