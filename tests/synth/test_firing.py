"""Every trigger that the sandbox knows really calls its function, deployed from a manifest by the template made of it."""

import itertools
import json
import time

import attrs
import pytest
from attrs import evolve

from sigma_ls.sandbox import cloud
from sigma_ls.synth import CodeLocation
from sigma_ls.synth.cloudformation import user_pool
from tests.synth.cases import CASES
from tests.synth.deploying import archive, brought_up, deploy, request

pytestmark = pytest.mark.sandbox

# Tests of other modules may come between those of this one, and pytest then sets the module up again.
ACCOUNTS = itertools.count(700_000_000_001)

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
  rooms: {WHO, triggers: [{iot: "SELECT temperature FROM 'rooms/+' WHERE temperature > 30"}]}
  skill: {WHO, triggers: [{alexa: amzn1.ask.skill.1}]}
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
  Skill: {value: "${skill.name}"}
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


@pytest.fixture(scope="module")
def firing(shared_sandbox):
    return deploy(evolve(shared_sandbox, account=str(next(ACCOUNTS))), MANIFEST)


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


def test_mqtt_messages(firing):
    publishing = firing.client("iot-data")
    for temperature in (20, 35):
        publishing.publish(topic="rooms/7", payload=json.dumps({"temperature": temperature}).encode())
    assert firing.called("rooms") == {"temperature": 35}
    assert len(firing.events("rooms")) == 1


def test_a_skill(firing):
    """The sandbox knows no skills: what can be seen is who may call."""
    policy = json.loads(firing.client("lambda").get_policy(FunctionName=firing.outputs["Skill"])["Policy"])
    (statement,) = policy["Statement"]
    assert [*statement["Principal"].values()] == ["alexa-appkit.amazon.com"]
    assert statement["Condition"] == {"StringEquals": {"lambda:EventSourceToken": "amzn1.ask.skill.1"}}


OWN = """
name: own
platform: aws
aws: {region: eu-west-1}
environment: {OUT: "${out.name}"}
functions:
  user: {WHO, triggers: [TRIGGERS]}
  two: {WHO, triggers: [{http: "GET /two", api: shop}]}
  one: {WHO, triggers: [{http: "GET /one", api: store}]}
resources:
  out: {type: bucket}
  users: {type: userPool, signIn: email, clients: {web: {}}}
  shop: {type: api, domain: {name: shop.localhost, certificate: CERTIFICATE}}
  store: {type: api, kind: rest, domain: {name: store.localhost, certificate: CERTIFICATE}}
outputs:
  Out: {value: "${out.name}"}
  Pool: {value: "${users.id}"}
  Client: {value: "${users.clientId}"}
"""


@pytest.fixture(scope="session")
def own(shared_sandbox):
    """In the sandbox's own account: users and visitors of a domain have no credentials that name another."""
    found = evolve(shared_sandbox, account=shared_sandbox.endpoint.account)
    certificate = found.client("acm").request_certificate(DomainName="*.localhost", ValidationMethod="DNS")
    triggers = ", ".join(f"{{userPool: users, on: {step}}}" for step in user_pool.STEPS)
    manifest = OWN.replace("TRIGGERS", triggers).replace("CERTIFICATE", f'"{certificate["CertificateArn"]}"')
    return deploy(found, manifest)


@pytest.mark.parametrize(("output", "domain", "path"), [("Shop", "shop", "/two"), ("Store", "store", "/one")])
def test_a_domain(own, output, domain, path):
    """Of either kind: it leads to the api's stage, which so has no part in the address."""
    assert own.outputs[f"{output}Url"] == f"https://{domain}.localhost"
    assert own.outputs[f"{output}DomainTarget"]
    status, event = request("GET", f"{own.sandbox.endpoint.url}{path}", Host=f"{domain}.localhost")
    assert status == 200
    assert path in (event.get("rawPath"), event.get("resource"))
    assert len(own.events(path[1:])) == 1


def test_every_step_of_a_user_pool(own):
    cognito, client = own.client("cognito-idp"), {"ClientId": own.outputs["Client"]}
    pool = {"UserPoolId": own.outputs["Pool"]}

    def user(name):
        return {"Username": name, "UserAttributes": [{"Name": "email", "Value": name}]}

    cognito.sign_up(**client, **user("me@example.com"), Password="Secret-123")
    cognito.admin_confirm_sign_up(**pool, Username="me@example.com")
    asked = cognito.initiate_auth(**client, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": "me@example.com"})
    cognito.respond_to_auth_challenge(
        **client,
        ChallengeName="CUSTOM_CHALLENGE",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "me@example.com", "ANSWER": "x"},
    )
    given = {"USERNAME": "old@example.com", "PASSWORD": "Secret-123"}
    cognito.initiate_auth(**client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)
    cognito.admin_create_user(**pool, **user("you@example.com"), DesiredDeliveryMediums=["EMAIL"])
    assert {event["triggerSource"].partition("_")[0] for event in own.events("user")} == {
        *("PreSignUp", "PostConfirmation", "PreAuthentication", "PostAuthentication", "CustomMessage"),
        *("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse"),
        *("TokenGeneration", "UserMigration"),
    }


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
    zone = sandbox.client("route53").create_hosted_zone(Name="example.com", CallerReference="x")["HostedZone"]["Id"]
    for name in ("prod/db", "prod/whole"):
        sandbox.client("secretsmanager").create_secret(Name=name, SecretString='{"password": "x"}')
    sandbox.client("lambda").publish_layer_version(LayerName="x", Content={"ZipFile": archive()})
    text = json.dumps(template.body).replace("eu-west-1_AbCdEfGhI", pool).replace("123456789012", sandbox.account)
    text = text.replace("Z0123456789ABCDEFGHIJ", zone.removeprefix("/hostedzone/"))
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
