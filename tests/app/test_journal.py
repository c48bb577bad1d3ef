"""Deployments on disk: what is written is what is read, whatever the state."""

from __future__ import annotations

import pytest
from attrs import evolve

from sigma_ls.app.journal import KEPT_ATTEMPTS, Journal
from sigma_ls.app.package import Package, packed
from sigma_ls.app.record import Record, stack_key
from sigma_ls.app.world import CloudRef
from sigma_ls.deploy.changelist import Fold
from sigma_ls.deploy.facts import Facts
from sigma_ls.deploy.snapshot import (
    Cause,
    Change,
    ChangedResource,
    Failure,
    Location,
    Output,
    ProjectRef,
    StackRef,
)
from sigma_ls.deploy.states import Completed, Order
from sigma_ls.syntax.span import Range
from sigma_ls.synth.template import SourceMap, Template, TemplateParameter
from tests.support.history import history
from tests.support.transitions import STATES

CLOUD = CloudRef("cloudformation", "eu-west-1", profile="work", endpoint_url="http://127.0.0.1:1", artifacts="mine")
PLACE = Location("file:///p/sigma.yaml", Range.of(1, 2, 3, 4))
CHANGE = Change(
    "Images",
    ChangedResource("AWS::S3::Bucket", "images", "demo-images"),
    "replace",
    "will",
    "dataLoss",
    (Cause("BucketName", "old", "new", PLACE), Cause("Tags")),
    "failed",
    "no",
    True,
    "then",
    "later",
    PLACE,
)
FACTS = Facts(
    id="20250101T000000-0001",
    project=ProjectRef("file:///p/sigma.yaml", "demo"),
    stage="dev",
    sandbox=True,
    engine="cloudformation",
    stack=StackRef("demo-dev", "eu-west-1", "arn:x", "123456789012", "https://console"),
    started_at="then",
    updated_at="now",
    ended_at="later",
    fold=Fold((CHANGE,), True, ("Images",), "because"),
    outputs=(Output("Url", "https://x", False, "the address"),),
    failures=(Failure("images", "no", True, "Images", PLACE),),
    stack_status="UPDATE_ROLLBACK_FAILED",
    detail="Building.",
    notice="no network",
)


def record(state=STATES["monitoring"], **facts) -> Record:
    return Record("demo", "/p/sigma.yaml", CLOUD, state, evolve(FACTS, **facts), revision=7)


@pytest.mark.parametrize("name", STATES)
def test_every_state_comes_back_as_it_was(tmp_path, name):
    journal = Journal(tmp_path)
    journal.write(record(STATES[name]))
    assert journal.read("demo", FACTS.id) == record(STATES[name])
    assert journal.find(FACTS.id) == record(STATES[name])


def test_what_is_complete_is_not_running(tmp_path):
    journal = Journal(tmp_path)
    journal.write(record())
    assert journal.running() == (record(),)
    assert journal.running_for("demo") == record()

    done = record(Completed(Order("deploy"), "succeeded"))
    journal.write(done)
    assert journal.running() == ()
    assert journal.running_for("demo") is None
    assert journal.last() == (done,)


def test_the_last_one_is_the_last_that_did_something(tmp_path):
    journal = Journal(tmp_path)
    for number, outcome in enumerate(["succeeded", "rolledBack", "aborted", "refused", "noChanges"]):
        journal.write(record(Completed(Order("deploy"), outcome), id=f"2025010{number}T000000-x"))
    (last,) = journal.last()
    assert last.state.outcome == "rolledBack"


@pytest.mark.parametrize(("reached", "last_outcome"), [("execution", "succeeded"), ("monitoring", "failed")])
def test_a_failure_before_the_cloud_began_does_not_hide_the_last_deployment(tmp_path, reached, last_outcome):
    journal = Journal(tmp_path)
    journal.write(record(Completed(Order("deploy"), "succeeded"), id="20250101T000000-x"))
    # It staged its changes; how far it came beyond that is what counts.
    journal.write(record(Completed(Order("deploy"), "failed"), id="20250102T000000-x", reached=reached))
    (last,) = journal.last()
    assert last.state.outcome == last_outcome


def test_where_nothing_was_done_the_last_attempt_is_the_last(tmp_path):
    journal = Journal(tmp_path)
    for number, outcome in enumerate(["aborted", "noChanges"]):
        journal.write(record(Completed(Order("deploy"), outcome), id=f"2025010{number}T000000-x"))
    (last,) = journal.last()
    assert last.state.outcome == "noChanges"


def test_an_older_record_survives_a_failed_write(tmp_path):
    journal = Journal(tmp_path)
    journal.write(record())
    # A folder in the way of the draft: as good as a full disk, also for root.
    for path in list(tmp_path.glob("demo/*.json")):
        path.with_name(f"{path.name}.new").mkdir()
    with pytest.raises(OSError, match="directory"):
        journal.write(record(stack_status="other"))
    assert journal.read("demo", FACTS.id) == record()


