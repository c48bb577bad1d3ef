"""Deployed functions really run, reach what they were given, and are gone when the sandbox is."""

import io
import json
import os
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from sigma_ls.build import FunctionSource, Target, build
from sigma_ls.sandbox import cloud, record
from sigma_ls.sandbox.overlay import processes
from tests.sandbox.thumbnailer import EXAMPLE, ROLE, TEMPLATE
from tests.support.stacks import deployed, until

pytestmark = pytest.mark.sandbox

CAPABILITIES = ["CAPABILITY_IAM"]


def quiet(_line):
    pass


def http(method, url, body=None, kind="image/jpeg"):
    request = urllib.request.Request(url, body, {"Content-Type": kind}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def bucket(sandbox, **archives):
    """A bucket with archives, by their keys without `.zip`."""
    name, client = f"artifacts-{sandbox.account}", sandbox.client("s3")
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for key, content in archives.items():
        client.put_object(Bucket=name, Key=f"{key}.zip", Body=content)
    return name


def zipped(**modules):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, text in modules.items():
            file.writestr(f"{name}.py", text)
    return content.getvalue()


def function(code, key, **properties):
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": f"{key}.handler",
            "Timeout": 20,
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Code": {"S3Bucket": code, "S3Key": f"{key}.zip"},
            **properties,
        },
    }


@pytest.fixture
def thumbnailer(sandbox):
    """The example, built and deployed; its outputs."""
    target = Target("sandbox", sandbox.endpoint.python)
    sources = [
        FunctionSource(name, "python3.13", EXAMPLE / "src" / name, "x86_64") for name in ("upload", "resize", "list")
    ]
    archives = {source.function: build(source, target, report=quiet).path.read_bytes() for source in sources}
    code = bucket(sandbox, **archives)
    resources = json.loads(
        json.dumps(TEMPLATE["Resources"]).replace('"S3Bucket": "artifacts"', f'"S3Bucket": "{code}"')
    )
    stack = deployed(
        sandbox.client("cloudformation"),
        f"thumb-{sandbox.account}",
        resources,
        template={"Outputs": TEMPLATE["Outputs"]},
        Capabilities=CAPABILITIES,
    )
    assert stack.status() == "CREATE_COMPLETE"
    return stack.outputs()


def test_the_example_makes_thumbnails(sandbox, thumbnailer):
    url = cloud.local_url(sandbox.endpoint, thumbnailer["Url"])
    assert url.startswith(f"{sandbox.endpoint.url}/_api/")
    assert thumbnailer["Here"] == url
    assert http("GET", url) == (200, b'{"images": []}')

    status, answer = http("POST", url, (EXAMPLE / "sample.jpg").read_bytes())
    key = json.loads(answer)["id"]
    assert status == 202
    images = until(lambda: json.loads(http("GET", url)[1])["images"])
    assert [(image["id"], max(image["width"], image["height"])) for image in images] == [(key, 160)]
    stored = sandbox.client("s3").get_object(Bucket=thumbnailer["Thumbnails"], Key=key)
    assert (stored["ContentType"], stored["ContentLength"]) == ("image/jpeg", images[0]["bytes"])

    assert http("POST", url, b"")[0] == 400
    assert http("GET", f"{url}/unknown")[0] == 404


def test_what_is_no_image_ends_in_the_queue_and_in_the_log(sandbox, thumbnailer):
    url = cloud.local_url(sandbox.endpoint, thumbnailer["Url"])
    assert http("POST", url, b"not an image")[0] == 202
    queue = sandbox.client("sqs")
    messages = until(lambda: queue.receive_message(QueueUrl=thumbnailer["Failed"], WaitTimeSeconds=1).get("Messages"))
    assert "cannot identify image file" in messages[0]["Body"]
    group = f"/aws/lambda/{thumbnailer['Resize']}"
    lines = [event["message"] for event in sandbox.client("logs").filter_log_events(logGroupName=group)["events"]]
    assert any("UnidentifiedImageError" in line for line in lines)


def test_a_queue_and_a_function_url_call_functions(sandbox):
    work = "import boto3, os\ndef handler(event, context):\n    for r in event['Records']:\n        "
    work += "boto3.client('s3').put_object(Bucket=os.environ['OUT'], Key=r['body'], Body=b'')\n"
    hello = "def handler(event, context):\n    return {'statusCode': 200, 'body': 'hello ' + event['rawPath']}\n"
    code = bucket(sandbox, work=zipped(work=work), hello=zipped(hello=hello))
    out = f"out-{sandbox.account}"
    resources = {
        "Role": ROLE,
        "Out": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": out}},
        "Work": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 60}},
        "Worker": function(code, "work", Environment={"Variables": {"OUT": out}}),
        "Mapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {"EventSourceArn": {"Fn::GetAtt": ["Work", "Arn"]}, "FunctionName": {"Ref": "Worker"}},
        },
        "Hello": function(code, "hello"),
        "Url": {
            "Type": "AWS::Lambda::Url",
            "Properties": {"TargetFunctionArn": {"Fn::GetAtt": ["Hello", "Arn"]}, "AuthType": "NONE"},
        },
    }
    outputs = {
        "Outputs": {"Queue": {"Value": {"Ref": "Work"}}, "Url": {"Value": {"Fn::GetAtt": ["Url", "FunctionUrl"]}}}
    }
    client = sandbox.client("cloudformation")
    found = deployed(client, "callers", resources, template=outputs, Capabilities=CAPABILITIES).outputs()
    sandbox.client("sqs").send_message(QueueUrl=found["Queue"], MessageBody="done")
    s3 = sandbox.client("s3")
    assert [each["Key"] for each in until(lambda: s3.list_objects_v2(Bucket=out).get("Contents"))] == ["done"]
    assert found["Url"].startswith(f"{sandbox.endpoint.url}/_url/")
    assert http("GET", found["Url"] + "world") == (200, b"hello /world")


