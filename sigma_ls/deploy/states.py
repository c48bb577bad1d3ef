"""The states of a deployment: a closed union of frozen classes, each with just the data of its own moment.

They are what the journal keeps, so they hold no secret: of asked values there are names only.
"""

from __future__ import annotations

from typing import Final, Literal

from attrs import evolve, field, frozen

from sigma_ls.deploy.ports import Worktree
from sigma_ls.deploy.snapshot import AskedValue, Operation, Outcome, StopMeans


@frozen
class Order:
    """What was asked for, and what was consented to.

    `attempt` grows each time the changes are staged again; tokens are made from it, so that a repeat of one attempt is
    harmless and another attempt is another operation.
    """

    operation: Operation
    auto_execute: bool = False
    allow_data_loss: bool = False
    recreate: bool = False
    attempt: int = 1
    consented: tuple[str, ...] = ()
    """Logical ids of the stateful resources whose loss was agreed to."""
    retain: tuple[str, ...] = ()
    """In a removal, the logical ids of what could not be deleted before and is left behind now."""
    resume: bool = False
    """Whether a paused stack is to be updated as it is."""
    not_resumed: str = ""
    """Why the cloud did not allow that."""
    commit: Literal["ask", "skip"] = "skip"
    """Whether what is not committed to version control is still to be looked for."""
    commit_message: str = ""
    """With which it is then committed; empty: a person is asked."""

    @property
    def removal(self) -> bool:
        """Whether the stack is to be removed."""
        return self.operation == "undeploy"


@frozen
class StagedPlan:
    """Changes that wait on the cloud; `means` is what stopping their execution would do."""

    plan: str
    stack_id: str
    stack_is_new: bool = False
    means: StopMeans | None = None


@frozen
class Initializing:
    """The manifest is read and checked, the template made."""

    order: Order


@frozen
class Foreseeing:
    """The stack is looked at before `values` are asked for.

    Nobody is to type a secret for a deployment that is refused, or that asks for a consent which is then not given.
    """

    order: Order
    values: tuple[AskedValue, ...]


@frozen
class AskingValues:
    """Values are needed that only a person knows; `then` is what waits for them."""

    order: Order
    values: tuple[AskedValue, ...]
    then: Literal["build", "stage"] = "build"


@frozen
class LookingForChanges:
    """Version control is asked what of the project is not committed."""

    order: Order


@frozen
class ConfirmingCommit:
    """`work` is not committed.  `problem`: why that could not be done, or cannot be, where it is not `possible`.

    `tries` grows with each commit that failed.
    """

    order: Order
    work: Worktree | None
    problem: str = ""
    possible: bool = True
    tries: int = 1


@frozen
class Committing:
    """`work` is committed with `message`."""

    order: Order
    work: Worktree | None
    message: str
    tries: int = 1


@frozen
class Building:
    """The functions' code is made into archives."""

    order: Order


@frozen
class Preparing:
    """The stack is looked at."""

    order: Order


@frozen
class Waiting:
    """Another operation runs on the stack; it is watched to its end."""

    order: Order
    stack_id: str


@frozen
class ConfirmingRecreate:
    """The stack can only be deleted; `stateful` of what it holds has data that would be lost."""

    order: Order
    stack_id: str
    status: str
    resources: tuple[str, ...] = ()
    stateful: tuple[str, ...] = ()
    undeletable: tuple[str, ...] = ()
    """What its deletion failed for; it can be left behind."""


@frozen
class Deleting:
    """The deletion of an unrecoverable stack is asked for; with `abort`, nothing is deployed afterwards.

    `retain` is left behind.
    """

    order: Order
    stack_id: str
    abort: bool = False
    retain: tuple[str, ...] = ()


@frozen
class AwaitingDeletion:
    """An unrecoverable stack is being deleted.  `unseen` as in `Monitoring`."""

    order: Order
    stack_id: str
    abort: bool = False
    unseen: int = 0


@frozen
class ConfirmingRollback:
    """The stack's rollback failed and must be continued; `stuck` is what it failed for."""

    order: Order
    stack_id: str
    status: str
    stuck: tuple[str, ...] = ()


@frozen
class ConfirmingPaused:
    """An operation on the stack failed and was not rolled back; is it gone on from there, or undone first?

    `stable`: there is something to roll back to; else undoing it is deleting it, with `resources`, of which `stateful`
    have data.
    """

    order: Order
    stack_id: str
    status: str
    stable: bool = True
    resources: tuple[str, ...] = ()
    stateful: tuple[str, ...] = ()
    protected: bool = False
    """Whether it may not be deleted."""
    can_roll_back: bool = True
    """Whether the cloud can bring back what was stable."""


