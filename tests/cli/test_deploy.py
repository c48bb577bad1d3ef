"""`deploy` and `undeploy` as a whole, on a cloud in memory: output, exit status, and what stays on the cloud."""

import json

import pytest
from attrs import evolve, fields
from inline_snapshot import snapshot

from sigma_ls.app.wire import camel
from sigma_ls.app.world import BuildFailed, BuildFault, CommitFailed
from sigma_ls.deploy.ports import NotAuthenticated, Worktree
from sigma_ls.deploy.snapshot import Deployment
from tests.cli.shell import Shell
from tests.support.app import MANIFEST, write_project
from tests.support.cloud import FakeWorld

ASKING = MANIFEST.replace("    uses:", "    environment: {KEY: {ask: the key}}\n    uses:")


class Project:
    """A project, a cloud in memory, and a shell in the folder above."""

    def __init__(self, folder, manifest=MANIFEST):
        self.folder = folder
        self.manifest = write_project(folder / "project", manifest)
        self.world = FakeWorld(folder / "state")
        self.cloud = self.world.cloud

    def run(self, *arguments, **shell):
        """Run a command in a process of its own: its shell."""
        ran = Shell(self.folder, world=lambda: self.world, **shell)
        ran.status = ran.run(*arguments)
        return ran


def deployments(shell):
    return [json.loads(line) for line in shell.out.splitlines()]


class Person:
    def __init__(self, *lines):
        self.lines = list(lines)

    async def __call__(self, prompt, secret):
        return self.lines.pop(0)


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def test_yes_deploys_and_prints_a_line_for_each_change(project):
    shell = project.run("deploy", "project", "--yes")
    assert (shell.status, shell.err) == (0, "")
    lines = shell.out.splitlines()
    assert lines[0] == "Deploying demo: stack demo in eu-west-1"
    assert [line for line in lines if "bucket" in line.lower()][:2] == snapshot(
        ["  add     images (AWS::S3::Bucket)", "in progress: add images (AWS::S3::Bucket)"]
    )
    end = lines.index("outputs:")
    assert lines[end - 1 : end + 2] == snapshot(
        ["demo: succeeded in 10 s. Deployed demo to eu-west-1: 5 changes.", "outputs:", "  Failed    {'Ref': 'Failed'}"]
    )
    assert project.cloud.live("demo").status == "CREATE_COMPLETE"


def test_json_has_the_shape_of_the_protocol_on_each_line(project):
    shell = project.run("deploy", "project", "--yes", "--json")
    printed = deployments(shell)
    known = {camel(field.name) for field in fields(Deployment)}
    required = {camel(field.name) for field in fields(Deployment) if field.default is not None}
    assert shell.status == 0
    assert all(required <= each.keys() <= known for each in printed)
    assert [each["revision"] for each in printed] == sorted({each["revision"] for each in printed})
    assert [each.get("outcome") for each in printed[-2:]] == [None, "succeeded"]


def test_a_second_deployment_has_nothing_to_change(project):
    project.run("deploy", "project", "--yes")
    shell = project.run("deploy", "project", "--yes", "--json")
    assert (shell.status, deployments(shell)[-1]["outcome"]) == (0, "noChanges")
    assert project.cloud.open_plans() == []


def test_a_person_is_asked_and_no_means_no(project):
    shell = project.run("deploy", "project", ask=Person("n"))
    assert shell.status == 130
    assert "demo: aborted" in shell.out
    assert project.cloud.executions == []
    assert project.cloud.open_plans() == []
    assert project.cloud.live("demo") is None


def test_a_person_is_asked_and_yes_means_yes(project):
    assert project.run("deploy", "project", ask=Person("y")).status == 0
    assert len(project.cloud.executions) == 1


@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_without_a_terminal_and_consent_nothing_is_left(project, as_json):
    shell = project.run("deploy", "project", *as_json)
    assert shell.status == 3
    assert "Execute the changes of demo" in shell.err
    assert (project.cloud.executions, project.cloud.open_plans(), project.cloud.live("demo")) == ([], [], None)


def test_on_a_terminal_the_table_stays(project):
    shell = project.run("deploy", "project", "--yes", terminal=True)
    assert shell.status == 0
    assert "✓ done" in shell.out
    assert "demo: succeeded" in shell.out


