"""Deployments on a cloud in memory: a project on disk, and a hand on what happens to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from sigma_ls.app.deployments import Deployments, DeployRequest
from sigma_ls.app.settings import Settings
from sigma_ls.deploy.snapshot import Deployment, Event
from tests.support.cloud import FakeCloud, FakeWorld

MANIFEST = """\
name: demo
platform: aws
aws: {region: eu-west-1}
functions:
  hello:
    runtime: python3.13
    handler: app.handler
    code: src
    uses: {images: read, failed: send}
resources:
  images: {type: bucket}
  failed: {type: queue}
outputs:
  Failed: {value: "${failed.url}"}
"""


def write_project(folder: Path, manifest: str = MANIFEST) -> Path:
    """A project with one function; the path of its manifest."""
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "src" / "app.py").write_text("def handler(event, context):\n    return {}\n")
    path = folder / "sigma.yaml"
    path.write_text(manifest)
    return path


async def at_once(work, *args):
    """Instead of a thread, whose time nobody can foresee."""
    return work(*args)


class App:
    """One process' deployments; `restarted` gives those of the next process on the same disk and cloud."""

    def __init__(
        self, folder: Path, cloud: FakeCloud | None = None, *, world: FakeWorld | None = None, **settings
    ) -> None:
        self.folder = folder
        self.manifest = folder / "project" / "sigma.yaml"
        self.world = world or FakeWorld(folder / "state", cloud)
        self.cloud = self.world.cloud
        self.settings = Settings(**settings)
        self.deployments = Deployments(self.world, lambda: self.settings, aside=at_once)
        self.seen: list[Deployment] = []
        self.heard: list[Event] = []
        self.deployments.observe(snapshot=self.seen.append, events=lambda batch: self.heard.extend(batch.events))

    async def start(self, operation="deploy", **more) -> Deployment:
        return await self.deployments.start(DeployRequest(operation, str(self.manifest), **more))

    async def until(self, deployment: Deployment, reached: Callable[[Deployment], bool]) -> Deployment:
        """The first snapshot of which `reached` is true; an error if it ends without."""
        async with asyncio.timeout(10):
            async for snapshot in self.deployments.follow(deployment.id):
                if reached(snapshot):
                    return snapshot
        raise AssertionError(f"never reached: {self.deployments.get(deployment.id)}")

    async def phase(self, deployment: Deployment, phase: str) -> Deployment:
        return await self.until(deployment, lambda each: each.phase == phase)

    async def waiting(self, deployment: Deployment) -> Deployment:
        """When it waits for a person."""
        return await self.until(deployment, lambda each: each.can.execute or each.question is not None)

    async def end(self, deployment: Deployment) -> Deployment:
        return await self.until(deployment, lambda each: each.outcome is not None)

    async def run(self, operation="deploy", **more) -> Deployment:
        """From the request to the end, with every consent."""
        given = {"auto_execute": True, "allow_data_loss": True, "recreate": True, **more}
        return await self.end(await self.start(operation, **given))

    async def restarted(self, **settings) -> App:
        """As after a crash: nothing is said to anyone, the locks are gone."""
        await self.crash()
        return App(self.folder, self.cloud, **settings)

    async def crash(self) -> None:
        for runner in self.deployments._runners.values():
            for task in runner._tasks.values():
                task.cancel()
            runner._closed = True
            runner._lease.release()
        for follower in self.deployments._followers.values():
            await follower.close()
        if self.deployments._attention is not None:
            self.deployments._attention.cancel()
        await asyncio.sleep(0)
