"""What the life cycle asks of the world: the ports that the edge implements, and the errors it may answer with.

Nothing here names a cloud's SDK.  A mutating call that got no answer *may have happened*: it raises with
`certain=False`, and whoever asked looks before it says anything (invariant 5 of ARCHITECTURE.md).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Literal, Protocol

from attrs import field, frozen

from sigma_ls.deploy.snapshot import Change, Engine, Output, StopMeans
from sigma_ls.synth.template import CodeLocation, TemplatePath

# --- errors ----------------------------------------------------------------------------------------------------------


class ProviderError(Exception):
    """A cloud's refusal or silence, in words for a person.

    `code` is what the protocol calls the reason; `message` says what happened to what and why; `next_step` what to do
    now.  `certain` is false when a mutating call may have happened all the same.
    """

    code = "cloudError"

    def __init__(self, message: str, next_step: str = "", *, certain: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.certain = certain

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".rstrip()


class NotAuthenticated(ProviderError):
    """Credentials that cannot be used, or that the cloud does not accept; the kinds below say more."""

    code = "notAuthenticated"


class CredentialsMissing(NotAuthenticated):
    """There are none, or none where the manifest says."""

    code = "credentialsMissing"


class CredentialsExpired(NotAuthenticated):
    """They were good once: to sign in again is all that it takes."""

    code = "credentialsExpired"


class NotAllowed(ProviderError):
    """The credentials lack a permission; the message names the action and the resource."""

    code = "notAllowed"


class Unreachable(ProviderError):
    """No connection, a time-out, a 5xx or throttling that retries did not cure: try again later."""

    code = "unreachable"


class NotFound(ProviderError):
    """What was asked for does not exist (any more)."""

    code = "notFound"


class Conflict(ProviderError):
    """The thing is in a state in which this cannot be done (busy, already executed, protected)."""

    code = "conflict"


@frozen
class TemplateFault:
    """One thing that the cloud found wrong with the template, at `path` where it says where."""

    reason: str
    path: TemplatePath = ()


class Rejected(ProviderError):
    """The cloud does not accept the template or a value in it."""

    code = "rejected"

    def __init__(self, message: str, next_step: str = "", *, faults: Sequence[TemplateFault] = ()) -> None:
        super().__init__(message, next_step)
        self.faults = tuple(faults)


# --- the stack -------------------------------------------------------------------------------------------------------


@frozen
class Account:
    """Whose cloud it is; `id` is AWS's account number or Google's project."""

    id: str
    region: str


@frozen
class StackAbsent:
    """There is no such stack, or only the empty shell (`REVIEW_IN_PROGRESS`) of staged changes.

    `shell_id` is the id of that shell where there is one.
    """

    shell_id: str | None = None


StackCondition = Literal["ready", "busy", "unrecoverable", "rollbackFailed", "paused"]
"""`ready`: can be updated; `busy`: an operation runs; `unrecoverable`: can only be deleted; `rollbackFailed`: its
rollback must be continued first; `paused`: an operation failed and was not rolled back, so that the stack can be updated
(again without rollback), or undone."""


@frozen
class StackPresent:
    """A stack as it stands; `status` is the cloud's own word.

    `resources` are the logical ids and types that it holds: what would be lost with it.
    """

    id: str
    status: str
    condition: StackCondition
    reason: str | None = None
    protected: bool = False
    resources: Mapping[str, str] = field(factory=dict)
    stop_means: StopMeans | None = None
    """What stopping the running operation would do; nothing where it cannot be stopped."""
    stuck: tuple[str, ...] = ()
    """Where its rollback failed: the resources for which it did, in the words that `continue_rollback` takes."""
    undeletable: tuple[str, ...] = ()
    """Where its deletion failed: the logical ids of the resources for which it did."""
    stable: bool = True
    """Of a paused stack: whether it was in good order before, so that a rollback has something to bring back."""
    can_roll_back: bool = True
    """Of a paused stack that was: whether the cloud can bring that back."""


Stack = StackAbsent | StackPresent


# --- artifacts -------------------------------------------------------------------------------------------------------


@frozen
class Artifact:
    """A function's archive on this machine, named by the SHA-256 of its content; `size` in bytes."""

    function: str
    hash: str
    size: int
    path: str
    up_to_date: bool = False


# --- version control -------------------------------------------------------------------------------------------------


@frozen
class Worktree:
    """What git says of the project's folder.  `commit` is the last one's id, nothing before the first."""

    commit: str | None
    changed: tuple[str, ...] = ()
    """Some of the paths that are not committed, as seen from the folder."""
    count: int = 0
    """How many there are in all; of these `new` are not known to git yet."""
    new: int = 0
    large: tuple[str, ...] = ()
    """New files that are large, with their sizes: a history keeps them for ever."""
    hindrance: str = ""
    """Why they cannot be committed now, and what to do."""


# --- staging ---------------------------------------------------------------------------------------------------------


