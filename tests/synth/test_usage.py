"""What is deployed, and what is left out since nothing refers to it."""

import pytest

from sigma_ls.manifest import check_text
from sigma_ls.manifest.model import (
    Api,
    Bucket,
    BucketTrigger,
    HttpTrigger,
    ManifestOutput,
    Queue,
    QueueDeadLetter,
    QueueTrigger,
    Raw,
    Reference,
    Text,
    UserPool,
)
from sigma_ls.synth import synthesize
from tests.synth.cases import CASES
from tests.synth.projects import function, project, ref

QUEUE = Queue(id="failed")


def raw(**properties):
    return Raw(id="other", type="AWS::SSM::Parameter", properties=properties)


USES = {
    "trigger": (function(triggers=(QueueTrigger("failed"),)),),
    "uses": (function(uses={"failed": ("send",)}),),
    "deadLetter": (function(dead_letter="failed"),),
    "environment": (function(environment={"X": ref("failed", "url")}),),
    "permissions": (
        function(permissions=({"Effect": "Allow", "Action": "sqs:*", "Resource": {"Fn::GetAtt": ["Failed", "Arn"]}},)),
    ),
    "reference in properties": (raw(Value=ref("failed", "url")),),
    "Ref": (raw(Value={"Ref": "Failed"}),),
    "GetAtt with a list": (raw(Value={"Fn::GetAtt": ["Failed", "Arn"]}),),
    "GetAtt with a dot": (raw(Value={"Fn::GetAtt": "Failed.Arn"}),),
    "Sub": (raw(Value={"Fn::Sub": "a ${AWS::Region} ${Failed.Arn}"}),),
    "Sub with a list": (raw(Value={"Fn::Sub": ["${x} ${Failed}", {"x": "y"}]}),),
    "Sub within Sub": (raw(Value={"Fn::Sub": ["${x}", {"x": {"Ref": "Failed"}}]}),),
    "DependsOn": (raw(DependsOn="Failed"),),
    "the queue of another queue that is used": (
        function(dead_letter="jobs"),
        Queue(id="jobs", dead_letter=QueueDeadLetter("failed")),
    ),
}


@pytest.mark.parametrize("things", USES.values(), ids=USES)
def test_what_is_referred_to_is_deployed(things):
    template = synthesize(project(QUEUE, *things))
    assert template.body["Resources"]["Failed"]["Type"] == "AWS::SQS::Queue"
    assert template.unused == ()


@pytest.mark.parametrize(
    "template",
    [
        {"Resources": {"X": {"Type": "AWS::SSM::Parameter", "DependsOn": ["Failed"]}}},
        {"Outputs": {"X": {"Value": {"Ref": "Failed"}}}},
        {"Resources": {"Failed": {"Properties": {"DelaySeconds": 5}}}},
    ],
)
def test_the_template_block_refers_too(template):
    assert "Type" in synthesize(project(QUEUE, template=template)).body["Resources"]["Failed"]


def test_an_output_refers_too():
    output = ManifestOutput("Failed", Text((Reference("failed", "url"),)))
    assert "Failed" in synthesize(project(QUEUE, outputs={"Failed": output})).body["Resources"]


def test_what_nothing_refers_to_is_left_out():
    app = project(
        function(triggers=(HttpTrigger("GET", "/"),)),
        QUEUE,
        Bucket(id="images", keep=True),
        Api(id="unusedApi"),
        UserPool(id="pool"),
        raw(Value={"Fn::Sub": "${!Failed} $Failed"}, Type="Images"),
    )
    template = synthesize(app)
    assert template.unused == ("failed", "images", "pool", "unusedApi")
    assert {"Failed", "Images", "UnusedApi", "UnusedApiStage"}.isdisjoint(template.body["Resources"])
    assert {"Api", "Other"} <= template.body["Resources"].keys()


def test_two_unused_resources_do_not_keep_each_other():
    jobs = Queue(id="jobs", dead_letter=QueueDeadLetter("failed"))
    template = synthesize(project(QUEUE, jobs))
    assert template.unused == ("failed", "jobs")


def test_what_exists_is_wired_but_not_generated():
    app = project(
        function(uses={"images": ("read",)}, environment={"X": ref("images", "name")}),
        Bucket(id="images", existing="my-bucket"),
    )
    template = synthesize(app)
    assert "Images" not in template.body["Resources"]
    assert template.unused == ()
    variables = template.body["Resources"]["Resize"]["Properties"]["Environment"]["Variables"]
    assert variables == {"X": "my-bucket"}


def test_a_bucket_trigger_is_a_use():
    template = synthesize(project(function(triggers=(BucketTrigger("images"),)), Bucket(id="images")))
    assert "Images" in template.body["Resources"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_left_out_is_what_the_manifest_is_told_of(case):
    """The rule of the analysis and that of the synthesis are two; they must not say different things."""
    found = {each.message for each in check_text(case.text) if each.code == "SIG207"}
    unused = case.synthesize().unused
    assert len(found) == len(unused)
    assert all(any(f"'{name}'" in message for message in found) for name in unused)
