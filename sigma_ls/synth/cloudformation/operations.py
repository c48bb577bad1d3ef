"""The operations of the manifest (`uses`) → actions, and the resources that they apply to.

Each operation is the smallest set of actions on exactly the resource it names.  Actions and the types of resource that
they apply to are those of the *Service Authorization Reference*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from attrs import frozen

from sigma_ls.manifest.model import (
    Api,
    Bucket,
    Database,
    EventBus,
    Function,
    LogGroup,
    Queue,
    Secret,
    StateMachine,
    Stream,
    Table,
    Topic,
    UserPool,
)
from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation.database import data_api, master_secret, users
from sigma_ls.synth.cloudformation.expressions import Expression, arn
from sigma_ls.synth.cloudformation.scope import Scope
from sigma_ls.synth.cloudformation.state_machine import executions


@frozen
class Rule:
    """Actions, and on what: each of `on` is put after the ARN of the resource (`""` is the resource itself)."""

    actions: tuple[str, ...]
    on: tuple[str, ...] = ("",)
    base: Callable[[Scope, Any, Range], Expression | None] | None = None
    """What gives another ARN than that of the thing itself; nothing where none is known."""


def _callable_api(scope: Scope, api: Api, place: Range) -> Expression:
    return arn("execute-api", scope.attribute(api.id, "id", place))


_SELF_AND_OBJECTS = ("", "/*")
SELF_AND_INDEXES = ("", "/index/*")

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
                Rule(("dynamodb:Query", "dynamodb:Scan"), SELF_AND_INDEXES),
            ),
            "query": (Rule(("dynamodb:Query", "dynamodb:Scan"), SELF_AND_INDEXES),),
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
        # The ARN of an api is for managing it; calling it is another service's action.
        Api: {"invoke": (Rule(("execute-api:Invoke",), ("/*",), _callable_api),)},
        UserPool: {
            "read": (
                Rule(
                    (
                        "cognito-idp:AdminGetUser",
                        "cognito-idp:AdminListGroupsForUser",
                        "cognito-idp:DescribeUserPool",
                        "cognito-idp:ListGroups",
                        "cognito-idp:ListUsers",
                        "cognito-idp:ListUsersInGroup",
                    )
                ),
            ),
            "write": (
                Rule(
                    (
                        "cognito-idp:AdminAddUserToGroup",
                        "cognito-idp:AdminConfirmSignUp",
                        "cognito-idp:AdminCreateUser",
                        "cognito-idp:AdminDisableUser",
                        "cognito-idp:AdminEnableUser",
                        "cognito-idp:AdminRemoveUserFromGroup",
                        "cognito-idp:AdminResetUserPassword",
                        "cognito-idp:AdminSetUserPassword",
                        "cognito-idp:AdminUpdateUserAttributes",
                    )
                ),
            ),
            "admin": (Rule(("cognito-idp:*",)),),
        },
        Secret: {
            "read": (Rule(("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue")),),
            "write": (Rule(("secretsmanager:PutSecretValue",)),),
        },
        Database: {
            "query": (
                Rule(
                    (
                        "rds-data:BatchExecuteStatement",
                        "rds-data:BeginTransaction",
                        "rds-data:CommitTransaction",
                        "rds-data:ExecuteStatement",
                        "rds-data:RollbackTransaction",
                    ),
                    base=data_api,
                ),
                Rule(("secretsmanager:GetSecretValue",), base=master_secret),
            ),
            "connect": (Rule(("rds-db:connect",), base=users),),
        },
        StateMachine: {
            "start": (Rule(("states:StartExecution", "states:StartSyncExecution")),),
            "read": (
                Rule(("states:DescribeStateMachine", "states:ListExecutions")),
                Rule(("states:DescribeExecution", "states:GetExecutionHistory"), base=executions),
            ),
        },
    }
)
