"""Deployments as the editor sees them: snapshots, log, progress."""

from __future__ import annotations

from lsprotocol import types

from sigma_ls.app.refusal import Refused
from sigma_ls.app.wire import tell_once, to_wire
from sigma_ls.deploy.snapshot import Change, Deployment, Events
from sigma_ls.lsp.features.documents import show_failures
from sigma_ls.lsp.messages import DEPLOYMENT_DID_CHANGE, DEPLOYMENT_DID_LOG, DeploymentDidChange
from sigma_ls.lsp.progress import Progress
from sigma_ls.lsp.session import Session


def register(session: Session) -> None:
    """Pass on what happens to deployments."""
    tell_once(Change)
    protocol = session.protocol
    progress = Progress(protocol.notify, protocol.ask, session.spawn)

    def changed(deployment: Deployment) -> None:
        if session.client.sigma:
            located = session.in_editor_units(deployment)
            protocol.notify(DEPLOYMENT_DID_CHANGE.method, to_wire(DeploymentDidChange(located)))
        if session.client.shows_progress:
            progress.show(deployment)

    def logged(events: Events) -> None:
        if session.client.sigma and events.events:
            protocol.notify(DEPLOYMENT_DID_LOG.method, to_wire(events))

    session.on_snapshot.append(changed)
    session.on_events.append(logged)

    @session.protocol.handle(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def cancel(params: types.WorkDoneProgressCancelParams) -> None:
        if (deployment := progress.deployment_of(params.token)) is not None:
            session.spawn(_cancel, session, deployment)


async def resume(session: Session) -> None:
    """Take up the deployments that the journal has."""
    work = "journal"
    session.status.begin(work)
    try:
        deployments = await session.deployments()
        for deployment in await deployments.resume():
            if deployment.attached:
                # Another process drives it; of ours, each snapshot tells of itself.
                session.hand_on(deployment)
        for deployment in sorted(deployments.list(), key=lambda each: each.started_at):
            show_failures(session, deployment)
    finally:
        session.status.end(work)


async def _cancel(session: Session, deployment: str) -> None:
    try:
        await (await session.deployments()).cancel(deployment)
    except Refused as refused:
        session.say("warning", refused.message)
