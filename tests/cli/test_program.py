"""Options and the crash barrier: what a wrong word and what a defect look like."""

from pathlib import Path

import pytest

from sigma_ls.deploy.ports import NotAuthenticated
from tests.cli.shell import Shell


def crash(error):
    def world():
        raise error

    return world


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nope"], "'nope'"),
        (["deploy", "--nope"], "No such option: --nope"),
        (["deploy", "--answer", "s3cret"], "each --answer is NAME=VALUE"),
        (["deploy", "--answer", "=s3cret"], "each --answer is NAME=VALUE"),
        (["check", "--format", "xml"], "'xml'"),
        (["sandbox"], "COMMAND"),
        (["deploy", ".", "twice"], "Unexpected argument: twice"),
        (["deploy", "--password=s3cret"], "No such option: --password"),
        (["deploy", "--allow"], "No such option: --allow"),
        (["serve", "--port", "1"], "No such option: --port"),
        (["serve"], "--tcp HOST:PORT"),
        (["sandbox", "start", "--port", "70000"], "65535"),
    ],
)
def test_a_wrong_word_ends_with_2_and_says_where_the_right_ones_are(tmp_path, arguments, says):
    shell = Shell(tmp_path)
    assert shell.run(*arguments) == 2
    assert says in shell.err
    command = (
        "sigma-ls"
        if arguments[0] == "nope"
        else " ".join(["sigma-ls", *arguments[: 1 + (arguments[1:2] == ["start"])]])
    )
    assert f"  The commands and their options: {command} --help" in shell.err
    assert "s3cret" not in shell.err


def test_a_defect_is_one_message_and_its_traceback_goes_to_the_log(tmp_path):
    shell = Shell(tmp_path, world=crash(ZeroDivisionError("of all things")))
    assert shell.run("status") == 1
    assert "This is a defect of sigma-ls: ZeroDivisionError: of all things" in shell.err
    assert "Traceback" not in shell.err + shell.out
    log = shell.state_dir / "crash.log"
    assert str(log) in shell.err
    assert "Traceback" in log.read_text()


def test_a_log_that_cannot_be_written_hides_nothing(tmp_path):
    shell = Shell(tmp_path, world=crash(ZeroDivisionError("of all things")))
    shell.state_dir = tmp_path / "file" / "state"
    (tmp_path / "file").write_text("not a folder")
    assert shell.run("status") == 1
    assert "ZeroDivisionError" in shell.err
    assert "could not be written" in shell.err


def test_a_cloud_that_refuses_is_said_with_what_to_do(tmp_path):
    shell = Shell(tmp_path, world=crash(NotAuthenticated("There are no credentials.", "Run: aws configure")))
    assert shell.run("status") == 1
    assert shell.err == "sigma-ls: There are no credentials.\n  Run: aws configure\n"


def test_an_interrupt_before_anything_has_begun(tmp_path):
    shell = Shell(tmp_path, world=crash(KeyboardInterrupt()))
    assert (shell.run("deploy"), shell.err) == (130, "sigma-ls: Interrupted.\n")


def test_a_setting_of_the_environment_that_makes_no_sense_is_named(tmp_path):
    shell = Shell(tmp_path, world=crash(KeyboardInterrupt()), environment={"SIGMA_POLL_INTERVAL": "soon"})
    shell.run("status")
    assert "sigma.pollInterval must be a number of seconds" in shell.err


def test_schema_prints_the_published_schema(tmp_path):
    shell = Shell(tmp_path)
    assert shell.run("schema") == 0
    assert shell.out == (Path(__file__).parents[2] / "docs/sigma.schema.json").read_text()
    assert shell.err == ""


@pytest.mark.parametrize("command", [[], ["deploy"], ["sandbox"], ["sandbox", "start"]], ids=" ".join)
def test_help_says_what_there_is(tmp_path, command):
    shell = Shell(tmp_path)
    assert shell.run(*command, "--help") == 0
    assert shell.out.startswith(f"usage: {' '.join(['sigma-ls', *command])} [-h]")
    named = {"sandbox": "ended by `stop`", "deploy": "--allow-data-loss", "start": "--pace {real,instant}"}
    assert named.get(command[-1] if command else "", "undeploy") in " ".join(shell.out.split())
    assert shell.err == ""
