"""How many calls a deployment makes: each costs time on every deployment of every user.

The budgets are those of the fastest tool that was measured, a bare script, with a better answer to "nothing changed".
Looks at what is under way (`DescribeStackEvents`) depend on how long that takes and are not counted.
"""

import hashlib
import json
import os

import pytest
from inline_snapshot import snapshot

from sigma_ls.deploy.ports import Artifact, NothingToChange, StageRequest
from sigma_ls.providers.aws.provider import CloudFormation
from sigma_ls.runtime.clock import SystemClock
from sigma_ls.runtime.polling import exactly
from tests.support.front import Front
from tests.support.sandbox import REGION

pytestmark = pytest.mark.sandbox


@pytest.fixture
def front(sandbox):
    with Front(sandbox.endpoint.url).running() as running:
        yield running


@pytest.fixture
def deploy(sandbox, front, tmp_path):
    """Deploys three functions' worth of archives as the life cycle does, each time anew; the calls, looks left out."""

    def archive(function, code):
        content = f"{function} {code}".encode()
        path = tmp_path / f"{function}.zip"
        path.write_bytes(content)
        return Artifact(function, hashlib.sha256(content).hexdigest(), len(content), os.fspath(path))

    async def run(token, code):
        front.calls.clear()
        connection = sandbox.connection(front.url)
        provider = CloudFormation(connection, SystemClock(), poll_interval=0.05, jitter=exactly)
        await provider.account()
        await provider.describe("app")
        locations = await provider.upload([archive(name, made) for name, made in code.items()], "app", lambda _: None)
        staged = await provider.stage(StageRequest("app", template(locations), token))
        if not isinstance(staged, NothingToChange):
            await provider.execute(staged.plan, token)
            *_, end = [item async for item in provider.watch(staged.stack_id, token)]
            assert end.outcome == "succeeded"
        assert [output.name for output in await provider.outputs(staged.stack_id)] == ["First"]
        return [call for call in front.calls if call != "DescribeStackEvents"]

    return run


def template(locations):
    resources = {
        name: {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": location.key}}
        for name, location in locations.items()
    }
    return json.dumps({"Resources": resources, "Outputs": {"First": {"Value": {"Ref": "upload"}}}})


CODE = {"upload": 1, "resize": 1, "list": 1}


async def test_calls_of_a_creation_of_nothing_and_of_a_change_of_code(deploy, sandbox):
    bucket = f"sigma-artifacts-{sandbox.account}-{REGION}"
    sandbox.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    creation = await deploy("t1", CODE)
    nothing = await deploy("t2", CODE)
    change = await deploy("t3", CODE | {"resize": 2})
    assert (creation, nothing, change) == snapshot(
        (
            [
                "GetCallerIdentity",
                "DescribeStacks",
                "GET bucket",
                "PUT object",
                "PUT object",
                "PUT object",
                "CreateChangeSet",
                "DescribeChangeSet",
                "DescribeChangeSet",
                "ExecuteChangeSet",
                "DescribeStacks",
            ],
            ["GetCallerIdentity", "DescribeStacks", "GET bucket", "GetTemplate"],
            [
                "GetCallerIdentity",
                "DescribeStacks",
                "GET bucket",
                "PUT object",
                "CreateChangeSet",
                "DescribeChangeSet",
                "DescribeChangeSet",
                "ExecuteChangeSet",
                "DescribeStacks",
            ],
        )
    )
    assert len(creation) <= 11
    assert len(nothing) <= 4
    assert len(change) <= 9


async def test_the_bucket_costs_four_more_the_first_time(deploy):
    assert len(await deploy("t1", CODE)) == 15
