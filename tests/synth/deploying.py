"""Manifests deployed to the sandbox by the templates made of them, with functions that note what they are called with."""

import io
import json
import urllib.error
import urllib.request
import zipfile

from attrs import frozen

from sigma_ls.manifest import lower
from sigma_ls.synth import CodeLocation, synthesize
from tests.support.sandbox import Sandbox
from tests.support.stacks import Stack, deployed, until

# Notes each event under the function's name, and answers with it; user pools get what lets their users go on.
HANDLER = """
import boto3, json, os, uuid

ANSWERS = {
    "CreateAuthChallenge": {"publicChallengeParameters": {}, "privateChallengeParameters": {}},
    "VerifyAuthChallengeResponse": {"answerCorrect": True},
    "UserMigration": {"userAttributes": {"email": "old@example.com"}, "finalUserStatus": "CONFIRMED"},
}

def handler(event, context):
    key = os.environ["WHO"] + "/" + uuid.uuid4().hex
    body = json.dumps(event)
    boto3.client("s3").put_object(Bucket=os.environ["OUT"], Key=key, Body=body)
    if "triggerSource" not in event:
        return {"statusCode": 200, "body": body}
    step = event["triggerSource"].partition("_")[0]
    if step == "DefineAuthChallenge":
        passed = bool(event["request"]["session"])
        asked = {} if passed else {"challengeName": "CUSTOM_CHALLENGE"}
        event["response"] = {"issueTokens": passed, "failAuthentication": False, **asked}
    else:
        event["response"].update(ANSWERS.get(step, {}))
    return event
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


def deploy(sandbox, manifest, *, kind="CREATE"):
    """The project of a manifest, deployed; `kind` is that of the change set."""
    lowered = lower(expanded(manifest))
    assert lowered.project is not None, lowered.diagnostics
    assert lowered.diagnostics == ()
    code = f"code-{sandbox.account}-{lowered.project.name}"
    if kind == "CREATE":
        s3 = sandbox.client("s3")
        s3.create_bucket(Bucket=code, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        s3.put_object(Bucket=code, Key="code.zip", Body=archive())
    template = synthesize(lowered.project, dict.fromkeys(lowered.project.functions, CodeLocation(code, "code.zip")))
    stack = brought_up(sandbox, lowered.project.stack, template, kind=kind)
    return Deployment(sandbox, stack, stack.outputs())


def brought_up(sandbox, name, template, *, kind="CREATE"):
    """The stack of a template, which must come up."""
    body = dict(template.body)
    stack = deployed(
        sandbox.client("cloudformation"),
        name,
        body.pop("Resources"),
        template=body,
        kind=kind,
        Capabilities=[*template.capabilities],
        Parameters=[{"ParameterKey": each.id, "ParameterValue": "x"} for each in template.parameters],
    )
    failed = [event for event in stack.events() if event[1].endswith("FAILED")]
    assert stack.status() == f"{kind}_COMPLETE", [(each, stack.reason(each, status)) for each, status in failed]
    return stack


def request(method, url, body=None, **headers):
    sent = urllib.request.Request(url, body, {"Content-Type": "text/plain", **headers}, method=method)
    try:
        with urllib.request.urlopen(sent, timeout=30) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {}
