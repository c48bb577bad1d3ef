"""Buckets that still hold something, about which the sandbox is as strict as AWS, unless it is told not to be."""

import pytest

from sigma_ls.sandbox import cloud
from tests.support.stacks import deployed

pytestmark = pytest.mark.sandbox

NOT_EMPTY = "The bucket you tried to delete is not empty"


def bucket(**properties):
    return {"Type": "AWS::S3::Bucket", "Properties": properties}


@pytest.fixture
def formation(sandbox):
    return sandbox.client("cloudformation")


@pytest.fixture
def fill(sandbox):
    """Put an object into a bucket."""
    s3 = sandbox.client("s3")
    return lambda name: s3.put_object(Bucket=name, Key="key", Body=b"content")


def names(sandbox):
    return [bucket["Name"] for bucket in sandbox.client("s3").list_buckets()["Buckets"]]


def test_where_it_is_told_to_be_lenient_a_bucket_goes_with_what_it_holds(formation, fill, sandbox):
    cloud.set_strict(buckets=False)
    stack = deployed(formation, "lenient", {"B": bucket(BucketName=f"lenient-{sandbox.account}")})
    fill(f"lenient-{sandbox.account}")
    formation.delete_stack(StackName="lenient")
    assert stack.settled() == "DELETE_COMPLETE"
    assert names(sandbox) == []


def test_a_full_bucket_fails_the_removal_of_its_stack_until_it_is_retained(formation, fill, sandbox):
    full, empty = f"full-{sandbox.account}", f"empty-{sandbox.account}"
    stack = deployed(formation, "strict", {"Full": bucket(BucketName=full), "Empty": bucket(BucketName=empty)})
    fill(full)
    formation.delete_stack(StackName="strict")
    assert stack.settled() == "DELETE_FAILED"
    reason = stack.reason("Full", "DELETE_FAILED")
    assert reason.startswith(f'Resource handler returned message: "{NOT_EMPTY} (Service: S3, Status Code: 409, ')
    assert reason.endswith("HandlerErrorCode: GeneralServiceException)")
    told = "The following resource(s) failed to delete: [Full]. "
    assert stack.reason("strict", "DELETE_FAILED") == told
    assert (stack.resources(), names(sandbox)) == (["Full"], [full])

    formation.delete_stack(StackName=stack.id, RetainResources=["Full"])
    assert stack.settled() == "DELETE_COMPLETE"
    assert stack.statuses("Full")[-1] == "DELETE_SKIPPED"
    assert names(sandbox) == [full]


def test_a_bucket_is_full_as_long_as_it_holds_versions(formation, fill, sandbox):
    name = f"versions-{sandbox.account}"
    versioned = bucket(BucketName=name, VersioningConfiguration={"Status": "Enabled"})
    stack = deployed(formation, "versions", {"B": versioned})
    fill(name)
    s3 = sandbox.client("s3")
    s3.delete_object(Bucket=name, Key="key")
    formation.delete_stack(StackName="versions")
    assert stack.settled() == "DELETE_FAILED"
    assert "You must delete all versions in the bucket." in stack.reason("B", "DELETE_FAILED")
    found = s3.list_object_versions(Bucket=name)
    for each in [*found["Versions"], *found["DeleteMarkers"]]:
        s3.delete_object(Bucket=name, Key="key", VersionId=each["VersionId"])
    formation.delete_stack(StackName="versions")
    assert stack.settled() == "DELETE_COMPLETE"


def test_a_full_bucket_that_an_update_drops_stays_behind_and_the_update_succeeds(formation, fill, sandbox):
    name = f"dropped-{sandbox.account}"
    queue = {"Type": "AWS::SQS::Queue"}
    deployed(formation, "dropped", {"B": bucket(BucketName=name), "Q": queue})
    fill(name)
    stack = deployed(formation, "dropped", {"Q": queue}, kind="UPDATE")
    assert stack.status() == "UPDATE_COMPLETE"
    assert NOT_EMPTY in stack.reason("B", "DELETE_FAILED")
    order = stack.events()
    assert order.index(("B", "DELETE_FAILED")) > order.index(("dropped", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"))
    assert names(sandbox) == [name]
