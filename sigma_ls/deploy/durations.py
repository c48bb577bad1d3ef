"""How long a deployment still takes: a guess from how long the same kinds of change took before.

The stack's own history comes first, then what is usual for a type.  Nothing here knows the order in which the cloud
works: what is pending is taken to begin when everything in progress is done, and then to run at the same time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

from sigma_ls.deploy.snapshot import Change

_USUAL: Final[Mapping[str, float]] = {
    "AWS::ApiGateway::RestApi": 3,
    "AWS::ApiGatewayV2::Api": 3,
    "AWS::CloudFront::Distribution": 240,
    "AWS::CloudFormation::Stack": 60,
    "AWS::Cognito::UserPool": 5,
    "AWS::DynamoDB::Table": 15,
    "AWS::ElastiCache::ReplicationGroup": 600,
    "AWS::IAM::InstanceProfile": 130,
    "AWS::IAM::Role": 18,
    "AWS::Kinesis::Stream": 30,
    "AWS::Lambda::EventSourceMapping": 20,
    "AWS::Lambda::Function": 8,
    "AWS::Logs::LogGroup": 3,
    "AWS::OpenSearchService::Domain": 900,
    "AWS::RDS::DBCluster": 300,
    "AWS::RDS::DBInstance": 420,
    "AWS::S3::Bucket": 22,
    "AWS::SNS::Topic": 12,
    "AWS::SQS::Queue": 65,
}
"""Seconds that a creation usually takes, by type: guesses, good to the order of magnitude.  A queue's long one is real:
CloudFormation waits a minute after it."""

_OTHERWISE: Final = 10.0
SANDBOX_PACE: Final = 10.0
"""How many times faster than AWS the sandbox is; its own times are made up in that order."""
_SHORTER: Final[Mapping[str, float]] = {"modify": 0.5, "remove": 0.5}
"""By action, the share of a creation's time that it takes (guesses)."""


def kind_of(change: Change) -> str:
    """What history is kept by."""
    return f"{change.action} {change.resource.type}"


def measured(histories: Iterable[Iterable[Change]]) -> Mapping[str, float]:
    """The median seconds by kind of change, of those that succeeded in deployments before."""
    found: dict[str, list[float]] = {}
    for changes in histories:
        for change in changes:
            if change.status == "succeeded" and change.started_at and change.ended_at:
                found.setdefault(kind_of(change), []).append(_seconds(change.started_at, change.ended_at))
    return {kind: round(_median(seconds), 1) for kind, seconds in found.items()}


def _median(seconds: list[float]) -> float:
    """As `statistics` has it, which brings fractions and decimals: 1 MB, at the start of each editor."""
    ordered = sorted(seconds)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def usual(change: Change, typical: Mapping[str, float], *, pace: float = 1.0) -> float:
    """Seconds that a change takes, by history or by what is usual for its type where a cloud works at `pace`."""
    if (known := typical.get(kind_of(change))) is not None:
        return known
    return _USUAL.get(change.resource.type, _OTHERWISE) * _SHORTER.get(change.action, 1.0) / pace


def remaining(changes: Iterable[Change], typical: Mapping[str, float], now: str, *, pace: float = 1.0) -> int | None:
    """Seconds until all `changes` are done, as a guess; nothing where none is left to be done."""
    changes = tuple(changes)
    running = [
        max(usual(change, typical, pace=pace) - _seconds(change.started_at, now), 0.0)
        for change in changes
        if change.status == "inProgress" and change.started_at
    ]
    pending = [usual(change, typical, pace=pace) for change in changes if change.status == "pending"]
    if not running and not pending:
        return None
    return round(max(running, default=0.0) + max(pending, default=0.0))


def _seconds(since: str, until: str) -> float:
    return max((dt.datetime.fromisoformat(until) - dt.datetime.fromisoformat(since)).total_seconds(), 0.0)