def test_a_failure_is_named_at_its_line(project):
    project.cloud.fail["create:Hello"] = "No such runtime."
    shell = project.run("deploy", "project", "--yes")
    assert shell.status == 1
    assert "project/sigma.yaml:5:3: error: hello: No such runtime." in shell.err
    assert "failed and rolled back" in shell.err


def test_code_that_cannot_be_built_is_a_failure_too(project):
    project.world.broken["hello"] = BuildFailed([BuildFault("hello", "There is no src. Make it.")])
    shell = project.run("deploy", "project", "--yes")
    assert shell.status == 1
    assert "There is no src." in shell.err
    assert project.cloud.live("demo") is None


def test_without_credentials_it_says_what_to_do(project):
    project.world.unavailable = NotAuthenticated("There are no credentials.", "Run: aws configure")
    shell = project.run("deploy", "project", "--yes")
    assert shell.status == 1
    assert "Run: aws configure" in shell.out + shell.err


def test_errors_of_the_manifest_are_refused_at_their_lines(tmp_path):
    project = Project(tmp_path, MANIFEST.replace("handler:", "handlr:"))
    shell = project.run("deploy", "project", "--yes")
    assert shell.status == 3
    assert "project/sigma.yaml:7:5: error" in shell.err
    assert "refused" in shell.err
    assert project.cloud.calls == []


def test_what_is_refused_before_it_begins_is_printed_as_a_deployment(tmp_path):
    project = Project(tmp_path, MANIFEST)
    shell = project.run("deploy", "project", "--stage", "nope", "--yes", "--json")
    (refused,) = deployments(shell)
    assert shell.status == 3
    assert (refused["outcome"], refused["phase"]) == ("refused", "completed")
    assert refused["project"] == {"uri": project.manifest.as_uri(), "name": "project"}
    assert "nope" in refused["message"]
    assert refused["message"] in shell.err


def test_values_are_taken_from_the_options(tmp_path):
    project = Project(tmp_path, ASKING)
    refused = project.run("deploy", "project", "--yes")
    assert refused.status == 3
    assert "--answer KEY=" in refused.err
    given = project.run("deploy", "project", "--yes", "--answer", "KEY=s3=cret")
    assert given.status == 0
    assert "cret" not in given.out + given.err
    assert [plan.request.parameters for plan in project.cloud.plans.values()][-1] == {"Key": "s3=cret"}


def test_data_is_lost_with_consent_only(project):
    project.run("deploy", "project", "--yes")
    refused = project.run("undeploy", "project", "--yes")
    assert refused.status == 3
    assert "--allow-data-loss" in refused.err
    assert "images" in refused.err
    assert project.cloud.live("demo").status == "CREATE_COMPLETE"
    removed = project.run("undeploy", "project", "--yes", "--allow-data-loss", "--json")
    assert (removed.status, deployments(removed)[-1]["outcome"]) == (0, "succeeded")
    assert project.cloud.live("demo") is None


def test_yes_recreates_a_stack_that_holds_no_data(project):
    project.cloud.put("demo", "ROLLBACK_COMPLETE", {"Old": "AWS::SQS::Queue"})
    assert project.run("deploy", "project", "--yes").status == 0
    assert "delete" in project.cloud.calls
    assert project.cloud.live("demo").status == "CREATE_COMPLETE"


def test_a_stack_that_holds_data_is_recreated_with_consent_to_that_only(project):
    project.cloud.put("demo", "ROLLBACK_COMPLETE", {"Old": "AWS::DynamoDB::Table"})
    refused = project.run("deploy", "project", "--yes")
    assert refused.status == 3
    assert "Data is lost with Old" in refused.err
    assert "delete" not in project.cloud.calls
    assert project.run("deploy", "project", "--yes", "--allow-data-loss").status == 0
    assert project.cloud.live("demo").status == "CREATE_COMPLETE"


