"""Every way in which an operation of CloudFormation ends: from a stack's events to what a person is told.

The events are in the form of `DescribeStackEvents`, written after its documentation and after what other tools met; they
were not recorded from an account.  What ends before an execution (no changes, early validation, hooks on a change set)
is in `test_changesets`.
"""

from __future__ import annotations

import pytest
from attrs import evolve
from inline_snapshot import snapshot

from sigma_ls.app import reasons
from sigma_ls.deploy import changelist, machine, report
from sigma_ls.deploy import events as on
from sigma_ls.deploy import facts as known
from sigma_ls.deploy import states as at
from sigma_ls.deploy.changelist import Fold
from sigma_ls.deploy.facts import Facts
from sigma_ls.deploy.snapshot import Change, ChangedResource, ProjectRef, StackRef
from sigma_ls.providers.aws.events import watch
from sigma_ls.providers.aws.stacks import Stacks
from sigma_ls.runtime.polling import Pace, Poller, exactly
from tests.providers.aws.script import MOMENT, STACK_ID, Script, stack
from tests.support.clock import NappingClock
from tests.support.transitions import CREATE, DEPLOY, REMOVAL, UNDEPLOY, UPDATE

INNER_ID = "arn:aws:cloudformation:eu-west-1:111122223333:stack/app-Inner-1/0009"
NOW = "2026-11-23T12:00:00.000Z"
KINDS = {"Images": "AWS::S3::Bucket", "Queue": "AWS::SQS::Queue", "Inner": "AWS::CloudFormation::Stack"}
VERBS = {"create": "add", "update": "modify", "remove": "remove"}


def events(text, stack_id=STACK_ID):
    """A page of events of lines `logical-id STATUS reason`, oldest first; `*` is the stack itself."""
    found = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines()))):
        name, status, *reason = line.split(maxsplit=2)
        found.append(
            {
                "EventId": f"{stack_id}{number}",
                "StackId": stack_id,
                "Timestamp": MOMENT,
                "LogicalResourceId": name,
                "PhysicalResourceId": {"*": stack_id, "Inner": INNER_ID}.get(name, f"{name}-1"),
                "ResourceType": KINDS.get(name, "AWS::CloudFormation::Stack"),
                "ResourceStatus": status,
                "ResourceStatusReason": " ".join(reason),
                "ClientRequestToken": "t1",
            }
        )
    return {"StackEvents": found[::-1]}


async def ended(kind, text, *, rows="Images Queue", inner=""):
    """How a deployment with such events ends, in lines."""
    status = next(line.split()[1] for line in reversed(text.strip().splitlines()) if line.strip().startswith("*"))
    pages = {STACK_ID: events(text), INNER_ID: events(inner, INNER_ID)}
    script = Script(
        describe_stack_events=[lambda StackName, **_: pages[StackName]],  # noqa: N803 - AWS's name
        describe_stacks=[stack(status)],
    )
    clock = NappingClock()
    state: at.State = {
        "create": at.Monitoring(DEPLOY, CREATE),
        "update": at.Monitoring(DEPLOY, UPDATE),
        "remove": at.Monitoring(UNDEPLOY, REMOVAL),
        "stopped": at.RollingBack(DEPLOY, UPDATE, "accepted", "rollback"),
    }[kind]
    changes = tuple(
        Change(name, ChangedResource(KINDS[name], name.lower()), VERBS.get(kind, "modify")) for name in rows.split()
    )
    facts = Facts(
        id="d1",
        project=ProjectRef("file:///p/sigma.yaml", "demo"),
        stage=None,
        sandbox=False,
        engine="cloudformation",
        stack=StackRef("app", "eu-west-1"),
        started_at=NOW,
        updated_at=NOW,
        fold=Fold(changes),
    )
    watching = watch(script, Stacks(script, clock), Poller(clock, Pace(), exactly), STACK_ID, "t1")
    async for news in watching:
        event = reasons.event_of(news)
        if isinstance(event, on.Settled):
            fold = changelist.settled(facts.fold, event.outcome, "", removal=state.order.removal)
            event = evolve(event, applied=changelist.applied(fold))
        after, _ = machine.advance(state, event)
        facts = known.entered(known.learn(facts, state, event, NOW), state, after, NOW)
        state = after
    if isinstance(state, at.Concluding):
        state, _ = machine.advance(state, on.Concluded())
    shown = report.snapshot(state, facts, revision=1)
    return [
        f"{shown.outcome} {shown.stack_status}: {shown.message}",
        " ".join(f"{row.id}:{row.status}" for row in shown.changes),
        *(f"{'cause' if each.root_cause else 'then'} {each.resource}: {each.reason}" for each in shown.failures),
    ]


