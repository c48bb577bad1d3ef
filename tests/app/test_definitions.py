"""State machines whose definitions stand in files."""

import pytest

from sigma_ls.app.refusal import Refused
from sigma_ls.app.template import template_text

MANIFEST = """\
name: demo
platform: aws
aws: {region: eu-west-1}
functions:
  step: {runtime: python3.13, handler: app.handler, code: src, uses: {process: start}}
resources:
  process: {type: stateMachine, definition: states.yaml}
"""
STATES = "StartAt: A\nStates:\n  A: {Type: Task, Resource: '${step.arn}', TimeoutSeconds: 5, End: true}\n"


@pytest.fixture
def manifest(tmp_path):
    path = tmp_path / "sigma.yaml"
    path.write_text(MANIFEST)
    (tmp_path / "src").mkdir()
    (tmp_path / "src/app.py").write_text("def handler(event, context): pass\n")
    return path


def test_a_definition_in_a_file_may_name_functions(manifest):
    (manifest.parent / "states.yaml").write_text(STATES)
    text = template_text(str(manifest)).text
    assert '"Resource":"${Step.Arn}","TimeoutSeconds":5' in text
    assert "lambda:InvokeFunction" in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"sigma\.yaml:7:45: There is no file 'states\.yaml' beside the manifest"),
        ("- a\n", r"The definition states\.yaml holds no mapping"),
        ("A: [", r"The definition states\.yaml, line \d: "),
        (STATES.replace("step.arn", "stop.arn"), r"sigma\.yaml:7:\d+: Nothing named `stop` is declared"),
    ],
)
def test_a_bad_definition_says_why_at_the_line_that_names_it(manifest, content, message):
    if content is not None:
        (manifest.parent / "states.yaml").write_text(content)
    with pytest.raises(Refused, match=message):
        template_text(str(manifest))
