"""Diagnostics in the formats of `check`."""

import json

import pytest
from attrs import evolve
from inline_snapshot import snapshot

from sigma_ls.cli.findings import Finding, counted, rendered

ERROR = Finding(
    "a b/sigma.yaml", 3, 5, 3, 9, "error", "SIG101", "Unknown key “nmae”.\nDid you mean “name”?", "https://x/SIG101"
)
WARNING = evolve(
    ERROR, line=1, end_line=1, severity="warning", code="SIG207", message="50 % of it, old: yes", url="https://x/SIG207"
)


def test_text_is_a_line_for_each():
    assert rendered([ERROR, WARNING], "text").splitlines() == [
        "a b/sigma.yaml:3:5: error SIG101 Unknown key “nmae”. Did you mean “name”?",
        "a b/sigma.yaml:1:5: warning SIG207 50 % of it, old: yes",
    ]


def test_json_has_the_shape_of_the_protocol():
    assert json.loads(rendered([ERROR], "json")) == [
        {
            "file": "a b/sigma.yaml",
            "line": 3,
            "column": 5,
            "endLine": 3,
            "endColumn": 9,
            "severity": "error",
            "code": "SIG101",
            "message": "Unknown key “nmae”.\nDid you mean “name”?",
            "url": "https://x/SIG101",
        }
    ]


def test_github_annotations_escape_what_would_end_them():
    assert rendered([evolve(ERROR, file="a,b:c.yaml"), WARNING], "github") == snapshot("""\
::error file=a%2Cb%3Ac.yaml,line=3,col=5,endLine=3,endColumn=9,title=SIG101::Unknown key “nmae”.%0ADid you mean “name”?
::warning file=a b/sigma.yaml,line=1,col=5,endLine=1,endColumn=9,title=SIG207::50 %25 of it, old: yes
""")


def test_sarif_names_each_rule_once_and_places_each_result():
    (run,) = json.loads(rendered([ERROR, WARNING, evolve(ERROR, line=7, end_line=7)], "sarif"))["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["SIG101", "SIG207"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "error"]
    assert run["results"][0]["locations"] == snapshot(
        [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "a%20b/sigma.yaml"},
                    "region": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9},
                }
            }
        ]
    )


@pytest.mark.parametrize(("style", "says"), [("text", ""), ("json", "[]\n"), ("github", "")])
def test_nothing_found(style, says):
    assert rendered([], style) == says


def test_sarif_without_results_is_still_a_log():
    assert json.loads(rendered([], "sarif"))["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("findings", "manifests", "said"),
    [
        ([], 1, "no errors in 1 manifest"),
        ([ERROR], 1, "1 error in 1 manifest"),
        ([ERROR, ERROR, WARNING], 2, "2 errors and 1 warning in 2 manifests"),
        ([evolve(ERROR, severity="hint")], 1, "no errors in 1 manifest"),
    ],
)
def test_the_summary_counts_what_matters(findings, manifests, said):
    assert counted(findings, manifests) == said
