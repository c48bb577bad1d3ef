"""Every trigger that the sandbox knows really calls its function, deployed from a manifest by the template made of it."""

import io
import itertools
import json
import time
import urllib.error
import urllib.request
import zipfile

import attrs
import pytest
from attrs import evolve, frozen

from sigma_ls.manifest import lower
from sigma_ls.sandbox import cloud
from sigma_ls.synth import CodeLocation, synthesize
from tests.support.sandbox import Sandbox
from tests.support.stacks import Stack, deployed, until
from tests.synth.cases import CASES

pytestmark = pytest.mark.sandbox

# Tests of other modules may come between those of this one, and pytest then sets the module up again.
ACCOUNTS = itertools.count(700_000_000_001)

# Notes each event under the function's name, and answers with it.
HANDLER = """
import boto3, json, os, uuid

def handler(event, context):
    key = os.environ["WHO"] + "/" + uuid.uuid4().hex
    body = json.dumps(event)
    boto3.client("s3").put_object(Bucket=os.environ["OUT"], Key=key, Body=body)
    return event if "triggerSource" in event else {"statusCode": 200, "body": body}
"""

MANIFEST = """
name: firing
platform: aws
aws: {region: eu-west-1}
environment: {OUT: "${out.name}"}
functions:
  http: {WHO, triggers: [http: "POST /things/{id}"]}
  rest: {WHO, triggers: [{http: "POST /things/{id}", api: main, cors: true}]}
  fallback: {WHO, triggers: [http: default]}
  url: {WHO, triggers: [url: public]}
  bucket: {WHO, triggers: [{bucket: images, prefix: in/, suffix: .jpg}]}
  table: {WHO, triggers: [{table: carts, start: oldest, batch: 1}]}
  stream: {WHO, triggers: [{stream: clicks, start: oldest}]}
  queue: {WHO, triggers: [{queue: jobs, batch: 1}]}
  topic: {WHO, triggers: [{topic: news, filter: {kind: [sale]}}]}
  schedule: {WHO, triggers: [{schedule: "at(2020-01-01T00:00:00)", input: {from: "${stack}"}}]}
  event: {WHO, triggers: [{event: {source: shop, detailType: Sold, detail: {total: [{numeric: [">", 100]}]}}}]}
  bus: {WHO, triggers: [{event: {source: shop, detailType: Sold}, bus: orders}]}
  logs: {WHO, triggers: [{logs: audit, filter: ERROR}]}
  user: {WHO, triggers: [{userPool: users, on: preTokenGeneration}], uses: {users: read}}
  step: {WHO}
resources:
  out: {type: bucket}
  main: {type: api, kind: rest}
  images: {type: bucket}
  carts: {type: table, partitionKey: id}
  clicks: {type: stream, shards: 1}
  jobs: {type: queue}
  news: {type: topic}
  orders: {type: eventBus}
  audit: {type: logGroup}
  users: {type: userPool, clients: {web: {}}}
  process:
    type: stateMachine
    definition:
      StartAt: Work
      States: {Work: {Type: Task, Resource: "${step.arn}", End: true}}
outputs:
  Out: {value: "${out.name}"}
  Url: {value: "${url.url}"}
  Images: {value: "${images.name}"}
  Carts: {value: "${carts.name}"}
  Clicks: {value: "${clicks.name}"}
  Jobs: {value: "${jobs.url}"}
  News: {value: "${news.arn}"}
  Orders: {value: "${orders.name}"}
  Audit: {value: "${audit.name}"}
  Pool: {value: "${users.id}"}
  Client: {value: "${users.clientId}"}
  Process: {value: "${process.arn}"}
"""


def expanded(manifest):
    """The manifest with what all its functions have in common."""
    lines = []
    for line in manifest.splitlines():
        name = line.strip().partition(":")[0]
        common = f"runtime: python3.13, handler: app.handler, code: src, environment: {{WHO: {name}}}"
        lines.append(line.replace("{WHO", f"{{{common}"))
    return "\n".join(lines)


def archive():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("app.py", HANDLER)
    return content.getvalue()


