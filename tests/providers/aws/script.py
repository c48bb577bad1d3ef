"""AWS as a script: stands in for `AwsSession`, answers by operation, and notes what it was asked."""

import datetime as dt

from sigma_ls.providers.aws.connection import AwsConnection

MOMENT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
STACK_ID = "arn:aws:cloudformation:eu-west-1:111122223333:stack/app/0001"
ARN = "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/sigma-t1/0002"


class Script:
    """`answers` maps an operation to its answers, in order; the last one is given again and again.

    An answer is what the operation returns, an exception that it raises, or a function of its arguments that does
    either.
    """

    def __init__(self, **answers):
        self.connection = AwsConnection("eu-west-1")
        self.calls = []
        self._answers = {operation: list(given) for operation, given in answers.items()}

    @property
    def operations(self):
        return [operation for operation, _ in self.calls]

    def arguments(self, operation):
        return [arguments for name, arguments in self.calls if name == operation]

    async def cloudformation(self, call, *, mutates=False, patient=True):
        return call(_Client(self))

    async def s3(self, call, *, mutates=False, within=0):
        return call(_Client(self))

    async def sts(self, call):
        return call(_Client(self))

    def answer(self, operation, arguments):
        self.calls.append((operation, arguments))
        assert operation in self._answers, f"{operation} was not expected: {arguments}"
        given = self._answers[operation]
        answer = given.pop(0) if len(given) > 1 else given[0]
        if callable(answer):
            answer = answer(**arguments)
        if isinstance(answer, Exception):
            raise answer
        return answer


class _Meta:
    endpoint_url = "https://s3.eu-west-1.amazonaws.com"


class _Client:
    meta = _Meta()

    def __init__(self, script):
        self._script = script

    def __getattr__(self, operation):
        return lambda **arguments: self._script.answer(operation, arguments)


def stack(status, **more):
    """An answer of DescribeStacks."""
    return {
        "Stacks": [
            {"StackName": "app", "StackId": STACK_ID, "StackStatus": status, "CreationTime": MOMENT, "Tags": [], **more}
        ]
    }


def change_set(status="CREATE_COMPLETE", execution="AVAILABLE", changes=(), **more):
    """An answer of DescribeChangeSet."""
    return {
        "ChangeSetId": ARN,
        "StackId": STACK_ID,
        "StackName": "app",
        "Status": status,
        "ExecutionStatus": execution,
        "Changes": list(changes),
        **more,
    }


def added(logical_id, kind="AWS::SQS::Queue"):
    """An item of a change list."""
    return {
        "Type": "Resource",
        "ResourceChange": {"Action": "Add", "LogicalResourceId": logical_id, "ResourceType": kind, "Details": []},
    }


def refused(error, code, *, repeated=False):
    """`error` as it looks when it was made from AWS's answer with `code`."""
    cause = Exception(code)
    cause.response = {"Error": {"Code": code}, "ResponseMetadata": {"RetryAttempts": int(repeated)}}
    error.__cause__ = cause
    return error
