"""What cfn-lint finds beside what is known of the manifest."""

from sigma_ls.app.lint import LintFinding
from sigma_ls.app.template_findings import lint_diagnostics
from sigma_ls.manifest import check_text, lower
from sigma_ls.synth import synthesize

TEXT = """\
name: demo
platform: aws
aws: {region: eu-west-1}
functions:
  one:
    runtime: python3.9
    handler: app.handler
    code: src
    permissions:
      - {Effect: Allow, Action: ["s3:GetObjct"], Resource: "arn:aws:s3:::images/*"}
resources:
  raw:
    type: AWS::Lambda::Function
    properties: {Runtime: python3.9, Handler: app.handler, Code: {ZipFile: x}, Role: "arn:aws:iam::123456789012:role/x"}
"""
FOUND = [
    LintFinding("W2531", "warning", "Runtime was deprecated.", ("Resources", "One", "Properties", "Runtime")),
    LintFinding(
        "W3037",
        "warning",
        "'getobjct' is not one of ['getobject']",
        ("Resources", "OneRole", "Properties", "Policies", 0, "PolicyDocument", "Statement", 1, "Action"),
    ),
    LintFinding("W2531", "warning", "Runtime was deprecated.", ("Resources", "Raw", "Properties", "Runtime")),
    LintFinding("E3012", "error", "Not a string.", ("Resources", "One", "Properties", "Runtime")),
]


def test_what_the_manifest_s_own_rules_said_is_not_said_again():
    project = lower(TEXT).project
    assert project is not None
    template = synthesize(project, {}, None, {})
    known = check_text(TEXT)
    assert {"SIG309", "SIG504"} <= {each.code for each in known}
    lines = [
        (each.range.start.line, each.message.partition("(")[2])
        for each in lint_diagnostics(template, FOUND, None, known)
    ]
    assert lines == [(13, "cfn-lint W2531)"), (5, "cfn-lint E3012)")]
    assert len(lint_diagnostics(template, FOUND, None, [])) == len(FOUND)
