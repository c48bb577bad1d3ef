"""`status` and `logs`: what runs, and what ran last.  Nothing is started, taken up or changed."""

from __future__ import annotations

import asyncio
import json as json_text

from sigma_ls.app.deployments import Deployments
from sigma_ls.app.journal import KEPT
from sigma_ls.app.wire import to_wire
from sigma_ls.cli.deploy import settings_of
from sigma_ls.cli.host import Host
from sigma_ls.cli.views import print_result
from sigma_ls.cli.words import one_line, where
from sigma_ls.deploy.snapshot import Deployment, Event

SHORT = 10
"""Characters of a commit's id that tell it apart in all but the largest repositories (git's own guess is 7 to 12)."""


def status(path: str, *, json: bool, history: bool = False, host: Host) -> int:
    """Print the running deployments of the project, and the last complete one of each stage (with `history` all)."""
    return asyncio.run(_status(path, json=json, history=history, host=host))


def logs(path: str, *, json: bool, host: Host) -> int:
    """Print the events of the newest of them."""
    return asyncio.run(_logs(path, json=json, host=host))


async def _status(path: str, *, json: bool, history: bool, host: Host) -> int:
    deployments = _deployments(host)
    manifest = str(host.folder / path)
    found = deployments.list(manifest)
    if history:
        running = tuple(each for each in found if each.outcome is None)
        found = (*running, *deployments.history(manifest, KEPT))
    for deployment in found:
        if json:
            print(json_text.dumps(to_wire(deployment)), file=host.out)
        else:
            by = f", by {deployment.started_by}" if deployment.started_by else ""
            at = f", commit {deployment.commit[:SHORT]}" if deployment.commit else ""
            print(f"{_when(deployment)}  {deployment.operation} to {where(deployment)}{by}{at}", file=host.out)
            print_result(deployment, host.out, host.err, host.folder)
    if not found:
        print("No deployment of it is known on this machine.", file=host.err)
    return 0


async def _logs(path: str, *, json: bool, host: Host) -> int:
    deployments = _deployments(host)
    found = deployments.list(str(host.folder / path))
    if not found:
        print("No deployment of it is known on this machine.", file=host.err)
        return 0
    for event in deployments.logs(found[0].id):
        print(json_text.dumps(to_wire(event)) if json else _line(event), file=host.out)
    return 0


def _deployments(host: Host) -> Deployments:
    settings = settings_of(host)
    return Deployments(host.world(), lambda: settings)


def _when(deployment: Deployment) -> str:
    return deployment.ended_at or deployment.updated_at


def _line(event: Event) -> str:
    reason = f"  {one_line(event.reason)}" if event.reason else ""
    return f"{event.at}  {event.status:<28}{event.resource} ({event.type}){reason}"
