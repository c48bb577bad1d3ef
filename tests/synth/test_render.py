"""A template's body as text."""

import json

import yaml
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from sigma_ls.synth.cloudformation.render import canonical_json, render_json, render_yaml

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
