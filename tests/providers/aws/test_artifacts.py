import base64
import hashlib

import pytest
from inline_snapshot import snapshot

from sigma_ls.deploy.ports import Artifact, Conflict, NotAllowed, NotFound, ProviderError, Unreachable
from sigma_ls.providers.aws.artifacts import ArtifactBucket
from sigma_ls.providers.aws.connection import AwsConnection
from sigma_ls.synth.template import CodeLocation
from tests.providers.aws.script import Script, refused

OWNER = "111122223333"
BUCKET = "sigma-artifacts-111122223333-eu-west-1"
NO_BUCKET = NotFound("The specified bucket does not exist")
NEW_BUCKET = {
    "create_bucket": [{}],
    "put_public_access_block": [{}],
    "put_bucket_encryption": [{}],
    "put_bucket_lifecycle_configuration": [{}],
}


class Storing(Script):
    """Notes what the body of an object was, since it is closed afterwards."""

    def answer(self, operation, arguments):
        if operation == "put_object" and not isinstance(arguments["Body"], bytes):
            arguments = arguments | {"Body": arguments["Body"].read()}
        return super().answer(operation, arguments)


@pytest.fixture
def archive(tmp_path):
    """Makes the archive of a function, as the builder does."""

    def make(function, content=None):
        content = content or function.encode()
        path = tmp_path / f"{function}.zip"
        path.write_bytes(content)
        return Artifact(function, hashlib.sha256(content).hexdigest(), len(content), str(path))

    return make


def bucket_of(script):
    async def account():
        return OWNER

    return ArtifactBucket(script, account)


async def upload(script, *artifacts):
    said = []
    locations = await bucket_of(script).upload(artifacts, "thumbnailer", said.append)
    return locations, said


def listing(*artifacts, **more):
    return {"Contents": [{"Key": f"thumbnailer/{artifact.hash}.zip"} for artifact in artifacts], **more}


# --- uploads ---------------------------------------------------------------------------------------------------------


async def test_only_what_is_not_there_is_uploaded(archive):
    there, new = archive("there"), archive("new")
    script = Storing(list_objects_v2=[listing(there)], put_object=[{}])
    locations, said = await upload(script, there, new)
    assert locations == {
        "there": CodeLocation(BUCKET, f"thumbnailer/{there.hash}.zip"),
        "new": CodeLocation(BUCKET, f"thumbnailer/{new.hash}.zip"),
    }
    (put,) = script.arguments("put_object")
    assert (put["Bucket"], put["Key"], put["Body"]) == (BUCKET, f"thumbnailer/{new.hash}.zip", b"new")
    assert said == ["Uploaded new, 0.0 kB (1/1)"]


async def test_s3_is_told_what_it_should_receive(archive):
    artifact = archive("f")
    script = Storing(list_objects_v2=[{}], put_object=[{}])
    await upload(script, artifact)
    (put,) = script.arguments("put_object")
    assert base64.b64decode(put["ChecksumSHA256"]).hex() == artifact.hash


async def test_functions_with_the_same_code_share_an_archive(archive):
    first, second = archive("first", b"same"), archive("second", b"same")
    script = Storing(list_objects_v2=[{}], put_object=[{}])
    locations, _ = await upload(script, first, second)
    assert locations["first"] == locations["second"]
    assert len(script.arguments("put_object")) == 1


async def test_nothing_to_upload_asks_nothing():
    script = Script()
    assert await upload(script) == ({}, [])
    assert script.calls == []


async def test_every_call_names_the_account_that_must_own_the_bucket(archive):
    there, new = archive("there"), archive("new")
    script = Storing(
        list_objects_v2=[NO_BUCKET, listing(IsTruncated=True)], head_object=[{}], put_object=[{}], **NEW_BUCKET
    )
    bucket = bucket_of(script)
    await bucket.upload([new], "thumbnailer", lambda _: None)
    await bucket.upload([there], "thumbnailer", lambda _: None)
    await bucket.store_template("{}")
    owners = {operation: arguments.get("ExpectedBucketOwner") for operation, arguments in script.calls}
    # CreateBucket has no such parameter: it fails where the name is another's.
    assert owners.pop("create_bucket") is None
    assert set(owners) == {
        "list_objects_v2",
        "head_object",
        "put_object",
        "put_public_access_block",
        "put_bucket_encryption",
        "put_bucket_lifecycle_configuration",
    }
    assert set(owners.values()) == {OWNER}


async def test_in_a_bucket_of_more_than_a_page_the_rest_is_asked_for_one_by_one(archive):
    listed, old, new = archive("listed"), archive("old"), archive("new")

    def head(Key, **_):  # noqa: N803 - AWS's names
        return {} if old.hash in Key else NotFound("Not Found")

    script = Storing(list_objects_v2=[listing(listed, IsTruncated=True)], head_object=[head], put_object=[{}])
    await upload(script, listed, old, new)
    assert [put["Body"] for put in script.arguments("put_object")] == [b"new"]
    assert len(script.arguments("head_object")) == 2


