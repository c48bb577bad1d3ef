"""A deployment as people and programs see it: the whole of it, at one moment.

These shapes cross to the editor (`sigma/deployment/didChange`) and are printed by `--json`; `docs/protocol.md` fixes
their names.  They hold no cloud SDK's types and no secret.
"""

from __future__ import annotations

from typing import Literal

from attrs import Factory, frozen

from sigma_ls.syntax.span import Range

Operation = Literal["deploy", "undeploy"]
Engine = Literal["cloudformation", "infrastructure-manager", "deployment-manager"]
Phase = Literal[
    "initialization",
    "build",
    "preparation",
    "staging",
    "staged",
    "execution",
    "monitoring",
    "rollingBack",
    "completed",
]
Outcome = Literal["succeeded", "noChanges", "failed", "rolledBack", "partiallyApplied", "aborted", "stopped", "refused"]
ChangeAction = Literal["add", "modify", "replace", "remove", "import"]
Replacement = Literal["never", "may", "will"]
Risk = Literal["dataLoss", "replacement", "interruption", "permissions", "none"]
ChangeStatus = Literal[
    "pending", "inProgress", "succeeded", "failed", "cancelled", "rollingBack", "rolledBack", "retained"
]
QuestionKind = Literal["commit", "recreateStack", "replaceStateful", "values", "rollback"]
StopMeans = Literal["rollback", "delete", "halt"]


@frozen
class Location:
    """A place in a manifest."""

    uri: str
    range: Range


@frozen
class ProjectRef:
    """Which project: its manifest's URI and its name."""

    uri: str
    name: str


@frozen
class StackRef:
    """Which stack; `name` and `region` are known before the cloud was asked."""

    name: str
    region: str
    id: str | None = None
    account: str | None = None
    console_url: str | None = None


@frozen
class PlanSummary:
    """How many changes of each kind a plan holds."""

    add: int = 0
    modify: int = 0
    replace: int = 0
    remove: int = 0


@frozen
class Plan:
    """The staged changes, by the name under which *Execute* approves them."""

    id: str
    summary: PlanSummary


@frozen
class ChangedResource:
    """What a change is made to; `name` is the manifest's id where there is one, else the logical id."""

    type: str
    name: str
    physical_id: str | None = None


@frozen
class Cause:
    """One property that makes a change necessary."""

    property: str
    before: str | None = None
    after: str | None = None
    location: Location | None = None


@frozen
class Change:
    """One resource of the plan, and what has become of it so far.

    `succeeded` of a removal means that the resource is gone.
    """

    id: str
    """The logical id, unique in the stack."""
    resource: ChangedResource
    action: ChangeAction
    replacement: Replacement = "never"
    risk: Risk = "none"
    causes: tuple[Cause, ...] = ()
    status: ChangeStatus = "pending"
    reason: str | None = None
    root_cause: bool | None = None
    started_at: str | None = None
    ended_at: str | None = None
    location: Location | None = None
    """The manifest range it comes from."""


@frozen
class Progress:
    """Changes done and failed, of all; `eta_seconds` is a guess from history."""

    done: int = 0
    total: int = 0
    failed: int = 0
    eta_seconds: int | None = None


@frozen
class Output:
    """One output of the stack; a sensitive one has its value hidden."""

    name: str
    value: str
    sensitive: bool = False
    description: str | None = None


@frozen
class Failure:
    """Why something failed; `resource` is the manifest's id where there is one, `change` the logical id."""

    resource: str
    reason: str
    root_cause: bool
    change: str | None = None
    location: Location | None = None


@frozen
class Choice:
    """One answer that a question offers."""

    id: str
    title: str
    destructive: bool | None = None


@frozen
class AskedValue:
    """One value that a question asks for."""

    name: str
    title: str
    secret: bool
    default: str | None = None
    """What is taken where a client cannot have a text typed; a field begins with it."""


@frozen
class Question:
    """What the deployment needs to know from a person before it goes on."""

    id: str
    kind: QuestionKind
    text: str
    choices: tuple[Choice, ...]
    values: tuple[AskedValue, ...] | None = None
    """The texts to type.  Of kind `commit` the message: to answer with the choice `commit` takes its default."""


@frozen
class Can:
    """What may be asked of the deployment now, so that no button is dead."""

    execute: bool = False
    abort: bool = False
    stop: bool = False
    stop_means: StopMeans | None = None


@frozen
class Deployment:
    """The whole of one deployment; `revision` grows by one with each that is sent.  Times are ISO 8601, UTC."""

    id: str
    revision: int
    operation: Operation
    project: ProjectRef
    stage: str | None
    sandbox: bool
    engine: Engine
    stack: StackRef
    phase: Phase
    message: str
    """One line for a person."""
    changes: tuple[Change, ...]
    progress: Progress
    outputs: tuple[Output, ...]
    failures: tuple[Failure, ...]
    can: Can
    auto_execute: bool
    started_at: str
    updated_at: str
    attached: bool | None = None
    outcome: Outcome | None = None
    stack_status: str | None = None
    """The cloud's own word."""
    plan: Plan | None = None
    """The changes that were staged, while they are executed and when all is over, too."""
    question: Question | None = None
    ended_at: str | None = None
    started_by: str | None = None
    """Who began it: a user's name and machine, for people to read."""
    commit: str | None = None
    """The id of the git commit that the project's folder was at: where git was asked, and nothing was uncommitted."""
    reached: Phase | None = None
    """Of a completed one: the last phase before, in which it failed where it did."""
    passed: tuple[Phase, ...] | None = None
    """The phases that are done: not each that comes before the present one is, since a stack may be looked at before the
    build, and a review be left out.  Left out: an older version began it."""
    code: str | None = None
    """Why it failed, or what keeps it from going on just now, in lowerCamel: for programs.

    `credentialsMissing`, `credentialsExpired`, `notAuthenticated` (others that the cloud does not accept) and
    `notAllowed` (a permission is missing) tell what a person has to do.  Left out where the failures alone say why."""


@frozen
class Event:
    """One thing that the cloud said of one resource (or of the stack itself)."""

    at: str
    resource: str
    type: str
    status: str
    reason: str | None = None


@frozen
class Events:
    """A run of events of one deployment."""

    id: str
    events: tuple[Event, ...] = Factory(tuple)
