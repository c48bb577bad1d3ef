"""Our engine over a cloud's own time, with 500 resources on the sandbox: a part of `make bench-deploy`.

A bare boto3 script stages and executes the same template and polls until it is done: that is the cloud's own time.  The
language server deploys it as an editor has it do, while somebody types in the manifest; its memory is taken at the end.
"""

from __future__ import annotations

import json
import os
import queue
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import boto3
from attrs import define, field, frozen

from bench.client import CAPABILITIES, Client
from sigma_ls.runtime.places import environments_dir
from sigma_ls.sandbox import cloud
from sigma_ls.sandbox.control import Pace

RESOURCES = 496
"""Beside the function and what it needs: 500 is all that a template may hold."""
POLL_INTERVAL = 1.0
"""Seconds; the setting `pollInterval` of the server that is measured."""
IDLE_EDITS = 100
MEMORY = 120
"""MB that the server may take."""
EDIT_GAP = 0.05
"""Seconds between two edits: far more than anyone types, so that a deployment of half a second has some."""
PACES: tuple[Pace, ...] = ("instant", "real")
REGION = "eu-west-1"
HEAD = "name: {name}\nplatform: aws\naws: {{region: " + REGION + "}}\nfunctions:\n  work:\n    runtime: python3.13\n"
EDITED = "    memory: 512"


def manifest(name: str, resources: int) -> str:
    """A function and so many queues and topics."""
    head = HEAD.format(name=name) + f"    handler: app.handler\n    code: src\n{EDITED}\nresources:\n"
    queues = "".join(
        f"  queue-{number}: {{type: AWS::SQS::Queue, properties: {{VisibilityTimeout: 60, DelaySeconds: 1}}}}\n"
        for number in range(resources // 2)
    )
    topics = "".join(
        f"  topic-{number}: {{type: AWS::SNS::Topic, properties: {{DisplayName: number {number}}}}}\n"
        for number in range(resources // 2)
    )
    return head + queues + topics


@frozen
class Goal:
    """A figure, what it is to be, what it was, and whether that is enough."""

    figure: str
    wanted: str
    there: str
    met: bool


class Editor(Client):
    """An editor that has our messages; `snapshots` are those that came, with the moment of each."""

    def __init__(self, command: Sequence[str], root: Path) -> None:
        self.snapshots: queue.Queue[tuple[float, dict[str, Any]]] = queue.Queue()
        self.sizes: list[int] = []
        super().__init__(command, root, {"sigma": {"sandbox": True, "pollInterval": POLL_INTERVAL}})
        self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": root.as_uri(),
                "workspaceFolders": [{"uri": root.as_uri(), "name": "bench"}],
                "capabilities": {**CAPABILITIES, "experimental": {"sigma": {"protocol": 1}}},
                "initializationOptions": {"sandbox": True, "pollInterval": POLL_INTERVAL},
            },
        )
        self.notify("initialized", {})

    def _receive(self, at: float, message: dict[str, Any]) -> None:
        if message.get("method") == "sigma/deployment/didChange":
            self.sizes.append(len(json.dumps(message)))
            self.snapshots.put((at, message["params"]["deployment"]))
        else:
            super()._receive(at, message)

    def memory(self, what: str) -> float:
        """MB of 2**20 bytes of the server's own process, by its line in Linux's `/proc`."""
        status = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in status if line.startswith(what)) / 1024

    def command(self, name: str, **argument: Any) -> Any:
        """A command's answer."""
        return self.request("workspace/executeCommand", {"command": name, "arguments": [argument]})[1]