@frozen
class Deployment:
    sandbox: Sandbox
    stack: Stack
    outputs: dict[str, str]

    def client(self, service):
        return self.sandbox.client(service)

    def events(self, who):
        """All events that a function got so far."""
        s3, out = self.client("s3"), self.outputs["Out"]
        found = s3.list_objects_v2(Bucket=out, Prefix=f"{who}/").get("Contents", ())
        return [json.load(s3.get_object(Bucket=out, Key=each["Key"])["Body"]) for each in found]

    def called(self, who):
        """The first event that a function gets."""
        return until(lambda: self.events(who))[0]


def deploy(sandbox, manifest):
    lowered = lower(expanded(manifest))
    assert lowered.project is not None, lowered.diagnostics
    assert lowered.diagnostics == ()
    code = f"code-{sandbox.account}-{lowered.project.name}"
    s3 = sandbox.client("s3")
    s3.create_bucket(Bucket=code, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket=code, Key="code.zip", Body=archive())
    template = synthesize(lowered.project, dict.fromkeys(lowered.project.functions, CodeLocation(code, "code.zip")))
    stack = brought_up(sandbox, lowered.project.stack, template)
    return Deployment(sandbox, stack, stack.outputs())


def brought_up(sandbox, name, template):
    """The stack of a template, which must come up."""
    body = dict(template.body)
    stack = deployed(
        sandbox.client("cloudformation"),
        name,
        body.pop("Resources"),
        template=body,
        Capabilities=[*template.capabilities],
        Parameters=[{"ParameterKey": each.id, "ParameterValue": "x"} for each in template.parameters],
    )
    failed = [event for event in stack.events() if event[1].endswith("FAILED")]
    assert stack.status() == "CREATE_COMPLETE", [(each, stack.reason(each, status)) for each, status in failed]
    return stack


@pytest.fixture(scope="module")
def firing(shared_sandbox):
    return deploy(evolve(shared_sandbox, account=str(next(ACCOUNTS))), MANIFEST)


def request(method, url, body=None):
    sent = urllib.request.Request(url, body, {"Content-Type": "text/plain"}, method=method)
    try:
        with urllib.request.urlopen(sent, timeout=30) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, {}


def test_http(firing):
    url = cloud.local_url(firing.sandbox.endpoint, firing.outputs["ApiUrl"]).rstrip("/")
    status, event = request("POST", f"{url}/things/7", b"x")
    assert (status, event["routeKey"], event["pathParameters"]) == (200, "POST /things/{id}", {"id": "7"})
    assert firing.called("http")["body"] == "x"
    assert request("GET", f"{url}/anything")[1]["routeKey"] == "$default"
    assert firing.events("fallback")


def test_rest(firing):
    url = cloud.local_url(firing.sandbox.endpoint, firing.outputs["MainUrl"])
    status, event = request("POST", f"{url}/things/7", b"x")
    assert (status, event["resource"], event["pathParameters"]) == (200, "/things/{id}", {"id": "7"})
    assert firing.called("rest")["body"] == "x"


def test_url(firing):
    url = cloud.local_url(firing.sandbox.endpoint, firing.outputs["Url"])
    assert request("GET", f"{url}some/path")[1]["rawPath"] == "/some/path"


def test_bucket(firing):
    for key in ("in/a.png", "out/a.jpg", "in/a.jpg"):
        firing.client("s3").put_object(Bucket=firing.outputs["Images"], Key=key, Body=b"x")
    assert firing.called("bucket")["Records"][0]["s3"]["object"]["key"] == "in/a.jpg"
    assert len(firing.events("bucket")) == 1


def test_table(firing):
    firing.client("dynamodb").put_item(TableName=firing.outputs["Carts"], Item={"id": {"S": "mine"}})
    (record,) = firing.called("table")["Records"]
    assert (record["eventName"], record["dynamodb"]["NewImage"]) == ("INSERT", {"id": {"S": "mine"}})


def test_stream(firing):
    firing.client("kinesis").put_record(StreamName=firing.outputs["Clicks"], Data=b"x", PartitionKey="mine")
    assert firing.called("stream")["Records"][0]["kinesis"]["partitionKey"] == "mine"


def test_queue(firing):
    firing.client("sqs").send_message(QueueUrl=firing.outputs["Jobs"], MessageBody="mine")
    assert firing.called("queue")["Records"][0]["body"] == "mine"


