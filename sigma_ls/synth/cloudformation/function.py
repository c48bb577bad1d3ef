"""A function: its role, its log group, itself."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Ask, EnvironmentValue, FromSecret, Function, Queue, Topic, UrlTrigger
from sigma_ls.synth.cloudformation import permissions, references, secret
from sigma_ls.synth.cloudformation.expressions import ACCOUNT, REGION, Expression, get_att, join, ref
from sigma_ls.synth.cloudformation.nodes import Node, sourced
from sigma_ls.synth.cloudformation.scope import Grant, Kind, Part, Scope, logical_id
from sigma_ls.synth.cloudformation.statements import statements
from sigma_ls.synth.unsupported import Unsupported

ARTIFACT_BUCKET = join("sigma-artifacts-", ACCOUNT, "-", REGION)
"""The bucket for builds that the tool makes and keeps, where the manifest names none."""


def parts(scope: Scope, function: Function) -> Iterator[Part]:
    """Log group, role, function; and a policy for what comes after it."""
    yield _log_group(scope, function)
    yield _role(scope, function)
    yield _function(scope, function)
    yield from _late_policy(scope, function)


def attribute(scope: Scope, function: Function, name: str) -> Expression | None:
    """`name` and `arn`, and `url` where it has a `url` trigger."""
    match name:
        case "name":
            return ref(logical_id(function.id))
        case "arn":
            return get_att(logical_id(function.id), "Arn")
        case "url" if any(isinstance(trigger, UrlTrigger) for trigger in function.triggers):
            return get_att(scope.ids.companion(function.id, kind="Url"), "FunctionUrl")
        case _:
            return None


KIND = Kind(parts=parts, attribute=attribute)


# --- the function ----------------------------------------------------------------------------------------------------


def _function(scope: Scope, function: Function) -> Part:
    origin = function.origin

    def own(value: Node, *path: str | int) -> Node:
        return sourced(origin, value, *path)

    vpc = function.vpc
    properties: dict[str, Node] = {
        "Architectures": [own(function.architecture, "architecture")],
        "Code": own(_code(scope, function), "code"),
        "DeadLetterConfig": own(_dead_letter(scope, function), "deadLetter"),
        "Description": own(function.description, "description"),
        "Environment": _environment(scope, function),
        "EphemeralStorage": _each("Size", own(function.ephemeral_storage, "ephemeralStorage")),
        "Handler": own(function.handler, "handler"),
        "Layers": own([own(layer, "layers", index) for index, layer in enumerate(function.layers)] or None, "layers"),
        # A log group of a name that CloudFormation chooses: one left behind by an earlier stack is never in the way.
        "LoggingConfig": {"LogGroup": ref(_log_group_id(scope, function))},
        "MemorySize": own(function.memory, "memory"),
        "ReservedConcurrentExecutions": own(function.concurrency, "concurrency"),
        "Role": get_att(_role_id(scope, function), "Arn"),
        "Runtime": own(function.runtime, "runtime"),
        "Timeout": own(function.timeout, "timeout"),
        "TracingConfig": own({"Mode": "Active"} if function.tracing else None, "tracing"),
        "VpcConfig": vpc
        and own(
            {
                "SubnetIds": own(list(vpc.subnets), "vpc", "subnets"),
                "SecurityGroupIds": own(list(vpc.security_groups), "vpc", "securityGroups"),
            },
            "vpc",
        ),
    }
    return Part(
        logical_id=logical_id(function.id),
        type="AWS::Lambda::Function",
        owner=function.id,
        range=origin.key,
        properties=properties,
    )


def _each(key: str, value: Node) -> Node:
    """`{key: value}`, or nothing where there is no value."""
    return None if value is None else {key: value}


def _code(scope: Scope, function: Function) -> Node:
    location = scope.code.get(function.id)
    if location is not None:
        return {"S3Bucket": location.bucket, "S3Key": location.key}
    aws = scope.project.aws
    bucket: Node = (aws and aws.artifacts) or ARTIFACT_BUCKET
    return {"S3Bucket": bucket, "S3Key": f"{scope.project.name}/{function.id}/not-built.zip"}


def _environment(scope: Scope, function: Function) -> Node:
    if not function.environment:
        return None
    variables = {
        key: sourced(function.origin, _variable(scope, function, key, value), "environment", key)
        for key, value in function.environment.items()
    }
    return sourced(function.origin, {"Variables": variables}, "environment")


def _variable(scope: Scope, function: Function, key: str, value: EnvironmentValue) -> Node:
    match value:
        case Ask():
            return ref(scope.parameters[function.id, key])
        case FromSecret():
            return secret.value(scope, value, function.origin.at("environment", key))
        case _:
            return references.expression(scope, value)


def _dead_letter(scope: Scope, function: Function) -> Node:
    if function.dead_letter is None:
        return None
    return {"TargetArn": scope.attribute(function.dead_letter, "arn", function.origin.at("deadLetter"))}


# --- its log group and role ------------------------------------------------------------------------------------------


def _log_group_id(scope: Scope, function: Function) -> str:
    return scope.ids.companion(function.id, kind="LogGroup")


def _role_id(scope: Scope, function: Function) -> str:
    return scope.ids.companion(function.id, kind="Role")


def _log_group(scope: Scope, function: Function) -> Part:
    return Part(
        logical_id=_log_group_id(scope, function),
        type="AWS::Logs::LogGroup",
        owner=function.id,
        range=function.origin.key,
        properties={"RetentionInDays": sourced(function.origin, function.log_retention, "logRetention")},
    )


def _role(scope: Scope, function: Function) -> Part:
    own = [
        references.node(scope, statement, function.origin, "permissions", index)
        for index, statement in enumerate(function.permissions)
    ]
    policy = {
        "PolicyName": logical_id(function.id),
        "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": statements(_grants(scope, function), own),
        },
    }
    return Part(
        logical_id=_role_id(scope, function),
        type="AWS::IAM::Role",
        owner=function.id,
        range=function.origin.key,
        properties={
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
                ],
            },
            "Policies": [policy],
        },
    )


def _grants(scope: Scope, function: Function) -> Iterator[Grant]:
    origin = function.origin
    # Ends in `:*`, which takes in the group's streams.
    log_group = get_att(_log_group_id(scope, function), "Arn")
    yield Grant(("logs:CreateLogStream", "logs:PutLogEvents"), (log_group,), origin.key)
    everything = (join("*"),)
    if function.tracing:
        # X-Ray has no resource level for these.
        yield Grant(("xray:PutTelemetryRecords", "xray:PutTraceSegments"), everything, origin.at("tracing"))
    if function.vpc is not None:
        # As in AWSLambdaVPCAccessExecutionRole: describing has no resource level, and Lambda refuses to create the
        # function where its check for the others, made before there is any interface, does not pass.
        actions = (
            "ec2:AssignPrivateIpAddresses",
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:UnassignPrivateIpAddresses",
        )
        yield Grant(actions, everything, origin.at("vpc"))
    if function.dead_letter is not None:
        yield _dead_letter_grant(scope, function, function.dead_letter)
    for use in scope.triggers_of[function.id]:
        yield from scope.trigger_kinds[type(use.trigger)].grants(scope, use)
    yield from permissions.grants(scope, function, late=False)


def _dead_letter_grant(scope: Scope, function: Function, target: str) -> Grant:
    place = function.origin.at("deadLetter")
    match scope.thing(target, place):
        case Queue():
            actions = ("sqs:SendMessage",)
        case Topic():
            actions = ("sns:Publish",)
        case _:
            message = (
                f"`{function.id}` cannot put what failed into `{target}`: a dead letter goes to a queue or a topic."
            )
            raise Unsupported(message, place)
    return Grant(actions, (scope.attribute(target, "arn", place),), place)


def _late_policy(scope: Scope, function: Function) -> Iterator[Part]:
    """What the function may do with things that come after it, apart from the role.

    The role comes before the function: were it in there, two functions that call each other, or one that a user pool
    calls and that reads the pool, would be a circular dependency.
    """
    granted = tuple(permissions.grants(scope, function, late=True))
    if not granted:
        return
    yield Part(
        logical_id=scope.ids.companion(function.id, kind="Policy"),
        type="AWS::IAM::Policy",
        owner=function.id,
        range=granted[0].range,
        properties={
            "PolicyName": f"{logical_id(function.id)}Late",
            "PolicyDocument": {"Version": "2012-10-17", "Statement": statements(granted)},
            "Roles": [ref(_role_id(scope, function))],
        },
    )
