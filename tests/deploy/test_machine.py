"""What holds on every path through the life cycle, whatever happens in whatever order."""

from __future__ import annotations

from functools import cache

from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from sigma_ls.deploy import effects as do
from sigma_ls.deploy import events as on
from sigma_ls.deploy import states as at
from sigma_ls.deploy.machine import IllegalEvent, advance, begin, can, is_over, lasting, resume
from tests.support.transitions import EVENTS, outcome

ORDERS = st.builds(
    at.Order,
    st.sampled_from(["deploy", "undeploy"]),
    auto_execute=st.booleans(),
    allow_data_loss=st.booleans(),
    recreate=st.booleans(),
    commit=st.sampled_from(["skip", "skip", "ask"]),
    commit_message=st.sampled_from(["", "why"]),
)
# What leads on is drawn more often, or most paths would end before they begin.
ONWARDS = frozenset(
    {
        "execute", "consent", "values", "analyzed", "built", "absent", "ready", "uploaded", "staged", "staged, stateful",
        "current", "started", "progress", "progress, nothing new", "Execute unanswered", "discarded", "stop",
        "rollback failed", "consent, skip", "rollback continued", "uncommitted", "commit", "committed",
    }
)  # fmt: skip
PATHS = st.lists(st.tuples(st.booleans(), st.integers(0, 1000)), max_size=40)
MANY = settings(max_examples=400, deadline=None)


@frozen
class Step:
    """One event that had a place, with the states around it and the effects that it began."""

    before: at.State
    event: on.Event
    after: at.State
    effects: tuple[do.Effect, ...]


@cache
def possible(state: at.State) -> tuple[tuple[on.Event, ...], tuple[on.Event, ...]]:
    """The events that have a place in a state: those that lead on, and all."""
    names = [name for name, event in EVENTS.items() if outcome(state, event)[0] is not None]
    return tuple(EVENTS[name] for name in names if name in ONWARDS), tuple(EVENTS[name] for name in names)


def walk(order: at.Order, choices: list[tuple[bool, int]]) -> list[Step]:
    state, _ = begin(order)
    steps: list[Step] = []
    for anything, number in choices:
        onwards, every = possible(state)
        events = every if anything or not onwards else onwards
        if not events:
            break
        event = events[number % len(events)]
        after, effects = advance(state, event)
        steps.append(Step(state, event, after, effects))
        state = after
    return steps


@MANY
@given(ORDERS, PATHS)
def test_what_is_executed_was_approved_and_no_loss_goes_unasked(order, choices):
    approved = consented = False
    stateful = False
    for step in walk(order, choices):
        match step.event:
            case on.ChangesStaged(stateful=lost):
                # Other changes are another thing to approve; consent names what is lost, and that is the same here.
                approved, stateful = order.auto_execute, bool(lost)
            case on.ExecuteRequested():
                approved = True
            case on.Consented() if isinstance(step.before, at.ConfirmingLoss):
                consented = True
        if any(isinstance(effect, do.Execute) for effect in step.effects):
            assert approved
            assert consented or order.allow_data_loss or not stateful


@MANY
@given(ORDERS, PATHS)
def test_a_plan_is_executed_again_only_after_the_cloud_said_that_it_was_not(order, choices):
    executed: set[int] = set()
    for step in walk(order, choices):
        for effect in step.effects:
            if isinstance(effect, do.Execute):
                assert effect.attempt not in executed or step.event == on.PlanChecked(current=True)
                executed.add(effect.attempt)


@MANY
@given(ORDERS, PATHS)
def test_a_stop_is_never_forgotten(order, choices):
    wanted = sent = False
    for step in walk(order, choices):
        if isinstance(step.event, on.StopRequested):
            wanted = True
        if isinstance(step.event, on.EffectFailed) and step.event.effect == "Stop" and step.event.certain:
            # The cloud said that it cannot be stopped: the person is told, and may ask again.
            wanted = sent = isinstance(step.after, at.Monitoring) and step.after.stop_wanted
        sent = sent or any(isinstance(effect, do.Stop) for effect in step.effects)
        if wanted and not sent:
            match step.after:
                case at.Executing(stop=True) | at.Monitoring(stop_wanted=True) | at.RollingBack() | at.Completed():
                    pass
                case at.Discarding(then="aborted") | at.Concluding():
                    pass
                case forgetful:
                    raise AssertionError(forgetful)