@frozen
class ContinuingRollback:
    """The rollback is asked to go on, without `skip`; with `abort`, nothing is deployed afterwards.

    `force`: without whatever cannot be rolled back.
    """

    order: Order
    stack_id: str
    skip: tuple[str, ...] = ()
    abort: bool = False
    force: bool = False


@frozen
class AwaitingRollback:
    """The continued rollback runs.  `unseen` as in `Monitoring`."""

    order: Order
    stack_id: str
    abort: bool = False
    unseen: int = 0


@frozen
class Uploading:
    """The archives go to the cloud."""

    order: Order


@frozen
class Staging:
    """The cloud works out the changes; with `abort`, they are discarded as soon as they are there."""

    order: Order
    abort: bool = False


@frozen
class ConfirmingLoss:
    """Changes are staged that lose data; `stateful` are the logical ids of what would lose it."""

    order: Order
    staged: StagedPlan
    stateful: tuple[str, ...]


@frozen
class Staged:
    """Changes are staged and wait for a person; `stale`: the stack was changed since, so that they cannot be executed."""

    order: Order
    staged: StagedPlan
    stale: bool = False


@frozen
class Checking:
    """A person approved the changes; are they still what would happen?"""

    order: Order
    staged: StagedPlan


@frozen
class Executing:
    """Execution is asked for; whether it began is not known.  `stop`: a person wants it stopped.

    `unseen` as in `Monitoring`.
    """

    order: Order
    staged: StagedPlan
    stop: bool = False
    unseen: int = 0


@frozen
class Monitoring:
    """The cloud executes.  While not `confirmed`, no event of it was seen yet after a call without an answer.

    `means` is what stopping would do now; `stop_wanted`: a person wants it stopped, if it turns out to run.
    `unseen` counts the looks in a row that failed, up to `LOST`.
    """

    order: Order
    staged: StagedPlan
    means: StopMeans | None = None
    confirmed: bool = True
    stop_wanted: bool = False
    unseen: int = 0


StopProgress = Literal["none", "requested", "accepted"]


@frozen
class RollingBack:
    """The cloud undoes the changes: by itself after a failure (`stop` is `none`), or since a person stopped it.

    `means` is how it is stopped; `confirmed` and `unseen` as in `Monitoring`.
    """

    order: Order
    staged: StagedPlan
    stop: StopProgress = "none"
    means: StopMeans | None = None
    confirmed: bool = True
    unseen: int = 0


Then = Literal["aborted", "failed", "restage"]


@frozen
class Discarding:
    """The staged changes are deleted, `then` what follows.

    `uncertain`: an execution was asked for and got no answer, so it is looked at afterwards.
    """

    order: Order
    staged: StagedPlan
    then: Then
    message: str = ""
    uncertain: bool = False


@frozen
class Concluding:
    """All is done; the stack's outputs are read."""

    order: Order
    stack_id: str
    outcome: Outcome


@frozen
class Completed:
    """The end.  `message` says more than the outcome does, where there is more to say."""

    order: Order
    outcome: Outcome
    message: str = field(default="")


State = (
    Initializing
    | Foreseeing
    | AskingValues
    | LookingForChanges
    | ConfirmingCommit
    | Committing
    | Building
    | Preparing
    | Waiting
    | ConfirmingRecreate
    | Deleting
    | AwaitingDeletion
    | ConfirmingRollback
    | ConfirmingPaused
    | ContinuingRollback
    | AwaitingRollback
    | Uploading
    | Staging
    | ConfirmingLoss
    | Staged
    | Checking
    | Executing
    | Monitoring
    | RollingBack
    | Discarding
    | Concluding
    | Completed
)

Distant = AwaitingDeletion | AwaitingRollback | Executing | Monitoring | RollingBack
"""The states that last for as long as the cloud takes, and that a cloud which never answers again would keep for ever."""

LOST: Final = 5
"""Looks in a row that failed, after which a person may give up watching (a guess: with the growing waits between them
about half a minute, longer than a network takes to come back by itself)."""

STATES: Final[tuple[type[State], ...]] = State.__args__
"""All states, in the order of a deployment's life."""


def unattended(state: State) -> State:
    """The same state for a deployment that was left alone: what is not executed yet is not executed by itself.

    Nor is a commit repeated: whether it was made is looked at, and what is there by then is asked about.
    """
    if isinstance(state, Committing):
        state = LookingForChanges(evolve(state.order, commit_message=""))
    return evolve(state, order=evolve(state.order, auto_execute=False))
