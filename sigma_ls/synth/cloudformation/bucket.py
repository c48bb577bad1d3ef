"""Buckets, and functions triggered by what happens to objects in them.

CloudFormation lets S3 check, when it makes a bucket, that S3 may call the functions that it is to notify.  So the bucket
comes after their permissions, thus after the functions and their roles; were one of these to refer to the bucket, that
would be a circular dependency.  Hence every bucket has a literal name from the start, by which permissions, roles and
environments can name it: a name set only when the first trigger comes would replace the bucket, and lose what is in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from sigma_ls.manifest.model import Bucket, BucketTrigger, Cors, Text
from sigma_ls.synth.cloudformation import existing_bucket, references
from sigma_ls.synth.cloudformation.calls import no_grants, permission
from sigma_ls.synth.cloudformation.expressions import (
    ACCOUNT,
    PARTITION,
    REGION,
    URL_SUFFIX,
    Expression,
    get_att,
    join,
    ref,
)
from sigma_ls.synth.cloudformation.names import arn_resource, bucket_stem
from sigma_ls.synth.cloudformation.nodes import At, Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.scope import Kind, Part, Scope, TriggerKind, TriggerUse, logical_id
from sigma_ls.synth.unsupported import Unsupported

S3_EVENTS = MappingProxyType(
    {
        "created": "s3:ObjectCreated:*",
        "created:put": "s3:ObjectCreated:Put",
        "created:post": "s3:ObjectCreated:Post",
        "created:copy": "s3:ObjectCreated:Copy",
        "created:multipart": "s3:ObjectCreated:CompleteMultipartUpload",
        "removed": "s3:ObjectRemoved:*",
        "removed:delete": "s3:ObjectRemoved:Delete",
        "removed:marker": "s3:ObjectRemoved:DeleteMarkerCreated",
    }
)
"""The manifest's events → S3's (S3 user guide, *Supported event types*)."""

CORS_METHODS = ("DELETE", "GET", "HEAD", "POST", "PUT")
"""All that S3 knows; unlike an api it takes no `*` for them (S3 user guide, *Elements of a CORS configuration*)."""


def parts(scope: Scope, bucket: Bucket) -> Iterator[Part]:
    """The bucket, and its policy where it is public."""
    origin = bucket.origin

    def own(value: Node, *path: str | int) -> Node:
        return sourced(origin, value, *path)

    uses = scope.triggers.get(bucket.id, ())
    properties: dict[str, Node] = {
        "BucketName": own(_literal_name(scope, bucket), "name"),
        "CorsConfiguration": own(bucket.cors and {"CorsRules": [_cors_rule(bucket.cors)]}, "cors"),
        "LifecycleConfiguration": own(_lifecycle(bucket), "expireAfterDays"),
        "NotificationConfiguration": _notifications(uses),
        "PublicAccessBlockConfiguration": own(_public_access(bucket), "public"),
        "VersioningConfiguration": own({"Status": "Enabled"} if bucket.versioned else None, "versioned"),
    }
    depends_on = tuple(sorted({_permission_id(scope, use) for use in uses}))
    yield main_part(scope, bucket, "AWS::S3::Bucket", properties, depends_on=depends_on)
    if bucket.public:
        yield _public_policy(scope, bucket)


def attribute(scope: Scope, bucket: Bucket, name: str) -> Expression | None:
    """`name`, `arn` and `url`.

    By reference where the bucket depends on nothing, so that CloudFormation knows what comes first; else literally.
    """
    refers = bucket.existing is None and not scope.triggers.get(bucket.id) and not bucket.properties
    match name:
        case "name":
            return ref(logical_id(bucket.id)) if refers else _literal_name(scope, bucket)
        case "arn":
            return get_att(logical_id(bucket.id), "Arn") if refers else _literal_arn(scope, bucket)
        case "url":
            stem = ref(logical_id(bucket.id)) if refers else _literal_name(scope, bucket)
            return join("https://", stem, ".s3.", REGION, ".", URL_SUFFIX)
        case _:
            return None


KIND = Kind(parts=parts, attribute=attribute)


# --- the bucket ------------------------------------------------------------------------------------------------------


def _literal_name(scope: Scope, bucket: Bucket) -> Expression:
    if bucket.existing is not None:
        return join(arn_resource(bucket.existing) or bucket.existing)
    match bucket.properties.get("BucketName"):
        case str() as direct:
            return join(direct)
        case Text() as direct:
            return references.expression(scope, direct)
        case None:
            pass
        case _:
            message = (
                f"The name of `{bucket.id}` must be known before it is made: set `name`, or a text without functions."
            )
            raise Unsupported(message, bucket.origin.at("properties", "BucketName"))
    if bucket.name is not None:
        return join(bucket.name)
    return join(bucket_stem(scope.project.stack, bucket.id), "-", ACCOUNT, "-", REGION)


def _literal_arn(scope: Scope, bucket: Bucket) -> Expression:
    if bucket.existing is not None and arn_resource(bucket.existing) is not None:
        return join(bucket.existing)
    return join("arn:", PARTITION, ":s3:::", _literal_name(scope, bucket))


def _public_access(bucket: Bucket) -> Node:
    """What is blocked: all, but for a public bucket its policy.

    Explicitly, though new buckets are like that: it shows, and guards against what is set later.  Encryption and the
    owner's control of all objects are not written down: every new bucket has both (since January and April 2023).
    """
    return {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": not bucket.public,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": not bucket.public,
    }


def _cors_rule(cors: Cors) -> Node:
    return {
        "AllowedOrigins": list(cors.origins),
        "AllowedMethods": list(CORS_METHODS if "*" in cors.methods else cors.methods),
        "AllowedHeaders": list(cors.headers),
        "ExposedHeaders": list(cors.expose_headers) or None,
        "MaxAge": cors.max_age,
    }


def _lifecycle(bucket: Bucket) -> Node:
    if bucket.expire_after_days is None:
        return None
    return {"Rules": [{"Id": "Expire", "Status": "Enabled", "ExpirationInDays": bucket.expire_after_days}]}


def _public_policy(scope: Scope, bucket: Bucket) -> Part:
    objects = join(get_att(logical_id(bucket.id), "Arn"), "/*")
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Principal": "*", "Resource": objects}
    return Part(
        logical_id=scope.ids.companion(bucket.id, kind="Policy"),
        type="AWS::S3::BucketPolicy",
        owner=bucket.id,
        range=bucket.origin.at("public"),
        properties={
            "Bucket": ref(logical_id(bucket.id)),
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        },
    )


# --- its triggers ----------------------------------------------------------------------------------------------------


def _notifications(uses: tuple[TriggerUse, ...]) -> Node:
    """One block for all triggers, since a bucket has but one; sorted, so that the order of triggers does not show."""
    if not uses:
        return None
    configurations = sorted(
        (configuration for use in uses for configuration in _configurations(use)), key=lambda c: c[0]
    )
    return {"LambdaConfigurations": [node for _, node in configurations]}


def _configurations(use: TriggerUse) -> Iterator[tuple[tuple[str, ...], Node]]:
    trigger: BucketTrigger = use.trigger
    rules = [
        {"Name": name, "Value": use.sourced(value, name)}
        for name, value in (("prefix", trigger.prefix), ("suffix", trigger.suffix))
        if value is not None
    ]
    for index, event in enumerate(trigger.events):
        if event not in S3_EVENTS:
            known = ", ".join(f"`{name}`" for name in S3_EVENTS)
            raise Unsupported(f"Buckets have no event `{event}`; they have {known}.", use.at("events", index))
        node = {
            "Event": use.sourced(S3_EVENTS[event], "events", index),
            "Filter": {"S3Key": {"Rules": rules}} if rules else None,
            "Function": get_att(logical_id(use.function.id), "Arn"),
        }
        yield (use.function.id, event, trigger.prefix or "", trigger.suffix or ""), At(use.range, node)


def _permission_id(scope: Scope, use: TriggerUse) -> str:
    return scope.ids.companion(use.trigger.bucket, use.function.id, kind="Permission")


def _trigger_parts(scope: Scope, use: TriggerUse) -> Iterator[Part]:
    """The permission for S3 to call the function; rules of EventBridge for a bucket that exists."""
    place = use.at("bucket")
    bucket = scope.thing(use.trigger.bucket, place)
    if not isinstance(bucket, Bucket):
        raise Unsupported(f"`{bucket.id}` is no bucket, so a `bucket` trigger cannot name it.", place)
    if bucket.existing is not None:
        yield from existing_bucket.rules(scope, use, scope.attribute(bucket.id, "name", place))
        return
    if not use.first:
        return
    # The ARN of a bucket has no account: were the bucket deleted, another account's of that name could call.
    yield permission(
        scope,
        use,
        _permission_id(scope, use),
        "s3.amazonaws.com",
        _literal_arn(scope, bucket),
        SourceAccount=ACCOUNT,
    )


TRIGGER = TriggerKind(source=lambda trigger: trigger.bucket, parts=_trigger_parts, grants=no_grants)
