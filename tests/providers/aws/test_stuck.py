"""What a failed rollback failed for, out of a stack's events."""

from sigma_ls.deploy.ports import NotAllowed
from sigma_ls.providers.aws.stuck import stuck
from tests.providers.aws.script import STACK_ID, Script

INNER_ID = "arn:aws:cloudformation:eu-west-1:111122223333:stack/app-Inner-1/0009"


def page(text, stack_id=STACK_ID, **more):
    """Events, newest first, of lines `logical-id STATUS reason`, oldest first; `*` is the stack itself."""
    events = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, status, *reason = line.split(maxsplit=2)
        nested = name == "Inner"
        physical = {"*": stack_id, "Inner": INNER_ID}.get(name, f"{name}-1")
        kind = "AWS::CloudFormation::Stack" if nested or name == "*" else "AWS::SQS::Queue"
        events.append(
            {
                "StackId": stack_id,
                "LogicalResourceId": name,
                "PhysicalResourceId": physical,
                "ResourceType": kind,
                "ResourceStatus": status,
                "ResourceStatusReason": " ".join(reason),
            }
        )
    return {"StackEvents": events[::-1], **more}


async def found(*pages):
    return await stuck(Script(describe_stack_events=list(pages)), STACK_ID)


async def test_only_what_failed_in_the_rollback_counts():
    text = """
        Before UPDATE_FAILED the cause
        * UPDATE_ROLLBACK_IN_PROGRESS
        Good UPDATE_COMPLETE
        Bad UPDATE_FAILED no way back
        Follower UPDATE_FAILED Resource update cancelled
        Old DELETE_FAILED left
        * UPDATE_ROLLBACK_FAILED
    """
    assert await found(page(text)) == ("Bad",)


async def test_of_several_rollbacks_the_newest_counts():
    text = """
        * UPDATE_ROLLBACK_IN_PROGRESS
        First UPDATE_FAILED no
        * UPDATE_ROLLBACK_FAILED
        * UPDATE_ROLLBACK_IN_PROGRESS
        Second UPDATE_FAILED no
        First UPDATE_FAILED no
        First UPDATE_COMPLETE
        * UPDATE_ROLLBACK_FAILED
    """
    assert await found(page(text)) == ("Second",)


async def test_all_pages_back_to_the_rollback_are_read():
    assert await found(
        page("B UPDATE_FAILED no\n* UPDATE_ROLLBACK_FAILED", NextToken="2"),
        page("* UPDATE_ROLLBACK_IN_PROGRESS\nA UPDATE_FAILED no", NextToken="3"),
    ) == ("A", "B")


async def test_what_is_stuck_in_a_nested_stack_is_named_by_that_stack():
    outer = page("* UPDATE_ROLLBACK_IN_PROGRESS\nInner UPDATE_FAILED Embedded stack …\n* UPDATE_ROLLBACK_FAILED")
    inner = page("* UPDATE_ROLLBACK_IN_PROGRESS\nBad UPDATE_FAILED no\n* UPDATE_ROLLBACK_FAILED", INNER_ID)
    assert await found(outer, inner) == ("app-Inner-1.Bad",)


async def test_who_may_not_read_the_events_can_still_continue():
    assert await found(NotAllowed("not allowed")) == ()
