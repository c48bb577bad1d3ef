"""The real command on a real sandbox: what is deployed, changed, refused and removed, and with which exit status."""

import contextlib
import json
import os
import pty
import shutil
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest
from attrs import evolve
from botocore.exceptions import ClientError

from sigma_ls.sandbox import cloud
from tests.cli.process import COMMAND, clean_environment, run

pytestmark = pytest.mark.sandbox

EXAMPLE = Path(__file__).parents[2] / "examples" / "thumbnailer"
HANDLER = "def handler(event, context):\n    return {}\n"


class Project:
    """A project in a folder of its own, deployed to the sandbox of this process."""

    def __init__(self, folder, name, sandbox):
        self.folder = folder
        self.name = name
        self.sandbox = sandbox
        shared = {"SIGMA_ENVIRONMENTS": sandbox.environment_home}
        self.environment = clean_environment(sandbox.home, shared)

    def write(self, body):
        (self.folder / "sigma.yaml").write_text(f"name: {self.name}\nplatform: aws\naws: {{region: eu-west-1}}\n{body}")

    def run(self, *arguments):
        return run(*arguments, folder=self.folder, environment=self.environment)

    def deploy(self, *more):
        return self.run("deploy", "--sandbox", "--yes", "--json", *more)

    def cloudformation(self):
        return self.sandbox.client("cloudformation")

    def stack_status(self):
        """The stack's status; nothing when it is gone."""
        try:
            (stack,) = self.cloudformation().describe_stacks(StackName=self.name)["Stacks"]
        except ClientError:
            return None
        return None if stack["StackStatus"] == "DELETE_COMPLETE" else stack["StackStatus"]

    def staged(self):
        """What change sets there are that nobody has executed."""
        found = self.cloudformation().list_change_sets(StackName=self.name)["Summaries"]
        return [each["ChangeSetName"] for each in found if each["ExecutionStatus"] != "EXECUTE_COMPLETE"]


@pytest.fixture
def project(tmp_path, sandbox, request):
    """A project with one function, `work`, and whatever `write` adds; its stack is removed with the sandbox."""
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "app.py").write_text(HANDLER)
    name = "t-" + "".join(each if each.isalnum() else "-" for each in request.node.name)[:40].strip("-").lower()
    return Project(folder, name, in_its_own_account(sandbox))


def in_its_own_account(sandbox):
    """The account that the command line deploys to: always the same, so stacks are told apart by their names."""
    return evolve(sandbox, account=sandbox.endpoint.account)


FUNCTION = "{runtime: python3.13, handler: app.handler, code: src}"
RESOURCES = """
resources:
  jobs: {type: AWS::SQS::Queue, properties: {VisibilityTimeout: 60}}
  notes: {type: AWS::SNS::Topic}
"""


def changes_of(deployment):
    return {(each["resource"]["name"], each["action"], each["status"]) for each in deployment["changes"]}


def test_the_example_from_nothing_to_its_end(tmp_path, sandbox):
    folder = tmp_path / "thumbnailer"
    shutil.copytree(EXAMPLE, folder)
    project = Project(folder, "thumbnailer", in_its_own_account(sandbox))

    deployed = project.deploy()
    assert (deployed.status, deployed.last["outcome"]) == (0, "succeeded"), deployed.err
    revisions = [each["revision"] for each in deployed.deployments]
    assert revisions == sorted(set(revisions))
    assert {change["status"] for change in deployed.last["changes"]} == {"succeeded"}
    assert len(revisions) > 2
    assert [each["phase"] for each in deployed.deployments].index("completed") == len(revisions) - 1
    outputs = {each["name"]: each["value"] for each in deployed.last["outputs"]}
    with urllib.request.urlopen(outputs["Url"], timeout=30) as reply:
        assert json.load(reply) == {"images": []}

    again = project.deploy()
    assert (again.status, again.last["outcome"], again.last["changes"]) == (0, "noChanges", []), again.err
    assert project.staged() == []

    undeployed = project.run("undeploy", "--sandbox", "--yes", "--allow-data-loss", "--json")
    assert (undeployed.status, undeployed.last["outcome"]) == (0, "succeeded"), undeployed.err
    assert project.stack_status() is None


def test_exactly_what_was_added_changed_and_removed_is_in_the_changelist(project):
    project.write(RESOURCES)
    assert project.deploy().status == 0
    project.write("""
resources:
  jobs: {type: AWS::SQS::Queue, properties: {VisibilityTimeout: 90}}
  more: {type: AWS::SQS::Queue}
""")
    changed = project.deploy("--allow-data-loss")
    assert changed.status == 0, changed.err
    assert changes_of(changed.last) == {
        ("jobs", "modify", "succeeded"),
        ("more", "add", "succeeded"),
        ("Notes", "remove", "succeeded"),
    }
    assert changed.last["progress"] == {"done": 3, "total": 3, "failed": 0}