@MANY
@given(ORDERS, PATHS)
def test_after_an_abort_nothing_is_executed(order, choices):
    aborted = False
    for step in walk(order, choices):
        aborted = aborted or isinstance(step.event, on.AbortRequested)
        assert not (aborted and any(isinstance(effect, do.Execute | do.Stage) for effect in step.effects))
        if aborted and is_over(step.after):
            assert step.after.outcome in ("aborted", "failed")


@MANY
@given(ORDERS, PATHS)
def test_success_is_said_only_where_the_stack_says_so(order, choices):
    steps = walk(order, choices)
    if steps and is_over(steps[-1].after) and steps[-1].after.outcome == "succeeded":
        last = next(step.event for step in reversed(steps) if isinstance(step.event, on.Settled))
        assert last.outcome == ("deleted" if order.removal else "succeeded")


@MANY
@given(ORDERS, PATHS)
def test_the_end_is_final_and_everything_else_can_go_on(order, choices):
    for step in walk(order, choices):
        assert not is_over(step.before)
        ways = can(step.after)
        waits_for_a_person = ways.execute or ways.abort or ways.stop
        assert is_over(step.after) or resume(step.after) or waits_for_a_person


@MANY
@given(ORDERS, PATHS)
def test_what_is_taken_up_again_is_what_was_begun(order, choices):
    """A restart begins the effects that ran, but for a call that must not be repeated before looking."""
    for step in walk(order, choices):
        for effect in step.effects:
            expected = do.Reconcile(effect.plan) if isinstance(effect, do.Execute) else effect
            assert expected in resume(step.after)


@MANY
@given(ORDERS, PATHS)
def test_a_request_that_is_only_noted_ends_nothing_that_runs(order, choices):
    for step in walk(order, choices):
        if isinstance(step.event, on.StopRequested | on.AbortRequested) and type(step.before) is type(step.after):
            discards_more = isinstance(step.after, at.Discarding)
            assert discards_more or lasting(step.before) <= lasting(step.after)
        assert all(effect in lasting(step.after) for effect in step.effects)


@MANY
@given(ORDERS, PATHS)
def test_left_alone_a_deployment_executes_nothing_by_itself(order, choices):
    state, _ = begin(order)
    steps = walk(order, choices)
    state = at.unattended(steps[-1].after if steps else state)
    if isinstance(state, at.Executing | at.Monitoring | at.RollingBack):
        return  # What was approved goes on.
    for event in (on.Analyzed(), EVENTS["uncommitted"], on.Built(), on.Uploaded(), EVENTS["staged"]):
        try:
            state, effects = advance(state, event)
        except IllegalEvent:
            continue
        assert not any(isinstance(effect, do.Execute) for effect in effects)


@MANY
@given(ORDERS, PATHS)
def test_nothing_is_committed_that_nobody_asked_for(order, choices):
    for step in walk(order, choices):
        given_beforehand = order.commit == "ask" and order.commit_message and not order.removal
        commits = [effect for effect in step.effects if isinstance(effect, do.Commit)]
        assert not commits or given_beforehand or isinstance(step.event, on.CommitRequested)
        assert not any(isinstance(effect, do.Commit) for effect in resume(at.unattended(step.after)))


@MANY
@given(ORDERS, PATHS)
def test_git_is_asked_only_where_somebody_wants_to_know(order, choices):
    asked = [effect for step in walk(order, choices) for effect in step.effects if isinstance(effect, do.FindChanges)]
    assert not asked or order.commit == "ask"


def test_the_paths_reach_every_state():
    reached = set()

    # Hypothesis draws on the constants of the modules that happen to be loaded, so that runs differ after all.
    @settings(max_examples=3000, deadline=None, database=None, derandomize=True)
    @given(ORDERS, PATHS)
    def explore(order, choices):
        reached.update(type(step.after) for step in walk(order, choices))

    explore()
    assert reached | {at.Initializing} == set(at.STATES)
