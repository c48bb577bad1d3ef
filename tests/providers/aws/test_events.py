"""Watching, on a history that grows between looks.

A history is a text: one event a line, oldest first, `logical-id STATUS [token] [reason]`; `app` is the stack itself.
"""

import itertools

import pytest
from inline_snapshot import snapshot

from sigma_ls.deploy.ports import (
    NotAllowed,
    NotAuthenticated,
    NotFound,
    StackEvent,
    StackProgressed,
    StackSettled,
    StackUnreachable,
    Unreachable,
)
from sigma_ls.providers.aws.events import DEEP_SEARCH_AFTER, START_PATIENCE, watch
from sigma_ls.providers.aws.history import to_event
from sigma_ls.providers.aws.stacks import Stacks
from sigma_ls.runtime.polling import Pace, Poller, exactly
from tests.providers.aws.script import MOMENT, STACK_ID, Script, stack
from tests.support.clock import NappingClock

CREATION = """
app REVIEW_IN_PROGRESS
app CREATE_IN_PROGRESS t1
Images CREATE_IN_PROGRESS t1
Images CREATE_COMPLETE t1
app CREATE_COMPLETE t1
"""


def history(text):
    """Events as AWS gives them, oldest first."""
    events = []
    for number, line in enumerate(line for line in text.strip().splitlines() if line.strip()):
        logical_id, status, *rest = line.split(maxsplit=3)
        token = rest[0] if rest else "-"
        events.append(
            {
                "EventId": str(number),
                "StackId": STACK_ID,
                "Timestamp": MOMENT,
                "LogicalResourceId": logical_id,
                "PhysicalResourceId": STACK_ID if logical_id == "app" else f"{logical_id}-1",
                "ResourceType": "AWS::CloudFormation::Stack" if logical_id == "app" else "AWS::S3::Bucket",
                "ResourceStatus": status,
                **({"ResourceStatusReason": rest[1]} if len(rest) > 1 else {}),
                **({"ClientRequestToken": token} if token != "-" else {}),
            }
        )
    return events


def page(events):
    return {"StackEvents": events[::-1]}


def looks(text, *lengths):
    """One answer for each look: the first so many events; an exception stands for itself."""
    events = history(text)
    return [length if isinstance(length, Exception) else page(events[:length]) for length in lengths]


async def news(answers, stacks, token="t1"):
    """What a watch says, and the script and the clock it used."""
    clock = NappingClock()
    script = Script(describe_stack_events=answers, describe_stacks=stacks)
    watching = watch(script, Stacks(script, clock), Poller(clock, Pace(), exactly), STACK_ID, token)
    return [item async for item in watching], script, clock


def told(items):
    """News in a few words."""
    lines = []
    for item in items:
        match item:
            case StackProgressed(events, status, stop_means):
                names = " ".join(f"{event.logical_id}:{event.status}" for event in events)
                lines.append(f"{status} stop={stop_means} | {names}")
            case StackUnreachable(reason):
                lines.append(f"unreachable: {reason}")
            case StackSettled(status, outcome, reason):
                lines.append(f"settled: {status} {outcome} ({reason})")
    return lines


# --- one operation to its end ----------------------------------------------------------------------------------------


async def test_a_creation():
    items, _, _ = await news(looks(CREATION, 2, 3, 5), [stack("CREATE_COMPLETE")])
    assert told(items) == snapshot(
        [
            "CREATE_IN_PROGRESS stop=delete | app:CREATE_IN_PROGRESS",
            "CREATE_IN_PROGRESS stop=delete | Images:CREATE_IN_PROGRESS",
            "CREATE_COMPLETE stop=None | Images:CREATE_COMPLETE app:CREATE_COMPLETE",
            "settled: CREATE_COMPLETE succeeded (None)",
        ]
    )


async def test_events_are_given_in_our_words():
    (event, *_) = history("Images CREATE_FAILED t1 Bucket already exists")
    assert to_event(event) == snapshot(
        StackEvent(
            id="0",
            at="2026-11-23T12:00:00.000Z",
            logical_id="Images",
            type="AWS::S3::Bucket",
            status="CREATE_FAILED",
            reason="Bucket already exists",
            physical_id="Images-1",
            token="t1",
        )
    )


