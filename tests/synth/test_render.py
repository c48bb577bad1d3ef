"""A template's body as text."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation.render import canonical_json, manifest_notes, render_json, render_yaml, yaml_lines
from sigma_ls.synth.template import SourceMap
from tests.synth.cases import CASES

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
tricky = st.sampled_from(
    (
        *("", " ", "*", "on", "No", "y", "null", "~", "1", "1e3", "0x1f", "12:30", "2010-09-09", "=", "<<", "-", "- a"),
        *("a: b", "a:", "a #b", "#a", "a\n", "a\nb", "a\n\nb\n", " a\nb", "a\n b", "a\nb\n\n", "\ta\nb", "a \nb", "!x"),
        *(
            "&a",
            "{a}",
            "[a]",
            "${A}",
            "a'b",
            'a"b',
            "\x85",
            "a\u2028b",
            "é",
            "😀",
            "\x7f",
            "...",
            "---",
            "a\\b",
            "\ud800",
        ),
    )
)
texts = tricky | st.text(max_size=8)
bodies = st.recursive(
    scalars | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(texts, bodies, max_size=4))
def test_yaml_reads_back_as_it_was(body):
    assert yaml.safe_load(render_yaml(body)) == body


@given(st.dictionaries(texts, bodies, max_size=4))
def test_json_reads_back_as_it_was(body):
    assert json.loads(canonical_json(body)) == json.loads(render_json(body)) == body
    assert list(json.loads(canonical_json(body))) == list(body)


def test_yaml_as_people_read_it():
    body = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            "A": {
                "Type": "AWS::Lambda::Function",
                "Empty": {},
                "None": [],
                "Properties": {
                    "Arn": {"Fn::GetAtt": ["B", "Arn"]},
                    "List": [{"A": 1, "B": ["x", True]}, ["y"], "*", "on", "s3:ObjectCreated:*"],
                    "Text": "first\n  second\n\nthird",
                    "Url": {"Fn::Sub": "https://${B}.s3.${AWS::Region}/{id}"},
                },
            }
        },
    }
    assert render_yaml(body) == snapshot("""\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  A:
    Type: AWS::Lambda::Function
    Empty: {}
    None: []
    Properties:
      Arn:
        Fn::GetAtt: [B, Arn]
      List:
        - A: 1
          B:
            - x
            - true
        - - "y"
        - "*"
        - "on"
        - s3:ObjectCreated:*
      Text: |-
        first
          second

        third
      Url:
        Fn::Sub: https://${B}.s3.${AWS::Region}/{id}
""")


def test_comments_name_the_manifests_lines():
    """Where a line comes from another than what it stands in."""
    ranges = {
        ("Resources", "A"): Range.of(3, 0, 3, 1),
        ("Resources", "A", "Type"): Range.of(3, 4, 3, 9),
        ("Resources", "A", "Properties", "Text"): Range.of(5, 0, 7, 1),
        ("Resources", "A", "Properties", "List", 0): Range.of(8, 0, 8, 1),
    }
    body = {"Resources": {"A": {"Type": "T", "Properties": {"Text": "one\ntwo", "List": [{"B": 1, "C": 2}]}}}}
    made = render_yaml(body, manifest_notes(SourceMap(ranges), "sigma.yaml"))
    assert (
        made
        == """\
Resources:
  A:  # sigma.yaml:4
    Type: T
    Properties:
      Text: |-  # sigma.yaml:6
        one
        two
      List:
        - B: 1  # sigma.yaml:9
          C: 2
"""
    )
    assert yaml.safe_load(made) == body


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_template_with_comments_says_the_same(case):
    template = case.synthesize()
    made = render_yaml(template.body, manifest_notes(template.sources, "sigma.yaml"))
    assert yaml.safe_load(made) == template.body
    assert "# sigma.yaml:" in made


def test_each_line_knows_its_path():
    body = {"A": {"B": ["x", {"C": 1}]}, "D": "one\ntwo"}
    assert [path for _, path in yaml_lines(body)] == [
        ("A",),
        ("A", "B"),
        ("A", "B", 0),
        ("A", "B", 1),
        ("D",),
        (),
        (),
    ]
