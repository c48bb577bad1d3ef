"""The way back from the template to the manifest."""

import pytest

from sigma_ls.syntax.span import START
from tests.synth.cases import CASES


def cut(text, place):
    """What stands in the manifest at a range."""
    lines = text.splitlines(keepends=True)[place.start.line : place.end.line + 1]
    if place.start.line == place.end.line:
        return lines[0][place.start.character : place.end.character]
    return lines[0][place.start.character :] + "".join(lines[1:-1]) + lines[-1][: place.end.character]


FUNCTION = "Resources.ResizeImage.Properties"
STATEMENT = "Resources.ResizeImageRole.Properties.Policies.0.PolicyDocument.Statement"
WRITTEN = {
    "Description": "Everything that a function can have.",
    "Parameters.SharedKey": "{ask: A key of both}",
    "Resources.ResizeImage": "resize-image",
    "Resources.ResizeImage.Type": "resize-image",
    "Resources.ResizeImageRole": "resize-image",
    f"{FUNCTION}.MemorySize": "512",
    f"{FUNCTION}.Timeout": "30",
    f"{FUNCTION}.Architectures.0": "arm64",
    f"{FUNCTION}.Code": "src/resize",
    f"{FUNCTION}.Code.S3Key": "src/resize",
    f"{FUNCTION}.DeadLetterConfig.TargetArn.Fn::GetAtt": "failed",
    f"{FUNCTION}.EphemeralStorage.Size": "1024",
    f"{FUNCTION}.Layers.0": '"arn:aws:lambda:eu-west-1:123456789012:layer:x:1"',
    f"{FUNCTION}.VpcConfig.SubnetIds": "[subnet-0a1b2c3d4e5f60718]",
    f"{FUNCTION}.TracingConfig.Mode": "true",
    f"{FUNCTION}.Environment.Variables.LOG_LEVEL": "debug",
    f"{FUNCTION}.Environment.Variables.WHERE_TO": "${thumbnails.url}/in/${region}",
    f"{FUNCTION}.Environment.Variables.STRIPE_KEY": "{ask: Stripe API key}",
    # Of the project's environment, which every function gets.
    f"{FUNCTION}.Environment.Variables.ACCOUNT": "${account}",
    "Resources.Charge.Properties.Environment.Variables.LOG_LEVEL": "info",
    # A default stands nowhere: the function is the nearest place.
    "Resources.Charge.Properties.MemorySize": "charge",
    f"{STATEMENT}.7.Action.0": "read",
    f"{STATEMENT}.8.Action.0": '"rekognition:DetectLabels"',
    f"{STATEMENT}.5": "[read, write]",
    "Resources.ChargePolicy": "invoke",
    "Resources.Images": "images",
    "Resources.Images.Properties.NotificationConfiguration.LambdaConfigurations.1.Event": "removed",
    "Resources.Images.Properties.NotificationConfiguration.LambdaConfigurations.0.Filter.S3Key.Rules.1.Value": ".jpg",
    "Resources.Thumbnails.Properties.LifecycleConfiguration.Rules.0.ExpirationInDays": "90",
    "Resources.Jobs.Properties.RedrivePolicy": "{queue: failed, after: 5}",
    "Resources.JobsResizeImageMapping.Properties.BatchSize": "5",
    "Resources.ApiGetResizeParamRoute.Properties.RouteKey": "GET /resize/{id}",
    "Resources.ApiPostChargeRoute.Properties.AuthorizationType": "iam",
    "Outputs.ThumbnailBucket": "ThumbnailBucket",
    "Outputs.ThumbnailBucket.Value": '"${thumbnails.name}"',
    "Outputs.ThumbnailBucket.Description": "Where thumbnails are stored",
    # What the template block says stands there; what it leaves alone stands where it stood.
    "Resources.ResizeImageLogGroup.Properties.RetentionInDays": "30",
    "Conditions.IsIreland.Fn::Equals.1": "eu-west-1",
    "Outputs.Charge.Condition": "IsIreland",
    "Outputs.Charge.Value": '"${api.url}/charge"',
}


def path_of(dotted):
    return tuple(int(part) if part.isdigit() else part for part in dotted.split("."))


@pytest.fixture(scope="module")
def everything():
    case = CASES["everything"]
    return case.text, case.synthesize()


@pytest.mark.parametrize(("path", "written"), WRITTEN.items())
def test_where_a_node_came_from(everything, path, written):
    text, template = everything
    assert node_at(template.body, path_of(path)) is not None
    assert cut(text, template.sources.at(*path_of(path))) == written


def test_a_companion_of_a_trigger_stands_at_the_trigger(everything):
    text, template = everything
    for companion in ("ImagesResizeImagePermission", "JobsResizeImageMapping", "ApiGetResizeParamPermission"):
        place = template.sources.at("Resources", companion)
        assert text.splitlines()[place.start.line].strip().startswith(("- bucket", "- queue", "- http"))
    assert "bucket: images" in cut(text, template.sources.at("Resources", "ImagesResizeImagePermission"))


def node_at(body, path):
    for key in path:
        body = body[key]
    return body


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_place_is_one_of_a_node_and_of_the_manifest(case):
    template = case.synthesize()
    lines = case.text.splitlines()
    for path, place in template.sources.ranges.items():
        node_at(template.body, path)
        assert place.end.line <= len(lines)
    for logical_id in template.body["Resources"]:
        assert ("Resources", logical_id) in template.sources.ranges
    for name in template.body.get("Outputs", {}):
        assert template.sources.at("Outputs", name) != START
