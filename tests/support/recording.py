"""Conversations with CloudFormation: recorded from the sandbox, normalized, and played to the real provider again.

A recording is a list of segments.  Each begins with a call that changes something (the first one with none) and holds
the looks that follow it, each as it was answered last: however often something was polled, the file stays small.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError
from botocore.validate import ParamValidator

from sigma_ls.app.world import CloudRef, Report
from sigma_ls.deploy.ports import Provider
from sigma_ls.providers.aws.connection import AwsConnection
from sigma_ls.providers.aws.errors import Context, translate
from sigma_ls.providers.aws.provider import CloudFormation
from sigma_ls.providers.aws.session import AwsSession
from sigma_ls.runtime.polling import exactly
from sigma_ls.sandbox import cloud
from tests.support.app import App
from tests.support.clock import QuickClock
from tests.support.cloud import FakeWorld
from tests.support.sandbox import REGION, Sandbox
from tests.support.stacks import Stack, staged

FOLDER = Path(__file__).parent.parent / "providers" / "aws" / "recorded"
MODEL = botocore.session.get_session().get_service_model("cloudformation")
OPERATIONS = {xform_name(name): name for name in MODEL.operation_names}
LOOKS = ("Describe", "Get", "List")
BEGIN = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
ACCOUNT = "111122223333"

# Long, and of no use for what is played.
_LEFT_OUT = frozenset({"TemplateBody", "ClientToken"})
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# The stack's own events tell its own statuses, which the model does not list among those of resources.
_UNLISTED = frozenset(MODEL.shape_for("StackStatus").enum)
_NESTED = re.compile(r"-(?=\d*[A-Z])([A-Z0-9]{12})\b")
_TIME = re.compile(r'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^"]*)"')
_DEPLOYMENT = re.compile(r"\b\d{8}T\d{6}-\w+?(?=-\d|\b)")


class Recorder(AwsSession):
    """A session that notes what CloudFormation is asked and answers."""

    def __init__(self, connection: AwsConnection) -> None:
        super().__init__(connection)
        self.calls: list[dict[str, Any]] = []

    async def cloudformation(self, call: Callable[[Any], Any], *, mutates: bool = False, patient: bool = True) -> Any:
        return await super().cloudformation(
            lambda client: call(_Tapped(client, self.calls)), mutates=mutates, patient=patient
        )

    def recording(self, source: str) -> dict[str, Any]:
        """All that was said, normalized."""
        text = json.dumps({"source": source, "segments": _segments(self.calls)}, default=_iso)
        return json.loads(_normalized(text))


class _Tapped:
    def __init__(self, client: Any, calls: list[dict[str, Any]]) -> None:
        self._client = client
        self._calls = calls

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(**arguments: Any) -> Any:
            kept = {key: value for key, value in arguments.items() if key not in _LEFT_OUT}
            noted: dict[str, Any] = {"operation": OPERATIONS[method], "arguments": kept}
            self._calls.append(noted)
            try:
                answer = getattr(self._client, method)(**arguments)
            except ClientError as error:
                noted["error"] = {key: error.response["Error"][key] for key in ("Code", "Message")}
                raise
            said = {key: value for key, value in (answer or {}).items() if key != "ResponseMetadata"}
            noted["answer"] = _without_empty_texts(said)
            return answer

        return call


def _without_empty_texts(value: Any) -> Any:
    """What the sandbox gives as an empty text CloudFormation leaves out."""
    if isinstance(value, Mapping):
        return {key: _without_empty_texts(each) for key, each in value.items() if each != ""}
    return [_without_empty_texts(each) for each in value] if isinstance(value, list) else value


def _segments(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    segments: list[dict[str, Any]] = [{"looks": []}]
    for call in calls:
        if not call["operation"].startswith(LOOKS):
            segments.append({"call": call, "looks": []})
            continue
        looks = segments[-1]["looks"]
        looks[:] = [each for each in looks if _key(each) != _key(call)] + [call]
    return segments


def _key(call: Mapping[str, Any]) -> str:
    return f"{call['operation']} {json.dumps(call['arguments'], sort_keys=True)}"


def _iso(value: object) -> str:
    assert isinstance(value, dt.datetime)
    return value.isoformat()


def _normalized(text: str) -> str:
    """The same with the ids, times and account of every recording."""
    for number, found in enumerate(dict.fromkeys(_UUID.findall(text)), start=1):
        text = text.replace(found, f"00000000-0000-0000-0000-{number:012}")
    for number, found in enumerate(dict.fromkeys(_DEPLOYMENT.findall(text)), start=1):
        text = text.replace(found, f"20261123T120000-{number:04}")
    for account in set(re.findall(r":(\d{12}):", text)):
        text = text.replace(account, ACCOUNT)
    for number, end in enumerate(dict.fromkeys(_NESTED.findall(text)), start=1):
        text = text.replace(end, f"NESTED{number:06}")
    times = sorted({dt.datetime.fromisoformat(found) for found in _TIME.findall(text)})
    moved = {time: (BEGIN + dt.timedelta(seconds=number)).isoformat() for number, time in enumerate(times)}
    return _TIME.sub(lambda match: f'"{moved[dt.datetime.fromisoformat(match[1])]}"', text)


class Player:
    """Stands in for `AwsSession`: answers as was recorded, through the real translation of errors.

    `calls` are the operations that changed something, in order.  A call that was not recorded is an error.
    """

    is_elsewhere = False

    def __init__(self, name: str) -> None:
        self.connection = AwsConnection("eu-west-1")
        self.calls: list[str] = []
        self._segments = load(name)["segments"]
        self._at = 0
        self._tokens: dict[str, str] = {}
        self._lost: dict[str, list[Exception]] = {}

    def lose(self, operation: str, error: Exception, *, times: int) -> None:
        """Have the first calls of an operation fail with what the SDK raises."""
        self._lost[operation] = [error] * times

    @property
    def left(self) -> list[str]:
        """The recorded changes that nobody asked for."""
        return [segment["call"]["operation"] for segment in self._segments[self._at + 1 :]]

    async def cloudformation(self, call: Callable[[Any], Any], *, mutates: bool = False, patient: bool = True) -> Any:
        with self._translated("cloudformation", mutates=mutates):
            return call(self)

    async def sts(self, call: Callable[[Any], Any]) -> Any:
        with self._translated("sts"):
            self._raise_lost("GetCallerIdentity")
            return {"Account": ACCOUNT}

    @contextlib.contextmanager
    def _translated(self, service: str, *, mutates: bool = False) -> Iterator[None]:
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            translated = translate(error, Context(self.connection, service, mutates=mutates))
            assert translated is not None
            raise translated from error

    def _raise_lost(self, operation: str) -> None:
        if lost := self._lost.get(operation):
            raise lost.pop()

    def warm_up(self) -> None:
        """There is nothing to load."""

    def __getattr__(self, method: str) -> Callable[..., Any]:
        operation = OPERATIONS[method]
        return lambda **arguments: self._answer(operation, arguments)

    def _answer(self, operation: str, arguments: dict[str, Any]) -> Any:
        self._raise_lost(operation)
        if operation.startswith(LOOKS):
            found = self._look(operation, arguments)
        else:
            self._at += 1
            assert self._at < len(self._segments), f"{operation} was not recorded: {arguments}"
            found = self._segments[self._at]["call"]
            assert found["operation"] == operation, f"{found['operation']} was recorded, not {operation}"
            assert _settings(arguments) == _settings(found["arguments"])
            self.calls.append(operation)
            if "ClientRequestToken" in arguments:
                self._tokens[found["arguments"]["ClientRequestToken"]] = arguments["ClientRequestToken"]
        if error := found.get("error"):
            raise answered(error["Code"], error["Message"], operation=operation)
        text = json.dumps(found["answer"])
        # A deployment that is played has an id of its own.
        for recorded, now in self._tokens.items():
            text = text.replace(json.dumps(recorded), json.dumps(now))
        return as_boto(operation, json.loads(text))

    def _look(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        key = _key({"operation": operation, "arguments": arguments})
        for segment in reversed(self._segments[: self._at + 1]):
            for look in segment["looks"]:
                if _key(look) == key:
                    return look
        raise AssertionError(f"this look was not recorded: {key}")


def answered(code: str, message: str, status: int = 400, operation: str = "DescribeStackEvents") -> ClientError:
    """What the SDK raises when CloudFormation says no."""
    error = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(error, operation)


def _settings(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What of the arguments is the same each time."""
    left_out = {*_LEFT_OUT, "ClientRequestToken"}
    return {
        key: "" if str(value).startswith("sigma-") else value for key, value in arguments.items() if key not in left_out
    }


