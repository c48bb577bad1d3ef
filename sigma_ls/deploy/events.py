"""What happens to a deployment: what people want, and what the effects report."""

from __future__ import annotations

from typing import Final

from attrs import field, frozen

from sigma_ls.deploy.ports import Stack, StackEvent, StackOutcome, Worktree
from sigma_ls.deploy.snapshot import AskedValue, Change, Failure, Output, StopMeans
from sigma_ls.deploy.states import StagedPlan

# --- by people -------------------------------------------------------------------------------------------------------


@frozen
class ExecuteRequested:
    """The staged changes are approved; `plan` is the one that was reviewed, where the person's program said so."""

    plan: str | None = None


@frozen
class AbortRequested:
    """Give up before execution."""


@frozen
class StopRequested:
    """Stop the execution."""


@frozen
class Consented:
    """Yes to the open question; `choice` is which of its ways, where there are several (`sigma_ls.deploy.report`)."""

    choice: str = ""


@frozen
class ValuesGiven:
    """The asked values were given; they are kept outside of the machine."""


@frozen
class CommitRequested:
    """Commit the project's folder, with this message, before it is deployed."""

    message: str


@frozen
class Edited:
    """Someone edits the manifest; `source` is the SHA-256 of its text now.  The deployment goes on as it was begun."""

    source: str


# --- by effects ------------------------------------------------------------------------------------------------------


@frozen
class Analyzed:
    """The manifest is good; `missing` are asked values that are not known yet."""

    missing: tuple[AskedValue, ...] = ()


@frozen
class AnalysisRefused:
    """The manifest cannot be deployed as it is."""

    message: str
    failures: tuple[Failure, ...] = ()


@frozen
class ChangesFound:
    """What version control says of the project's folder; nothing where it is under none."""

    work: Worktree | None


@frozen
class Committed:
    """The project's folder is committed; `commit` is the id."""

    commit: str


@frozen
class Built:
    """All archives are there."""


@frozen
class WorkLost:
    """What an earlier step made is gone, as after a restart: begin again."""


@frozen
class StackSeen:
    """What there is on the cloud, and whose it is."""

    stack: Stack
    account: str | None = None
    console_url: str | None = None


@frozen
class Uploaded:
    """All archives are on the cloud."""


@frozen
class ValuesMissing:
    """Asked values are not known (any more)."""

    values: tuple[AskedValue, ...]


@frozen
class ChangesStaged:
    """The changes are known; `stateful` are the logical ids of those that lose data."""

    staged: StagedPlan
    stateful: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    console_url: str | None = None
    source: str | None = None
    """The SHA-256 of the manifest's text from which they were made, where that is known."""


@frozen
class NothingStaged:
    """The stack is as it should be."""

    stack_id: str


@frozen
class PlanChecked:
    """Whether the staged changes can still be executed."""

    current: bool


@frozen
class ExecutionStarted:
    """The cloud accepted the execution."""


@frozen
class DeletionStarted:
    """The cloud accepted the deletion of the stack."""


@frozen
class RollbackContinued:
    """The cloud goes on with the rollback."""


@frozen
class StopAccepted:
    """The cloud accepted the stop."""


@frozen
class Progressed:
    """News of a watched stack: new events, oldest first, and its status."""

    status: str
    events: tuple[StackEvent, ...] = ()
    means: StopMeans | None = None


@frozen
class Unreachable:
    """The cloud does not answer; whatever waits for it goes on waiting.  `code` as in `ProviderError`."""

    reason: str
    code: str = "unreachable"


@frozen
class Settled:
    """The watched operation ended; `applied`: at least one change stays in place."""

    outcome: StackOutcome
    status: str
    reason: str | None = None
    applied: bool = False


@frozen
class Discarded:
    """The staged changes are gone."""


@frozen
class Concluded:
    """The outputs of the stack."""

    outputs: tuple[Output, ...] = ()


@frozen
class EffectFailed:
    """An effect ended without its event.  `effect` is its class's name, `code` as in `ProviderError`.

    Not `certain`: what it asked for may have happened.
    """

    effect: str
    message: str
    code: str = "internalError"
    certain: bool = True
    failures: tuple[Failure, ...] = field(default=())


Event = (
    ExecuteRequested
    | AbortRequested
    | StopRequested
    | Consented
    | ValuesGiven
    | CommitRequested
    | Edited
    | Analyzed
    | AnalysisRefused
    | ChangesFound
    | Committed
    | Built
    | WorkLost
    | StackSeen
    | Uploaded
    | ValuesMissing
    | ChangesStaged
    | NothingStaged
    | PlanChecked
    | ExecutionStarted
    | DeletionStarted
    | RollbackContinued
    | StopAccepted
    | Progressed
    | Unreachable
    | Settled
    | Discarded
    | Concluded
    | EffectFailed
)

EVENTS: Final[tuple[type[Event], ...]] = Event.__args__
"""All events: people's first."""
