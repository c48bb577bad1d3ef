"""A deployment in plain lines: what is new between two snapshots, and how it ended."""

from pathlib import Path

import pytest
from attrs import evolve
from inline_snapshot import snapshot

from sigma_ls.cli import result
from sigma_ls.cli.lines import news
from sigma_ls.deploy.snapshot import Cause, Failure, Location, Output
from sigma_ls.syntax.span import Range
from tests.cli.samples import at, change, deployment, staged


def lines(before, now):
    return list(news(before, now))


def test_the_first_snapshot_says_what_is_deployed_where():
    assert lines(None, deployment()) == snapshot(
        [
            "Deploying thumbnailer (dev): stack thumbnailer-dev in eu-west-1, sandbox",
            "initialization: Looking at the project.",
        ]
    )


def test_a_new_message_is_told_a_repeated_one_is_not():
    now = deployment(phase="build", message="Building resize.")
    assert lines(deployment(), now) == ["build: Building resize."]
    assert lines(now, evolve(now, revision=2)) == []
    assert lines(now, evolve(now, message="Building list.")) == ["build: Building list."]


def test_staged_changes_are_listed_with_cautions_and_causes():
    plan = staged()
    changes = (
        change("images", "add"),
        change("resize", "modify", replacement="may", causes=(Cause("MemorySize", "256", "512"),)),
        change("sizes", "replace", replacement="will", risk="dataLoss", causes=(Cause("KeySchema"),)),
    )
    assert lines(deployment(), evolve(plan, changes=changes)) == snapshot(
        [
            "3 changes are staged: 1 to add, 1 to modify",
            "  add     images (AWS::S3::Bucket)",
            "  modify  resize (AWS::Lambda::Function) [may be replaced; MemorySize 256 → 512]",
            "  replace sizes (AWS::DynamoDB::Table) [data loss; KeySchema]",
        ]
    )


def test_a_plan_that_is_staged_again_is_listed_again():
    again = staged(revision=2)
    assert again.plan is not None
    assert len(lines(staged(), evolve(again, plan=evolve(again.plan, id="cs-2")))) == 3


def test_each_change_of_status_is_one_line_and_progress_alone_is_none():
    before = staged()
    now = evolve(
        before,
        phase="monitoring",
        message="1/2 done, 0 errors",
        changes=(
            change("images", "add", "succeeded", started_at=at(1), ended_at=at(3)),
            change("resize", "modify", "inProgress", started_at=at(1)),
        ),
    )
    assert lines(before, now) == snapshot(
        [
            "monitoring: 1/2 done, 0 errors",
            "done: add images (AWS::S3::Bucket), 2.0 s",
            "in progress: modify resize (AWS::Lambda::Function)",
        ]
    )
    assert lines(now, evolve(now, message="1/2 done, 0 errors; stack state: UPDATE_IN_PROGRESS")) == []


def test_a_failed_change_says_why():
    failed = change("resize", "modify", "failed", started_at=at(1), ended_at=at(2), reason="No such\nrole.")
    assert lines(staged(), evolve(staged(), changes=(change("images", "add"), failed))) == [
        "failed: modify resize (AWS::Lambda::Function), 1.0 s: No such role."
    ]


def test_the_end_has_root_causes_first_with_their_places():
    uri = "file:///home/ada/thumbnailer/sigma.yaml"
    ended = deployment(
        phase="completed",
        outcome="rolledBack",
        message="The function resize could not be created.",
        ended_at=at(12),
        failures=(
            Failure("images", "Resource creation cancelled", root_cause=False),
            Failure("resize", "No such role.", root_cause=True, location=Location(uri, Range.of(4, 2, 4, 8))),
        ),
    )
    assert [*result.failures(ended, Path("/home/ada")), result.closing(ended)] == snapshot(
        [
            "thumbnailer/sigma.yaml:5:3: error: resize: No such role.",
            "error (a consequence): images: Resource creation cancelled",
            "thumbnailer (dev): failed and rolled back in 12 s. The function resize could not be created.",
        ]
    )


@pytest.mark.parametrize(
    ("outcome", "message", "said"),
    [
        ("failed", "Failed. There are no credentials.", "failed in 2.0 s. There are no credentials."),
        ("stopped", "Stopped: the changes were undone.", "stopped in 2.0 s. The changes were undone."),
        ("succeeded", "Deployed it.", "succeeded in 2.0 s. Deployed it."),
        ("failed", "demo was not removed. q: In use.", "failed in 2.0 s. demo was not removed. q: In use."),
        ("rolledBack", "Failed, and demo was rolled back. q: No.", "failed and rolled back in 2.0 s. q: No."),
        (
            "rolledBack",
            "Failed, and demo was rolled back.",
            "failed and rolled back in 2.0 s. The stack demo was rolled back.",
        ),
        (
            "partiallyApplied",
            "Failed, and demo is UPDATE_FAILED: some changes stay in place. q: No.",
            "failed, partially applied in 2.0 s. The stack demo is UPDATE_FAILED: some changes stay in place. q: No.",
        ),
        ("refused", "Refused.", "refused in 2.0 s."),
    ],
)
def test_the_outcome_is_said_once(outcome, message, said):
    ended = deployment(phase="completed", outcome=outcome, message=message, ended_at=at(2))
    assert result.closing(ended) == f"thumbnailer (dev): {said}"


def test_a_fault_of_the_manifest_itself_names_it_once():
    place = Location("file:///home/ada/sigma.yaml", Range.of(0, 0, 0, 4))
    refused = deployment(failures=(Failure("sigma.yaml", "'name' is missing.", root_cause=True, location=place),))
    assert list(result.failures(refused, Path("/home/ada"))) == ["sigma.yaml:1:1: error: 'name' is missing."]


def test_outputs_are_aligned_and_sensitive_ones_hidden():
    outputs = (Output("Url", "http://x", description="Open it."), Output("Password", "s3cret", sensitive=True))
    assert list(result.outputs(deployment(outputs=outputs))) == [
        "  Url       http://x",
        "            Open it.",
        "  Password  (hidden)",
    ]