class Typist:
    """Makes a fault in the manifest and heals it, in turn."""

    def __init__(self, editor: Editor, uri: str, text: str) -> None:
        self._editor, self._uri = editor, uri
        self._line = text.split("\n").index(EDITED)
        self._version, self._broken = 1, False
        editor.notify(
            "textDocument/didOpen",
            {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}},
        )
        editor.published(uri, 1)

    def edit(self) -> float:
        """Milliseconds from an edit to its diagnostics."""
        self._version += 1
        self._broken = not self._broken
        start = {"line": self._line, "character": len(EDITED)}
        end = start if self._broken else {**start, "character": len(EDITED) + 1}
        change = {"range": {"start": start, "end": end}, "text": "x" if self._broken else ""}
        at = self._editor.notify(
            "textDocument/didChange",
            {"textDocument": {"uri": self._uri, "version": self._version}, "contentChanges": [change]},
        )
        answered, found = self._editor.published(self._uri, self._version)
        if bool(found) != self._broken:
            raise SystemExit(f"wrong diagnostics: {found[:2]}")
        return (answered - at) * 1e3

    def burst(self) -> list[float]:
        """The same for some edits, as a fast typist makes them."""
        times = []
        for _ in range(IDLE_EDITS):
            time.sleep(EDIT_GAP)
            times.append(self.edit())
        self.heal()
        return times

    def heal(self) -> None:
        """Leave no fault."""
        if self._broken:
            self.edit()


def bare(endpoint: cloud.Endpoint, name: str, template: str) -> float:
    """Seconds that the cloud itself takes, as a script sees it that does nothing but ask."""
    access: dict[str, Any] = {
        "endpoint_url": endpoint.url,
        "aws_access_key_id": endpoint.access_key,
        "aws_secret_access_key": endpoint.secret_key,
        "region_name": REGION,
    }
    client, store = boto3.client("cloudformation", **access), boto3.client("s3", **access)
    store.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    store.put_object(Bucket=name, Key="template", Body=template.encode())
    began = time.perf_counter()
    client.create_change_set(
        StackName=name,
        ChangeSetName="changes",
        ChangeSetType="CREATE",
        TemplateURL=f"{endpoint.url}/{name}/template",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    )
    while client.describe_change_set(StackName=name, ChangeSetName="changes")["Status"] != "CREATE_COMPLETE":
        time.sleep(0.1)
    client.execute_change_set(StackName=name, ChangeSetName="changes")
    while (status := client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]) != "CREATE_COMPLETE":
        if not status.endswith("_IN_PROGRESS"):
            raise SystemExit(f"the bare deployment ended {status}")
        time.sleep(0.1)
    return time.perf_counter() - began


@define
class Run:
    """What was seen of one deployment; seconds, milliseconds for edits."""

    began: float
    ended: float = 0
    phases: dict[str, float] = field(factory=dict)
    snapshots: int = 0
    busiest: int = 0
    """Snapshots in one second, at most."""
    last: dict[str, Any] = field(factory=dict)
    edits: list[float] = field(factory=list)

    @property
    def seconds(self) -> float:
        """From the request to the completed snapshot."""
        return self.ended - self.began


def deployed(editor: Editor, uri: str, typist: Typist | None = None) -> Run:
    """Deploy a project; meanwhile the typist types."""
    run = Run(time.perf_counter())
    over = threading.Event()

    def type_on(typist: Typist) -> None:
        while not over.wait(EDIT_GAP):
            run.edits.append(typist.edit())

    thread = threading.Thread(target=type_on, args=(typist,)) if typist else None
    editor.command("sigma.deploy", project=uri, autoExecute=True)
    if thread:
        thread.start()
    moments: list[float] = []
    while run.last.get("phase") != "completed":
        run.ended, run.last = editor.snapshots.get(timeout=1200)
        run.phases.setdefault(run.last["phase"], run.ended - run.began)
        moments.append(run.ended)
    over.set()
    if thread:
        thread.join()
    if run.last["outcome"] != "succeeded":
        raise SystemExit(run.last["message"])
    run.snapshots = len(moments)
    run.busiest = max(sum(at <= each < at + 1 for each in moments) for at in moments)
    return run