def load(name: str) -> dict[str, Any]:
    """A recording."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def save(name: str, recording: Mapping[str, Any]) -> None:
    """Write a recording, so that a person can read it."""
    (FOLDER / f"{name}.json").write_text(json.dumps(recording, indent=1) + "\n", encoding="utf-8")


# --- the service's own model -----------------------------------------------------------------------------------------


def as_boto(operation: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as the SDK gives it: with moments for times."""
    shape = MODEL.operation_model(operation).output_shape
    return answer if shape is None else _with_times(answer, shape)


def _with_times(value: Any, shape: Any) -> Any:
    match shape.type_name:
        case "timestamp":
            return dt.datetime.fromisoformat(value)
        case "structure":
            return {key: _with_times(each, shape.members[key]) for key, each in value.items()}
        case "list":
            return [_with_times(each, shape.member) for each in value]
        case _:
            return value


def objections(operation: str, answer: dict[str, Any]) -> list[str]:
    """What the service's model says against such an answer: unknown fields, wrong types, words that it does not have."""
    shape = MODEL.operation_model(operation).output_shape
    if shape is None:
        return [f"{operation} answers nothing"] if answer else []
    if isinstance(answer.get("TemplateBody"), Mapping):
        # The SDK hands it out parsed.
        answer = {**answer, "TemplateBody": json.dumps(answer["TemplateBody"])}
    report = ParamValidator().validate(answer, shape)
    told = [report.generate_report()] if report.has_errors() else []
    return told + list(_unknown_words(answer, shape, operation))


