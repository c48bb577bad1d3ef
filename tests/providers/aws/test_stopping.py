"""Stopping: the whole matrix of a stack's status against what is wanted, and that asking twice is harmless."""

import pytest
from inline_snapshot import snapshot

from sigma_ls.deploy.ports import Conflict, NotFound
from sigma_ls.providers.aws import statuses
from sigma_ls.providers.aws.stacks import Stacks
from sigma_ls.providers.aws.stopping import stop
from tests.providers.aws.script import STACK_ID, Script, stack
from tests.providers.aws.test_statuses import ALL
from tests.support.clock import NappingClock

GONE = NotFound("gone")
MEANS = ("rollback", "delete", "halt")


async def stopped(script, means):
    await stop(script, Stacks(script, NappingClock()), STACK_ID, means, "t1")


async def cell(status, means):
    """The call that stops an operation in `status`, or that there is none."""
    script = Script(
        describe_stacks=[GONE if status == statuses.DELETED else stack(status)],
        describe_stack_events=[{"StackEvents": []}],
        cancel_update_stack=[None],
        delete_stack=[None],
    )
    try:
        await stopped(script, means)
    except (Conflict, NotFound) as error:
        assert {"cancel_update_stack", "delete_stack"}.isdisjoint(script.operations)
        return type(error).__name__
    (name,) = set(script.operations) - {"describe_stacks"}
    return name


async def test_the_matrix():
    found = {status: [await cell(status, means) for means in MEANS] for status in [*ALL, statuses.REVIEW]}
    refused = {
        status for status, cells in found.items() if cells == ["Conflict"] * len(MEANS) and status != statuses.DELETED
    }
    assert {status: cells for status, cells in found.items() if status not in refused} == snapshot(
        {
            "CREATE_IN_PROGRESS": ["Conflict", "delete_stack", "Conflict"],
            "DELETE_COMPLETE": ["NotFound", "NotFound", "NotFound"],
            "UPDATE_IN_PROGRESS": ["cancel_update_stack", "Conflict", "cancel_update_stack"],
        }
    )
    # Rollbacks, clean-ups, deletions and imports run to their end; the other statuses are ends themselves.
    assert {status for status in refused if status.endswith("_IN_PROGRESS")} == snapshot(
        {
            "DELETE_IN_PROGRESS",
            "IMPORT_IN_PROGRESS",
            "IMPORT_ROLLBACK_IN_PROGRESS",
            "REVIEW_IN_PROGRESS",
            "ROLLBACK_IN_PROGRESS",
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
            "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
            "UPDATE_ROLLBACK_IN_PROGRESS",
        }
    )
    # What is not stoppable has no button either.
    assert {status for status in ALL if statuses.stop_means(status)} == {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"}


@pytest.mark.parametrize(
    ("status", "means", "call"),
    [
        ("UPDATE_IN_PROGRESS", "rollback", "cancel_update_stack"),
        ("UPDATE_IN_PROGRESS", "halt", "cancel_update_stack"),
        ("CREATE_IN_PROGRESS", "delete", "delete_stack"),
    ],
)
async def test_a_stop_has_a_token_of_its_own(status, means, call):
    script = Script(describe_stacks=[stack(status)], **{call: [None]})
    await stopped(script, means)
    assert script.arguments(call) == [{"StackName": STACK_ID, "ClientRequestToken": "t1-stop"}]


async def test_that_it_is_too_late_is_said_with_the_status():
    script = Script(describe_stacks=[stack("CREATE_COMPLETE")], describe_stack_events=[{"StackEvents": []}])
    with pytest.raises(Conflict, match=r"is in CREATE_COMPLETE: it is too late to stop it\."):
        await stopped(script, "delete")


@pytest.mark.parametrize(
    ("means", "answer"),
    [
        ("rollback", stack("UPDATE_ROLLBACK_IN_PROGRESS")),
        ("halt", stack("UPDATE_FAILED")),
        ("delete", stack("DELETE_IN_PROGRESS")),
        ("delete", GONE),
    ],
)
async def test_stopping_twice_is_harmless(means, answer):
    script = Script(
        describe_stacks=[answer], describe_stack_events=[{"StackEvents": [{"ClientRequestToken": "t1-stop"}]}]
    )
    await stopped(script, means)


async def test_a_stack_that_is_gone_cannot_be_stopped():
    script = Script(describe_stacks=[GONE], describe_stack_events=[GONE])
    with pytest.raises(NotFound):
        await stopped(script, "rollback")
