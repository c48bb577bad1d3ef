"""One tree of nodes laid over another."""

import pytest

from sigma_ls.manifest.model import Origin, Project, Queue, Raw, Reference, Text
from sigma_ls.syntax.span import Range
from sigma_ls.synth import Unsupported, synthesize
from sigma_ls.synth.cloudformation.expressions import ref
from sigma_ls.synth.cloudformation.merge import merge
from sigma_ls.synth.cloudformation.nodes import At, flatten
from tests.synth.projects import function, project

HERE, THERE = Range.of(1, 0, 1, 5), Range.of(2, 0, 2, 5)


@pytest.mark.parametrize(
    ("base", "over", "merged"),
    [
        ({"a": {"b": 1, "c": 2}}, {"a": {"c": 3, "d": 4}}, {"a": {"b": 1, "c": 3, "d": 4}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": {"b": 1}}, {"a": "text"}, {"a": "text"}),
        ({"a": "text"}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({"a": 1, "b": 2}, {"a": None}, {"b": 2}),
        ({"a": 1}, {"gone": None, "deep": {"gone": None, "left": 1}}, {"a": 1, "deep": {"left": 1}}),
        ({"a": [{"b": None}]}, {}, {"a": [{}]}),
        ({"a": ref("X")}, {"a": {"Fn::Sub": "${Y}"}}, {"a": {"Fn::Sub": "${Y}"}}),
        ({"a": {"Ref": "X"}}, {"a": {"Fn::Sub": "${Y}"}}, {"a": {"Fn::Sub": "${Y}"}}),
        ({"a": {"b": 1}}, {"a": {"Ref": "X"}}, {"a": {"Ref": "X"}}),
        ({"a": {"Ref": "X"}}, {"a": {"b": 1}}, {"a": {"b": 1}}),
    ],
)
def test_merging(base, over, merged):
    assert flatten(merge(base, over)) == merged


def test_places_are_kept_through_a_merge():
    base = {"a": At(HERE, {"b": At(HERE, 1), "c": At(HERE, 2), "d": At(HERE, 3)})}
    over = At(THERE, {"a": At(THERE, {"c": At(THERE, 5), "d": None})})
    ranges = {}
    assert flatten(merge(base, over), ranges) == {"a": {"b": 1, "c": 5}}
    assert ranges == {("a",): HERE, ("a", "b"): HERE, ("a", "c"): THERE}


def test_the_outermost_mark_of_a_node_counts():
    ranges = {}
    assert flatten(At(HERE, At(THERE, 1)), ranges) == 1
    assert ranges == {(): HERE}


def with_template(template, **more):
    values = {
        ("template",): Range.of(9, 0, 9, 1),
        ("template", "Resources", "Resize", "Properties", "MemorySize"): Range.of(10, 0, 10, 4),
    }
    return project(function(memory=512), template=template, origin=Origin(values=values), **more)


def test_the_template_block_wins():
    block = {
        "Resources": {
            "Resize": {"Properties": {"MemorySize": 1024, "Timeout": None}},
            "ResizeLogGroup": None,
            "Extra": {"Type": "AWS::SNS::Topic"},
        },
        "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
    }
    template = synthesize(with_template(block))
    resources = template.body["Resources"]
    assert resources["Resize"]["Properties"]["MemorySize"] == 1024
    assert "Timeout" not in resources["Resize"]["Properties"]
    assert resources["Resize"]["Properties"]["Handler"] == "app.handler"
    assert "ResizeLogGroup" not in resources
    assert "ResizeLogGroup" not in template.resources
    assert resources["Extra"] == {"Type": "AWS::SNS::Topic"}
    assert "Extra" not in template.resources
    assert list(template.body)[1] == "Conditions"
    assert template.sources.at("Resources", "Resize", "Properties", "MemorySize") == Range.of(10, 0, 10, 4)


def test_what_comes_from_a_template_file_stands_where_the_file_is_named():
    overlay = {"Resources": {"Resize": {"Properties": {"MemorySize": 1024}}}}
    template = synthesize(with_template("overlay.yaml"), overlay=overlay)
    assert template.body["Resources"]["Resize"]["Properties"]["MemorySize"] == 1024
    assert template.sources.at("Resources", "Resize", "Properties", "MemorySize") == Range.of(9, 0, 9, 1)


def test_a_template_file_that_was_not_read_is_no_empty_one():
    with pytest.raises(Unsupported, match=r"overlay\.yaml that `template` names could not be read") as refused:
        synthesize(with_template("overlay.yaml"))
    assert refused.value.range == Range.of(9, 0, 9, 1)


@pytest.mark.parametrize(
    ("over", "message", "path"),
    [
        ({"Resources": "x"}, "`Resources` of a template is a mapping", ("template", "Resources")),
        ({"Outputs": {"A": ["x"]}}, "`A` in `Outputs` of a template is a mapping", ("template", "Outputs", "A")),
        ({"Conditions": []}, "`Conditions` of a template is a mapping", ("template", "Conditions")),
    ],
)
def test_a_template_block_that_is_no_template_is_refused_where_it_is_not(over, message, path):
    place = Range.of(7, 2, 7, 9)
    with pytest.raises(Unsupported, match=message) as refused:
        synthesize(project(template=over, origin=Origin(values={path: place})))
    assert refused.value.range == place
    # A file has no places of its own.
    with pytest.raises(Unsupported, match=message) as refused:
        synthesize(project(template="extra.yaml", origin=Origin(values={("template",): place})), overlay=over)
    assert refused.value.range == place


def test_properties_are_set_directly_on_the_generated_resource():
    properties = {"KmsMasterKeyId": Text((Reference("key", "arn"),)), "SqsManagedSseEnabled": False, "Tags": None}
    app: Project = project(
        Queue(id="failed", retention=60, properties=properties),
        Raw(id="key", type="AWS::KMS::Key"),
        function(dead_letter="failed"),
    )
    assert synthesize(app).body["Resources"]["Failed"]["Properties"] == {
        "KmsMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]},
        "MessageRetentionPeriod": 60,
        "SqsManagedSseEnabled": False,
    }
