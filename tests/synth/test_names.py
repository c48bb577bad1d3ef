"""Logical ids and physical names."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sigma_ls.manifest.model import Bucket, HttpTrigger, Topic
from sigma_ls.synth import synthesize
from sigma_ls.synth.cloudformation.names import (
    TOPIC_NAME_LENGTH,
    LogicalIds,
    arn_resource,
    bucket_stem,
    name_in_stack,
    route_kind,
)
from tests.synth.projects import function, project

LONGEST_ACCOUNT_AND_REGION = "-123456789012-us-isof-south-1"

stacks = st.from_regex(r"[a-zA-Z][-a-zA-Z0-9]{0,127}", fullmatch=True)
ids = st.from_regex(r"[a-zA-Z][a-zA-Z0-9-]{0,62}", fullmatch=True)


@pytest.mark.parametrize(
    ("stack", "resource_id", "stem"),
    [
        ("thumbnailer", "images", "thumbnailer-images"),
        ("app-dev-eu", "images", "app-dev-eu-images"),
        ("app-dev", "eu-images", "app-dev-eu-images-11597284"),
        ("app", "rawImages", "app-rawimages-27525148"),
        ("app", "rawimages", "app-rawimages"),
        ("a-very-long-name-of-a-stack-indeed", "images", "a-very-long-name-o-images-56374456"),
    ],
)
def test_names_of_buckets(stack, resource_id, stem):
    assert bucket_stem(stack, resource_id) == stem


@given(stacks, ids)
def test_a_bucket_name_is_one_that_s3_takes_in_any_account_and_region(stack, resource_id):
    name = bucket_stem(stack, resource_id) + LONGEST_ACCOUNT_AND_REGION
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", name)


# Short, and of few characters, so that plain forms often are the same.
close = st.from_regex(r"a[aA-]{0,4}", fullmatch=True)


@given(close, close, close, close)
def test_no_two_stacks_or_ids_share_a_bucket_name(stack, resource_id, other_stack, other_id):
    assume((stack, resource_id) != (other_stack, other_id))
    assert bucket_stem(stack, resource_id) != bucket_stem(other_stack, other_id)


@given(stacks, ids)
def test_a_fifo_topic_name_is_one_that_sns_takes(stack, resource_id):
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,251}\.fifo", name_in_stack(stack, resource_id, TOPIC_NAME_LENGTH, ".fifo"))
    assert name_in_stack("s" * 250, resource_id, TOPIC_NAME_LENGTH, ".fifo") != name_in_stack(
        "s" * 251, resource_id, TOPIC_NAME_LENGTH, ".fifo"
    )


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("", "", "Default"),
        ("GET", "/", "Get"),
        ("GET", "/images", "GetImages"),
        ("POST", "/images/{id}/size", "PostImagesParamSize"),
        ("ANY", "/{rest+}", "AnyRest"),
        ("GET", "/images/", "GetImagesAAF37601"),
        ("GET", "/param", "GetParam3C060757"),
        ("GET", "/a-b", "GetABB64A2E14"),
        ("GET", "/v1.2/x", "GetV12XA1D90B8C"),
    ],
)
def test_routes_in_logical_ids(method, path, kind):
    assert route_kind(method, path) == kind


segments = st.sampled_from(("a", "b", "ab", "aB", "a-b", "param", "rest", "{id}", "{key}", "{id+}", "A"))
routes = st.tuples(st.sampled_from(("GET", "ANY")), st.lists(segments, max_size=3).map(lambda s: "/" + "/".join(s)))


@given(routes, routes)
def test_two_routes_share_a_logical_id_when_api_gateway_takes_them_for_one(one, other):
    same = [re.sub(r"\{\w+", "{", path) for _, path in (one, other)]
    assert (route_kind(*one) == route_kind(*other)) == ((one[0], same[0]) == (other[0], same[1]))


def test_a_companion_whose_id_is_taken_gets_another():
    ids = LogicalIds(["Resize", "ResizeRole"])
    names = [
        ids.companion("resize", kind="Role"),
        ids.companion("resize", kind="LogGroup"),
        ids.companion("a", "bC", kind="Permission"),
        ids.companion("aB", "c", kind="Permission"),
    ]
    assert len({*names, "Resize", "ResizeRole"}) == 6
    assert names[1:3] == ["ResizeLogGroup", "ABCPermission"]
    assert ids.companion("resize", kind="Role") == names[0]


def test_a_logical_id_is_cut_where_a_path_is_too_long():
    ids = LogicalIds([])
    one, other = (ids.companion("api", kind=f"Get{'Segment' * 60}{end}Route") for end in ("A", "B"))
    assert len(one) == len(other) == 255
    assert one != other
    path = "/" + "/".join(f"segment{number}" for number in range(60))
    made = synthesize(project(function(triggers=(HttpTrigger("GET", path),)))).body["Resources"]
    assert max(map(len, made)) == 255


def test_an_api_has_a_name_that_api_gateway_takes():
    made = synthesize(project(function(triggers=(HttpTrigger("GET", "/"),)), stack="s" * 128)).body["Resources"]
    assert made["Api"]["Properties"]["Name"] == "s" * 128


def test_a_resource_named_as_a_companion_keeps_its_id():
    template = synthesize(project(function("resize", uses={"resizeRole": ("read",)}), Bucket(id="resizeRole")))
    assert template.body["Resources"]["ResizeRole"]["Type"] == "AWS::S3::Bucket"
    role = template.body["Resources"]["Resize"]["Properties"]["Role"]["Fn::GetAtt"][0]
    assert template.body["Resources"][role]["Type"] == "AWS::IAM::Role"
    assert role.startswith("ResizeRole")
    assert role != "ResizeRole"


def test_most_physical_names_are_left_to_cloudformation():
    template = synthesize(project(function("resize", uses={"news": ("publish",)}), Topic(id="news")))
    assert "Properties" not in template.body["Resources"]["News"]
    assert "FunctionName" not in template.body["Resources"]["Resize"]["Properties"]


@pytest.mark.parametrize(
    ("existing", "resource"),
    [
        ("arn:aws:sqs:eu-west-1:123456789012:legacy", "legacy"),
        ("arn:aws:dynamodb:eu-west-1:123456789012:table/t", "table/t"),
        ("arn:aws:s3:::my-bucket", "my-bucket"),
        ("my-bucket", None),
        ("arn:aws:sqs", None),
    ],
)
def test_what_an_arn_names(existing, resource):
    assert arn_resource(existing) == resource
