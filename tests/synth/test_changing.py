"""Projects that are deployed, changed and deployed again on the sandbox: what is wired then is what is called."""

import pytest

from sigma_ls.sandbox import cloud
from tests.synth.deploying import deploy, request

pytestmark = pytest.mark.sandbox

BEFORE = """
name: changing
platform: aws
aws: {region: eu-west-1}
environment: {OUT: "${out.name}"}
functions:
  one: {WHO, triggers: [{http: "GET /one", api: main}, {table: carts, view: keys, start: oldest, batch: 1}]}
  two: {WHO, triggers: []}
resources:
  out: {type: bucket}
  main: {type: api, kind: rest}
  carts: {type: table, partitionKey: id}
outputs:
  Out: {value: "${out.name}"}
  Carts: {value: "${carts.name}"}
"""
MORE = "two: {WHO, triggers: [{http: 'GET /two', api: main}]}"
AFTER = BEFORE.replace("view: keys", "view: both").replace("two: {WHO, triggers: []}", MORE)


def test_a_route_that_comes_later_is_deployed_too(sandbox):
    """The stage of a REST API shows a deployment, which is another one by then."""
    found = deploy(sandbox, BEFORE)
    url = cloud.local_url(sandbox.endpoint, found.outputs["MainUrl"])
    assert request("GET", f"{url}/one")[0] == 200
    assert request("GET", f"{url}/two")[0] in (403, 404)
    found = deploy(sandbox, AFTER, kind="UPDATE")
    assert cloud.local_url(sandbox.endpoint, found.outputs["MainUrl"]) == url
    assert request("GET", f"{url}/two")[0] == 200
    assert request("GET", f"{url}/one")[0] == 200
    assert len(found.events("two")) == 1


def test_another_view_is_another_stream_that_the_function_gets(sandbox):
    found = deploy(sandbox, BEFORE)
    found = deploy(sandbox, AFTER, kind="UPDATE")
    sandbox.client("dynamodb").put_item(TableName=found.outputs["Carts"], Item={"id": {"S": "mine"}})
    (record,) = found.called("one")["Records"]
    assert record["dynamodb"]["NewImage"] == {"id": {"S": "mine"}}
