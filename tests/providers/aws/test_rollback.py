"""Which call brings a stack out of a failure, and that asking twice is harmless."""

import pytest
from inline_snapshot import snapshot

from sigma_ls.deploy.ports import Conflict
from sigma_ls.providers.aws.rollback import resume
from sigma_ls.providers.aws.stacks import Stacks
from tests.providers.aws.script import STACK_ID, Script, stack
from tests.support.clock import NappingClock


async def resumed(script, **more):
    await resume(script, Stacks(script, NappingClock()), STACK_ID, "t1", **more)
    return script.calls[1:]


def stuck(answer=None):
    return Script(describe_stacks=[stack("UPDATE_ROLLBACK_FAILED")], continue_update_rollback=[answer or {}])


async def test_a_failed_rollback_goes_on_with_everything_without_some_or_without_whatever_fails():
    assert await resumed(stuck()) == snapshot(
        [
            (
                "continue_update_rollback",
                {
                    "StackName": "arn:aws:cloudformation:eu-west-1:111122223333:stack/app/0001",
                    "ClientRequestToken": "t1",
                },
            )
        ]
    )
    assert await resumed(stuck(), skip=("A", "app-Inner-1.B")) == snapshot(
        [
            (
                "continue_update_rollback",
                {
                    "StackName": "arn:aws:cloudformation:eu-west-1:111122223333:stack/app/0001",
                    "ClientRequestToken": "t1",
                    "ResourcesToSkip": ["A", "app-Inner-1.B"],
                },
            )
        ]
    )
    assert await resumed(stuck(), force=True) == snapshot(
        [
            (
                "continue_update_rollback",
                {
                    "StackName": "arn:aws:cloudformation:eu-west-1:111122223333:stack/app/0001",
                    "ClientRequestToken": "t1",
                    "ForceRollback": True,
                },
            )
        ]
    )


@pytest.mark.parametrize(("status", "disabled"), [("UPDATE_FAILED", False), ("CREATE_FAILED", True)])
async def test_a_paused_stack_is_rolled_back(status, disabled):
    script = Script(describe_stacks=[stack(status, DisableRollback=disabled)], rollback_stack=[{}])
    assert await resumed(script) == [
        ("rollback_stack", {"StackName": STACK_ID, "ClientRequestToken": "t1", "RetainExceptOnCreate": True})
    ]


@pytest.mark.parametrize("ours", [True, False])
async def test_a_refusal_is_none_where_the_answer_to_the_first_request_was_lost(ours):
    script = Script(
        describe_stacks=[stack("UPDATE_ROLLBACK_IN_PROGRESS")],
        continue_update_rollback=[Conflict("cannot be called from current stack status")],
        describe_stack_events=[{"StackEvents": [{"ClientRequestToken": "t1" if ours else "t9"}]}],
    )
    if ours:
        await resumed(script)
    else:
        with pytest.raises(Conflict):
            await resumed(script)
    assert script.operations == ["describe_stacks", "continue_update_rollback", "describe_stack_events"]


@pytest.mark.parametrize("status", ["UPDATE_FAILED", "CREATE_FAILED"])
async def test_what_failed_in_express_mode_is_not_asked_to_roll_back(status):
    script = Script(describe_stacks=[stack(status, DeploymentConfig={"Mode": "EXPRESS"})])
    with pytest.raises(Conflict, match="last updated in express mode") as refused:
        await resumed(script)
    assert refused.value.next_step == "Deploy to it what was deployed before."
    assert script.operations == ["describe_stacks"]
