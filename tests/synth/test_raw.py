"""Types of CloudFormation itself."""

import pytest

from sigma_ls.manifest.model import Bucket, BucketTrigger, Origin, Raw, Reference, Text
from sigma_ls.syntax.span import Range
from sigma_ls.synth import Unsupported, synthesize
from tests.synth.projects import function, project, ref

CACHE = "AWS::ElastiCache::CacheCluster"


def test_properties_are_copied_and_references_become_intrinsics():
    properties = {
        "Engine": "redis",
        "NumCacheNodes": 1,
        "Tags": [{"Key": "bucket", "Value": ref("images", "name")}],
        "Description": Text(("of ", Reference("images", "arn"))),
        "Left": {"Fn::Sub": "${Images} and ${images.name}"},
        "Null": None,
    }
    raw = Raw(id="cache", type=CACHE, keep=True, properties=properties)
    assert synthesize(project(raw, Bucket(id="images"))).body["Resources"]["Cache"] == {
        "Type": CACHE,
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "Description": {"Fn::Sub": "of ${Images.Arn}"},
            "Engine": "redis",
            "Left": {"Fn::Sub": "${Images} and ${images.name}"},
            "NumCacheNodes": 1,
            "Tags": [{"Key": "bucket", "Value": {"Ref": "Images"}}],
        },
    }


def test_attributes():
    environment = {
        "A": ref("cache", "ref"),
        "B": ref("cache", "name"),
        "C": ref("cache", "arn"),
        "D": ref("cache", "RedisEndpoint.Address"),
        "E": Text((Reference("cache", "RedisEndpoint.Address"), ":", Reference("cache", "RedisEndpoint.Port"))),
    }
    app = project(function(environment=environment), Raw(id="cache", type=CACHE))
    assert synthesize(app).body["Resources"]["Resize"]["Properties"]["Environment"]["Variables"] == {
        "A": {"Ref": "Cache"},
        "B": {"Ref": "Cache"},
        "C": {"Fn::GetAtt": ["Cache", "Arn"]},
        "D": {"Fn::GetAtt": ["Cache", "RedisEndpoint.Address"]},
        "E": {"Fn::Sub": "${Cache.RedisEndpoint.Address}:${Cache.RedisEndpoint.Port}"},
    }


def test_a_raw_type_without_properties():
    raw = Raw(id="handle", type="AWS::CloudFormation::WaitConditionHandle")
    assert synthesize(project(raw)).body["Resources"]["Handle"] == {"Type": raw.type}


def test_what_exists():
    raw = Raw(id="cache", type=CACHE, existing="my-cache")
    template = synthesize(project(function(environment={"A": ref("cache", "ref")}), raw))
    assert "Cache" not in template.body["Resources"]
    variables = template.body["Resources"]["Resize"]["Properties"]["Environment"]["Variables"]
    assert variables == {"A": "my-cache"}
    with pytest.raises(Unsupported, match="`cache` has no attribute `RedisEndpoint"):
        synthesize(project(function(environment={"A": ref("cache", "RedisEndpoint.Port")}), raw))


@pytest.mark.parametrize(
    ("type_name", "property_name"),
    [
        (CACHE, "ClusterName"),
        ("AWS::CloudWatch::CompositeAlarm", "AlarmName"),
        ("AWS::EC2::SecurityGroup", "GroupName"),
        ("AWS::ElastiCache::ReplicationGroup", "ReplicationGroupId"),
        ("AWS::SSM::Parameter", "Name"),
        ("AWS::SNS::Topic", "TopicName"),
    ],
)
def test_a_name_is_the_property_that_the_type_has_for_it(type_name, property_name):
    raw = Raw(id="cache", type=type_name, name="mine")
    assert synthesize(project(raw)).body["Resources"]["Cache"]["Properties"] == {property_name: "mine"}


def test_the_name_of_what_is_referred_to_by_its_arn():
    topic = Raw(id="news", type="AWS::SNS::Topic")
    body = synthesize(project(function(environment={"A": ref("news", "name"), "B": ref("news", "ref")}), topic)).body
    assert body["Resources"]["Resize"]["Properties"]["Environment"]["Variables"] == {
        "A": {"Fn::GetAtt": ["News", "TopicName"]},
        "B": {"Ref": "News"},
    }


@pytest.mark.parametrize(
    "type_name",
    # A pool's warm instances are named by the group that they belong to, a network by nothing.
    ["AWS::AutoScaling::WarmPool", "AWS::EC2::VPC", "Custom::Thing"],
)
def test_a_type_that_has_no_property_for_a_name(type_name):
    place = Range.of(3, 0, 3, 4)
    raw = Raw(id="cache", type=type_name, name="mine", origin=Origin(values={("name",): place}))
    with pytest.raises(Unsupported, match="has no property for a name") as refused:
        synthesize(project(raw))
    assert refused.value.range == place


def test_a_bucket_with_triggers_is_named_literally_in_raw_properties_too():
    app = project(
        function(triggers=(BucketTrigger("images"),)),
        Bucket(id="images"),
        Raw(id="note", type="AWS::SSM::Parameter", properties={"Type": "String", "Value": ref("images", "name")}),
    )
    assert synthesize(app).body["Resources"]["Note"]["Properties"]["Value"] == {
        "Fn::Sub": "app-images-${AWS::AccountId}-${AWS::Region}"
    }
