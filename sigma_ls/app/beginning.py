"""What a deployment begins with: from a request and a manifest to its first record, or to its refusal."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from sigma_ls.app.job import Job
from sigma_ls.app.projects import Source
from sigma_ls.app.reading import Reader, Reading
from sigma_ls.app.record import Record, stack_key
from sigma_ls.app.refusal import Refused
from sigma_ls.app.request import CommitMessage, DeployRequest
from sigma_ls.app.settings import Settings
from sigma_ls.app.world import CloudRef
from sigma_ls.deploy import machine, report
from sigma_ls.deploy.facts import HAS_ERRORS, Facts
from sigma_ls.deploy.snapshot import Deployment, ProjectRef, StackRef
from sigma_ls.deploy.states import Completed, Order


def read(reader: Reader, source: Source, stage: str | None, usual: str) -> Reading:
    """The project as `stage` sees it; without one as the `usual` stage of the settings does, where it has that one.

    Raises:
        Refused: `unknownStage`.
    """
    if stage or not usual:
        return reader.read(source, stage or None)
    try:
        return reader.read(source, usual)
    except Refused as refused:
        if refused.code != "unknownStage":
            raise
        # The setting is for all projects of a workspace, and this one has no such stage.
        return reader.read(source, None)


def cloud_of(reading: Reading, settings: Settings, *, sandbox: bool | None) -> CloudRef | None:
    """Where the project goes; nothing where the manifest does not say so.

    Raises:
        Refused: `unsupported`.
    """
    project = reading.project
    if project is None:
        return None
    if project.platform != "aws":
        raise Refused(
            "unsupported", "Deploying to Google Cloud is not supported by this version yet: only checking is."
        )
    if project.aws is None:
        return None
    local = settings.sandbox if sandbox is None else sandbox
    return CloudRef(
        engine="cloudformation",
        region=project.aws.region,
        sandbox=local,
        profile=None if local else project.aws.profile,
        endpoint_url=None if local else settings.endpoint_url or None,
        artifacts=project.aws.artifacts,
    )


def record_of(
    request: DeployRequest,
    settings: Settings,
    reading: Reading,
    cloud: CloudRef,
    *,
    now: str,
    tail: str,
    by: str,
    typical: Mapping[str, float],
) -> Record:
    """The first record of a deployment.

    `now` is in ISO 8601, `tail` makes its id unique, `by` is who begins it, `typical` is how long changes of this stack
    took before.
    """
    assert reading.project is not None
    state, _ = machine.begin(_order(request, settings))
    return Record(
        key=stack_key(cloud, reading.project.stack),
        manifest=str(reading.source.path),
        cloud=cloud,
        state=state,
        facts=evolve(_facts(request, settings, reading, now=now, tail=tail), started_by=by, typical=typical),
    )


def refused(request: DeployRequest, settings: Settings, reading: Reading, *, now: str, tail: str) -> Deployment:
    """The deployment of a manifest that cannot be deployed: it ended before it began."""
    count = len(reading.errors)
    message = (
        f"The manifest has {count} error{'s' if count != 1 else ''}: nothing was deployed."
        if count
        else "The manifest describes no project that could be deployed: it lacks a name, a platform or a region."
    )
    state = Completed(_order(request, settings), "refused", message)
    return report.snapshot(state, _facts(request, settings, reading, now=now, tail=tail, ended=True), revision=1)


def job_of(record: Record, settings: Settings, answers: dict[str, str]) -> Job:
    """What the effects of a deployment need to know of it."""
    return Job(
        id=record.id,
        key=record.key,
        manifest=record.manifest,
        uri=record.facts.project.uri,
        stage=record.facts.stage,
        stack=record.facts.stack.name,
        cloud=record.cloud,
        removal=record.state.order.removal,
        poll_interval=settings.poll_interval,
        answers=answers,
    )


def _order(request: DeployRequest, settings: Settings) -> Order:
    auto = settings.auto_execute if request.auto_execute is None else request.auto_execute
    commit = settings.commit if request.commit is None else request.commit
    message = commit.message.strip() if isinstance(commit, CommitMessage) else ""
    return Order(
        request.operation,
        auto_execute=auto,
        allow_data_loss=request.allow_data_loss,
        recreate=request.recreate,
        commit="skip" if commit == "skip" else "ask",
        commit_message=message,
    )


def _facts(
    request: DeployRequest, settings: Settings, reading: Reading, *, now: str, tail: str, ended: bool = False
) -> Facts:
    project = reading.project
    sandbox = settings.sandbox if request.sandbox is None else request.sandbox
    region = project.aws.region if project and project.aws else ""
    return Facts(
        # Sorted by name they are sorted by time; and it begins the tokens that a cloud knows the operations by.
        id=f"{now[:19].replace('-', '').replace(':', '')}-{tail}",
        project=ProjectRef(reading.source.uri, project.name if project else reading.source.folder.name),
        stage=project.stage if project else request.stage,
        sandbox=sandbox,
        engine="cloudformation",
        stack=StackRef(project.stack if project else "", region),
        started_at=now,
        updated_at=now,
        ended_at=now if ended else None,
        failures=reading.errors if ended else (),
        code=HAS_ERRORS if ended and reading.errors else None,
        passed=(),
    )