async def test_an_update_that_is_rolled_back_gives_the_reason_of_the_roll_back():
    text = """
    app UPDATE_IN_PROGRESS t1
    Images UPDATE_FAILED t1 No
    app UPDATE_ROLLBACK_IN_PROGRESS t1 The following resource(s) failed to update: [Images].
    Images UPDATE_COMPLETE t1
    app UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS t1
    app UPDATE_ROLLBACK_COMPLETE t1
    """
    items, _, _ = await news(looks(text, 6), [stack("UPDATE_ROLLBACK_COMPLETE")])
    assert told(items) == snapshot(
        [
            "UPDATE_ROLLBACK_COMPLETE stop=None | app:UPDATE_IN_PROGRESS Images:UPDATE_FAILED app:UPDATE_ROLLBACK_IN_PROGRESS Images:UPDATE_COMPLETE app:UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS app:UPDATE_ROLLBACK_COMPLETE",
            "settled: UPDATE_ROLLBACK_COMPLETE rolledBack (The following resource(s) failed to update: [Images].)",
        ]
    )


async def test_a_stop_goes_on_under_its_own_token():
    text = """
    app UPDATE_IN_PROGRESS t1
    app UPDATE_ROLLBACK_IN_PROGRESS t1-stop User Initiated
    app UPDATE_ROLLBACK_COMPLETE t1-stop
    """
    items, _, _ = await news(looks(text, 1, 3), [stack("UPDATE_ROLLBACK_COMPLETE")])
    assert told(items) == snapshot(
        [
            "UPDATE_IN_PROGRESS stop=rollback | app:UPDATE_IN_PROGRESS",
            "UPDATE_ROLLBACK_COMPLETE stop=None | app:UPDATE_ROLLBACK_IN_PROGRESS app:UPDATE_ROLLBACK_COMPLETE",
            "settled: UPDATE_ROLLBACK_COMPLETE rolledBack (User Initiated)",
        ]
    )


async def test_a_roll_back_under_a_strange_token_belongs_to_the_operation():
    text = """
    app UPDATE_IN_PROGRESS t1
    app UPDATE_ROLLBACK_IN_PROGRESS someone Cancelled in the console
    app UPDATE_ROLLBACK_COMPLETE someone
    """
    items, _, _ = await news(looks(text, 3), [stack("UPDATE_ROLLBACK_COMPLETE")])
    assert told(items)[-1] == snapshot("settled: UPDATE_ROLLBACK_COMPLETE rolledBack (Cancelled in the console)")


async def test_a_removal_ends_with_the_stack():
    text = "app DELETE_IN_PROGRESS t1\nImages DELETE_COMPLETE t1\napp DELETE_COMPLETE t1"
    items, _, _ = await news(looks(text, 1, 3), [stack("DELETE_COMPLETE")])
    assert told(items)[-1] == "settled: DELETE_COMPLETE deleted (None)"


async def test_a_stack_that_vanished_without_a_word_is_deleted():
    items, _, _ = await news(
        looks("app DELETE_IN_PROGRESS t1", 1, NotFound("Stack [app] does not exist")), [stack("DELETE_COMPLETE")]
    )
    assert told(items)[-1] == "settled: DELETE_COMPLETE deleted (None)"


async def test_a_creation_that_was_stopped_at_its_very_end_is_followed_into_its_deletion():
    text = CREATION + "app DELETE_IN_PROGRESS t1-stop\napp DELETE_COMPLETE t1-stop"
    items, _, _ = await news(looks(text, 5, 6, 7), [stack("DELETE_IN_PROGRESS"), stack("DELETE_COMPLETE")])
    assert told(items)[-1] == "settled: DELETE_COMPLETE deleted (None)"


async def test_the_clean_up_is_waited_for():
    text = """
    app UPDATE_IN_PROGRESS t1
    app UPDATE_COMPLETE_CLEANUP_IN_PROGRESS t1
    Old DELETE_COMPLETE t1
    app UPDATE_COMPLETE t1
    """
    items, _, _ = await news(looks(text, 2, 4), [stack("UPDATE_COMPLETE")])
    assert told(items) == snapshot(
        [
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS stop=None | app:UPDATE_IN_PROGRESS app:UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
            "UPDATE_COMPLETE stop=None | Old:DELETE_COMPLETE app:UPDATE_COMPLETE",
            "settled: UPDATE_COMPLETE succeeded (None)",
        ]
    )