def test_status_and_logs_change_nothing(project):
    assert project.run("status", "project").out == ""
    project.run("deploy", "project", "--yes")
    before = list(project.cloud.calls)
    status = project.run("status", "project")
    assert (status.status, status.err) == (0, "")
    assert "deploy to stack demo in eu-west-1, account 123456789012" in status.out
    assert "demo: succeeded" in status.out
    (told,) = deployments(project.run("status", "project", "--json"))
    assert told["outcome"] == "succeeded"
    assert "account 123456789012, by ada@desk" in status.out
    project.run("deploy", "project", "--yes")
    assert len(deployments(project.run("status", "project", "--json"))) == 1
    earlier = deployments(project.run("status", "project", "--history", "--json"))
    assert [each["outcome"] for each in earlier] == ["noChanges", "succeeded"]
    assert earlier[1] == told
    before += project.cloud.calls[len(before) :]
    logs = project.run("logs", "project")
    assert "Images (AWS::S3::Bucket)" in logs.out
    events = deployments(project.run("logs", "project", "--json"))
    assert len(events) == len(logs.out.splitlines())
    assert {"at", "resource", "type", "status"} <= events[0].keys()
    assert project.cloud.calls == before


def test_template_prints_the_template_and_nothing_else(project):
    shell = project.run("template", "project", "--format", "json")
    assert (shell.status, shell.err) == (0, "")
    assert json.loads(shell.out)["Resources"]["Images"]["Type"] == "AWS::S3::Bucket"
    assert project.run("template", "project").out.startswith("AWSTemplateFormatVersion")


def test_a_template_of_a_faulty_manifest_names_the_fault(tmp_path):
    shell = Project(tmp_path, MANIFEST.replace("handler:", "handlr:")).run("template", "project")
    assert (shell.status, shell.out) == (1, "")
    assert "sigma.yaml:5:3" in shell.err


# --- commits ---------------------------------------------------------------------------------------------------------

WORK = Worktree("c0", ("sigma.yaml",), count=1)


@pytest.mark.parametrize(
    ("lines", "commits", "status"),
    [
        (["Add a queue", "y"], ["Add a queue"], 0),
        (["", "y"], [], 0),
        ([None], [], 130),
    ],
)
def test_a_person_is_asked_for_a_commit_message_and_needs_give_none(project, lines, commits, status):
    project.world.work = WORK
    shell = project.run("deploy", "project", ask=Person(*lines))
    assert shell.status == status
    assert "Uncommitted changes: sigma.yaml. Commit before deploying?" in shell.err
    assert [message for _, message in project.world.commits] == commits


def test_what_cannot_be_committed_is_a_choice(project):
    project.world.work = evolve(WORK, hindrance="A merge is not finished.")
    shell = project.run("deploy", "project", ask=Person("1", "y"))
    assert shell.status == 0
    assert "  1. Deploy Without Committing\n  2. Abort\n" in shell.err


@pytest.mark.parametrize("given", [["--yes"], []])
def test_where_nobody_is_asked_git_is_not_even_run(project, given):
    project.world.work = WORK
    shell = project.run("deploy", "project", *given)
    assert shell.status == (0 if given else 3)
    assert "ommit" not in shell.err
    assert (project.world.looks, project.world.commits) == (0, [])


def test_a_message_on_the_command_line_commits_without_a_question(project):
    project.world.work = WORK
    shell = project.run("deploy", "project", "--yes", "--commit", "Add a queue", "--json")
    assert (shell.status, shell.err) == (0, "")
    assert project.world.commits == [(project.folder / "project", "Add a queue")]
    assert deployments(shell)[-1]["commit"] == "c1"


def test_a_commit_that_fails_with_nobody_to_ask_is_refused_and_nothing_is_deployed(project):
    project.world.work = WORK

    def hook():
        raise CommitFailed("A commit hook refused it: unused import.")

    project.world.hook = hook
    shell = project.run("deploy", "project", "--yes", "--commit", "Add a queue")
    assert shell.status == 3
    assert "A commit hook refused it: unused import." in shell.err
    assert "pass --yes, and no --commit" in shell.err
    assert project.cloud.calls == []


def test_a_commit_needs_a_message(project):
    shell = project.run("deploy", "project", "--commit", " ")
    assert (shell.status, "--commit takes a message" in shell.err) == (2, True)


def test_the_history_names_the_commit(project):
    project.world.work = Worktree("c0ffee1234567890")
    project.run("deploy", "project", "--yes", "--commit", "Add a queue")
    assert "by ada@desk, commit c0ffee1234\n" in project.run("status", "project").out