@frozen
class StageRequest:
    """What to stage.  `token` makes a repeat harmless; `parameters` may hold secrets and is never stored."""

    stack: str
    template: str
    token: str
    parameters: Mapping[str, str] = field(factory=dict, repr=False)
    capabilities: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(factory=dict)
    role: str | None = None
    removal: bool = False
    """Whether the stack is to be removed, rather than brought to `template`."""
    retain: tuple[str, ...] = ()
    """With `removal`, the logical ids of resources to leave behind; only a deletion that failed before allows any."""


@frozen
class StagedChanges:
    """Changes that the cloud has ready.

    `plan` is the cloud's name for them, `stack_is_new` whether the stack exists only for them.
    `changes` carry logical ids as names; `sigma_ls.deploy.changelist` turns these into the manifest's.
    """

    plan: str
    stack_id: str
    stack_is_new: bool
    changes: tuple[Change, ...]
    rolls_back: bool = True
    """Whether an execution that fails, or is stopped, is undone; else the stack stays as it is then."""


@frozen
class NothingToChange:
    """The stack is already as wanted, and nothing was left behind on the cloud."""

    stack_id: str


Staged = StagedChanges | NothingToChange


# --- execution -------------------------------------------------------------------------------------------------------


@frozen
class StackEvent:
    """One event of a stack.  `logical_id` is the stack's own name for events of the stack itself (`is_stack`).

    `token` is the request token of the operation it belongs to, where the cloud says.
    """

    id: str
    at: str
    logical_id: str
    type: str
    status: str
    reason: str | None = None
    physical_id: str | None = None
    is_stack: bool = False
    token: str | None = None
    within: str | None = None
    """Of an event in a nested stack: the logical id, in the watched stack, of the nested stack that it comes from.

    The event's own `logical_id` is then the whole way, such as `Inner.Queue`."""


StackOutcome = Literal["succeeded", "rolledBack", "failed", "deleted"]
"""How a stack's operation ended: all done; all undone; stuck in between; the stack is gone."""


@frozen
class StackProgressed:
    """New events, oldest first, and the stack's status after them."""

    events: tuple[StackEvent, ...]
    status: str
    stop_means: StopMeans | None = None


@frozen
class StackUnreachable:
    """The stack could not be looked at; the deployment goes on, and so does watching.

    `code` is that of the `ProviderError` that kept it from being looked at.
    """

    reason: str
    code: str = "unreachable"


@frozen
class StackSettled:
    """The operation has ended.  Always the last thing that a watch says."""

    status: str
    outcome: StackOutcome
    reason: str | None = None


StackNews = StackProgressed | StackUnreachable | StackSettled


@frozen
class Capabilities:
    """What an engine can do, so that the UI has no dead button (design.md, *Providers*)."""

    rollback_on_failure: bool
    executes_exact_plan: bool
    per_resource_status: bool
    drift: bool


class Provider(Protocol):
    """One cloud, one account, one region.  Every method may raise `ProviderError`."""

    @property
    def engine(self) -> Engine:
        """Which deployment engine it drives."""

    @property
    def capabilities(self) -> Capabilities:
        """What the engine can do."""

    async def account(self) -> Account:
        """Whose credentials these are: the first call of a deployment, so that bad ones end it early."""

    def console_url(self, stack_id: str) -> str | None:
        """The page of the stack in the cloud's console; nothing on the sandbox."""

    async def describe(self, stack: str) -> Stack:
        """The stack by name or id.  A stack that was deleted is absent."""

    async def upload(
        self, artifacts: Sequence[Artifact], project: str, report: Callable[[str], None]
    ) -> Mapping[str, CodeLocation]:
        """Put what is not there yet into the artifact bucket, making the bucket when it is ours to make."""

    async def stage(self, request: StageRequest) -> Staged:
        """Have the cloud work out the changes, all of them; leaves nothing behind when there are none or it fails."""

    async def is_current(self, plan: str) -> bool:
        """Whether the staged changes can still be executed (they are not obsolete, failed or gone)."""

    async def discard(self, plan: str, stack_id: str, *, stack_is_new: bool) -> None:
        """Delete the staged changes, and the empty stack that they made.  Doing it twice is harmless."""

    async def execute(self, plan: str, token: str) -> None:
        """Start what was staged.  Doing it twice with one token is harmless."""

    def watch(self, stack_id: str, token: str | None) -> AsyncIterator[StackNews]:
        """Follow the running operation to its end; with `token`, only events of that operation and its rollback."""

    async def stop(self, stack_id: str, means: StopMeans, token: str) -> None:
        """Stop the operation that was started with `token`, as `means` says.  Doing it twice is harmless."""

    async def delete(self, stack_id: str, token: str, *, retain: Sequence[str] = (), role: str | None = None) -> None:
        """Start the removal of the stack."""

    async def continue_rollback(
        self, stack_id: str, token: str, *, skip: Sequence[str] = (), force: bool = False
    ) -> None:
        """Go on with a rollback that failed, leaving the resources `skip` as they are, or begin that of a paused stack.

        With `force`, whatever cannot be rolled back is left as it is.  Doing it twice is harmless.

        Raises:
            Conflict: the stack is neither paused nor has its rollback failed, or one of `skip` is not what it failed for.
        """

    async def outputs(self, stack_id: str) -> tuple[Output, ...]:
        """The outputs of a settled stack."""
