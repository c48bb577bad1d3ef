"""What the machine asks of the world.  Equal effects are the same effect: one that runs already is not started again."""

from __future__ import annotations

from attrs import frozen

from sigma_ls.deploy.snapshot import StopMeans
from sigma_ls.deploy.states import StagedPlan


@frozen
class Analyze:
    """Read and check the manifest, make the template."""


@frozen
class FindChanges:
    """See what of the project is not committed to version control."""


@frozen
class Commit:
    """Commit what is in the project's folder, and nothing else."""

    message: str


@frozen
class Build:
    """Make the archives."""


@frozen
class Prepare:
    """See whose account it is and what there is of the stack."""


@frozen
class Delete:
    """Begin to delete an unrecoverable stack, but for what to `retain`."""

    stack_id: str
    attempt: int
    retain: tuple[str, ...] = ()


@frozen
class ContinueRollback:
    """Go on with the rollback that failed, without what to `skip`, or with `force` without whatever fails; or begin it."""

    stack_id: str
    attempt: int
    skip: tuple[str, ...] = ()
    force: bool = False


@frozen
class Upload:
    """Bring the archives to the cloud."""


@frozen
class Stage:
    """Have the changes worked out; of a removal that leaves `retain` behind."""

    attempt: int
    retain: tuple[str, ...] = ()


@frozen
class WatchPlan:
    """See now and then, while a person reviews the staged changes, whether they still can be executed."""

    plan: str


@frozen
class CheckPlan:
    """See whether the staged changes can still be executed."""

    plan: str


@frozen
class Reconcile:
    """The same after an execution got no answer: asked until there is one, however long it takes."""

    plan: str


@frozen
class Execute:
    """Begin the execution of the staged changes."""

    plan: str
    attempt: int


@frozen
class Watch:
    """Follow the operation on the stack; with `attempt` that attempt's own, without one whatever runs."""

    stack_id: str
    attempt: int | None = None


@frozen
class WatchDeletion:
    """Follow the deletion of the stack."""

    stack_id: str
    attempt: int


@frozen
class WatchRollback:
    """Follow the rollback that was continued."""

    stack_id: str
    attempt: int


@frozen
class Stop:
    """Stop the operation on the stack."""

    stack_id: str
    means: StopMeans
    attempt: int


@frozen
class Discard:
    """Delete the staged changes, and the empty stack that they made."""

    staged: StagedPlan


@frozen
class Conclude:
    """Read the outputs of the stack."""

    stack_id: str


Effect = (
    Analyze
    | FindChanges
    | Commit
    | Build
    | Prepare
    | Delete
    | ContinueRollback
    | Upload
    | Stage
    | WatchPlan
    | CheckPlan
    | Reconcile
    | Execute
    | Watch
    | WatchDeletion
    | WatchRollback
    | Stop
    | Discard
    | Conclude
)