def test_on_a_full_disk_the_older_record_stays_and_no_draft_takes_room(tmp_path):
    journal = Journal(tmp_path)
    journal.write(record())
    draft = tmp_path / "demo" / f"{FACTS.id}.running.json.new"
    draft.symlink_to("/dev/full")
    with pytest.raises(OSError):
        journal.write(record(stack_status="other"))
    assert journal.read("demo", FACTS.id) == record()
    assert not draft.is_symlink()


def test_what_cannot_be_read_or_tidied_is_no_reason_to_fail(tmp_path):
    """As in a folder that is read only."""
    problems: list[str] = []
    journal = Journal(tmp_path, problems.append)
    journal.write(record(Completed(Order("deploy"), "succeeded")))
    # Folders where files should be can neither be read nor removed, also by root.
    (tmp_path / "demo" / "20240101T000000-x.json").mkdir()
    (tmp_path / "demo" / f"{FACTS.id}.running.json").mkdir()

    assert journal.running() == ()
    assert [each.id for each in journal.history(lambda _: True, 50)] == [FACTS.id]
    assert len(problems) == 1
    assert "cannot be read: Is a directory" in problems[0]


def test_events_are_kept_in_order_and_each_once(tmp_path):
    journal = Journal(tmp_path)
    events = history("A CREATE_IN_PROGRESS\nA CREATE_COMPLETE\n* CREATE_COMPLETE done")
    journal.append("demo", "d1", events[:2])
    journal.append("demo", "d1", events[1:])
    assert journal.events("demo", "d1") == events
    assert journal.events("demo", "d2") == ()


def test_what_is_staged_can_be_staged_again(tmp_path):
    template = Template(
        body={"Resources": {"Images": {"Type": "AWS::S3::Bucket"}}},
        sources=SourceMap({("Resources", "Images"): Range.of(1, 2, 3, 4), ("Resources", "Images", 0): Range.of(5, 6, 7, 8)}),
        resources={"Images": "images"},
        parameters=(TemplateParameter("KEY", "Key", "the key"),),
        capabilities=("CAPABILITY_IAM",),
    )  # fmt: skip
    journal = Journal(tmp_path)
    package = packed(template, '{"Resources":{"Images":{"Type":"AWS::S3::Bucket"}}}', tags={"a": "b"}, role="arn:role")
    journal.keep("demo", "d1", package)

    kept = journal.package("demo", "d1")
    assert kept == package
    assert isinstance(kept, Package)
    restored = kept.restored()
    assert (restored.body, restored.resources, restored.parameters) == (
        template.body,
        template.resources,
        template.parameters,
    )
    assert restored.sources.at("Resources", "Images", 0) == Range.of(5, 6, 7, 8)
    assert journal.package("demo", "d2") is None


def test_a_stack_has_one_folder_for_all_who_would_deploy_to_it():
    key = stack_key(CLOUD, "demo-dev")
    assert key.startswith("demo-dev-")
    assert key == stack_key(evolve(CLOUD, artifacts="other"), "demo-dev")
    others = [
        stack_key(CLOUD, "demo-prod"),
        stack_key(evolve(CLOUD, region="eu-central-1"), "demo-dev"),
        stack_key(evolve(CLOUD, profile=None), "demo-dev"),
        stack_key(evolve(CLOUD, sandbox=True), "demo-dev"),
        stack_key(evolve(CLOUD, endpoint_url=None), "demo-dev"),
    ]
    assert len({key, *others}) == 6
    assert "/" not in stack_key(CLOUD, "../../x")


def test_a_damaged_file_is_reported_once(tmp_path):
    problems: list[str] = []
    journal = Journal(tmp_path, problems.append)
    journal.write(record())
    (path,) = tmp_path.glob("demo/*.json")
    path.write_text("{")

    assert journal.running() == ()
    assert journal.running() == ()
    assert len(problems) == 1
    assert "is kept as" in problems[0]


@pytest.mark.parametrize("marked", [True, False], ids=["as we write them", "without the mark"])
def test_attempts_are_forgotten_and_deployments_are_kept(tmp_path, marked):
    def write(number, outcome):
        facts = evolve(FACTS, id=f"20250101T0000{number:02}-0001")
        record = Record("demo", "/p/sigma.yaml", CLOUD, Completed(Order("deploy"), outcome, ""), facts)
        # Each by a process of its own, which remembers nothing of the others.
        Journal(tmp_path).write(record)
        path = tmp_path / "demo" / f"{facts.id}.json"
        if not marked:
            path.write_text(path.read_text().replace('"executed": true, ', "").replace('"executed": false, ', ""))

    write(0, "succeeded")
    for number in range(1, KEPT_ATTEMPTS + 3):
        write(number, "aborted")
    write(50, "failed")
    kept = Journal(tmp_path).history(lambda _: True, 50)
    assert [each.state.outcome for each in kept] == ["failed", *["aborted"] * KEPT_ATTEMPTS, "succeeded"]
    assert min(each.id for each in kept if each.state.outcome == "aborted") == "20250101T000003-0001"
