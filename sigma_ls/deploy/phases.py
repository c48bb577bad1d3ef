"""In which phase, of those that people see, a deployment is in each state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from sigma_ls.deploy import states as at
from sigma_ls.deploy.snapshot import Phase

PHASES: Final[Mapping[type[at.State], Phase]] = {
    at.Initializing: "initialization",
    at.Foreseeing: "initialization",
    at.AskingValues: "initialization",
    at.LookingForChanges: "initialization",
    at.ConfirmingCommit: "initialization",
    at.Committing: "initialization",
    at.Building: "build",
    at.Preparing: "preparation",
    at.Waiting: "preparation",
    at.ConfirmingRecreate: "preparation",
    at.Deleting: "preparation",
    at.AwaitingDeletion: "preparation",
    at.ConfirmingRollback: "preparation",
    at.ConfirmingPaused: "preparation",
    at.ContinuingRollback: "preparation",
    at.AwaitingRollback: "preparation",
    at.Uploading: "staging",
    at.Staging: "staging",
    at.ConfirmingLoss: "staged",
    at.Staged: "staged",
    at.Checking: "staged",
    at.Executing: "execution",
    at.Monitoring: "monitoring",
    at.RollingBack: "rollingBack",
    at.Discarding: "staged",
    at.Concluding: "monitoring",
    at.Completed: "completed",
}


_ORDER: Final[tuple[Phase, ...]] = get_args(Phase)


def been_through(before: at.State, after: at.State, passed: tuple[Phase, ...] | None) -> tuple[Phase, ...] | None:
    """The phases that are done when `after` is entered: whoever goes back has those before it still to do.

    Not each comes after the one before: a stack may be looked at ahead of the build, and a review be left out.
    """
    if passed is None:
        return None
    done, now = PHASES[type(before)], PHASES[type(after)]
    if done != now:
        passed = (*passed, done)
    return tuple(each for each in _ORDER if each in passed and _ORDER.index(each) < _ORDER.index(now))


def last_active(before: at.State, after: at.State, reached: Phase | None) -> Phase | None:
    """The phase that was reached when `after` is entered; tidying up and the end are none."""
    if isinstance(after, at.Completed | at.Discarding | at.Concluding):
        return reached or PHASES[type(before)]
    return PHASES[type(after)]
