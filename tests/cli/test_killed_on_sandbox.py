"""kill -9 at each writing of the journal, on a real cloud: the next command brings the deployment to its end.

What `tests/app/test_killed.py` shows for every point and every kind of deployment on a cloud in memory.
"""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import evolve

from tests.cli.process import TIMEOUT, clean_environment, run

pytestmark = pytest.mark.sandbox

MORTAL = """
import os, signal, sys
left = int(sys.argv.pop(1))
def audit(event, args):
    global left
    if event == "os.rename" and ".json" in str(args[1]) and os.sep + "deployments" + os.sep in str(args[1]):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(audit)
from sigma_ls.__main__ import main
sys.exit(main())
"""
"""The command, killed just before its nth record gets its name."""


def killed(at, folder, environment):
    """Whether the command was killed in its `at`th writing; the last time it comes to its end before."""
    done = subprocess.run(
        [sys.executable, "-c", MORTAL, str(at), "deploy", "--sandbox", "--yes"],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


@pytest.mark.seconds(20)
def test_a_deployment_that_is_killed_at_any_writing_is_brought_to_its_end(tmp_path, sandbox):
    shared = {"SIGMA_ENVIRONMENTS": sandbox.environment_home}
    # The command line deploys to the one account that the sandbox has for it.
    formation = evolve(sandbox, account=sandbox.endpoint.account).client("cloudformation")
    at, lived = 0, False
    while not lived:
        at += 1
        folder, name = tmp_path / str(at), f"killed-{at}"
        folder.mkdir()
        (folder / "sigma.yaml").write_text(
            f"name: {name}\nplatform: aws\naws: {{region: eu-west-1}}\nresources:\n  jobs: {{type: AWS::SQS::Queue}}\n"
        )
        environment = clean_environment(sandbox.home, shared)
        lived = not killed(at, folder, environment)
        ended = run("deploy", "--sandbox", "--yes", "--json", folder=folder, environment=environment)
        assert (ended.status, ended.last["outcome"]) in ((0, "succeeded"), (0, "noChanges")), (at, ended.last)
        events = formation.describe_stack_events(StackName=name)["StackEvents"]
        of_stack = [each["ResourceStatus"] for each in events if each["PhysicalResourceId"] == each["StackId"]]
        assert of_stack.count("CREATE_COMPLETE") == of_stack.count("CREATE_IN_PROGRESS") == 1, (at, of_stack)
        left = formation.list_change_sets(StackName=name)["Summaries"]
        assert [each for each in left if each["ExecutionStatus"] != "EXECUTE_COMPLETE"] == [], at
    assert at > 6
