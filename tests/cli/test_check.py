"""`check` on the templates of manifests: what synthesis refuses, and what cfn-lint finds, at the manifest's lines."""

import io
import json
import os
import subprocess
import sys

import pytest

from sigma_ls.app import lint_worker
from sigma_ls.app.lint import Linter
from sigma_ls.cli.check import check
from tests.cli.shell import Shell

SHELL = """\
name: demo
platform: aws
aws: {region: eu-west-1}
"""
FAULTY = f"""{SHELL}\
resources:
  cache:
    type: AWS::ElastiCache::CacheCluster
    properties: {{CacheNodeType: cache.t4g.micro, Engine: redis, NumCacheNodes: one}}
"""
FUNCTION = """\
functions:
  work: {runtime: python3.13, handler: app.handler, code: src%s}
"""


@pytest.fixture
def shell(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src/app.py").write_text("def handler(event, context):\n    pass\n")
    return Shell(tmp_path)


def write(shell, text):
    (shell.folder / "sigma.yaml").write_text(text)


def test_a_finding_in_a_raw_resource(shell):
    write(shell, FAULTY)
    assert shell.run("check") == 1
    assert shell.out == "sigma.yaml:7:80: error SIG703 'one' is not of type 'integer' (cfn-lint E3012)\n"
    assert shell.err == "1 error in 1 manifest\n"


def test_a_finding_in_a_generated_companion(shell):
    write(shell, SHELL + FUNCTION % f", triggers: [{{logs: shop, filter: {'x' * 1100}}}]")
    assert shell.run("check", "--format", "json") == 1
    (found,) = json.loads(shell.out)
    assert (found["code"], found["line"], found["endColumn"] - found["column"]) == ("SIG703", 5, 1100)


def test_a_warning_is_no_error(shell):
    write(shell, SHELL + "template: {Parameters: {Unused: {Type: String}}}\n" + FUNCTION % "")
    assert shell.run("check") == 0
    assert "sigma.yaml:4:" in shell.out
    assert "warning SIG703 Parameter Unused not used. (cfn-lint W2001)" in shell.out


def test_without_cfn_lint(shell):
    write(shell, FAULTY)
    assert shell.run("check", "--no-cfn-lint") == 0
    assert shell.out == ""


def test_what_cannot_be_a_template_is_said_without_cfn_lint(shell):
    write(shell, SHELL + FUNCTION % ", environment: {MY: '${work.arn}'}")
    assert shell.run("check", "--no-cfn-lint") == 1
    assert "error SIG702 Each of these would have to be made before the next: `work` needs `work`." in shell.out


def test_an_ignored_finding_is_silent(shell):
    write(shell, FAULTY.replace("one}", "one}  # sigma: ignore SIG703"))
    assert shell.run("check") == 0
    assert shell.out == ""


STAGES = """\
stages:
  dev: {}
  prod: {resources: {cache: {properties: {Engine: no-such}}}}
"""


def test_the_templates_of_all_stages_are_looked_at(shell):
    write(shell, STAGES + FAULTY)
    assert shell.run("check") == 1
    rules = [line.rpartition("cfn-lint ")[2].rstrip(")") for line in shell.out.splitlines()]
    # What the stages share is said once.
    assert rules.count("E3012") == 1
    (of_prod,) = [line for line in shell.out.splitlines() if line.startswith("sigma.yaml:3:")]
    assert of_prod.endswith("(in stage 'prod').")
    assert shell.run("check", "--stage", "dev") == 1
    assert "sigma.yaml:3:" not in shell.out


def test_nobody_asks_for_the_template_of_a_manifest_with_errors(shell):
    write(shell, FAULTY + "  jobs: {type: qeue}\n")
    assert shell.run("check") == 1
    assert "SIG703" not in shell.out


def test_cfn_lint_that_does_not_answer_is_said_and_is_no_error(shell):
    for name in ("one", "two"):
        (shell.folder / name).mkdir()
        (shell.folder / name / "sigma.yaml").write_text(FAULTY)
    notes = shell.folder / "worker"
    answers = (
        f"import os, sys; open({str(notes)!r}, 'a').write(f'{{os.getpid()}}\\n')\n"
        """for _ in sys.stdin: print('{"error": "no rules"}', flush=True)"""
    )
    out, err = io.StringIO(), io.StringIO()
    linter = Linter(lambda: (sys.executable, "-c", answers))
    host = shell.host(out, err)
    assert check(["one", "two"], stage=None, style="text", lint=True, host=host, linter=lambda: linter) == 0
    assert out.getvalue() == ""
    # Once: it would fail again.
    assert err.getvalue() == (
        "sigma-ls: one/sigma.yaml: cfn-lint could not check the template: no rules.\nno errors in 2 manifests\n"
    )
    (worker,) = map(int, notes.read_text().split())
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_cfn_lint_that_is_not_installed_is_named():
    question = json.dumps({"template": "{}", "region": "eu-west-1"})
    # Without the packages that are installed.
    command = [sys.executable, "-I", "-S", lint_worker.__file__]
    ran = subprocess.run(command, input=question, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == {"error": "cfnlint is not installed beside sigma-ls"}


def test_a_manifest_that_is_ignored_beside_the_one_that_is_checked(shell):
    write(shell, SHELL)
    (shell.folder / "sigma.yml").write_text(f"{SHELL}foo: 1\n")
    assert shell.run("check") == 0
    assert (
        shell.out
        == "sigma.yml:1:1: warning SIG010 This file is ignored: the folder's manifest is the sigma.yaml beside it.\n"
    )
    # Said once, also where that file is named too.
    assert shell.run("check", ".", "sigma.yml") == 1
    assert [line.split()[2] for line in shell.out.splitlines()] == ["SIG010", "SIG102"]


def test_a_manifest_that_is_named_twice_is_checked_once(shell):
    write(shell, f"{SHELL}foo: 1\n")
    assert shell.run("check", ".", "sigma.yaml", str(shell.folder)) == 1
    assert len(shell.out.splitlines()) == 1
    assert shell.err == "1 error in 1 manifest\n"
