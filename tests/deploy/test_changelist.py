"""What becomes of the rows of a changelist while the stack's events come in."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from sigma_ls.deploy import changelist
from sigma_ls.deploy.changelist import Fold
from sigma_ls.deploy.snapshot import Cause, Change, ChangedResource, Location, PlanSummary, Progress
from sigma_ls.syntax.span import Range
from sigma_ls.synth.template import SourceMap, Template
from tests.support.history import history


def row(name: str, action: str = "add", kind: str = "AWS::SNS::Topic", **more) -> Change:
    return Change(name, ChangedResource(kind, name), action, **more)


def told(rows: list[Change], text: str, *, removal: bool = False) -> Fold:
    return changelist.advance(Fold(tuple(rows)), history(text), removal=removal)


def statuses(fold: Fold) -> dict[str, str]:
    return {each.id: each.status for each in fold.rows}


def test_an_addition_goes_from_pending_to_succeeded():
    fold = told([row("A"), row("B")], """
        *  CREATE_IN_PROGRESS  User Initiated
        A  CREATE_IN_PROGRESS
        A  CREATE_IN_PROGRESS  Resource creation Initiated
        A  CREATE_COMPLETE
        B  CREATE_IN_PROGRESS
    """)  # fmt: skip

    a, b = fold.rows
    assert (a.status, a.started_at, a.ended_at) == ("succeeded", "2025-01-01T00:00:01.000Z", "2025-01-01T00:00:03.000Z")
    assert (b.status, b.started_at, b.ended_at) == ("inProgress", "2025-01-01T00:00:04.000Z", None)
    assert a.resource.physical_id == "demo-A"
    assert changelist.progress(fold.rows) == Progress(done=1, total=2, failed=0)


def test_a_failed_creation_is_rolled_back_and_keeps_its_failure():
    fold = told([row("A"), row("B"), row("C"), row("D")], """
        A  CREATE_IN_PROGRESS
        B  CREATE_IN_PROGRESS
        C  CREATE_IN_PROGRESS
        A  CREATE_COMPLETE
        B  CREATE_FAILED       Topic already exists
        C  CREATE_FAILED       Resource creation cancelled
        *  ROLLBACK_IN_PROGRESS  The following resource(s) failed to create: [C, B].
        A  DELETE_IN_PROGRESS
        B  DELETE_COMPLETE
        C  DELETE_COMPLETE
    """)  # fmt: skip
    assert statuses(fold) == {"A": "rollingBack", "B": "failed", "C": "cancelled", "D": "pending"}
    assert fold.rows[1].reason == "Topic already exists"

    fold = changelist.advance(fold, history("A DELETE_COMPLETE"), removal=False)
    fold = changelist.settled(fold, "rolledBack", "later", removal=False)
    assert statuses(fold) == {"A": "rolledBack", "B": "failed", "C": "cancelled", "D": "cancelled"}
    assert not changelist.applied(fold)


def test_an_update_clears_up_behind_a_replacement_without_news():
    fold = told([row("A", "replace"), row("B", "remove"), row("C", "modify")], """
        *  UPDATE_IN_PROGRESS
        A  UPDATE_IN_PROGRESS  Requested update requires the creation of a new physical resource
        A  UPDATE_COMPLETE
        C  UPDATE_IN_PROGRESS
        C  UPDATE_COMPLETE
        *  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS
        A  DELETE_IN_PROGRESS
        B  DELETE_IN_PROGRESS
    """)  # fmt: skip
    assert statuses(fold) == {"A": "succeeded", "B": "inProgress", "C": "succeeded"}

    fold = changelist.advance(fold, history("A DELETE_FAILED bucket not empty\nB DELETE_COMPLETE"), removal=False)
    fold = changelist.settled(fold, "succeeded", "later", removal=False)
    assert statuses(fold) == {"A": "succeeded", "B": "succeeded", "C": "succeeded"}


def test_an_update_that_is_rolled_back():
    fold = told([row("A", "modify"), row("B"), row("C", "modify"), row("D", "remove")], """
        *  UPDATE_IN_PROGRESS
        A  UPDATE_IN_PROGRESS
        A  UPDATE_COMPLETE
        B  CREATE_IN_PROGRESS
        B  CREATE_COMPLETE
        C  UPDATE_IN_PROGRESS
        C  UPDATE_FAILED  no
        *  UPDATE_ROLLBACK_IN_PROGRESS  The following resource(s) failed to update: [C].
        A  UPDATE_IN_PROGRESS
        A  UPDATE_COMPLETE
        C  UPDATE_COMPLETE
        *  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS
        B  DELETE_IN_PROGRESS
        B  DELETE_COMPLETE
        *  UPDATE_ROLLBACK_COMPLETE
    """)  # fmt: skip
    fold = changelist.settled(fold, "rolledBack", "later", removal=False)
    assert statuses(fold) == {"A": "rolledBack", "B": "rolledBack", "C": "failed", "D": "cancelled"}


def test_what_cannot_be_undone_stays_in_place():
    fold = told([row("A", "modify"), row("B")], """
        A  UPDATE_IN_PROGRESS
        A  UPDATE_COMPLETE
        B  CREATE_FAILED  no
        *  UPDATE_ROLLBACK_IN_PROGRESS
        A  UPDATE_IN_PROGRESS
        A  UPDATE_FAILED  cannot go back
        *  UPDATE_ROLLBACK_FAILED
    """)  # fmt: skip
    fold = changelist.settled(fold, "failed", "later", removal=False)

    assert statuses(fold) == {"A": "failed", "B": "failed"}
    assert changelist.applied(fold)


def test_a_removal_succeeds_when_the_resource_is_gone_and_says_what_was_kept():
    rows = [row("A", "remove"), row("B", "remove"), row("C", "remove"), row("D", "remove")]
    fold = told(rows, """
        *  DELETE_IN_PROGRESS
        A  DELETE_IN_PROGRESS
        A  DELETE_COMPLETE
        B  DELETE_SKIPPED
        C  DELETE_IN_PROGRESS
        C  DELETE_FAILED  The bucket you tried to delete is not empty
    """, removal=True)  # fmt: skip
    assert statuses(fold) == {"A": "succeeded", "B": "retained", "C": "failed", "D": "pending"}
    assert changelist.progress(fold.rows) == Progress(done=2, total=4, failed=1)


def test_a_creation_that_is_stopped_is_deleted():
    fold = told([row("A"), row("B")], """
        A  CREATE_COMPLETE
        *  DELETE_IN_PROGRESS  User Initiated
        A  DELETE_IN_PROGRESS
        A  DELETE_COMPLETE
    """)  # fmt: skip
    fold = changelist.settled(fold, "deleted", "later", removal=False)
    assert statuses(fold) == {"A": "rolledBack", "B": "cancelled"}


def test_what_had_no_event_needed_nothing_when_all_went_well():
    fold = changelist.settled(Fold((row("A", "modify"),)), "succeeded", "later", removal=False)
    assert (fold.rows[0].status, fold.rows[0].ended_at) == ("succeeded", None)


def test_rows_get_the_names_and_places_of_the_manifest_and_the_riskiest_come_first():
    at = Range.of(7, 2, 7, 8)
    memory = Range.of(9, 12, 9, 15)
    template = Template(
        body={"Resources": {"Resize": {"Type": "AWS::Lambda::Function"}, "Images": {"Type": "AWS::S3::Bucket"}}},
        sources=SourceMap(
            {("Resources", "Resize"): at, ("Resources", "Resize", "Properties", "MemorySize"): memory}
        ),
        resources={"Resize": "resize", "Images": "images"},
    )  # fmt: skip
    changes = [
        row("Resize", "modify", "AWS::Lambda::Function", causes=(Cause("MemorySize", "256", "512"), Cause("Tags"))),
        row("Images", "replace", "AWS::S3::Bucket", replacement="will"),
        row("Gone", "remove", "AWS::SQS::Queue"),
    ]

    images, gone, resize = changelist.staged(changes, template, "file:///sigma.yaml")

    assert (images.resource.name, images.risk) == ("images", "dataLoss")
    assert (resize.resource.name, resize.location) == ("resize", Location("file:///sigma.yaml", at))
    assert [cause.location.range for cause in resize.causes] == [memory, at]
    assert (gone.resource.name, gone.location) == ("Gone", None)


def test_rows_of_one_risk_are_in_the_natural_order_of_their_names():
    changes = [
        row("First10"),
        row("Old", "remove"),
        row("First2"),
        row("first1"),
        row("Table", "remove", "AWS::DynamoDB::Table"),
    ]
    found = changelist.staged(changes, None, "file:///sigma.yaml")
    assert [each.resource.name for each in found] == ["Table", "first1", "First2", "First10", "Old"]


def test_rows_within_a_nested_stack_stand_at_its_place():
    at = Range.of(7, 2, 7, 8)
    template = Template(
        body={"Resources": {"Inner": {"Type": "AWS::CloudFormation::Stack"}}},
        sources=SourceMap({("Resources", "Inner"): at}),
        resources={"Inner": "inner"},
    )
    table = row("Inner.Table", "remove", "AWS::DynamoDB::Table", causes=(Cause("TableName"),))
    (placed,) = changelist.staged([table], template, "file:///sigma.yaml")
    assert (placed.resource.name, placed.risk) == ("inner.Table", "dataLoss")
    assert placed.location == Location("file:///sigma.yaml", at)
    # Where a property of it is written only the nested template knows.
    assert placed.causes == table.causes


def test_a_summary_counts_by_kind():
    rows = [row("A"), row("B", "import"), row("C", "modify"), row("D", "replace"), row("E", "remove")]
    assert changelist.summary(rows) == PlanSummary(add=2, modify=1, replace=1, remove=1)


LINES = st.lists(
    st.tuples(
        st.sampled_from("ABC*"),
        st.sampled_from(["CREATE", "UPDATE", "DELETE", "UPDATE_ROLLBACK"]),
        st.sampled_from(["IN_PROGRESS", "COMPLETE", "FAILED"]),
    ).map(lambda parts: f"{parts[0]} {parts[1]}_{parts[2]}"),
    max_size=30,
)


@settings(deadline=None)
@given(LINES, st.sampled_from(["succeeded", "rolledBack", "failed", "deleted"]), st.booleans())
def test_whatever_comes_no_row_is_lost_and_none_stays_open(lines, outcome, removal):
    rows = [row("A"), row("B", "modify"), row("C", "remove")]
    fold = told(rows, "\n".join(lines), removal=removal)
    fold = changelist.settled(fold, outcome, "later", removal=removal)

    assert [each.id for each in fold.rows] == ["A", "B", "C"]
    assert not {"pending", "inProgress"} & set(statuses(fold).values())


@settings(deadline=None)
@given(LINES, st.integers(0, 30))
def test_how_the_events_are_cut_into_batches_changes_nothing(lines, cut):
    rows = [row("A"), row("B", "modify"), row("C", "remove")]
    events = history("\n".join(lines))
    whole = changelist.advance(Fold(tuple(rows)), events, removal=False)
    first = changelist.advance(Fold(tuple(rows)), events[:cut], removal=False)

    assert changelist.advance(first, events[cut:], removal=False) == whole


def test_a_fold_that_starts_anew_forgets_all_but_what_was_staged():
    rows = [row("A"), row("B", "remove", status="retained")]
    fold = told(rows, "A CREATE_IN_PROGRESS\nA CREATE_FAILED no\n* ROLLBACK_IN_PROGRESS")
    assert changelist.anew(fold) == Fold(
        tuple(
            evolve(each, resource=evolve(each.resource, physical_id=known.resource.physical_id))
            for each, known in zip(rows, fold.rows, strict=True)
        )
    )


@pytest.mark.parametrize("reason", ["Resource creation cancelled", "Resource update cancelled"])
def test_followers_of_a_failure_are_cancelled_not_failed(reason):
    fold = told([row("A", "modify")], f"A UPDATE_IN_PROGRESS\nA UPDATE_FAILED {reason}")
    assert statuses(fold) == {"A": "cancelled"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            """
            *  UPDATE_IN_PROGRESS
            A  UPDATE_IN_PROGRESS
            B  CREATE_IN_PROGRESS
            A  UPDATE_COMPLETE
            """,
            {"A": ("modify", "succeeded"), "B": ("add", "inProgress")},
        ),
        (
            """
            *  CREATE_IN_PROGRESS
            A  CREATE_FAILED       no
            B  CREATE_FAILED       Resource creation cancelled
            *  ROLLBACK_IN_PROGRESS
            B  DELETE_IN_PROGRESS
            """,
            {"A": ("add", "failed"), "B": ("add", "cancelled")},
        ),
        (
            """
            *  DELETE_IN_PROGRESS
            A  DELETE_IN_PROGRESS
            B  DELETE_COMPLETE
            """,
            {"A": ("remove", "inProgress"), "B": ("remove", "succeeded")},
        ),
    ],
)
def test_of_someone_elses_operation_the_rows_are_what_it_is_seen_to_touch(text: str, expected):
    events = history(text)
    at_once = changelist.observed(Fold(), events)
    assert {each.id: (each.action, each.status) for each in at_once.rows} == expected
    one_by_one = Fold()
    for event in events:
        one_by_one = changelist.observed(one_by_one, [event])
    assert one_by_one.rows == at_once.rows
