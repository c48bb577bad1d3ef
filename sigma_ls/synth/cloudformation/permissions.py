"""Operations (`uses`) → the actions and resources of a function's role.

Each operation is the smallest set of actions on exactly the resource it names.  Actions and the resource types that
they apply to are those of the *Service Authorization Reference*.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from attrs import evolve, frozen

from sigma_ls.manifest.model import Api, Bucket, EventBus, Function, LogGroup, Queue, Stream, Table, Topic
from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation.expressions import Expression, arn, join, to_json
from sigma_ls.synth.cloudformation.nodes import At, Node, flatten
from sigma_ls.synth.cloudformation.scope import Grant, Scope
from sigma_ls.synth.unsupported import Unsupported


@frozen
class Rule:
    """Actions, and on what: each of `on` is put after the ARN of the resource (`""` is the resource itself)."""

    actions: tuple[str, ...]
    on: tuple[str, ...] = ("",)


_SELF_AND_OBJECTS = ("", "/*")
_SELF_AND_INDEXES = ("", "/index/*")

OPERATIONS: Mapping[type, Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {
        Bucket: {
            "read": (Rule(("s3:GetObject",), ("/*",)), Rule(("s3:ListBucket",))),
            # An upload in parts that fails is aborted by the SDKs, so that its parts are not paid for.
            "write": (Rule(("s3:AbortMultipartUpload", "s3:PutObject"), ("/*",)),),
            "delete": (Rule(("s3:DeleteObject",), ("/*",)),),
            "admin": (Rule(("s3:*",), _SELF_AND_OBJECTS),),
        },
        Table: {
            "read": (
                Rule(("dynamodb:BatchGetItem", "dynamodb:GetItem")),
                Rule(("dynamodb:Query", "dynamodb:Scan"), _SELF_AND_INDEXES),
            ),
            "query": (Rule(("dynamodb:Query", "dynamodb:Scan"), _SELF_AND_INDEXES),),
            "write": (Rule(("dynamodb:BatchWriteItem", "dynamodb:PutItem", "dynamodb:UpdateItem")),),
            "delete": (Rule(("dynamodb:DeleteItem",)),),
            "admin": (Rule(("dynamodb:*",), ("", "/*")),),
        },
        Queue: {
            "send": (Rule(("sqs:GetQueueUrl", "sqs:SendMessage")),),
            "receive": (
                Rule(
                    (
                        "sqs:ChangeMessageVisibility",
                        "sqs:DeleteMessage",
                        "sqs:GetQueueAttributes",
                        "sqs:GetQueueUrl",
                        "sqs:ReceiveMessage",
                    )
                ),
            ),
            "admin": (Rule(("sqs:*",)),),
        },
        Topic: {
            "publish": (Rule(("sns:Publish",)),),
            "admin": (Rule(("sns:*",)),),
        },
        Stream: {
            "read": (
                Rule(
                    (
                        "kinesis:DescribeStream",
                        "kinesis:DescribeStreamSummary",
                        "kinesis:GetRecords",
                        "kinesis:GetShardIterator",
                        "kinesis:ListShards",
                    )
                ),
                Rule(("kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"), ("/consumer/*",)),
            ),
            "write": (Rule(("kinesis:PutRecord", "kinesis:PutRecords")),),
        },
        EventBus: {
            "publish": (Rule(("events:PutEvents",)),),
            "admin": (Rule(("events:*",)),),
        },
        # The ARN of a log group ends in `:*`, which takes in its streams.
        LogGroup: {
            "read": (
                Rule(
                    (
                        "logs:DescribeLogStreams",
                        "logs:FilterLogEvents",
                        "logs:GetLogEvents",
                        "logs:GetQueryResults",
                        "logs:StartQuery",
                    )
                ),
            ),
            "write": (Rule(("logs:CreateLogStream", "logs:PutLogEvents")),),
        },
        Function: {"invoke": (Rule(("lambda:InvokeFunction",)),)},
        Api: {"invoke": (Rule(("execute-api:Invoke",), ("/*",)),)},
    }
)


def grants(scope: Scope, function: Function, *, of_functions: bool) -> Iterator[Grant]:
    """What the function's `uses` ask for: on other functions, or on all else."""
    for used in sorted(function.uses):
        place = function.origin.at("uses", used)
        thing = scope.thing(used, place)
        if isinstance(thing, Function) is not of_functions:
            continue
        operations = OPERATIONS.get(type(thing), {})
        base = _base(scope, used, thing, place)
        for operation in function.uses[used]:
            if operation not in operations:
                message = f"`{function.id}` cannot use `{used}` for `{operation}`: " + (
                    f"its operations are {', '.join(f'`{name}`' for name in operations)}."
                    if operations
                    else "a raw type has no operations; write what is needed under `permissions`."
                )
                raise Unsupported(message, place)
            for rule in operations[operation]:
                suffixes = rule.on
                if isinstance(thing, Table) and suffixes == _SELF_AND_INDEXES and not _may_have_indexes(thing):
                    suffixes = ("",)
                yield Grant(rule.actions, tuple(join(base, suffix) for suffix in suffixes), place)


def _base(scope: Scope, used: str, thing: object, place: Range) -> Expression:
    """The ARN that a rule's resources begin with."""
    if isinstance(thing, Api):
        # The ARN of an api is for managing it; calling it is another service's action.
        return arn("execute-api", scope.attribute(used, "id", place))
    return scope.attribute(used, "arn", place)


def _may_have_indexes(table: Table) -> bool:
    return bool(table.indexes or table.existing or table.properties)


def statements(granted: Iterable[Grant], own: Iterable[Node] = ()) -> list[Node]:
    """Policy statements: one for all that is granted on the same resources, then the user's own, none twice."""
    by_resources: dict[str, Grant] = {}
    for grant in granted:
        key = json.dumps([to_json(resource) for resource in grant.resources], sort_keys=True)
        known = by_resources.get(key)
        if known is None:
            by_resources[key] = grant
        else:
            by_resources[key] = evolve(known, actions=known.actions + grant.actions)
    # By resource, so that the order of `uses` and of triggers does not show.
    generated = [_statement(by_resources[key]) for key in sorted(by_resources)]

    seen: set[str] = set()
    kept: list[Node] = []
    for statement in (*generated, *own):
        plain = json.dumps(flatten(statement), sort_keys=True)
        if plain not in seen:
            seen.add(plain)
            kept.append(statement)
    return kept


def _statement(grant: Grant) -> Node:
    service_wide = {action.partition(":")[0] for action in grant.actions if action.endswith(":*")}
    actions = sorted(
        action for action in set(grant.actions) if action.endswith(":*") or action.partition(":")[0] not in service_wide
    )
    resources = grant.resources
    resource = resources[0] if len(resources) == 1 else list(resources)
    return At(grant.range, {"Effect": "Allow", "Action": actions, "Resource": resource})
