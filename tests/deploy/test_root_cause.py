"""Which of many failures are causes."""

from __future__ import annotations

import pytest
from attrs import evolve

from sigma_ls.deploy.root_cause import failures, readable
from sigma_ls.deploy.snapshot import Change, ChangedResource, Location
from sigma_ls.syntax.span import START
from tests.support.history import STACK, history

ROWS = {"Images": Change("Images", ChangedResource("AWS::S3::Bucket", "images"), "add", location=Location("u", START))}


def found(text: str, *, removal: bool = False, types: dict[str, str] | None = None) -> list[tuple[str, str, bool]]:
    all_of_them = failures(history(text, types), ROWS, rolling=False, removal=removal)
    return [(each.resource, each.reason, each.root_cause) for each in all_of_them]


def test_the_first_failure_is_the_cause_and_cancelled_ones_are_folded_under_it():
    assert found("""
        Images  CREATE_FAILED  images already exists
        Queue   CREATE_FAILED  Resource creation cancelled
        *       ROLLBACK_IN_PROGRESS  The following resource(s) failed to create: [Images, Queue].
        Images  DELETE_COMPLETE
    """) == [("images", "images already exists", True)]  # fmt: skip


def test_each_independent_path_has_its_own_cause():
    assert [root for *_, root in found("Images CREATE_FAILED one\nQueue CREATE_FAILED two")] == [True, True]


def test_what_fails_while_rolling_back_is_a_consequence():
    assert found("""
        Queue   UPDATE_FAILED  no
        *       UPDATE_ROLLBACK_IN_PROGRESS
        Images  UPDATE_FAILED  cannot go back
    """) == [("Queue", "no", True), ("images", "cannot go back", False)]  # fmt: skip


def test_a_deletion_that_fails_in_an_update_leaves_something_behind():
    assert found("Old DELETE_FAILED not empty") == [("Old", "left behind: not empty", False)]


def test_a_deletion_that_fails_in_a_removal_is_the_cause():
    assert found("Images DELETE_FAILED not empty", removal=True) == [("images", "not empty", True)]


def test_the_row_of_a_nested_stack_is_no_cause():
    assert found("Inner CREATE_FAILED Embedded stack was not created", types={"Inner": STACK}) == []


def test_what_fails_within_a_nested_stack_is_told_on_its_own_row_where_there_is_one():
    inner = Change("Inner", ChangedResource(STACK, "inner"), "add")
    queue = Change("Inner.Queue", ChangedResource("AWS::SQS::Queue", "inner.Queue"), "add")
    event = evolve(history("Queue CREATE_FAILED no")[0], logical_id="Inner.Queue", within="Inner")
    for rows, change in (({"Inner": inner, queue.id: queue}, "Inner.Queue"), ({"Inner": inner}, "Inner")):
        (failure,) = failures([event], rows, rolling=False, removal=False)
        assert (failure.resource, failure.change) == ("inner.Queue", change)


@pytest.mark.parametrize(("sandbox", "how"), [(False, "aws s3 rm s3://"), (True, "sigma-ls sandbox status")])
def test_a_bucket_that_is_not_empty_says_how_to_empty_it_there(sandbox, how):
    events = history("Images DELETE_FAILED The bucket you tried to delete is not empty", {"Images": "AWS::S3::Bucket"})
    (failure,) = failures(events, ROWS, rolling=False, removal=True, sandbox=sandbox)
    assert how in failure.reason


def test_a_failure_knows_its_place_in_the_manifest():
    (failure,) = failures(history("Images CREATE_FAILED no"), ROWS, rolling=False, removal=False)
    assert (failure.change, failure.location) == ("Images", Location("u", START))


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (
            (
                'Resource handler returned message: "Topic already exists (Service: Sns, Status Code: 400, Request ID: '
                '5d1f6a3e-0000-0000-0000-000000000000)" (RequestToken: 9f6c1a2b-0000, HandlerErrorCode: AlreadyExists)'
            ),
            "Topic already exists (Service: Sns, Status Code: 400) (AlreadyExists)",
        ),
        ("thumbnailer-images already exists", "thumbnailer-images already exists"),
        (
            (
                "The bucket is not empty (Service: S3, Status Code: 409, Request ID: 5D1F6A3E, Extended Request ID: x/y=, "
                "Proxy: null)"
            ),
            "The bucket is not empty (Service: S3, Status Code: 409)",
        ),
    ],
)
def test_a_reason_is_readable(reason, expected):
    assert readable(reason) == expected