def test_the_bare_address_of_an_api_or_a_function_means_its_root(sandbox):
    hello = "def handler(event, context):\n    return {'statusCode': 200, 'body': 'hello ' + event['rawPath']}\n"
    code = bucket(sandbox, hello=zipped(hello=hello))
    api = {"ApiId": {"Ref": "Api"}}
    resources = {
        "Role": ROLE,
        "Hello": function(code, "hello"),
        "Url": {
            "Type": "AWS::Lambda::Url",
            "Properties": {"TargetFunctionArn": {"Fn::GetAtt": ["Hello", "Arn"]}, "AuthType": "NONE"},
        },
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "hello", "ProtocolType": "HTTP"}},
        "Stage": {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {**api, "StageName": "$default", "AutoDeploy": True},
        },
        "Integration": {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                **api,
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": {"Fn::GetAtt": ["Hello", "Arn"]},
                "PayloadFormatVersion": "2.0",
            },
        },
        "Root": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {**api, "RouteKey": "GET /", "Target": {"Fn::Sub": "integrations/${Integration}"}},
        },
    }
    outputs = {
        "Outputs": {
            "Api": {"Value": {"Fn::GetAtt": ["Api", "ApiEndpoint"]}},
            "Url": {"Value": {"Fn::GetAtt": ["Url", "FunctionUrl"]}},
        }
    }
    client = sandbox.client("cloudformation")
    found = deployed(client, "roots", resources, template=outputs, Capabilities=CAPABILITIES).outputs()
    for address in (found["Api"], found["Api"] + "/", found["Url"].rstrip("/")):
        assert http("GET", address) == (200, b"hello /")


def test_functions_see_nothing_that_leads_to_a_real_account(sandbox, monkeypatch):
    code = bucket(sandbox, show=zipped(show="import os\ndef handler(event, context):\n    return dict(os.environ)\n"))
    client = sandbox.client("cloudformation")
    deployed(
        client, "show", {"Role": ROLE, "F": function(code, "show", FunctionName="show")}, Capabilities=CAPABILITIES
    )
    answer = sandbox.client("lambda").invoke(FunctionName="show")
    seen = json.loads(answer["Payload"].read())
    assert (seen["AWS_ENDPOINT_URL"], seen["AWS_ACCESS_KEY_ID"]) == (sandbox.endpoint.url, sandbox.account)
    assert (seen["AWS_CONFIG_FILE"], seen["AWS_SHARED_CREDENTIALS_FILE"]) == (os.devnull, os.devnull)
    assert Path(seen["HOME"]).is_relative_to(sandbox.home)
    assert not {name for name in seen if name.startswith("SIGMA_")} - {processes.ID_VARIABLE}
    assert "PYTHONPATH" not in seen


def test_a_deleted_function_leaves_no_process(sandbox):
    code = bucket(sandbox, pid=zipped(pid="import os\ndef handler(event, context):\n    return os.getpid()\n"))
    client = sandbox.client("cloudformation")
    resources = {"Role": ROLE, "F": function(code, "pid", FunctionName="pid")}
    deployed(client, "pid", resources, Capabilities=CAPABILITIES)
    worker = json.loads(sandbox.client("lambda").invoke(FunctionName="pid")["Payload"].read())
    known = record.read()
    assert worker in processes.family(known.id)
    client.delete_stack(StackName="pid")
    until(lambda: worker not in processes.family(known.id))


def runs(pid):
    """Whether there is such a process; one that has ended, and is only remembered by its parent, has no command."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except FileNotFoundError:
        return False


DAEMON = """
import os, subprocess, sys

def handler(event, context):
    ignore = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
    child = subprocess.Popen([sys.executable, "-c", ignore], start_new_session=True, stdout=subprocess.PIPE)
    child.stdout.readline()
    return [os.getpid(), child.pid]
"""


@pytest.mark.parametrize("how", ["stopped", "idle"])
def test_nothing_survives_the_sandbox(sandbox, tmp_path, monkeypatch, how):
    monkeypatch.setenv("SIGMA_HOME", str(tmp_path / "home"))
    idle = 0.5 if how == "idle" else 3600.0
    own = type(sandbox)(
        tmp_path, cloud.ensure_running(report=quiet, pace="instant", idle_seconds=idle), sandbox.account, ""
    )
    code = bucket(own, daemon=zipped(daemon=DAEMON))
    resources = {"Role": ROLE, "F": function(code, "daemon", FunctionName="daemon")}
    deployed(own.client("cloudformation"), "daemon", resources, Capabilities=CAPABILITIES)
    started = json.loads(own.client("lambda").invoke(FunctionName="daemon")["Payload"].read())
    known = record.read()
    assert processes.family(known.id) >= {known.pid, *started}
    if how == "stopped":
        assert cloud.stop() is True
    else:
        until(lambda: not processes.family(known.id))
    assert processes.family(known.id) == set()
    assert not record.temporary_dir().exists()
    assert [pid for pid in started if runs(pid)] == []
