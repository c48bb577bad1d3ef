"""Every way in which a deployment ends, from what CloudFormation says to what a person is told.

The whole program is under test but for the network: the answers were recorded from the sandbox, or, where it cannot
produce them, written after the service's model and documentation; each file says which in its `source`.  After a change
of the paths or of the pinned emulator, `RECORD_PATHS=1 pytest -k still_ends` records anew.
"""

from __future__ import annotations

import os
import re

import pytest
from botocore.exceptions import EndpointConnectionError, InvalidRegionError, NoCredentialsError
from inline_snapshot import snapshot

from tests.providers.aws.paths import PATHS, TIMED, WRITTEN
from tests.support import recording
from tests.support.recording import FOLDER, NoStage, SandboxStage, answered, load, objections, played, recorded

_ID = re.compile(r"\((?:http|arn:)\S+\)")
RECORDED = "recorded from the sandbox"
CONSOLE = (
    " See https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/stackinfo?stackId="
)


def told(shown):
    """What a person sees of each deployment, in lines."""
    lines = []
    for each in shown:
        outcome = each.outcome or f"asked {each.question.kind}"
        # An emulator has no console to point to, and ids of its own each time.
        message = _ID.sub("(its id)", each.message.partition(CONSOLE)[0])
        lines.append(f"{outcome} {each.stack_status}: {message}")
        lines.append(" ".join(f"{row.id}:{row.status}" for row in each.changes))
        lines += [
            f"{'cause' if failure.root_cause else 'then'} {failure.resource}"
            f"{f' line {failure.location.range.start.line + 1}' if failure.location else ''}: {failure.reason}"
            for failure in each.failures
        ]
    return lines


@pytest.mark.parametrize("name", sorted(PATHS))
async def test_a_path_to_its_end(tmp_path, name):
    app, player = played(tmp_path, name)
    shown = await PATHS[name](app, NoStage())
    await app.deployments.close()
    assert told(shown) == TOLD[name]
    assert player.left == []


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.json")))
def test_the_answers_are_of_the_services_model(name):
    content = load(name)
    assert content["source"]
    calls = [call for segment in content["segments"] for call in [*segment["looks"], segment.get("call")] if call]
    found = [line for call in calls if "answer" in call for line in objections(call["operation"], call["answer"])]
    assert found == []


def test_each_path_is_recorded_and_nothing_else():
    assert {file.stem for file in FOLDER.glob("*.json")} == set(PATHS)


@pytest.mark.sandbox
@pytest.mark.parametrize("name", sorted(set(PATHS) - WRITTEN))
async def test_the_sandbox_still_ends_so(tmp_path, sandbox, name):
    app, recorder = recorded(tmp_path, sandbox)
    shown = await PATHS[name](app, SandboxStage(sandbox))
    await app.deployments.close()
    if os.environ.get("RECORD_PATHS"):
        recording.save(name, recorder.recording(RECORDED))
    if name in TIMED:
        assert shown[-1].outcome == "stopped"
    else:
        assert told(shown) == TOLD[name]


LOST = {
    "no network": EndpointConnectionError(endpoint_url="https://cloudformation.eu-west-1.amazonaws.com"),
    "throttled": answered("Throttling", "Rate exceeded"),
    "expired": answered("ExpiredToken", "The security token included in the request is expired"),
    "denied": answered("AccessDenied", "User: me is not authorized to perform: cloudformation:DescribeStackEvents"),
    "500": answered("InternalFailure", "We failed.", 500),
}


@pytest.mark.parametrize("name", ["created", "update_rolled_back", "removed", "nested"])
@pytest.mark.parametrize("why", LOST)
async def test_what_keeps_it_from_being_watched_is_said_and_changes_no_end(tmp_path, why, name):
    app, player = played(tmp_path, name)
    player.lose("DescribeStackEvents", LOST[why], times=4)
    shown = await PATHS[name](app, NoStage())
    await app.deployments.close()
    assert told(shown) == TOLD[name]
    assert {each.message.partition(" (")[2] for each in app.seen if ", trying again: " in each.message} == {SAID[why]}


