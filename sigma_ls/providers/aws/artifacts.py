"""The artifact bucket: functions' archives by content hash, and templates too long to be sent along.

Nothing in it is ever overwritten or expired: a rollback needs the archives of the version before.  Every call names
the account that must own the bucket, so that one which somebody else made under the expected name is refused.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sigma_ls.deploy.ports import Artifact, Conflict, NotAllowed, NotFound, ProviderError
from sigma_ls.providers.aws.errors import code_of
from sigma_ls.providers.aws.session import CALL_TIMEOUT, AwsSession
from sigma_ls.synth.template import CodeLocation

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

UPLOADS_AT_ONCE = 4
"""A guess: more do not fill a home line any better, and two cores hash and send them."""

SLOWEST_UPLOAD = 20_000
"""Bytes a second (a guess: a poor mobile line) under which an upload is given up."""


class ArtifactBucket:
    """The bucket of one account and region; `account` gives the account's number."""

    def __init__(self, session: AwsSession, account: Callable[[], Awaitable[str]]) -> None:
        self._session = session
        self._account = account
        self._uploaded: set[str] = set()

    async def upload(
        self, artifacts: Sequence[Artifact], project: str, report: Callable[[str], None]
    ) -> Mapping[str, CodeLocation]:
        """Put the archives that are not there yet; where each function's archive is then."""
        owner = await self._account()
        bucket = self._name(owner)
        keys = {artifact.function: f"{project}/{artifact.hash}.zip" for artifact in artifacts}
        by_key = {keys[artifact.function]: artifact for artifact in artifacts}
        present = await self._present(bucket, owner, project, list(by_key), report)
        missing = {key: artifact for key, artifact in by_key.items() if key not in present}
        await self._put_all(bucket, owner, missing, report)
        return {function: CodeLocation(bucket, key) for function, key in keys.items()}

    def is_news(self, template: str) -> bool:
        """Whether `template` names an archive that was not on the cloud before this object uploaded it."""
        return any(key in template for key in self._uploaded)

    async def store_template(self, template: str) -> str:
        """Put a template, made the bucket if need be; the URL that CloudFormation reads it from."""
        owner = await self._account()
        bucket = self._name(owner)
        body = template.encode()
        key = f"templates/{hashlib.sha256(body).hexdigest()}.json"

        def put(client: S3Client) -> str:
            client.put_object(Bucket=bucket, Key=key, Body=body, ExpectedBucketOwner=owner)
            return f"{client.meta.endpoint_url}/{bucket}/{key}"

        try:
            return await self._session.s3(put, mutates=True)
        except NotFound:
            await self._make(bucket, owner)
            return await self._session.s3(put, mutates=True)
        except NotAllowed as error:
            raise self._perhaps_anothers(error, bucket, owner) from error

    def _name(self, owner: str) -> str:
        connection = self._session.connection
        return connection.artifacts or f"sigma-artifacts-{owner}-{connection.region}"

    # --- what is there -----------------------------------------------------------------------------------------------

    async def _present(
        self, bucket: str, owner: str, project: str, keys: Sequence[str], report: Callable[[str], None]
    ) -> set[str]:
        """Those of `keys` that are in the bucket, which is made if it is missing and ours to make."""
        if not keys:
            return set()
        try:
            listed = await self._session.s3(
                lambda client: client.list_objects_v2(Bucket=bucket, Prefix=f"{project}/", ExpectedBucketOwner=owner)
            )
        except NotFound:
            report(f"Making the bucket {bucket}")
            await self._make(bucket, owner)
            return set()
        except NotAllowed as error:
            raise self._perhaps_anothers(error, bucket, owner) from error
        found = {entry["Key"] for entry in listed.get("Contents", [])}
        if listed.get("IsTruncated"):
            # A project with more than a thousand archives: the few that are wanted are asked for one by one.
            unknown = [key for key in keys if key not in found]
            answers = await asyncio.gather(*(self._exists(bucket, owner, key) for key in unknown))
            found.update(key for key, exists in zip(unknown, answers, strict=True) if exists)
        return found

    async def _exists(self, bucket: str, owner: str, key: str) -> bool:
        try:
            await self._session.s3(lambda client: client.head_object(Bucket=bucket, Key=key, ExpectedBucketOwner=owner))
        except NotFound:
            return False
        return True

    # --- the bucket --------------------------------------------------------------------------------------------------

    async def _make(self, bucket: str, owner: str) -> None:
        """Make the default bucket: encrypted, closed to the public; half-done uploads vanish after a week."""
        connection = self._session.connection
        if connection.artifacts is not None:
            raise NotFound(
                f"There is no bucket {bucket} in the account {owner}.",
                "Correct `aws.artifacts`, or remove it to have a bucket made.",
            )
        # us-east-1 is the one region that may not be named.
        place: Any = (
            {}
            if connection.region == "us-east-1"
            else {"CreateBucketConfiguration": {"LocationConstraint": connection.region}}
        )
        try:
            await self._session.s3(lambda client: client.create_bucket(Bucket=bucket, **place), mutates=True)
        except Conflict as error:
            if code_of(error) != "BucketAlreadyOwnedByYou":
                raise self._anothers(bucket, owner) from error

        def close(client: S3Client) -> None:
            client.put_public_access_block(
                Bucket=bucket,
                PublicAccessBlockConfiguration={
                    "BlockPublicAcls": True,
                    "IgnorePublicAcls": True,
                    "BlockPublicPolicy": True,
                    "RestrictPublicBuckets": True,
                },
                ExpectedBucketOwner=owner,
            )
            client.put_bucket_encryption(
                Bucket=bucket,
                ServerSideEncryptionConfiguration={
                    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
                },
                ExpectedBucketOwner=owner,
            )
            client.put_bucket_lifecycle_configuration(
                Bucket=bucket,
                LifecycleConfiguration={
                    "Rules": [
                        {
                            "ID": "half-done-uploads",
                            "Status": "Enabled",
                            "Filter": {"Prefix": ""},
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                        }
                    ]
                },
                ExpectedBucketOwner=owner,
            )

        await self._session.s3(close, mutates=True)

    def _perhaps_anothers(self, error: NotAllowed, bucket: str, owner: str) -> NotAllowed:
        return NotAllowed(
            f"The bucket {bucket} is closed to you: it belongs to another account than {owner}, or you lack a"
            f" permission. {error.message}",
            "Ask for that permission, or name a bucket of this account in `aws.artifacts`.",
        )

    def _anothers(self, bucket: str, owner: str) -> Conflict:
        return Conflict(
            f"The bucket {bucket} belongs to another account than {owner}; nothing was uploaded.",
            "Name a bucket of this account in `aws.artifacts`.",
        )

    # --- uploads -----------------------------------------------------------------------------------------------------

    async def _put_all(
        self, bucket: str, owner: str, missing: Mapping[str, Artifact], report: Callable[[str], None]
    ) -> None:
        places = asyncio.Semaphore(UPLOADS_AT_ONCE)
        done = 0

        async def put(key: str, artifact: Artifact) -> None:
            nonlocal done
            async with places:
                await self._put(bucket, owner, key, artifact)
            self._uploaded.add(key)
            done += 1
            report(f"Uploaded {artifact.function}, {_megabytes(artifact.size)} ({done}/{len(missing)})")

        try:
            async with asyncio.TaskGroup() as group:
                for key, artifact in missing.items():
                    group.create_task(put(key, artifact))
        except ExceptionGroup as failures:
            # They fail for one cause, as a rule; the first says which.
            raise failures.exceptions[0] from None

    async def _put(self, bucket: str, owner: str, key: str, artifact: Artifact) -> None:
        def put(client: S3Client) -> None:
            with open(artifact.path, "rb") as archive:  # noqa: PTH123 - the path is a plain text in the contract
                client.put_object(
                    Bucket=bucket,
                    Key=key,
                    Body=archive,
                    ContentType="application/zip",
                    ExpectedBucketOwner=owner,
                    # S3 refuses a body that is not what the hash says.
                    ChecksumSHA256=base64.b64encode(bytes.fromhex(artifact.hash)).decode(),
                )

        try:
            await self._session.s3(put, mutates=True, within=CALL_TIMEOUT + artifact.size / SLOWEST_UPLOAD)
        except OSError as error:
            raise ProviderError(
                f"The archive of {artifact.function} cannot be read: {error}", "Build it again."
            ) from error


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1_000:.1f} kB"