async def test_a_failure_that_is_yet_rolled_back_is_not_the_end():
    text = """
    app CREATE_IN_PROGRESS t1
    app CREATE_FAILED t1 No such output
    app ROLLBACK_IN_PROGRESS t1
    app ROLLBACK_COMPLETE t1
    """
    items, _, _ = await news(looks(text, 2, 3, 4), [stack("ROLLBACK_IN_PROGRESS"), stack("ROLLBACK_COMPLETE")])
    assert told(items)[-1] == "settled: ROLLBACK_COMPLETE rolledBack (No such output)"


async def test_a_failure_that_stays_is_the_end():
    text = "app UPDATE_IN_PROGRESS t1\napp UPDATE_ROLLBACK_FAILED t1 Stuck"
    items, _, _ = await news(looks(text, 2), [stack("UPDATE_ROLLBACK_FAILED")])
    assert told(items)[-1] == "settled: UPDATE_ROLLBACK_FAILED failed (Stuck)"


async def test_a_stale_look_at_the_stack_only_delays_the_end():
    answers = looks(CREATION, 5)
    items, script, _ = await news(answers, [stack("CREATE_IN_PROGRESS"), stack("CREATE_COMPLETE")])
    assert told(items)[-1] == "settled: CREATE_COMPLETE succeeded (None)"
    assert script.operations.count("describe_stacks") == 2


async def test_a_review_status_read_after_the_execution_is_taken_for_stale():
    items, _, _ = await news(looks(CREATION, 1, 1, 5), [stack("REVIEW_IN_PROGRESS")])
    assert told(items)[-1] == "settled: CREATE_COMPLETE succeeded (None)"


async def test_an_event_that_turns_up_behind_newer_ones_is_told():
    events = history(CREATION)
    without = [event for event in events if event["EventId"] != "2"]
    items, _, _ = await news([page(without[:3]), page(events)], [stack("CREATE_COMPLETE")])
    assert sorted(event.id for item in items[:-1] for event in item.events) == ["1", "2", "3", "4"]


async def test_an_event_that_turns_up_after_the_end_is_told():
    events = history(CREATION)
    without = [event for event in events if event["EventId"] != "3"]
    items, _, _ = await news([page(without), page(events)], [stack("CREATE_COMPLETE")])
    assert told(items)[-2:] == snapshot(
        ["CREATE_COMPLETE stop=None | Images:CREATE_COMPLETE", "settled: CREATE_COMPLETE succeeded (None)"]
    )


# --- other operations of the same stack ------------------------------------------------------------------------------


async def test_earlier_operations_are_not_told():
    text = CREATION + "app UPDATE_IN_PROGRESS t2\napp UPDATE_COMPLETE t2"
    items, _, _ = await news(looks(text, 7), [stack("UPDATE_COMPLETE")], token="t2")
    assert told(items)[0] == snapshot("UPDATE_COMPLETE stop=None | app:UPDATE_IN_PROGRESS app:UPDATE_COMPLETE")


async def test_the_end_of_the_operation_before_is_not_taken_for_ours():
    text = CREATION + "app UPDATE_IN_PROGRESS t2\napp UPDATE_COMPLETE t2"
    items, _, clock = await news(looks(text, 5, 5, 7), [stack("UPDATE_COMPLETE")], token="t2")
    assert told(items) == snapshot(
        [
            "UPDATE_COMPLETE stop=None | app:UPDATE_IN_PROGRESS app:UPDATE_COMPLETE",
            "settled: UPDATE_COMPLETE succeeded (None)",
        ]
    )
    assert len(clock.naps) == 2


async def test_an_operation_that_ended_before_a_later_one_began_has_its_own_outcome():
    text = CREATION + "app DELETE_IN_PROGRESS t2\napp DELETE_FAILED t2"
    items, script, _ = await news(looks(text, 7), [stack("DELETE_FAILED")])
    assert told(items)[-1] == "settled: CREATE_COMPLETE succeeded (None)"
    assert "describe_stacks" not in script.operations