PATHS = {
    "created": ("create", "* CREATE_IN_PROGRESS\nImages CREATE_COMPLETE\nQueue CREATE_COMPLETE\n* CREATE_COMPLETE"),
    "updated": (
        "update",
        (
            "* UPDATE_IN_PROGRESS\nImages UPDATE_COMPLETE\nQueue UPDATE_COMPLETE\n* UPDATE_COMPLETE_CLEANUP_IN_PROGRESS\n"
            "* UPDATE_COMPLETE"
        ),
    ),
    "creation rolled back": (
        "create",
        (
            "* CREATE_IN_PROGRESS\nImages CREATE_IN_PROGRESS\nImages CREATE_FAILED It exists already\n"
            "Queue CREATE_FAILED Resource creation cancelled\n* ROLLBACK_IN_PROGRESS The following failed: [Images].\n"
            "Images DELETE_COMPLETE\n* ROLLBACK_COMPLETE"
        ),
    ),
    "update rolled back": (
        "update",
        (
            "* UPDATE_IN_PROGRESS\nImages UPDATE_COMPLETE\nQueue UPDATE_FAILED No.\n* UPDATE_ROLLBACK_IN_PROGRESS [Queue]\n"
            "Images UPDATE_COMPLETE\n* UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS\n* UPDATE_ROLLBACK_COMPLETE"
        ),
    ),
    "rollback failed": (
        "create",
        (
            "* CREATE_IN_PROGRESS\nImages CREATE_COMPLETE\nQueue CREATE_FAILED No.\n* ROLLBACK_IN_PROGRESS [Queue]\n"
            "Images DELETE_FAILED The bucket you tried to delete is not empty\n* ROLLBACK_FAILED [Images]"
        ),
    ),
    "update rollback failed": (
        "update",
        (
            "* UPDATE_IN_PROGRESS\nImages UPDATE_COMPLETE\nQueue UPDATE_FAILED No.\n* UPDATE_ROLLBACK_IN_PROGRESS [Queue]\n"
            "Images UPDATE_FAILED No way back.\n* UPDATE_ROLLBACK_FAILED [Images]"
        ),
    ),
    "deletion failed": (
        "remove",
        "* DELETE_IN_PROGRESS\nQueue DELETE_COMPLETE\nImages DELETE_FAILED BucketNotEmpty\n* DELETE_FAILED [Images]",
    ),
    "stopped": (
        "stopped",
        (
            "* UPDATE_IN_PROGRESS\nImages UPDATE_COMPLETE\nQueue UPDATE_FAILED Resource update cancelled\n"
            "* UPDATE_ROLLBACK_IN_PROGRESS User Initiated\nImages UPDATE_COMPLETE\n* UPDATE_ROLLBACK_COMPLETE"
        ),
    ),
    "clean-up failed": (
        "update",
        (
            "* UPDATE_IN_PROGRESS\nQueue UPDATE_COMPLETE\nImages UPDATE_COMPLETE\n* UPDATE_COMPLETE_CLEANUP_IN_PROGRESS\n"
            "Images DELETE_FAILED In use.\n* UPDATE_COMPLETE"
        ),
    ),
    "hook": (
        "create",
        (
            "* CREATE_IN_PROGRESS\nImages CREATE_FAILED The following hook(s) failed: [Our::Guard::Hook]\n"
            "Queue CREATE_FAILED Resource creation cancelled\n* ROLLBACK_IN_PROGRESS [Images]\n* ROLLBACK_COMPLETE"
        ),
    ),
}


