"""`init`: what it asks, what it writes, and what it refuses."""

import pytest
from inline_snapshot import snapshot

from tests.cli.shell import Shell


def answers(*lines):
    asked, left = [], list(lines)

    async def ask(prompt, _secret):
        asked.append(prompt)
        return left.pop(0) if left else None

    return asked, ask


def test_nobody_to_ask_means_defaults(tmp_path):
    shell = Shell(tmp_path)
    assert shell.run("init", "greeter") == 0
    assert shell.out == snapshot(
        """\
wrote src/hello/app.py
wrote sigma.yaml
Next: sigma-ls deploy greeter --sandbox (on this machine, without an account)
"""
    )
    assert shell.run("check", "greeter") == 0


def test_a_person_is_asked_for_what_is_not_given(tmp_path):
    asked, ask = answers("", "gcp", "my-project", "")
    shell = Shell(tmp_path, ask=ask)
    assert shell.run("init", "greeter") == 0
    assert asked == [
        "Name [greeter]: ",
        "Platform (aws or gcp) [aws]: ",
        "Google Cloud project: ",
        "Region [europe-west1]: ",
    ]
    assert "project: my-project" in (tmp_path / "greeter/sigma.yaml").read_text()


def test_what_is_given_is_not_asked(tmp_path):
    asked, ask = answers()
    options = ("--name", "shop", "--platform", "aws", "--region", "us-east-1", "--language", "node")
    assert Shell(tmp_path, ask=ask).run("init", *options) == 0
    assert asked == []
    assert (tmp_path / "sigma.yaml").read_text().startswith("name: shop\n")
    assert (tmp_path / "src/hello/index.mjs").exists()


def test_the_region_of_the_environment_is_the_default(tmp_path):
    Shell(tmp_path, environment={"AWS_REGION": "ap-south-1"}).run("init")
    assert "region: ap-south-1" in (tmp_path / "sigma.yaml").read_text()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--name", "1 shop"], '`name: "1 shop"` cannot be: '),
        (["--name", "a # b"], '`name: "a # b"` cannot be: '),
        (["--region", "atlantis"], "`region: atlantis` cannot be: "),
        (["--platform", "gcp"], "A project on Google Cloud needs the id of one there."),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_is_written(tmp_path, options, said):
    shell = Shell(tmp_path)
    assert shell.run("init", "new", *options) == 1
    assert said in shell.err
    assert not (tmp_path / "new").exists()


def test_input_that_ends_writes_nothing(tmp_path):
    _, ask = answers("greeter")
    shell = Shell(tmp_path, ask=ask)
    assert shell.run("init", "new") == 1
    assert "Nothing was written" in shell.err
    assert not (tmp_path / "new").exists()


def test_an_unknown_platform_is_refused(tmp_path):
    _, ask = answers("greeter", "azure")
    shell = Shell(tmp_path, ask=ask)
    assert shell.run("init", "new") == 1
    assert "There is no platform “azure”." in shell.err


def test_a_project_that_is_there_stays(tmp_path):
    (tmp_path / "sigma.yaml").write_text("name: mine")
    shell = Shell(tmp_path)
    assert shell.run("init") == 1
    assert "There is a project already" in shell.err
    assert (tmp_path / "sigma.yaml").read_text() == "name: mine"


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "new").write_text("")
    shell = Shell(tmp_path)
    assert shell.run("init", "new") == 1
    assert "is no folder" in shell.err