async def test_an_upload_that_fails_ends_it_with_its_own_error(archive):
    script = Storing(list_objects_v2=[{}], put_object=[Unreachable("s3 in eu-west-1 cannot be reached")])
    with pytest.raises(Unreachable, match="cannot be reached"):
        await upload(script, archive("a"), archive("b"))


async def test_an_archive_that_vanished_is_named():
    script = Script(list_objects_v2=[{}])
    with pytest.raises(ProviderError, match=r"The archive of resize cannot be read: .* Build it again"):
        await upload(script, Artifact("resize", "00" * 32, 1, "/nowhere/resize.zip"))


# --- the bucket ------------------------------------------------------------------------------------------------------


async def test_a_missing_bucket_is_made_closed_and_encrypted(archive):
    script = Storing(list_objects_v2=[NO_BUCKET], put_object=[{}], **NEW_BUCKET)
    _, said = await upload(script, archive("f"))
    assert said[0] == f"Making the bucket {BUCKET}"
    assert script.operations == snapshot(
        [
            "list_objects_v2",
            "create_bucket",
            "put_public_access_block",
            "put_bucket_encryption",
            "put_bucket_lifecycle_configuration",
            "put_object",
        ]
    )
    assert script.arguments("create_bucket") == [
        {"Bucket": BUCKET, "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    ]
    (block,) = script.arguments("put_public_access_block")
    assert set(block["PublicAccessBlockConfiguration"].values()) == {True}


async def test_in_us_east_1_the_region_may_not_be_named(archive):
    script = Storing(list_objects_v2=[NO_BUCKET], put_object=[{}], **NEW_BUCKET)
    script.connection = AwsConnection("us-east-1")
    await upload(script, archive("f"))
    assert script.arguments("create_bucket") == [{"Bucket": "sigma-artifacts-111122223333-us-east-1"}]


async def test_nothing_that_was_stored_ever_expires(archive):
    script = Storing(list_objects_v2=[NO_BUCKET], put_object=[{}], **NEW_BUCKET)
    await upload(script, archive("f"))
    (lifecycle,) = script.arguments("put_bucket_lifecycle_configuration")
    (rule,) = lifecycle["LifecycleConfiguration"]["Rules"]
    assert not {"Expiration", "NoncurrentVersionExpiration"} & set(rule)


async def test_two_deployments_may_make_the_bucket_at_once(archive):
    ours = refused(Conflict("you own it"), "BucketAlreadyOwnedByYou")
    script = Storing(list_objects_v2=[NO_BUCKET], put_object=[{}], **NEW_BUCKET | {"create_bucket": [ours]})
    locations, _ = await upload(script, archive("f"))
    assert locations["f"].bucket == BUCKET


async def test_a_name_that_another_account_took_first_is_refused(archive):
    taken = refused(Conflict("not available"), "BucketAlreadyExists")
    script = Storing(list_objects_v2=[NO_BUCKET], create_bucket=[taken])
    with pytest.raises(Conflict) as failure:
        await upload(script, archive("f"))
    assert str(failure.value) == snapshot(
        "The bucket sigma-artifacts-111122223333-eu-west-1 belongs to another account than 111122223333; nothing was uploaded. Name a bucket of this account in `aws.artifacts`."
    )


async def test_a_bucket_that_is_closed_may_be_anothers(archive):
    script = Storing(list_objects_v2=[NotAllowed("You are not allowed to s3:ListBucket: Access Denied")])
    with pytest.raises(NotAllowed) as failure:
        await upload(script, archive("f"))
    assert str(failure.value) == snapshot(
        "The bucket sigma-artifacts-111122223333-eu-west-1 is closed to you: it belongs to another account than 111122223333, or you lack a permission. You are not allowed to s3:ListBucket: Access Denied Ask for that permission, or name a bucket of this account in `aws.artifacts`."
    )


async def test_a_bucket_that_the_user_named_is_not_made(archive):
    script = Storing(list_objects_v2=[NO_BUCKET])
    script.connection = AwsConnection("eu-west-1", artifacts="mine")
    with pytest.raises(NotFound) as failure:
        await upload(script, archive("f"))
    assert str(failure.value) == snapshot(
        "There is no bucket mine in the account 111122223333. Correct `aws.artifacts`, or remove it to have a bucket made."
    )
    assert script.operations == ["list_objects_v2"]


# --- templates -------------------------------------------------------------------------------------------------------


async def test_a_template_makes_the_bucket_too():
    script = Script(put_object=[NO_BUCKET, {}], **NEW_BUCKET)
    url = await bucket_of(script).store_template("{}")
    assert url == snapshot(
        "https://s3.eu-west-1.amazonaws.com/sigma-artifacts-111122223333-eu-west-1/templates/44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a.json"
    )


async def test_a_template_that_names_a_new_archive_is_news(archive):
    there, new = archive("there"), archive("new")
    bucket = bucket_of(Storing(list_objects_v2=[listing(there)], put_object=[{}]))
    locations = await bucket.upload([there, new], "thumbnailer", lambda _: None)
    assert bucket.is_news(f'{{"S3Key": "{locations["new"].key}"}}')
    assert not bucket.is_news(f'{{"S3Key": "{locations["there"].key}"}}')