async def test_without_a_token_the_running_operation_is_followed():
    text = CREATION + "app UPDATE_IN_PROGRESS x\nImages UPDATE_COMPLETE x\napp UPDATE_COMPLETE x"
    items, _, _ = await news(looks(text, 6, 8), [stack("UPDATE_COMPLETE")], token=None)
    assert told(items) == snapshot(
        [
            "UPDATE_IN_PROGRESS stop=rollback | app:UPDATE_IN_PROGRESS",
            "UPDATE_COMPLETE stop=None | Images:UPDATE_COMPLETE app:UPDATE_COMPLETE",
            "settled: UPDATE_COMPLETE succeeded (None)",
        ]
    )


async def test_without_a_token_an_operation_that_just_ended_is_told_whole():
    items, _, _ = await news(looks(CREATION, 5), [stack("CREATE_COMPLETE")], token=None)
    assert told(items) == snapshot(
        [
            "CREATE_COMPLETE stop=None | app:CREATE_IN_PROGRESS Images:CREATE_IN_PROGRESS Images:CREATE_COMPLETE app:CREATE_COMPLETE",
            "settled: CREATE_COMPLETE succeeded (None)",
        ]
    )


# --- pages -----------------------------------------------------------------------------------------------------------


def paged(events, size):
    """DescribeStackEvents that gives `size` events a page."""
    newest_first = events[::-1]

    def answer(StackName, NextToken="0"):  # noqa: N803 - AWS's names
        begin = int(NextToken)
        rest = {"NextToken": str(begin + size)} if begin + size < len(newest_first) else {}
        return {"StackEvents": newest_first[begin : begin + size], **rest}

    return answer


@pytest.mark.parametrize("token", ["t2", None])
@pytest.mark.parametrize("size", [1, 2, 3, 100])
async def test_an_operation_of_many_pages_is_read_whole_and_nothing_before_it(size, token):
    text = CREATION + "app UPDATE_IN_PROGRESS t2\n" + "A UPDATE_COMPLETE t2\n" * 5 + "app UPDATE_COMPLETE t2"
    items, _, _ = await news([paged(history(text), size)], [stack("UPDATE_COMPLETE")], token=token)
    assert [event.id for item in items[:-1] for event in item.events] == [str(number) for number in range(5, 12)]


async def test_only_new_pages_are_read_at_the_next_look():
    text = "app UPDATE_IN_PROGRESS t1\n" + "A UPDATE_COMPLETE t1\n" * 20
    first, second = history(text), history(text + "app UPDATE_COMPLETE t1")
    states = itertools.chain([first], itertools.repeat(second))
    current = []

    def answer(StackName, NextToken="0"):  # noqa: N803 - AWS's names
        if NextToken == "0":
            current[:] = next(states)
        return paged(current, 5)(StackName, NextToken)

    items, script, _ = await news([answer], [stack("UPDATE_COMPLETE")])
    assert told(items)[-1] == "settled: UPDATE_COMPLETE succeeded (None)"
    # Five pages for the first look, one for the second, one for what may come late.
    assert script.operations.count("describe_stack_events") == 7


async def test_an_operation_that_is_long_over_is_found_on_an_old_page():
    text = CREATION + "app UPDATE_IN_PROGRESS t2\napp UPDATE_COMPLETE t2\n" * 10
    items, _, clock = await news([paged(history(text), 3)], [stack("UPDATE_COMPLETE")])
    assert told(items)[-1] == "settled: CREATE_COMPLETE succeeded (None)"
    assert DEEP_SEARCH_AFTER <= sum(clock.naps) < DEEP_SEARCH_AFTER + 1


# --- monitoring that fails -------------------------------------------------------------------------------------------


async def test_no_failure_to_look_is_a_failure_of_the_operation():
    lost = [Unreachable("Rate exceeded"), NotAuthenticated("Your session has ended.", "Run `aws sso login`.")]
    items, _, _ = await news(looks(CREATION, 2, *lost, 5), [stack("CREATE_COMPLETE")])
    assert told(items) == snapshot(
        [
            "CREATE_IN_PROGRESS stop=delete | app:CREATE_IN_PROGRESS",
            "unreachable: Rate exceeded",
            "unreachable: Your session has ended. Run `aws sso login`.",
            "CREATE_COMPLETE stop=None | Images:CREATE_IN_PROGRESS Images:CREATE_COMPLETE app:CREATE_COMPLETE",
            "settled: CREATE_COMPLETE succeeded (None)",
        ]
    )