SAID = {
    "no network": (
        "Not reachable, trying again: CloudFormation in eu-west-1 cannot be reached: Could not connect to the endpoint "
        'URL: "https://cloudformation.eu-west-1.amazonaws.com". Check the network, then try again.)'
    ),
    "throttled": (
        "Not reachable, trying again: AWS is throttling DescribeStackEvents: Rate exceeded. Try again in a minute.)"
    ),
    "expired": (
        "Not signed in, trying again: Your AWS credentials have expired: The security token included in the request is "
        "expired. Renew them as you got them, then try again.)"
    ),
    "denied": (
        "Not allowed, trying again: You are not allowed to cloudformation:DescribeStackEvents: User: me is not "
        "authorized to perform: cloudformation:DescribeStackEvents. Ask for that permission, or choose another profile "
        "than “default”.)"
    ),
    "500": (
        "Not reachable, trying again: CloudFormation in eu-west-1 failed at DescribeStackEvents: We failed. Try again "
        "later.)"
    ),
}


NOT_BEGUN = {
    "no credentials": ("GetCallerIdentity", NoCredentialsError()),
    "expired": ("GetCallerIdentity", LOST["expired"]),
    "unknown": ("GetCallerIdentity", answered("InvalidClientTokenId", "The security token is invalid.", 403)),
    "no such region": ("GetCallerIdentity", InvalidRegionError(region_name="eu west")),
    "region switched off": ("DescribeStacks", answered("OptInRequired", "Not subscribed.", 403)),
    "not allowed to look": (
        "DescribeStacks",
        answered(
            "AccessDenied", "User: me is not authorized to perform: cloudformation:DescribeStacks on resource: x", 403
        ),
    ),
    "not allowed to change": (
        "CreateChangeSet",
        answered("AccessDenied", "User: me is not authorized to perform: cloudformation:CreateChangeSet", 403),
    ),
    "service unavailable": ("DescribeStacks", answered("ServiceUnavailable", "Not now.", 503, "DescribeStacks")),
    "no network": ("GetCallerIdentity", LOST["no network"]),
}


async def test_what_keeps_it_from_being_begun_is_said_with_what_to_do(tmp_path):
    said = {}
    for name, (operation, error) in NOT_BEGUN.items():
        app, player = played(tmp_path / name, "created")
        player.lose(operation, error, times=9)
        (shown,) = await PATHS["created"](app, NoStage())
        await app.deployments.close()
        assert (shown.outcome, player.calls) == ("failed", []), name
        said[name] = shown.message
    assert said == snapshot(
        {
            "no credentials": "Failed. There are no AWS credentials. Run `aws configure` (or `aws sso login`), or name another profile in `aws.profile`.",
            "expired": "Failed. Your AWS credentials have expired: The security token included in the request is expired. Renew them as you got them, then try again.",
            "unknown": "Failed. AWS does not accept the credentials: The security token is invalid. Run `aws configure` (or `aws sso login`), or name another profile in `aws.profile`. If they are right, the region eu-west-1 may not be switched on for this account.",
            "no such region": "Failed. “eu-west-1” is no AWS region. Correct `aws.region`.",
            "region switched off": "Failed. The account may not use CloudFormation in eu-west-1: Not subscribed. Switch the region on in the account's settings, or correct `aws.region`.",
            "not allowed to look": "Failed. You are not allowed to cloudformation:DescribeStacks on x: User: me is not authorized to perform: cloudformation:DescribeStacks on resource: x. Ask for that permission, or choose another profile than “default”.",
            "not allowed to change": "Failed. You are not allowed to cloudformation:CreateChangeSet: User: me is not authorized to perform: cloudformation:CreateChangeSet. Ask for that permission, or choose another profile than “default”.",
            "service unavailable": "Failed. CloudFormation in eu-west-1 failed at DescribeStacks: Not now. Try again later.",
            "no network": 'Failed. STS in eu-west-1 cannot be reached: Could not connect to the endpoint URL: "https://cloudformation.eu-west-1.amazonaws.com". Check the network, then try again.',
        }
    )


async def test_a_stack_that_takes_a_hand_is_linked_to(tmp_path):
    app, _ = played(tmp_path, "deletion_failed")
    shown = await PATHS["deletion_failed"](app, NoStage())
    await app.deployments.close()
    assert CONSOLE in shown[-1].message
    assert CONSOLE not in shown[0].message