def test_a_function_that_cannot_be_created_is_rolled_back_with_the_reason_at_its_line(project):
    project.write(f"functions:\n  work: {FUNCTION}\n{RESOURCES}")
    cloud.set_faults({"create:Work": "The code of the function cannot be used."})
    failed = project.deploy()
    assert (failed.status, failed.last["outcome"]) == (1, "rolledBack"), failed.err
    cause = next(each for each in failed.last["failures"] if each["rootCause"])
    assert cause["resource"] == "work"
    assert "cannot be used" in cause["reason"]
    assert cause["location"]["range"]["start"]["line"] == 4

    cloud.set_faults({})
    mended = project.deploy()
    assert (mended.status, mended.last["outcome"]) == (0, "succeeded"), mended.err


def test_without_consent_nothing_is_executed_and_nothing_left(project):
    project.write(RESOURCES)
    refused = project.run("deploy", "--sandbox", "--json")
    assert (refused.status, refused.last["outcome"]) == (3, "refused"), refused.err
    assert "Execute the changes of" in refused.err
    assert "--yes" in refused.err
    assert project.stack_status() is None


def test_a_value_is_asked_for_used_and_written_nowhere(project):
    work = FUNCTION.replace("}", ", environment: {KEY: {ask: API key}}, triggers: [http: GET /key]}")
    project.write(f"functions:\n  work: {work}\n")
    (project.folder / "src" / "app.py").write_text(
        'import os\n\ndef handler(event, context):\n    return {"statusCode": 200, "body": os.environ["KEY"]}\n'
    )
    refused = project.deploy()
    assert (refused.status, refused.last["outcome"]) == (3, "refused"), refused.err
    assert "--answer KEY=" in refused.err

    given = project.deploy("--answer", "KEY=open-sesame")
    assert (given.status, given.last["outcome"]) == (0, "succeeded"), given.err
    (url,) = [each["value"] for each in given.last["outputs"] if each["value"].startswith("http")]
    with urllib.request.urlopen(f"{url}/key", timeout=30) as reply:
        assert reply.read() == b"open-sesame"
    assert "open-sesame" not in given.out + given.err
    journal = project.sandbox.home / "state" / "deployments"
    kept = [path for path in journal.rglob("*") if path.is_file()]
    assert kept
    assert [path for path in kept if b"open-sesame" in path.read_bytes()] == []


@contextlib.contextmanager
def until(project, phase, *arguments, **streams):
    """A deployment that has come as far as `phase`: its process, which is killed in the end."""
    with subprocess.Popen(
        [*COMMAND, "deploy", "--sandbox", "--json", *arguments],
        cwd=project.folder,
        env={**project.environment, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        text=True,
        **streams,
    ) as process:
        try:
            assert process.stdout
            reached = next((line for line in process.stdout if json.loads(line)["phase"] == phase), None)
            assert reached, f"it ended before {phase}"
            yield process
        finally:
            process.kill()


def test_an_interrupt_stops_the_creation_and_leaves_nothing(project):
    project.write(f"functions:\n  work: {FUNCTION}\n{RESOURCES}")
    cloud.ensure_running(report=lambda _line: None, pace="real")
    with until(project, "monitoring", "--yes", stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    last = json.loads(out.splitlines()[-1])
    assert (process.returncode, last["outcome"]) == (130, "stopped"), err
    assert "Stopping" in err
    assert project.stack_status() is None


def test_after_a_crash_the_next_one_follows_what_goes_on_to_its_end(project):
    project.write(f"functions:\n  work: {FUNCTION}\n{RESOURCES}")
    cloud.ensure_running(report=lambda _line: None, pace="real")
    with until(project, "monitoring", "--yes", stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        pass
    (left,) = project.run("status", "--json").deployments
    assert (left["phase"], "outcome" in left) == ("monitoring", False)
    followed = project.deploy()
    assert (followed.status, followed.last["outcome"]) == (0, "succeeded"), followed.err
    assert {each["id"] for each in followed.deployments} == {left["id"]}
    assert "already; this follows it" in followed.err


def test_after_a_crash_before_execution_nothing_staged_is_executed_unseen(project):
    project.write(RESOURCES)
    person, terminal = pty.openpty()
    with until(project, "staged", stdin=terminal, stderr=terminal):
        pass
    os.close(terminal)
    os.close(person)
    project.write(RESOURCES.replace("60", "90"))
    deployed = project.deploy()
    assert (deployed.status, deployed.last["outcome"]) == (0, "succeeded"), deployed.err
    assert "was left before its execution: it is discarded" in deployed.err
    assert project.staged() == []
    (queue,) = project.sandbox.client("sqs").list_queues(QueueNamePrefix=project.name)["QueueUrls"]
    timeout = project.sandbox.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])
    assert timeout["Attributes"]["VisibilityTimeout"] == "90"


def test_status_and_logs_tell_of_the_last_one(project):
    project.write(RESOURCES)
    nothing = project.run("status")
    assert (nothing.status, nothing.out) == (0, "")
    assert "No deployment" in nothing.err
    project.deploy()
    assert "succeeded" in project.run("status").out
    assert project.run("status", "--json").last["outcome"] == "succeeded"
    logs = project.run("logs")
    assert logs.status == 0
    assert "CREATE_COMPLETE" in logs.out
    assert "AWS::SNS::Topic" in logs.out


def test_removing_what_is_not_there_changes_nothing(project):
    project.write(RESOURCES)
    gone = project.run("undeploy", "--sandbox", "--yes", "--json")
    assert (gone.status, gone.last["outcome"]) == (0, "noChanges"), gone.err