async def test_looks_become_rare_while_they_fail_and_frequent_again_afterwards():
    failures = [Unreachable("no network")] * 8
    _, _, clock = await news(looks(CREATION, 2, *failures, 3, 5), [stack("CREATE_COMPLETE")])
    assert [round(nap, 1) for nap in clock.naps] == snapshot([0.1, 0.2, 1.2, 2.4, 4.8, 18.6, 30.0, 30.0, 30.0, 3.0])


async def test_a_success_needs_no_second_witness():
    items, _, _ = await news(looks(CREATION, 5), [Unreachable("no network")])
    assert told(items)[-1] == "settled: CREATE_COMPLETE succeeded (None)"


async def test_a_failure_is_believed_only_when_the_stack_could_be_asked():
    text = "app UPDATE_IN_PROGRESS t1\napp UPDATE_ROLLBACK_FAILED t1"
    items, script, _ = await news(looks(text, 2), [Unreachable("no network"), stack("UPDATE_ROLLBACK_FAILED")])
    assert told(items)[-1] == "settled: UPDATE_ROLLBACK_FAILED failed (None)"
    assert script.operations.count("describe_stacks") == 2


async def test_a_failure_of_the_last_look_changes_nothing():
    items, _, _ = await news(looks(CREATION, 5, Unreachable("no network")), [stack("CREATE_COMPLETE")])
    assert told(items)[-1] == "settled: CREATE_COMPLETE succeeded (None)"


async def test_an_operation_that_never_started_is_said_so_in_the_end():
    items, _, clock = await news(looks(CREATION, 5), [stack("UPDATE_COMPLETE")], token="t2")
    assert told(items) == snapshot(["settled: UPDATE_COMPLETE failed (CloudFormation never started the operation.)"])
    assert sum(clock.naps) > START_PATIENCE


async def test_a_busy_stack_is_waited_for_beyond_that():
    text = CREATION + "app UPDATE_IN_PROGRESS t2\napp UPDATE_COMPLETE t2"
    busy = [stack("UPDATE_IN_PROGRESS")] * 3
    many = [5] * 70
    items, _, _ = await news(looks(text, *many, 7), [*busy, stack("UPDATE_COMPLETE")], token="t2")
    assert told(items)[-1] == "settled: UPDATE_COMPLETE succeeded (None)"


async def test_without_a_token_the_first_operation_that_was_found_is_followed_to_its_end():
    text = CREATION + "app UPDATE_IN_PROGRESS x\napp UPDATE_COMPLETE x\napp DELETE_IN_PROGRESS y"
    items, _, _ = await news(looks(text, 6, 8), [stack("DELETE_IN_PROGRESS")], token=None)
    assert told(items)[-1] == "settled: UPDATE_COMPLETE succeeded (None)"


# --- what only other calls tell --------------------------------------------------------------------------------------


async def test_a_failure_at_a_hook_says_why():
    events = history(
        "app CREATE_IN_PROGRESS t1\nImages CREATE_IN_PROGRESS t1\n"
        "Images CREATE_FAILED t1 The following hook(s) failed: [Our::Guard::Hook]\napp CREATE_FAILED t1"
    )
    objection = {
        **events[1],
        "EventId": "hook",
        "HookType": "Our::Guard::Hook",
        "HookStatus": "HOOK_COMPLETE_FAILED",
        "HookFailureMode": "FAIL",
        "HookStatusReason": "Buckets need encryption.",
    }
    items, _, _ = await news([page([*events[:2], objection, *events[2:]])], [stack("CREATE_FAILED")])
    reasons = [event.reason for item in items if isinstance(item, StackProgressed) for event in item.events]
    assert reasons[-2] == (
        "The following hook(s) failed: [Our::Guard::Hook] The hook Our::Guard::Hook does not allow it: "
        "Buckets need encryption."
    )


async def test_who_may_not_look_at_the_stack_learns_from_its_events_that_it_failed():
    denied = NotAllowed("You are not allowed to cloudformation:DescribeStacks.")
    items, _, _ = await news([page(history("app UPDATE_IN_PROGRESS t1\napp UPDATE_FAILED t1"))], [denied])
    assert items[-1] == StackSettled("UPDATE_FAILED", "failed")
    unseen = [item for item in items if isinstance(item, StackUnreachable)]
    assert {(item.code, item.reason) for item in unseen} == {("notAllowed", str(denied))}
    assert len(unseen) > 5