def measured(root: Path, endpoint: cloud.Endpoint, pace: str) -> list[Goal]:
    """Print the figures at one pace, and give them beside what they are to be."""
    for name in ("small", "large"):
        (root / name / "src").mkdir(parents=True)
        (root / name / "src" / "app.py").write_text("def handler(event, context):\n    return {}\n")
    small, large = root / "small" / "sigma.yaml", root / "large" / "sigma.yaml"
    text = manifest(f"{pace}-large", RESOURCES)
    small.write_text(manifest(f"{pace}-small", 2))
    large.write_text(text)
    editor = Editor((sys.executable, "-m", "sigma_ls", "serve", "--stdio"), root)
    try:
        typist = Typist(editor, large.as_uri(), text)
        # The first deployment of a server loads the SDK, which is not what is measured.
        deployed(editor, small.as_uri())
        idle = typist.burst()
        before = editor.memory("VmRSS")
        run = deployed(editor, large.as_uri(), typist)
        peak = editor.memory("VmHWM")
        typist.heal()
        template = editor.command("sigma.template", project=large.as_uri(), format="json")["text"]
    finally:
        editor.close()
    floor = bare(endpoint, f"{pace}-bare", _with_code(template))
    print(f"{len(run.last['changes'])} resources, {pace} pace, poll interval {POLL_INTERVAL:g} s")
    print(f"  the cloud's own time      {floor:7.2f} s")
    print(f"  ours                      {run.seconds:7.2f} s   (allowed {1.1 * floor + POLL_INTERVAL:.2f})")
    print("    until: " + ", ".join(f"{phase} {seconds:.2f}" for phase, seconds in run.phases.items()))
    print(
        f"  snapshots                 {run.snapshots:7d}     ({run.busiest} a second, {max(editor.sizes) // 1024} kB at most)"
    )
    print(f"  server's memory           {before:7.0f} MB  before, {peak:.0f} MB at its peak (allowed {MEMORY})")
    for what, edits in (("idle", idle), ("meanwhile", run.edits)):
        print(
            f"  edit → diagnostics, {what:9} {statistics.median(edits):4.1f} ms  median, {_tail(edits):.1f} p95, "
            f"{max(edits):.0f} longest, of {len(edits)}"
        )
    allowed = 1.1 * floor + POLL_INTERVAL
    what = f"{len(run.last['changes'])} resources, {pace} pace"
    before_it, meanwhile = statistics.median(idle), statistics.median(run.edits)
    return [
        Goal(
            f"{what}: request → end",
            f"≤ 1.1 × the cloud's own {floor:.2f} s + {POLL_INTERVAL:g} s = {allowed:.2f} s",
            f"{run.seconds:.2f} s",
            run.seconds <= allowed,
        ),
        Goal(f"{what}: memory of the server, peak", f"≤ {MEMORY} MB", f"{peak:.0f} MB", peak <= MEMORY),
        Goal(
            f"{what}: edit → diagnostics meanwhile, median of {len(run.edits)}",
            f"≤ 2 × the idle {before_it:.1f} ms",
            f"{meanwhile:.1f} ms (p95 {_tail(run.edits):.1f}, idle {_tail(idle):.1f})",
            meanwhile <= 2 * before_it,
        ),
    ]


def _with_code(template: str) -> str:
    """The template without what needs an archive: only the function's code does."""
    body = json.loads(template)
    for resource in body["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"]["Code"] = {"ZipFile": "def handler(event, context):\n    return {}\n"}
    return json.dumps(body)


def _tail(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def goals() -> list[Goal]:
    """Measure on a sandbox of its own, at each pace."""
    found: list[Goal] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SIGMA_ENVIRONMENTS"] = str(environments_dir())
        os.environ["SIGMA_HOME"] = str(Path(folder) / "home")
        try:
            for pace in PACES:
                endpoint = cloud.ensure_running(report=lambda _: None, pace=pace)
                found += measured(Path(folder) / pace, endpoint, pace)
        finally:
            cloud.stop()
    return found


if __name__ == "__main__":
    goals()
