"""Every command and notification that crosses between server and editor beyond standard LSP, declared once.

`tools/gen_protocol.py` writes the extension's TypeScript types and the reference half of `docs/protocol.md` from this
module and from `sigma_ls.deploy.snapshot`.  Fields are in snake_case here and in camelCase on the wire
(`sigma_ls.app.wire`).  This module knows neither pygls nor lsprotocol, and says nothing about how a message is handled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Generic, Literal, TypeVar

from attrs import frozen

from sigma_ls.deploy.snapshot import Deployment, Event, Events
from sigma_ls.lsp.announced import DID_GRANT_TRUST_METHOD, SERVER_STATUS_METHOD, ServerStatus

P = TypeVar("P")
R = TypeVar("R")


@frozen
class Command(Generic[P, R]):
    """A command of `workspace/executeCommand` with one optional object as argument."""

    name: str
    params: type[P]
    result: type[R]
    doc: str


@frozen
class Notification(Generic[P]):
    """A notification; `params` is absent where it carries nothing."""

    method: str
    params: type[P] | None
    sender: Literal["server", "client"]
    doc: str


# --- start -----------------------------------------------------------------------------------------------------------


@frozen
class Settings:
    """The settings that the server reads, section `sigma`."""

    auto_execute: bool = False
    """Start deployment automatically when changes are ready."""
    stage: str = ""
    """The stage to deploy where a command names none; empty: the manifest's first one."""
    sandbox: bool = False
    """Deploy to the embedded cloud on this machine instead of an account."""
    poll_interval: float = 3
    """Seconds between two looks at a running deployment."""
    endpoint_url: str = ""
    """Another AWS endpoint; empty: the real one."""
    gcp_endpoint_url: str = ""
    """Another Google Cloud endpoint; empty: the real one."""
    cfn_lint: bool = True
    """Check the generated template with cfn-lint."""
    commit: Literal["ask", "skip"] = "skip"
    """Ask before a deployment whether to commit the changes in the project's folder that git does not have yet."""
    trace: Literal["off", "messages", "verbose"] = "off"
    """What the server logs of its conversation with the editor."""


@frozen
class InitializationOptions(Settings):
    """`initializationOptions`: any setting, and whether the workspace is trusted."""

    trusted: bool = True
    """False: analysis only; building, deploying, git and the sandbox are refused (`untrusted`) until trust is granted."""


# --- commands --------------------------------------------------------------------------------------------------------


@frozen
class CommitMessage:
    """The message with which to commit changed files before a deployment."""

    message: str


@frozen
class DeployParams:
    """What to deploy; a field left out falls back to the setting of the same name."""

    project: str | None = None
    """The manifest's URI; may be missing where the workspace has just one project."""
    stage: str | None = None
    sandbox: bool | None = None
    auto_execute: bool | None = None
    commit: Literal["ask", "skip"] | CommitMessage | None = None
    """What to do with changes in the project's folder that git does not have yet; left out: as the setting says.

    `ask` puts the question `commit` where there are any; a message commits them with it, `skip` does not look.
    """
    answers: Mapping[str, str] | None = None
    """Values for `{ask: …}` by name, for callers that know them beforehand."""


@frozen
class UndeployParams:
    """What to remove from the cloud."""

    project: str | None = None
    """The manifest's URI; may be missing where the workspace has just one project."""
    stage: str | None = None
    sandbox: bool | None = None


@frozen
class ExecuteParams:
    """Which staged changes to execute."""

    deployment: str
    plan: str | None = None
    """The plan that was reviewed; if another one is staged by now, the request is refused (`planChanged`)."""


@frozen
class DeploymentParams:
    """Which deployment, by its id."""

    deployment: str


@frozen
class AnswerParams:
    """The answer to a deployment's question."""

    deployment: str
    question: str
    """The question's id; an answer to another question than the current one is refused (`questionChanged`)."""
    answer: str | Mapping[str, str]
    """The id of a choice, or the asked values by name."""


@frozen
class StageParams:
    """Which project and stage."""

    project: str | None = None
    """The manifest's URI; may be missing where the workspace has just one project."""
    stage: str | None = None


@frozen
class TemplateParams(StageParams):
    """Which template, and how it is written."""

    format: Literal["yaml", "json"] | None = None
    """Left out: yaml."""
    deployment: str | None = None
    """The template that this deployment staged; left out: that of the manifest as it is now."""
    comparable: bool | None = None
    """Without what differs between two templates of one manifest: names of archives, comments with line numbers."""


@frozen
class ProjectParams:
    """Which project; left out: all of the workspace."""

    project: str | None = None


@frozen
class HistoryParams(ProjectParams):
    """Whose history, and how much of it."""

    limit: int | None = None
    """At most so many deployments of each stack; left out: 20."""


@frozen
class Artifact:
    """The build of one function."""

    function: str
    hash: str
    size: int
    """Bytes of the archive."""
    up_to_date: bool
    """True: the code had not changed, and an earlier build was used."""


