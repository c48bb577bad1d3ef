"""What a change puts at risk: data first, then a new physical resource, an interruption, permissions.

Which types hold data that is lost with them is a list of ours, after the one of cfn-lint's rule I3011.  Left out of it
on purpose: queues (their messages are on their way, not kept) and log groups (they tell of the past, nothing reads them).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from attrs import evolve

from sigma_ls.deploy.natural import natural
from sigma_ls.deploy.snapshot import Change, Risk

STATEFUL: Final = frozenset(
    {
        "AWS::Backup::BackupVault",
        "AWS::CodeCommit::Repository",
        "AWS::Cognito::IdentityPool",
        "AWS::Cognito::UserPool",
        "AWS::DocDB::DBCluster",
        "AWS::DynamoDB::GlobalTable",
        "AWS::DynamoDB::Table",
        "AWS::EC2::Volume",
        "AWS::ECR::Repository",
        "AWS::EFS::FileSystem",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::Elasticsearch::Domain",
        "AWS::FSx::FileSystem",
        "AWS::KMS::Key",
        "AWS::Kinesis::Stream",
        "AWS::Neptune::DBCluster",
        "AWS::OpenSearchService::Domain",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::RDS::GlobalCluster",
        "AWS::Redshift::Cluster",
        "AWS::S3::Bucket",
        "AWS::S3Express::DirectoryBucket",
        "AWS::SSM::Parameter",
        "AWS::SecretsManager::Secret",
        "AWS::Timestream::Database",
        "AWS::Timestream::Table",
    }
)
"""Types whose removal or replacement loses data."""

_PERMISSIONS: Final = frozenset(
    {
        "AWS::ApiGatewayV2::Authorizer",
        "AWS::KMS::ReplicaKey",
        "AWS::Lambda::LayerVersionPermission",
        "AWS::Lambda::Permission",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::SecretsManager::ResourcePolicy",
    }
)

_KEPT: Final = frozenset({"Retain", "RetainExceptOnCreate", "Snapshot"})


def is_stateful(resource_type: str) -> bool:
    """Whether removing a resource of this type loses data."""
    return resource_type in STATEFUL


def stateful_ids(resources: Mapping[str, str]) -> tuple[str, ...]:
    """Of logical ids and types, the ids of what holds data, sorted."""
    return tuple(sorted((name for name, kind in resources.items() if is_stateful(kind)), key=natural))


def assess(change: Change, resources: Mapping[str, Any]) -> Change:
    """The change with its risk; `resources` is the section of that name in the new template."""
    return evolve(change, risk=_risk(change, resources.get(change.id, {})))


def loses_data(changes: Iterable[Change]) -> tuple[str, ...]:
    """The logical ids of the changes that lose data, in their order."""
    return tuple(change.id for change in changes if change.risk == "dataLoss")


def _risk(change: Change, resource: Mapping[str, Any]) -> Risk:
    kind = change.resource.type
    # A `may` depends on values that only the execution knows; for data the worst is assumed.
    replaced = change.action == "replace" or change.replacement != "never"
    if is_stateful(kind) and change.status != "retained":
        if change.action == "remove":
            return "dataLoss"
        if replaced and change.action in ("modify", "replace") and resource.get("UpdateReplacePolicy") not in _KEPT:
            return "dataLoss"
    if replaced and change.action in ("modify", "replace"):
        return "replacement"
    if kind in _PERMISSIONS or kind.startswith("AWS::IAM::"):
        return "permissions"
    return "none"