TOLD = snapshot(
    {
        "clean_up_failed": [
            "succeeded CREATE_COMPLETE: Deployed demo to eu-west-1: 3 changes.",
            "Failed:succeeded More:succeeded News:succeeded",
            "succeeded UPDATE_COMPLETE: Deployed demo to eu-west-1: 2 changes. Left behind, to be deleted by hand: More (its id).",
            "Failed:succeeded More:failed",
            "then More: left behind: In use. (InvalidRequest)",
        ],
        "created": [
            "succeeded CREATE_COMPLETE: Deployed demo to eu-west-1: 2 changes.",
            "Failed:succeeded News:succeeded",
        ],
        "creation_cancelled": [
            "stopped DELETE_COMPLETE: Stopped: the changes to demo were undone.",
            "Failed:cancelled News:cancelled",
        ],
        "creation_rolled_back": [
            "rolledBack ROLLBACK_COMPLETE: Failed, and demo was rolled back. failed: No more queues. (InvalidRequest)",
            "Failed:failed News:rolledBack",
            "cause failed line 5: No more queues. (InvalidRequest)",
        ],
        "deletion_failed": [
            "succeeded CREATE_COMPLETE: Deployed demo to eu-west-1: 2 changes.",
            "Failed:succeeded News:succeeded",
            "failed DELETE_FAILED: demo was not removed. failed: In use. (InvalidRequest)",
            "Failed:failed News:succeeded",
            "cause failed line 5: In use. (InvalidRequest)",
        ],
        "early_validation": [
            "failed None: Failed. images: Resource of type 'AWS::S3::Bucket' with identifier 'taken-already' already exists.",
            "",
            "cause images line 5: Resource of type 'AWS::S3::Bucket' with identifier 'taken-already' already exists.",
        ],
        "full_bucket": [
            "succeeded CREATE_COMPLETE: Deployed demo to eu-west-1: 1 change.",
            "Images:succeeded",
            "failed DELETE_FAILED: demo was not removed. images: The bucket you tried to delete is not empty (Service: S3, Status Code: 409) (GeneralServiceException). A bucket that holds objects, or old versions of them, cannot be deleted: empty it (aws s3 rm s3://full-of-images --recursive; versions in the console), then try again.",
            "Images:failed",
            "cause images line 5: The bucket you tried to delete is not empty (Service: S3, Status Code: 409) (GeneralServiceException). A bucket that holds objects, or old versions of them, cannot be deleted: empty it (aws s3 rm s3://full-of-images --recursive; versions in the console), then try again.",
        ],
        "hook_failed": [
            "rolledBack ROLLBACK_COMPLETE: Failed, and demo was rolled back. failed: The following hook(s) failed: [Our::Guard::Hook] The hook Our::Guard::Hook does not allow it: Queues need a key of ours: set KmsMasterKeyId.",
            "Failed:failed News:rolledBack",
            "cause failed line 5: The following hook(s) failed: [Our::Guard::Hook] The hook Our::Guard::Hook does not allow it: Queues need a key of ours: set KmsMasterKeyId.",
        ],
        "hook_on_the_change_set": [
            "failed None: Failed. demo: The hook Our::Guard::Hook does not allow it: 1 of 2 queues is open to everyone. Queue Failed has no policy. Give it one. https://guard.example/open-queue",
            "",
            "cause demo: The hook Our::Guard::Hook does not allow it: 1 of 2 queues is open to everyone. Queue Failed has no policy. Give it one. https://guard.example/open-queue",
        ],
        "nested": [
            "rolledBack ROLLBACK_COMPLETE: Failed, and demo was rolled back. inner.Bad: No more queues. (InvalidRequest)",
            "Failed:rolledBack Inner:failed Inner.Bad:failed Inner.Good:rolledBack",
            "cause inner.Bad line 5: No more queues. (InvalidRequest)",
        ],
        "no_changes": [
            "succeeded CREATE_COMPLETE: Deployed demo to eu-west-1: 2 changes.",
            "Failed:succeeded News:succeeded",
            "noChanges CREATE_COMPLETE: The stack demo is up to date: nothing to change.",
            "",
            "noChanges CREATE_COMPLETE: The stack demo is up to date: nothing to change.",
            "",
        ],
        "paused_creation": [
            "asked recreateStack CREATE_FAILED: The stack demo is CREATE_FAILED, not rolled back: how to go on is for you to say.",
            "",
            "succeeded UPDATE_COMPLETE: Deployed demo to eu-west-1: 2 changes.",
            "Failed:succeeded News:succeeded",
        ],
        "paused_update": [
            "succeeded CREATE_COMPLETE: Deployed demo to eu-west-1: 2 changes.",
            "Failed:succeeded News:succeeded",
            "asked rollback UPDATE_FAILED: The stack demo is UPDATE_FAILED, not rolled back: how to go on is for you to say.",
            "",
            "partiallyApplied UPDATE_FAILED: Failed, and demo is UPDATE_FAILED: some changes stay in place. failed: No such timeout. (InvalidRequest)",
            "Failed:failed More:succeeded",
            "cause failed line 5: No such timeout. (InvalidRequest)",
        ],
        "removed": [
            "succeeded CREATE_COMPLETE: Deployed demo to eu-west-1: 2 changes.",
            "Failed:succeeded News:succeeded",
            "succeeded DELETE_COMPLETE: The stack demo was removed.",
            "Failed:succeeded News:succeeded",
        ],
        "rollback_failed": [
            "partiallyApplied ROLLBACK_FAILED: Failed, and demo is ROLLBACK_FAILED: some changes stay in place. failed: No more queues. (InvalidRequest)",
            "Failed:failed News:failed",
            "cause failed line 5: No more queues. (InvalidRequest)",
            "then news line 6: left behind: In use. (InvalidRequest)",
        ],
        "update_cancelled": [
            "succeeded CREATE_COMPLETE: Deployed demo to eu-west-1: 2 changes.",
            "Failed:succeeded News:succeeded",
            "stopped UPDATE_ROLLBACK_COMPLETE: Stopped: the changes to demo were undone.",
            "Failed:cancelled More:cancelled",
        ],
        "update_rollback_failed_and_continued": [
            "succeeded CREATE_COMPLETE: Deployed demo to eu-west-1: 2 changes.",
            "Failed:succeeded News:succeeded",
            "partiallyApplied UPDATE_ROLLBACK_FAILED: Failed, and demo is UPDATE_ROLLBACK_FAILED: some changes stay in place. more: No more queues. (InvalidRequest)",
            "Failed:failed More:failed",
            "cause more line 7: No more queues. (InvalidRequest)",
            "then failed line 5: No way back. (InvalidRequest)",
            "asked rollback UPDATE_ROLLBACK_FAILED: The stack demo is UPDATE_ROLLBACK_FAILED: its rollback must be continued, and how is for you to say.",
            "",
            "succeeded UPDATE_COMPLETE: Deployed demo to eu-west-1: 2 changes.",
            "Failed:succeeded More:succeeded",
        ],
        "update_rolled_back": [
            "succeeded CREATE_COMPLETE: Deployed demo to eu-west-1: 2 changes.",
            "Failed:succeeded News:succeeded",
            "rolledBack UPDATE_ROLLBACK_COMPLETE: Failed, and demo was rolled back. failed: No such timeout. (InvalidRequest)",
            "Failed:failed More:rolledBack",
            "cause failed line 5: No such timeout. (InvalidRequest)",
        ],
        "updated": [
            "succeeded CREATE_COMPLETE: Deployed demo to eu-west-1: 2 changes.",
            "Failed:succeeded News:succeeded",
            "succeeded UPDATE_COMPLETE: Deployed demo to eu-west-1: 2 changes.",
            "Failed:succeeded More:succeeded",
        ],
        "nested_updated_and_removed": [
            "succeeded CREATE_COMPLETE: Deployed demo to eu-west-1: 2 changes.",
            "Inner:succeeded Inner.Good:succeeded",
            "succeeded UPDATE_COMPLETE: Deployed demo to eu-west-1: 2 changes.",
            "Inner:succeeded Inner.Good:succeeded",
            "succeeded DELETE_COMPLETE: The stack demo was removed.",
            "Inner:succeeded Inner.Good:succeeded",
        ],
    }
)
