"""Whole manifests → whole templates.  `UPDATE_GOLDEN=1` writes what is expected anew."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from sigma_ls.synth.cloudformation.render import render_yaml
from tests.synth.cases import CASES, EXAMPLES
from tests.synth.graph import cycle, dangling


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_template_is_as_expected(case):
    made = render_yaml(case.synthesize().body)
    if os.environ.get("UPDATE_GOLDEN"):
        case.expected.write_text(made, encoding="utf-8")
    assert made == case.expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_nothing_depends_on_itself_and_nothing_is_missing(case):
    body = case.synthesize().body
    assert cycle(body) is None
    assert dangling(body) == set()


def test_every_example_for_aws_is_a_case():
    examples = {each.parent.name: yaml.safe_load(each.read_text()) for each in EXAMPLES.glob("*/sigma.yaml")}
    assert {name for name, manifest in examples.items() if manifest["platform"] == "aws"} <= {*CASES}


def test_cfn_lint_finds_nothing():
    templates = [str(case.expected) for case in CASES.values()]
    command = [
        str(Path(sys.executable).with_name("cfn-lint")),
        "--format",
        "parseable",
        "-r",
        "eu-west-1",
        "-t",
        *templates,
    ]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.stdout, found.returncode) == ("", 0)
