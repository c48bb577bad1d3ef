"""`deploy` and `undeploy`: start it, follow it, and say with the exit status how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from attrs import field, frozen

from sigma_ls.app.deployments import CommitMessage, Deployments, DeployRequest, Refused
from sigma_ls.app.projects import ProjectError, locate
from sigma_ls.app.settings import Settings, settings_from
from sigma_ls.app.world import World
from sigma_ls.cli.barrier import REFUSED
from sigma_ls.cli.drive import follow
from sigma_ls.cli.host import Host
from sigma_ls.cli.views import View, json_view, lines_view
from sigma_ls.deploy.snapshot import Can, Deployment, Operation, Progress, ProjectRef, StackRef
from sigma_ls.runtime.clock import Clock, timestamp


@frozen
class DeployOptions:
    """What was given on the command line."""

    operation: Operation
    path: str
    stage: str | None = None
    sandbox: bool = False
    yes: bool = False
    allow_data_loss: bool = False
    json: bool = False
    answers: Mapping[str, str] = field(factory=dict, repr=False)
    commit: str = ""
    """The message with which to commit the project's folder first."""


def deploy(options: DeployOptions, host: Host) -> int:
    """Run it to its end; the exit status is that of `docs/cli.md`."""
    return asyncio.run(_deploy(options, host))


def settings_of(host: Host) -> Settings:
    """The settings that the environment gives; what is wrong with one is said, and its default used."""
    values: dict[str, object] = {}
    if interval := host.environment.get("SIGMA_POLL_INTERVAL"):
        try:
            values["pollInterval"] = float(interval)
        except ValueError:
            values["pollInterval"] = interval
    if endpoint := host.environment.get("SIGMA_GCP_ENDPOINT_URL"):
        values["gcpEndpointUrl"] = endpoint
    settings, problems = settings_from(values)
    for problem in problems:
        print(f"sigma-ls: from the environment: {problem}", file=host.err)
    return settings


async def _deploy(options: DeployOptions, host: Host) -> int:
    world = host.world()
    settings = settings_of(host)
    deployments = Deployments(world, lambda: settings)
    view = _view(options, host, world.clock)
    try:
        return await follow(deployments, _request(options, host), view, host.ask, host.interrupts)
    except Refused as refused:
        if not options.json:
            raise
        view.tell(f"sigma-ls: {refused.message}")
        view.show(_never_begun(options, host, world, refused))
        return REFUSED
    finally:
        await deployments.close()


def _request(options: DeployOptions, host: Host) -> DeployRequest:
    return DeployRequest(
        operation=options.operation,
        manifest=str(host.folder / options.path),
        stage=options.stage,
        sandbox=options.sandbox,
        auto_execute=options.yes,
        answers=options.answers,
        commit=_commit(options, host),
        allow_data_loss=options.allow_data_loss,
        recreate=options.yes,
    )


def _commit(options: DeployOptions, host: Host) -> Literal["ask", "skip"] | CommitMessage:
    if options.commit:
        return CommitMessage(options.commit)
    # Nobody needs a commit to deploy: where there is no person to ask, git is not even run.
    return "skip" if options.yes or host.ask is None else "ask"


def _view(options: DeployOptions, host: Host, clock: Clock) -> View:
    if options.json:
        return json_view(host.out, host.err)
    if host.live:
        from sigma_ls.cli.live import live_view  # noqa: PLC0415 - rich, for terminals only

        return live_view(host.out, host.err, host.folder, lambda: timestamp(clock.now()))
    return lines_view(host.out, host.err, host.folder)


def _never_begun(options: DeployOptions, host: Host, world: World, refused: Refused) -> Deployment:
    """What `--json` prints of a request that was refused before there was a deployment."""
    place = str(host.folder / options.path)
    try:
        path = locate(place)
        name = path.parent.name
    except ProjectError:
        path = Path(place).absolute()
        name = path.name
    now = timestamp(world.clock.now())
    return Deployment(
        id=world.new_id(),
        revision=1,
        operation=options.operation,
        project=ProjectRef(path.as_uri(), name),
        stage=options.stage,
        sandbox=options.sandbox,
        engine="cloudformation",
        stack=StackRef("", ""),
        phase="completed",
        message=refused.message,
        changes=(),
        progress=Progress(),
        outputs=(),
        failures=(),
        can=Can(),
        auto_execute=options.yes,
        started_at=now,
        updated_at=now,
        ended_at=now,
        outcome="refused",
    )
