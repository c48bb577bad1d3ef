"""Bad input, as it happens: each time a clear message, never a traceback.

Where a cloud or the machine matters, the command is a process of its own (whose `run` looks for tracebacks).
"""

import json
import os
import socket

import pytest

from tests.cli.process import clean_environment, run
from tests.cli.shell import Shell
from tests.support.cloud import FakeWorld

VALID = "name: t\nplatform: aws\naws: {region: eu-west-1}\nresources:\n  jobs: {type: AWS::SQS::Queue}\n"
COMMANDS = [["check"], ["template"], ["deploy", "--sandbox", "--yes"], ["undeploy", "--sandbox", "--yes"]]


def sigma(tmp_path, *arguments, **more):
    return run(*arguments, folder=tmp_path, environment=clean_environment(tmp_path / "home", more))


def failed(command, status):
    """Whether the exit status says that the command could not even begin."""
    return status == (3 if "deploy" in command[0] else 1)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "sigma.yaml"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x80\xff", "UTF-8"),
        (os.urandom(64).hex().encode() * 40_000, "sigma.yaml"),
        (None, "There is no sigma.yaml in"),
        ("folder", "sigma.yaml"),
    ],
    ids=["empty", "binary", "5 MB of garbage", "none", "a folder of that name"],
)
def test_a_manifest_that_is_none(tmp_path, command, content, says):
    if content == "folder":
        (tmp_path / "sigma.yaml").mkdir()
    elif content is not None:
        (tmp_path / "sigma.yaml").write_bytes(content)
    world = FakeWorld(tmp_path / "state")
    shell = Shell(tmp_path, world=lambda: world)
    assert failed(command, shell.run(*command))
    assert says in shell.err + shell.out
    assert "defect" not in shell.err
    assert world.asked_for == []


@pytest.mark.parametrize(
    ("content", "code", "place", "says"),
    [
        (b"name: t\ndescription: \xc3\xa9\xff", "SIG005", (2, 15), "not a text in UTF-8 (byte 23)"),
        (b"name: t\ndescription: a\0b\n", "SIG005", (2, 15), "binary"),
        (b"name: " + b"x" * 100_000_000, "SIG008", (1, 1), "larger than 5 MB"),
        (b"name: " + b"x" * 2_000_000, "SIG008", (1, 1), "not analysed"),
        (b"template: " + b"[" * 10_000, "SIG008", (1, 110), "100 levels"),
        (b" \n", "SIG103", (1, 1), "is empty"),
        (
            b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            + b"".join(b"a%d: &a%d [%b]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 40)),
            "SIG007",
            (5, 45),
            "not followed",
        ),
    ],
    ids=["invalid UTF-8", "NUL", "100 MB", "2 MB", "10 000 levels", "empty", "aliases"],
)
def test_a_hostile_manifest_is_a_finding(tmp_path, content, code, place, says):
    (tmp_path / "sigma.yaml").write_bytes(content)
    shell = Shell(tmp_path, world=lambda: FakeWorld(tmp_path / "state"))
    assert shell.run("check", "--format", "json") == 1
    found = next(each for each in json.loads(shell.out) if each["code"] == code)
    assert (found["file"], found["severity"], (found["line"], found["column"])) == ("sigma.yaml", "error", place)
    assert says in found["message"]


def test_a_folder_of_that_name(tmp_path):
    (tmp_path / "sigma.yaml").mkdir()
    for path in ([], ["sigma.yaml"], ["."]):
        shell = Shell(tmp_path, world=lambda: FakeWorld(tmp_path / "state"))
        assert shell.run("check", *path) == 1
        assert f"{tmp_path / 'sigma.yaml'} is a folder: a manifest is a file of that name." in shell.err


def test_a_path_that_does_not_exist(tmp_path):
    ended = sigma(tmp_path, "check", "nowhere")
    assert (ended.status, ended.out) == (1, "")
    assert "nowhere" in ended.err


def test_a_refusal_is_a_deployment_too(tmp_path):
    ended = sigma(tmp_path, "deploy", "--json")
    assert ended.status == 3
    assert [(each["outcome"], each["phase"]) for each in ended.deployments] == [("refused", "completed")]
    assert "There is no sigma.yaml" in ended.last["message"]


def test_a_manifest_with_errors_is_refused_at_its_lines(tmp_path):
    (tmp_path / "sigma.yaml").write_text(VALID.replace("type: AWS::SQS::Queue", "typ: queue"))
    ended = sigma(tmp_path, "deploy", "--yes", "--json")
    assert (ended.status, ended.last["outcome"]) == (3, "refused")
    assert 4 in [failure["location"]["range"]["start"]["line"] for failure in ended.last["failures"]]


def test_no_credentials(tmp_path):
    (tmp_path / "sigma.yaml").write_text(VALID)
    ended = sigma(tmp_path, "deploy", "--yes")
    assert ended.status == 1
    assert "credentials" in ended.out + ended.err


def test_an_endpoint_that_is_down(tmp_path):
    (tmp_path / "sigma.yaml").write_text(VALID)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "x"}
        ended = sigma(tmp_path, "deploy", "--yes", AWS_ENDPOINT_URL=address, **keys)
    assert ended.status == 1
    assert address in ended.out + ended.err


def test_a_port_in_use(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = sigma(tmp_path, "sandbox", "start", "--port", port)
    assert ended.status == 1
    assert port in ended.err
    assert "in use" in ended.err


@pytest.mark.parametrize("command", [["sandbox", "start"], ["deploy", "--sandbox", "--yes"]], ids=lambda each: each[0])
def test_a_sandbox_that_cannot_be_installed(tmp_path, command):
    (tmp_path / "sigma.yaml").write_text(VALID)
    closed = "http://127.0.0.1:9/simple"
    offline = dict.fromkeys(("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"), closed)
    ended = sigma(tmp_path, *command, UV_NO_CACHE="1", UV_HTTP_RETRIES="0", **offline)
    assert ended.status == 1
    assert "could not be installed" in ended.out + ended.err
    assert not (tmp_path / "home" / "state" / "sandbox" / "record.json").exists()