@pytest.mark.parametrize("path", PATHS)
async def test_a_path_to_its_end(path):
    kind, text = PATHS[path]
    assert await ended(kind, text) == EXPECTED[path]


async def test_a_nested_stack_that_fails():
    outer = (
        "* CREATE_IN_PROGRESS\nInner CREATE_IN_PROGRESS\n"
        f"Inner CREATE_FAILED Embedded stack {INNER_ID} was not successfully created: [Bad]\n"
        "Queue CREATE_FAILED Resource creation cancelled\n* ROLLBACK_IN_PROGRESS [Inner]\n* ROLLBACK_COMPLETE"
    )
    inner = "* CREATE_IN_PROGRESS\nImages CREATE_FAILED It exists already\n* ROLLBACK_IN_PROGRESS\n* ROLLBACK_COMPLETE"
    assert await ended("create", outer, rows="Inner Queue", inner=inner) == snapshot(
        [
            "rolledBack ROLLBACK_COMPLETE: Failed, and app was rolled back. inner.Images: It exists already",
            "Inner:failed Queue:cancelled",
            "cause inner.Images: It exists already",
        ]
    )


EXPECTED = snapshot(
    {
        "created": [
            "succeeded CREATE_COMPLETE: Deployed app to eu-west-1: 2 changes.",
            "Images:succeeded Queue:succeeded",
        ],
        "updated": [
            "succeeded UPDATE_COMPLETE: Deployed app to eu-west-1: 2 changes.",
            "Images:succeeded Queue:succeeded",
        ],
        "creation rolled back": [
            "rolledBack ROLLBACK_COMPLETE: Failed, and app was rolled back. images: It exists already",
            "Images:failed Queue:cancelled",
            "cause images: It exists already",
        ],
        "update rolled back": [
            "rolledBack UPDATE_ROLLBACK_COMPLETE: Failed, and app was rolled back. queue: No.",
            "Images:rolledBack Queue:failed",
            "cause queue: No.",
        ],
        "rollback failed": [
            "partiallyApplied ROLLBACK_FAILED: Failed, and app is ROLLBACK_FAILED: some changes stay in place. queue: No.",
            "Images:failed Queue:failed",
            "cause queue: No.",
            "then images: left behind: The bucket you tried to delete is not empty. A bucket that holds objects, or old versions of them, cannot be deleted: empty it (aws s3 rm s3://Images-1 --recursive; versions in the console), then try again.",
        ],
        "update rollback failed": [
            "partiallyApplied UPDATE_ROLLBACK_FAILED: Failed, and app is UPDATE_ROLLBACK_FAILED: some changes stay in place. queue: No.",
            "Images:failed Queue:failed",
            "cause queue: No.",
            "then images: No way back.",
        ],
        "deletion failed": [
            "failed DELETE_FAILED: app was not removed. images: BucketNotEmpty. A bucket that holds objects, or old versions of them, cannot be deleted: empty it (aws s3 rm s3://Images-1 --recursive; versions in the console), then try again.",
            "Images:failed Queue:succeeded",
            "cause images: BucketNotEmpty. A bucket that holds objects, or old versions of them, cannot be deleted: empty it (aws s3 rm s3://Images-1 --recursive; versions in the console), then try again.",
        ],
        "stopped": [
            "stopped UPDATE_ROLLBACK_COMPLETE: Stopped: the changes to app were undone.",
            "Images:rolledBack Queue:cancelled",
        ],
        "clean-up failed": [
            "succeeded UPDATE_COMPLETE: Deployed app to eu-west-1: 2 changes.",
            "Images:succeeded Queue:succeeded",
            "then images: left behind: In use.",
        ],
        "hook": [
            "rolledBack ROLLBACK_COMPLETE: Failed, and app was rolled back. images: The following hook(s) failed: [Our::Guard::Hook]",
            "Images:failed Queue:cancelled",
            "cause images: The following hook(s) failed: [Our::Guard::Hook]",
        ],
    }
)
