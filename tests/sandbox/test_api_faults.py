"""The sandbox as a cloud that refuses, delays, throttles and breaks off, when it is told to."""

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from sigma_ls.sandbox import cloud

pytestmark = pytest.mark.sandbox


@pytest.fixture
def formation(sandbox):
    return sandbox.client("cloudformation")


def code(call):
    """The error code of a call that is refused, and its status."""
    with pytest.raises(ClientError) as refused:
        call()
    return refused.value.response["Error"]["Code"], refused.value.response["ResponseMetadata"]["HTTPStatusCode"]


def test_a_call_is_refused_as_often_as_it_is_told(formation):
    fault = {"code": "Throttling", "message": "Rate exceeded", "times": 2}
    cloud.set_api_faults({"ListStacks": fault})
    assert [code(formation.list_stacks) for _ in range(2)] == [("Throttling", 400)] * 2
    assert formation.list_stacks()["StackSummaries"] == []


def test_only_the_operation_that_is_named_is_refused(formation, sandbox):
    cloud.set_api_faults({"DescribeStacks": {"code": "AccessDenied", "status": 403}})
    assert code(formation.describe_stacks) == ("AccessDenied", 403)
    assert formation.list_stacks()["StackSummaries"] == []
    assert sandbox.client("sts").get_caller_identity()["Account"] == sandbox.account


def test_all_operations_are_refused_together(formation, sandbox):
    cloud.set_api_faults({"*": {"code": "ExpiredToken", "status": 403}})
    assert code(formation.describe_stacks) == code(sandbox.client("sts").get_caller_identity) == ("ExpiredToken", 403)


def test_what_is_refused_may_be_done_all_the_same(formation):
    cloud.set_api_faults({"CreateStack": {"code": "InternalFailure", "status": 500, "after": True}})
    body = '{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}'
    assert code(lambda: formation.create_stack(StackName="done", TemplateBody=body)) == ("InternalFailure", 500)
    assert [each["StackName"] for each in formation.list_stacks()["StackSummaries"]] == ["done"]


def test_more_calls_in_a_second_than_may_be_are_throttled(formation):
    cloud.set_api_faults({"ListStacks": {"perSecond": 3}})
    answers = []
    while len(answers) < 6:
        try:
            formation.list_stacks()
            answers.append("ok")
        except ClientError as refused:
            answers.append(refused.response["Error"]["Code"])
    assert answers[:4] == ["ok", "ok", "ok", "Throttling"]
    assert set(answers[3:]) == {"Throttling"}


def test_an_answer_may_be_late(sandbox, formation):
    import boto3

    cloud.set_api_faults({"ListStacks": {"seconds": 2, "times": 1}})
    impatient = boto3.client(
        "cloudformation",
        endpoint_url=sandbox.endpoint.url,
        aws_access_key_id=sandbox.account,
        aws_secret_access_key=sandbox.endpoint.secret_key,
        region_name="eu-west-1",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=0.3),
    )
    with pytest.raises(ReadTimeoutError):
        impatient.list_stacks()
    assert formation.list_stacks()["StackSummaries"] == []


def test_an_answer_may_be_cut_short(formation):
    cloud.set_api_faults({"ListStacks": {"cut": True, "times": 1}})
    with pytest.raises((HTTPClientError, ResponseParserError)):
        formation.list_stacks()
    assert formation.list_stacks()["StackSummaries"] == []