@frozen
class BuildResult:
    """The builds of a project's functions."""

    artifacts: tuple[Artifact, ...]


@frozen
class TemplateResult:
    """A deployment template as text."""

    text: str
    language_id: Literal["yaml", "json"]
    resources: int


@frozen
class EnvironmentParams:
    """Which environment, by its name."""

    environment: str


@frozen
class EnvironmentState:
    """Something that is installed on first need into an environment of its own."""

    name: str
    title: str
    purpose: str
    state: Literal["installed", "included", "installing", "missing"]
    """`included`: it is part of the server's own installation, and needs no environment."""
    folder: str
    size: int
    """Bytes on the disk."""
    megabytes: int
    """About what an installation downloads."""


@frozen
class NoParams:
    """Nothing is asked."""


DEPLOY: Final = Command(
    "sigma.deploy",
    DeployParams,
    Deployment,
    "Begins a deployment.  While one runs for the same stack, answers with that one (`attached: true`).",
)
UNDEPLOY: Final = Command("sigma.undeploy", UndeployParams, Deployment, "Begins to remove a project's stack.")
EXECUTE: Final = Command("sigma.execute", ExecuteParams, Deployment, "Executes the staged changes.")
ABORT: Final = Command(
    "sigma.abort", DeploymentParams, Deployment, "Discards the staged changes, and the empty stack that they left."
)
STOP: Final = Command(
    "sigma.stop",
    DeploymentParams,
    Deployment,
    "Stops an execution; `can.stopMeans` says what that means.  Refused with `notStoppable` where the cloud cannot.",
)
ANSWER: Final = Command("sigma.answer", AnswerParams, Deployment, "Answers a deployment's question.")
BUILD: Final = Command("sigma.build", StageParams, BuildResult, "Builds the functions of a project.")
TEMPLATE: Final = Command("sigma.template", TemplateParams, TemplateResult, "Answers with the deployment template.")
DEPLOYMENTS: Final = Command(
    "sigma.deployments",
    ProjectParams,
    tuple[Deployment, ...],
    "Answers with the running deployments and the last complete one of each project and stage.",
)
HISTORY: Final = Command(
    "sigma.history",
    HistoryParams,
    tuple[Deployment, ...],
    "Answers with the complete deployments that are remembered of each stack of a project, newest first.",
)
LOGS: Final = Command("sigma.logs", DeploymentParams, tuple[Event, ...], "Answers with all events of a deployment.")
ENVIRONMENTS: Final = Command(
    "sigma.environments",
    NoParams,
    tuple[EnvironmentState, ...],
    "Answers with what can be installed on demand, and how each is.",
)
INSTALL_ENVIRONMENT: Final = Command(
    "sigma.installEnvironment",
    EnvironmentParams,
    EnvironmentState,
    "Begins to install an environment: its progress is standard progress, its end or failure a standard message.",
)
REMOVE_ENVIRONMENT: Final = Command(
    "sigma.removeEnvironment",
    EnvironmentParams,
    EnvironmentState,
    "Deletes an environment.  That of the sandbox ends a running sandbox, with everything that is deployed there.",
)

COMMANDS: Final[tuple[Command[Any, Any], ...]] = (
    DEPLOY,
    UNDEPLOY,
    EXECUTE,
    ABORT,
    STOP,
    ANSWER,
    BUILD,
    TEMPLATE,
    DEPLOYMENTS,
    HISTORY,
    LOGS,
    ENVIRONMENTS,
    INSTALL_ENVIRONMENT,
    REMOVE_ENVIRONMENT,
)
"""All commands, in the order of the reference."""

# --- notifications ---------------------------------------------------------------------------------------------------


@frozen
class DeploymentDidChange:
    """The whole deployment, so that an editor never merges differences."""

    deployment: Deployment


DEPLOYMENT_DID_CHANGE: Final = Notification(
    "sigma/deployment/didChange",
    DeploymentDidChange,
    "server",
    "A deployment changed.  At most ten a second; an editor drops a revision that is not newer than the one it shows.",
)
DEPLOYMENT_DID_LOG: Final = Notification(
    "sigma/deployment/didLog", Events, "server", "What the cloud said since the last one.  May be dropped."
)
SERVER_STATUS: Final = Notification(SERVER_STATUS_METHOD, ServerStatus, "server", "The server's own state changed.")
DID_GRANT_TRUST: Final[Notification[None]] = Notification(
    DID_GRANT_TRUST_METHOD, None, "client", "The user trusts the workspace from now on."
)

NOTIFICATIONS: Final[tuple[Notification[Any], ...]] = (
    DEPLOYMENT_DID_CHANGE,
    DEPLOYMENT_DID_LOG,
    SERVER_STATUS,
    DID_GRANT_TRUST,
)
"""All notifications, in the order of the reference."""


# --- refusals --------------------------------------------------------------------------------------------------------


@frozen
class Refusal:
    """`data` of a `RequestFailed` (-32803) answer."""

    code: str
    """Why, in lowerCamel: for programs.  The error's message says it to a person."""