def test_topic(firing):
    for kind in ("other", "sale"):
        attributes = {"kind": {"DataType": "String", "StringValue": kind}}
        firing.client("sns").publish(TopicArn=firing.outputs["News"], Message=kind, MessageAttributes=attributes)
    assert firing.called("topic")["Records"][0]["Sns"]["Message"] == "sale"
    assert len(firing.events("topic")) == 1


def test_schedule(firing):
    assert firing.called("schedule") == {"from": "firing"}


def test_event(firing):
    events = firing.client("events")
    for total in (5, 500):
        events.put_events(Entries=[{"Source": "shop", "DetailType": "Sold", "Detail": json.dumps({"total": total})}])
    assert firing.called("event")["detail"] == {"total": 500}
    assert len(firing.events("event")) == 1


def test_event_on_another_bus(firing):
    entry = {"Source": "shop", "DetailType": "Sold", "Detail": "{}", "EventBusName": firing.outputs["Orders"]}
    firing.client("events").put_events(Entries=[entry])
    assert firing.called("bus")["source"] == "shop"


def test_logs(firing):
    logs, group = firing.client("logs"), firing.outputs["Audit"]
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    lines = [{"timestamp": int(time.time() * 1000), "message": text} for text in ("fine", "ERROR here")]
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=lines)
    assert "data" in firing.called("logs")["awslogs"]


def test_state_machine(firing):
    firing.client("stepfunctions").start_execution(stateMachineArn=firing.outputs["Process"], input='{"a": 1}')
    assert firing.called("step") == {"a": 1}


def test_user_pool(firing):
    cognito, pool = firing.client("cognito-idp"), firing.outputs["Pool"]
    cognito.admin_create_user(UserPoolId=pool, Username="me")
    cognito.admin_set_user_password(UserPoolId=pool, Username="me", Password="Secret-123", Permanent=True)
    cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=firing.outputs["Client"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "me", "PASSWORD": "Secret-123"},
    )
    assert firing.called("user")["userName"] == "me"


EXISTING = """
name: theirs
platform: aws
aws: {region: eu-west-1}
environment: {OUT: "${out.name}"}
functions:
  images: {WHO, triggers: [{bucket: photos, prefix: in/, suffix: .jpg}]}  # sigma: ignore SIG409
resources:
  out: {type: bucket}
  photos: {type: bucket, existing: their-photos}
outputs:
  Out: {value: "${out.name}"}
"""


def test_an_existing_bucket(sandbox):
    s3 = sandbox.client("s3")
    s3.create_bucket(Bucket="their-photos", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_notification_configuration(
        Bucket="their-photos", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    found = deploy(sandbox, EXISTING)
    for key in ("in/a.png", "out/a.jpg", "in/a.jpg"):
        s3.put_object(Bucket="their-photos", Key=key, Body=b"x")
    assert found.called("images")["detail"]["object"]["key"] == "in/a.jpg"
    assert len(found.events("images")) == 1


def with_what_exists(sandbox, template):
    """The template, after what it takes for granted was made in the account."""
    pool = sandbox.client("cognito-idp").create_user_pool(PoolName="theirs")["UserPool"]["Id"]
    for name in ("prod/db", "prod/whole"):
        sandbox.client("secretsmanager").create_secret(Name=name, SecretString='{"password": "x"}')
    sandbox.client("lambda").publish_layer_version(LayerName="x", Content={"ZipFile": archive()})
    text = json.dumps(template.body).replace("eu-west-1_AbCdEfGhI", pool).replace("123456789012", sandbox.account)
    # The sandbox keeps no secret for the master user of a cluster.
    secret = '{"Fn::GetAtt": ["Cluster", "MasterUserSecret.SecretArn"]}'
    return attrs.evolve(template, body=json.loads(text.replace(secret, '"arn:aws:secretsmanager:::secret:x"')))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_golden_cases_come_up(sandbox, case):
    project = case.project()
    s3, code = sandbox.client("s3"), f"code-{sandbox.account}"
    s3.create_bucket(Bucket=code, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket=code, Key="code.zip", Body=archive())
    template = case.synthesize(dict.fromkeys(project.functions, CodeLocation(code, "code.zip")))
    stack = brought_up(sandbox, project.stack, with_what_exists(sandbox, template))
    assert {*stack.resources()} == {*template.body["Resources"]}
