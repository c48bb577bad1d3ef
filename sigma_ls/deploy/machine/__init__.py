"""Everything that decides what a deployment does next: `advance(state, event)` → the next state and the effects to begin.

Pure: no I/O, no clock.  An event that has no place in a state raises `IllegalEvent` and changes nothing: a person is told why, a late
report of an abandoned effect is dropped.  The whole table, state by event, is `tests/deploy/test_table.py`; the diagram
in `docs/deployment.md` is drawn from it.
"""

from __future__ import annotations

from attrs import evolve

from sigma_ls.deploy import events as on
from sigma_ls.deploy.events import Event
from sigma_ls.deploy.machine.endings import effect_failed, settled, unreachable
from sigma_ls.deploy.machine.reports import reported, rolls_back
from sigma_ls.deploy.machine.requests import (
    FORCE,
    RESUME,
    RETAIN,
    SKIP,
    UNDO,
    abort_requested,
    can,
    commit_requested,
    consented,
    edited,
    execute_requested,
    stop_requested,
    values_given,
)
from sigma_ls.deploy.machine.steps import IllegalEvent, Step, begin, lasting, resume
from sigma_ls.deploy.states import Completed, Distant, State

__all__ = [
    "FORCE",
    "RESUME",
    "RETAIN",
    "SKIP",
    "UNDO",
    "IllegalEvent",
    "Step",
    "advance",
    "begin",
    "can",
    "is_over",
    "lasting",
    "resume",
    "rolls_back",
]


def is_over(state: State) -> bool:
    """Whether the deployment has ended."""
    return isinstance(state, Completed)


def advance(state: State, event: Event) -> Step:
    """The next state, and the effects to begin; of those that run, the ones that `lasting` does not name are to be ended.

    Raises:
        IllegalEvent: the event has no place in this state.
    """
    if isinstance(event, on.Progressed | on.Settled | on.PlanChecked) and isinstance(state, Distant):
        # The cloud was seen.
        state = evolve(state, unseen=0)
    match event:
        case on.ExecuteRequested():
            return execute_requested(state, event)
        case on.AbortRequested():
            return abort_requested(state)
        case on.StopRequested():
            return stop_requested(state)
        case on.Consented():
            return consented(state, event)
        case on.ValuesGiven():
            return values_given(state)
        case on.CommitRequested():
            return commit_requested(state, event)
        case on.Edited():
            return edited(state)
        case on.Unreachable():
            return unreachable(state)
        case on.EffectFailed():
            return effect_failed(state, event)
        case on.Settled():
            return settled(state, event)
        case _:
            return reported(state, event)