def _unknown_words(value: Any, shape: Any, path: str) -> Any:
    match shape.type_name:
        case "structure":
            for key, each in value.items():
                if key in shape.members:
                    yield from _unknown_words(each, shape.members[key], f"{path}.{key}")
        case "list":
            for number, each in enumerate(value):
                yield from _unknown_words(each, shape.member, f"{path}[{number}]")
        case "string" if shape.enum and value not in shape.enum and value not in _UNLISTED:
            yield f"{path}: {value!r} is none of {shape.enum}"


# --- on the sandbox --------------------------------------------------------------------------------------------------


class SandboxStage:
    """The sandbox, set up as a path asks for it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def faults(self, faults: Mapping[str, str]) -> None:
        cloud.set_faults(dict(faults))

    def slowly(self) -> None:
        cloud.ensure_running(report=lambda _line: None, pace="real")

    def fill(self, bucket: str) -> None:
        s3 = self._sandbox.client("s3")
        if bucket not in {each["Name"] for each in s3.list_buckets()["Buckets"]}:
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket=bucket, Key="photo", Body=b"x")

    def break_off(self, stack: str, resource: str, **properties: Any) -> None:
        formation = self._sandbox.client("cloudformation")
        live = [each["StackName"] for each in formation.describe_stacks()["Stacks"]]
        resources = dict(formation.get_template(StackName=stack)["TemplateBody"]["Resources"]) if stack in live else {}
        resources[resource] = {"Type": "AWS::SQS::Queue", "Properties": properties}
        ready = staged(formation, stack, resources, kind="UPDATE" if stack in live else "CREATE")
        cloud.set_faults({f"{verb}:{resource}": "Broken off." for verb in ("create", "update")})
        formation.execute_change_set(ChangeSetName=ready["ChangeSetId"], DisableRollback=True)
        Stack(formation, stack, ready["StackId"]).settled()
        cloud.set_faults({})

    def publish(self, template: Mapping[str, Any], key: str = "inner") -> str:
        s3, name = self._sandbox.client("s3"), f"templates-{self._sandbox.account}"
        if name not in {each["Name"] for each in s3.list_buckets()["Buckets"]}:
            s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket=name, Key=key, Body=json.dumps(template))
        return f"https://s3.amazonaws.com/{name}/{key}"


class NoStage:
    """What a recording is played on: it knows already what went wrong."""

    def faults(self, faults: Mapping[str, str]) -> None:
        """Nothing."""

    def slowly(self) -> None:
        """Nothing."""

    def fill(self, bucket: str) -> None:
        """Nothing."""

    def break_off(self, stack: str, resource: str, **properties: Any) -> None:
        """Nothing."""

    def publish(self, template: Mapping[str, Any], key: str = "inner") -> str:
        return f"https://s3.amazonaws.com/templates-{ACCOUNT}/{key}"


class SessionWorld(FakeWorld):
    """A world whose cloud is the real provider on some session."""

    def __init__(self, folder: Path, session: Any, clock: Any = None) -> None:
        super().__init__(folder)
        self.clock = clock or self.clock
        self._session = session

    async def provider(self, cloud: CloudRef, report: Report, *, poll_interval: float) -> Provider:
        return CloudFormation(
            self._session.connection, self.clock, poll_interval=poll_interval, jitter=exactly, session=self._session
        )


def played(folder: Path, name: str) -> tuple[App, Player]:
    """A project whose cloud says what was recorded."""
    player = Player(name)
    return App(_project(folder), world=SessionWorld(folder / "state", player)), player


def recorded(folder: Path, sandbox: Sandbox) -> tuple[App, Recorder]:
    """A project that is deployed to the sandbox, and what notes everything."""
    recorder = Recorder(sandbox.connection())
    world = SessionWorld(folder / "state", recorder, QuickClock())
    return App(_project(folder), world=world), recorder


def _project(folder: Path) -> Path:
    (folder / "project").mkdir(parents=True, exist_ok=True)
    return folder
