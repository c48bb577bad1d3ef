"""The template as a whole: its description, capabilities and limits, and what cannot be synthesized."""

import subprocess
import sys

import attrs
import pytest

from sigma_ls.manifest.model import Bucket, Function, GcpSettings, HttpTrigger, Origin, OtherTrigger, Queue, Raw
from sigma_ls.syntax.span import Range
from sigma_ls.synth import Unsupported, synthesize
from sigma_ls.synth.cloudformation.limits import excesses
from sigma_ls.synth.template import SourceMap, Template
from tests.synth.projects import function, project, ref

PLACE = Range.of(7, 2, 7, 9)


def test_the_description_is_the_projects():
    assert synthesize(project(description="Makes thumbnails.")).body == {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Makes thumbnails.",
        "Resources": {},
    }


def raw(type_name, **properties):
    return Raw(id="x", type=type_name, properties=properties)


@pytest.mark.parametrize(
    ("things", "more", "needed"),
    [
        ((), {}, ()),
        ((Bucket(id="images"),), {}, ()),
        ((function(),), {}, ("CAPABILITY_IAM",)),
        ((raw("AWS::IAM::Policy", PolicyName="x"),), {}, ("CAPABILITY_IAM",)),
        ((raw("AWS::IAM::Role", RoleName="x"),), {}, ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM")),
        (
            (raw("AWS::CloudFormation::Stack", TemplateURL="x"),),
            {},
            ("CAPABILITY_AUTO_EXPAND", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"),
        ),
        ((), {"template": {"Transform": "AWS::LanguageExtensions"}}, ("CAPABILITY_AUTO_EXPAND",)),
    ],
)
def test_capabilities(things, more, needed):
    assert synthesize(project(*things, **more)).capabilities == needed


def template(**sections):
    return Template(body={"Resources": {}, **sections}, sources=SourceMap(), resources={})


def many(count):
    return {f"X{index}": {} for index in range(count)}


@pytest.mark.parametrize(
    ("exceeding", "message", "way_out", "path"),
    [
        (
            {"Resources": many(501)},
            "The template has 501 resources; CloudFormation takes 500",
            "to a second project.",
            ("Resources",),
        ),
        (
            {"Parameters": many(201)},
            "The template has 201 parameters",
            "keep them in the secret store",
            ("Parameters",),
        ),
        ({"Outputs": many(201)}, "The template has 201 outputs", "Leave out some", ("Outputs",)),
        ({"Mappings": many(201)}, "The template has 201 mappings", "Leave out some", ("Mappings",)),
        ({"Description": "é" * 513}, "The description has 1026 bytes", "Shorten it", ("Description",)),
        ({"Metadata": "x" * 1_000_000}, "CloudFormation takes 1,000,000", "to a second project.", ()),
    ],
)
def test_limits(exceeding, message, way_out, path):
    (excess,) = excesses(template(**exceeding))
    assert message in excess.message
    assert way_out in excess.message
    assert excess.path == path


def test_within_limits():
    full = {"Resources": many(500), "Description": "x" * 1024}
    assert list(excesses(template(**full))) == []


def test_a_role_that_may_too_much():
    queues = [Queue(id=f"queue-with-a-long-name-{index}") for index in range(120)]
    made = synthesize(project(function(uses={queue.id: ("send",) for queue in queues}), *queues))
    (excess,) = excesses(made)
    assert excess.path == ("Resources", "ResizeRole")
    assert "IAM takes 10,240" in excess.message


def test_a_function_that_too_many_may_call():
    routes = tuple(HttpTrigger("GET", f"/a/route/number/{index}") for index in range(80))
    (excess,) = excesses(synthesize(project(function(triggers=routes))))
    assert excess.path == ("Resources", "Resize")
    assert "Lambda takes 20,480" in excess.message
    assert list(excesses(synthesize(project(function(triggers=routes[:30]))))) == []


def at(path):
    return Origin(key=Range.of(1, 0, 1, 1), values={path: PLACE})


@pytest.mark.parametrize(
    ("app", "message"),
    [
        (
            project(platform="gcp", gcp=GcpSettings("p", "europe-west1"), origin=at(("platform",))),
            "Deploying to Google Cloud is not supported by this version yet",
        ),
        (
            project(function(triggers=(OtherTrigger("document", {}),), origin=at(("triggers", 0)))),
            "The `document` trigger of `resize` cannot be deployed",
        ),
        (
            project(function(uses={"nobody": ("read",)}, origin=at(("uses", "nobody")))),
            "Nothing named `nobody` is declared",
        ),
    ],
)
def test_what_cannot_be_synthesized_is_refused_where_it_is_asked_for(app, message):
    with pytest.raises(Unsupported, match=message) as refused:
        synthesize(app)
    assert refused.value.range == PLACE
    assert refused.value.message == str(refused.value)


def test_who_only_speaks_of_templates_does_not_load_the_synthesis():
    """The language server does at its start, and is to be quick."""
    code = "import sys, sigma_ls.synth.template; print([name for name in sys.modules if 'cloudformation' in name])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_every_field_of_a_function_that_aws_has_shows_in_the_template():
    """A new field of the model that nobody synthesizes would be ignored silently."""
    elsewhere = {"id", "origin", "roles", "service_account", "ingress", "min_instances", "max_instances"}
    known = {
        *("runtime", "handler", "code", "description", "memory", "timeout", "architecture", "ephemeral_storage"),
        *("concurrency", "log_retention", "tracing", "layers", "vpc", "dead_letter", "environment", "triggers", "uses"),
        "permissions",
    }
    assert {field.name for field in attrs.fields(Function)} == known | elsewhere


def test_an_attribute_that_a_type_does_not_have():
    with pytest.raises(Unsupported, match="`images` has no attribute `streamArn`"):
        synthesize(project(function(environment={"X": ref("images", "streamArn")}), Bucket(id="images")))
    with pytest.raises(Unsupported, match="`other` has no attribute `url`"):
        synthesize(project(function(environment={"X": ref("other", "url")}), function("other")))
