"""What crosses to the editor, as JSON and back."""

import pytest
from attrs import evolve
from inline_snapshot import snapshot

from sigma_ls.app.wire import WireError, from_wire, tell_once, to_wire
from sigma_ls.deploy.snapshot import (
    Can,
    Cause,
    Change,
    ChangedResource,
    Deployment,
    Location,
    Plan,
    PlanSummary,
    Progress,
    ProjectRef,
    StackRef,
)
from sigma_ls.lsp import messages
from sigma_ls.syntax.span import Range

DEPLOYMENT = Deployment(
    id="d1",
    revision=3,
    operation="deploy",
    project=ProjectRef("file:///p/sigma.yaml", "p"),
    stage=None,
    sandbox=True,
    engine="cloudformation",
    stack=StackRef("p", "eu-west-1", console_url="https://console.example"),
    phase="staged",
    message="1 change",
    changes=(
        Change(
            "Images",
            ChangedResource("AWS::S3::Bucket", "images"),
            "add",
            causes=(Cause("Name", after="b", location=Location("file:///p/sigma.yaml", Range.of(1, 2, 1, 8))),),
        ),
    ),
    progress=Progress(),
    outputs=(),
    failures=(),
    can=Can(execute=True, abort=True),
    auto_execute=False,
    started_at="2026-01-01T00:00:00Z",
    updated_at="2026-01-01T00:00:01Z",
    plan=Plan("cs-1", PlanSummary(add=1)),
)


def test_a_deployment_on_the_wire():
    assert to_wire(DEPLOYMENT) == snapshot(
        {
            "id": "d1",
            "revision": 3,
            "operation": "deploy",
            "project": {"uri": "file:///p/sigma.yaml", "name": "p"},
            "stage": None,
            "sandbox": True,
            "engine": "cloudformation",
            "stack": {"name": "p", "region": "eu-west-1", "consoleUrl": "https://console.example"},
            "phase": "staged",
            "message": "1 change",
            "changes": [
                {
                    "id": "Images",
                    "resource": {"type": "AWS::S3::Bucket", "name": "images"},
                    "action": "add",
                    "replacement": "never",
                    "risk": "none",
                    "causes": [
                        {
                            "property": "Name",
                            "after": "b",
                            "location": {
                                "uri": "file:///p/sigma.yaml",
                                "range": {"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 8}},
                            },
                        }
                    ],
                    "status": "pending",
                }
            ],
            "progress": {"done": 0, "total": 0, "failed": 0},
            "outputs": [],
            "failures": [],
            "can": {"execute": True, "abort": True, "stop": False},
            "autoExecute": False,
            "startedAt": "2026-01-01T00:00:00Z",
            "updatedAt": "2026-01-01T00:00:01Z",
            "plan": {"id": "cs-1", "summary": {"add": 1, "modify": 0, "replace": 0, "remove": 0}},
        }
    )


def test_a_change_is_told_anew_when_it_has_changed_and_as_before_when_not():
    tell_once(Change)  # As the server does, which is not loaded here.
    change = DEPLOYMENT.changes[0]
    before = to_wire(change)
    assert to_wire(change) is before
    assert to_wire(evolve(change, status="failed")) == {**before, "status": "failed"}
    # One that has taken the place in memory of another is not taken for it.
    told = [to_wire(evolve(change, id=str(number)))["id"] for number in range(100)]
    assert told == [str(number) for number in range(100)]


def test_a_deployment_survives_the_way_there_and_back():
    assert from_wire(to_wire(DEPLOYMENT), Deployment) == DEPLOYMENT


@pytest.mark.parametrize(
    ("data", "read"),
    [
        ({}, messages.DeployParams()),
        ({"stage": None, "fromTheFuture": 1}, messages.DeployParams()),
        ({"commit": "skip"}, messages.DeployParams(commit="skip")),
        ({"commit": {"message": "m"}}, messages.DeployParams(commit=messages.CommitMessage("m"))),
        ({"answers": {"API_KEY": "x"}}, messages.DeployParams(answers={"API_KEY": "x"})),
    ],
)
def test_parameters_are_read_leniently_about_what_is_not_ours(data, read):
    assert from_wire(data, messages.DeployParams) == read


def test_an_answer_is_a_choice_or_values():
    choice = from_wire({"deployment": "d", "question": "q", "answer": "yes"}, messages.AnswerParams)
    values = from_wire({"deployment": "d", "question": "q", "answer": {"KEY": "v"}}, messages.AnswerParams)
    assert (choice.answer, values.answer) == ("yes", {"KEY": "v"})


@pytest.mark.parametrize(
    ("data", "cls", "says"),
    [
        ({}, messages.ExecuteParams, "required field missing @ $.deployment"),
        ({"deployment": 3}, messages.ExecuteParams, "expected a string, got a number @ $.deployment"),
        ({"deployment": "d", "plan": []}, messages.ExecuteParams, "expected a string, got an array @ $.plan"),
        ({"autoExecute": 1}, messages.DeployParams, "expected a boolean, got a number @ $.autoExecute"),
        ({"pollInterval": True}, messages.Settings, "expected a number, got a boolean @ $.pollInterval"),
        ({"commit": "aks"}, messages.DeployParams, 'expected "ask" or "skip", got "aks" @ $.commit'),
        ({"commit": {"mesage": ""}}, messages.DeployParams, "required field missing @ $.commit.message"),
        ({"answers": {"MY_KEY": 1}}, messages.DeployParams, "expected a string, got a number @ $.answers['MY_KEY']"),
        ({"answers": "x"}, messages.DeployParams, "expected an object, got a string @ $.answers"),
        ({"artifacts": "x"}, messages.BuildResult, "expected an array, got a string @ $.artifacts"),
        ({"artifacts": [{}]}, messages.Artifact, "required field missing @ $.function"),
        (None, messages.DeployParams, "expected an object, got null @ $"),
        ([{}], messages.DeployParams, "expected an object, got an array @ $"),
    ],
)
def test_a_misfit_is_named_by_its_field(data, cls, says):
    with pytest.raises(WireError) as caught:
        from_wire(data, cls)
    assert says in str(caught.value)
