"""`workspace/executeCommand`: every command of `docs/protocol.md`.

Each answers at once.  What it starts tells of itself by notifications.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from pygls.exceptions import JsonRpcInvalidParams

from sigma_ls.app.refusal import Refused
from sigma_ls.app.wire import from_wire, to_wire
from sigma_ls.deploy.snapshot import Deployment, Event
from sigma_ls.lsp import messages
from sigma_ls.lsp.projects import chosen_project, text_of
from sigma_ls.lsp.protocol import RequestFailed
from sigma_ls.lsp.session import Session
from sigma_ls.runtime.blocking import run_blocking
from sigma_ls.runtime.environments import Environment

Handler = Callable[[Any], Awaitable[Any]]
_BY_NAME = {command.name: command for command in messages.COMMANDS}
_BY_SETTINGS = frozenset({"sigma.deploy", "sigma.undeploy", "sigma.build", "sigma.template"})
"""Those that depend on settings where their parameters leave something out."""


async def execute_command(session: Session, params: Any) -> Any:
    """Carry out the command that the parameters name, and answer with its result.

    Raises:
        JsonRpcInvalidParams: there is no such command, or it takes other arguments.
        RequestFailed: it is refused.
    """
    command, argument = _parse(params)
    request = from_wire(argument, command.params)
    if command.name in _BY_SETTINGS:
        await session.settings_known()
    try:
        return _wired(await _handlers(session)[command.name](request))
    except Refused as refused:
        raise RequestFailed(refused.code, refused.message) from refused


def _parse(params: Any) -> tuple[messages.Command[Any, Any], Mapping[str, Any]]:
    name = params.get("command") if isinstance(params, dict) else None
    if not isinstance(name, str) or name not in _BY_NAME:
        raise JsonRpcInvalidParams(f"unknown command {name!r} @ $.command; known are {', '.join(_BY_NAME)}")
    arguments = params.get("arguments") or [{}]
    if not isinstance(arguments, list) or len(arguments) > 1:
        raise JsonRpcInvalidParams(f"{name} takes one object @ $.arguments")
    return _BY_NAME[name], {} if arguments[0] is None else arguments[0]


def _wired(result: Any) -> Any:
    if isinstance(result, tuple):
        return [to_wire(item) for item in result]
    return to_wire(result)


def _handlers(session: Session) -> dict[str, Handler]:
    def shown(deployment: Deployment) -> Deployment:
        return session.in_editor_units(deployment)

    async def deploy(params: messages.DeployParams) -> Deployment:
        from sigma_ls.app.deployments import CommitMessage, DeployRequest  # noqa: PLC0415 - see Session.deployments

        session.require_trust()
        deployments = await session.deployments()
        uri = await chosen_project(session, params.project)
        commit = params.commit
        request = DeployRequest(
            operation="deploy",
            manifest=uri,
            text=text_of(session, uri),
            stage=params.stage,
            sandbox=params.sandbox,
            auto_execute=params.auto_execute,
            answers=params.answers or {},
            commit=CommitMessage(commit.message) if isinstance(commit, messages.CommitMessage) else commit,
        )
        return shown(await deployments.start(request))

    async def undeploy(params: messages.UndeployParams) -> Deployment:
        from sigma_ls.app.deployments import DeployRequest  # noqa: PLC0415 - see Session.deployments

        session.require_trust()
        deployments = await session.deployments()
        uri = await chosen_project(session, params.project)
        request = DeployRequest(
            operation="undeploy",
            manifest=uri,
            text=text_of(session, uri),
            stage=params.stage,
            sandbox=params.sandbox,
        )
        return shown(await deployments.start(request))

    async def execute(params: messages.ExecuteParams) -> Deployment:
        session.require_trust()
        return shown(await (await session.deployments()).execute(params.deployment, params.plan))

    async def abort(params: messages.DeploymentParams) -> Deployment:
        return shown(await (await session.deployments()).abort(params.deployment))

    async def stop(params: messages.DeploymentParams) -> Deployment:
        return shown(await (await session.deployments()).stop(params.deployment))

    async def answer(params: messages.AnswerParams) -> Deployment:
        session.require_trust()
        return shown(await (await session.deployments()).answer(params.deployment, params.question, params.answer))

    async def template(params: messages.TemplateParams) -> messages.TemplateResult:
        if params.deployment is not None:
            staged = partial((await session.deployments()).template, comparable=params.comparable or False)
            made = await run_blocking(staged, params.deployment, params.format or "yaml")
            return messages.TemplateResult(made.text, made.language_id, made.resources)
        uri = await chosen_project(session, params.project)
        return await run_blocking(_rendered, uri, text_of(session, uri), session.settings.stage, params)

    async def build(params: messages.StageParams) -> messages.BuildResult:
        session.require_trust()
        uri = await chosen_project(session, params.project)
        built = await session.build(uri, text_of(session, uri), params.stage)
        return messages.BuildResult(
            tuple(messages.Artifact(each.function, each.hash, each.size, each.up_to_date) for each in built)
        )

    async def list_(params: messages.ProjectParams) -> tuple[Deployment, ...]:
        if session.nothing_deployed:
            return ()
        listed = (await session.deployments()).list(params.project)
        return tuple(session.in_editor_units(item) for item in listed)

    async def history(params: messages.HistoryParams) -> tuple[Deployment, ...]:
        uri = await chosen_project(session, params.project)
        if session.nothing_deployed:
            return ()
        deployments = await session.deployments()
        found = await run_blocking(deployments.history, uri, *(() if params.limit is None else (params.limit,)))
        return tuple(session.in_editor_units(item) for item in found)

    async def logs(params: messages.DeploymentParams) -> tuple[Event, ...]:
        return (await session.deployments()).logs(params.deployment)

    async def environments(_: messages.NoParams) -> tuple[messages.EnvironmentState, ...]:
        return await run_blocking(_environments, session)

    async def install_environment(params: messages.EnvironmentParams) -> messages.EnvironmentState:
        from sigma_ls.app.environments import find  # noqa: PLC0415 - not at a server's start

        environment = find(params.environment)
        session.environments.install(environment)
        return await run_blocking(_environment, session, environment)

    async def remove_environment(params: messages.EnvironmentParams) -> messages.EnvironmentState:
        from sigma_ls.app.environments import find  # noqa: PLC0415 - not at a server's start

        environment = find(params.environment)
        await session.environments.remove(environment)
        return await run_blocking(_environment, session, environment)

    return {
        messages.ENVIRONMENTS.name: environments,
        messages.INSTALL_ENVIRONMENT.name: install_environment,
        messages.REMOVE_ENVIRONMENT.name: remove_environment,
        messages.DEPLOY.name: deploy,
        messages.UNDEPLOY.name: undeploy,
        messages.EXECUTE.name: execute,
        messages.ABORT.name: abort,
        messages.STOP.name: stop,
        messages.ANSWER.name: answer,
        messages.BUILD.name: build,
        messages.TEMPLATE.name: template,
        messages.DEPLOYMENTS.name: list_,
        messages.HISTORY.name: history,
        messages.LOGS.name: logs,
    }


def _environments(session: Session) -> tuple[messages.EnvironmentState, ...]:
    from sigma_ls.app.environments import ALL  # noqa: PLC0415 - not at a server's start

    return tuple(_environment(session, each) for each in ALL)


def _environment(session: Session, environment: Environment) -> messages.EnvironmentState:
    from sigma_ls.app.environments import look  # noqa: PLC0415 - not at a server's start

    now = look(environment)
    return messages.EnvironmentState(
        name=environment.name,
        title=environment.title,
        purpose=environment.purpose,
        state="installing" if session.environments.is_installing(environment) else now.state,
        folder=str(now.folder),
        size=now.size,
        megabytes=environment.megabytes,
    )


def _rendered(uri: str, text: str | None, usual: str, params: messages.TemplateParams) -> messages.TemplateResult:
    from sigma_ls.app.template import template_text  # noqa: PLC0415 - synthesis is loaded when it is used

    render = partial(
        template_text,
        uri,
        text=text,
        language_id=params.format or "yaml",
        comparable=params.comparable or False,
    )
    try:
        made = render(stage=params.stage or usual or None)
    except Refused as refused:
        # The setting is for all projects of a workspace; this one may not have that stage.
        if params.stage or not usual or refused.code != "unknownStage":
            raise
        made = render()
    return messages.TemplateResult(made.text, made.language_id, made.resources)
