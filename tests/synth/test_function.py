"""A function, its role and its log group."""

import pytest

from sigma_ls.manifest.model import Ask, AwsSettings, Bucket, FromSecret, Queue, Table, TableKey, Text, Topic, Vpc
from sigma_ls.synth import CodeLocation, Unsupported, synthesize
from sigma_ls.synth.template import TemplateParameter
from tests.synth.graph import cycle, statements
from tests.synth.projects import function, project, ref


def properties(template, logical_id="Resize"):
    return template.body["Resources"][logical_id]["Properties"]


def test_a_plain_function():
    assert properties(synthesize(project(function()))) == {
        "Architectures": ["x86_64"],
        "Code": {
            "S3Bucket": {"Fn::Sub": "sigma-artifacts-${AWS::AccountId}-${AWS::Region}"},
            "S3Key": "app/resize/not-built.zip",
        },
        "Handler": "app.handler",
        "LoggingConfig": {"LogGroup": {"Ref": "ResizeLogGroup"}},
        "MemorySize": 256,
        "Role": {"Fn::GetAtt": ["ResizeRole", "Arn"]},
        "Runtime": "python3.13",
        "Timeout": 15,
    }


def test_a_function_with_every_option():
    full = function(
        description="Resizes.",
        memory=512,
        timeout=30,
        architecture="arm64",
        ephemeral_storage=1024,
        concurrency=10,
        log_retention=14,
        tracing=True,
        layers=("arn:aws:lambda:eu-west-1:123456789012:layer:x:1",),
        vpc=Vpc(("subnet-1", "subnet-2"), ("sg-1",)),
        dead_letter="failed",
        environment={"B": Text.plain("${kept}"), "A": ref("failed", "url")},
    )
    template = synthesize(project(full, Queue(id="failed")))
    made = properties(template)
    assert made["Architectures"] == ["arm64"]
    assert made["DeadLetterConfig"] == {"TargetArn": {"Fn::GetAtt": ["Failed", "Arn"]}}
    assert made["Description"] == "Resizes."
    assert made["Environment"] == {"Variables": {"A": {"Ref": "Failed"}, "B": "${kept}"}}
    assert made["EphemeralStorage"] == {"Size": 1024}
    assert made["Layers"] == ["arn:aws:lambda:eu-west-1:123456789012:layer:x:1"]
    assert made["ReservedConcurrentExecutions"] == 10
    assert made["TracingConfig"] == {"Mode": "Active"}
    assert made["VpcConfig"] == {"SecurityGroupIds": ["sg-1"], "SubnetIds": ["subnet-1", "subnet-2"]}
    assert (made["MemorySize"], made["Timeout"]) == (512, 30)
    assert properties(template, "ResizeLogGroup") == {"RetentionInDays": 14}
    allowed = {action: str(s["Resource"]) for s in statements(template.body, "Resize") for action in s["Action"]}
    assert allowed["xray:PutTraceSegments"] == allowed["ec2:CreateNetworkInterface"] == "*"
    assert "Failed" in allowed["sqs:SendMessage"]
    assert "ResizeLogGroup" in allowed["logs:PutLogEvents"]


def test_no_concurrency_at_all_is_a_value():
    assert properties(synthesize(project(function(concurrency=0))))["ReservedConcurrentExecutions"] == 0


def test_where_the_code_lies():
    built = synthesize(project(function()), {"resize": CodeLocation("artifacts", "app/resize/abc.zip")})
    assert properties(built)["Code"] == {"S3Bucket": "artifacts", "S3Key": "app/resize/abc.zip"}
    settings = AwsSettings(region="eu-west-1", artifacts="my-artifacts")
    assert properties(synthesize(project(function(), aws=settings)))["Code"]["S3Bucket"] == "my-artifacts"


def test_the_role_may_write_to_its_own_log_group_and_no_more():
    assert statements(synthesize(project(function())).body, "Resize") == [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": {"Fn::GetAtt": ["ResizeLogGroup", "Arn"]},
        }
    ]


def test_a_topic_takes_what_failed_too():
    template = synthesize(project(function(dead_letter="failed"), Topic(id="failed")))
    assert properties(template)["DeadLetterConfig"] == {"TargetArn": {"Ref": "Failed"}}
    assert {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": {"Ref": "Failed"}} in statements(
        template.body, "Resize"
    )


def test_what_failed_goes_to_no_table():
    app = project(function(dead_letter="failed"), Table(id="failed", partition_key=TableKey("id")))
    with pytest.raises(Unsupported, match="a dead letter goes to a queue or a topic"):
        synthesize(app)


def test_functions_that_call_each_other_and_themselves():
    app = project(function("a", uses={"a": ("invoke",), "b": ("invoke",)}), function("b", uses={"a": ("invoke",)}))
    body = synthesize(app).body
    assert cycle(body) is None
    assert body["Resources"]["APolicy"]["Properties"] == {
        "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": ["lambda:InvokeFunction"], "Resource": {"Fn::GetAtt": [name, "Arn"]}}
                for name in ("A", "B")
            ],
        },
        "PolicyName": "ALate",
        "Roles": [{"Ref": "ARole"}],
    }


def test_a_secret_is_read_by_cloudformation():
    environment = {"A": FromSecret("prod/db", "password"), "B": FromSecret("prod/db")}
    variables = properties(synthesize(project(function(environment=environment))))["Environment"]["Variables"]
    assert variables == {
        "A": "{{resolve:secretsmanager:prod/db:SecretString:password}}",
        "B": "{{resolve:secretsmanager:prod/db:SecretString}}",
    }


def test_a_value_to_ask_is_a_parameter_that_shows_nowhere():
    template = synthesize(project(function(environment={"STRIPE_KEY": Ask("Stripe API key")})))
    assert template.parameters == (TemplateParameter("STRIPE_KEY", "StripeKey", "Stripe API key"),)
    assert template.body["Parameters"] == {
        "StripeKey": {"Type": "String", "Description": "Stripe API key", "NoEcho": True}
    }
    assert properties(template)["Environment"]["Variables"] == {"STRIPE_KEY": {"Ref": "StripeKey"}}


def test_functions_that_ask_for_the_same_share_a_parameter():
    asking = {"STRIPE_KEY": Ask("Stripe API key")}
    template = synthesize(project(function("a", environment=asking), function("b", environment=asking)))
    assert [parameter.name for parameter in template.parameters] == ["STRIPE_KEY"]


def test_functions_that_ask_for_different_values_by_one_key_get_one_each():
    app = project(
        function("a", environment={"KEY": Ask("One")}),
        function("b", environment={"KEY": Ask("Other")}),
    )
    template = synthesize(app)
    assert [(p.name, p.id, p.title) for p in template.parameters] == [
        ("a.KEY", "AKey", "One"),
        ("b.KEY", "BKey", "Other"),
    ]
    assert properties(template, "B")["Environment"]["Variables"] == {"KEY": {"Ref": "BKey"}}


@pytest.mark.parametrize(("key", "parameter"), [("A__B", "AB"), ("apiKey", "ApiKey"), ("_X1", "X1"), ("AbC_d", "AbCD")])
def test_names_of_parameters(key, parameter):
    (made,) = synthesize(project(function(environment={key: Ask("x")}))).parameters
    assert (made.name, made.id) == (key, parameter)


def test_a_parameter_never_takes_the_logical_id_of_a_resource():
    app = project(function(environment={"IMAGES": Ask("x")}, uses={"images": ("read",)}), Bucket(id="images"))
    (parameter,) = synthesize(app).parameters
    assert parameter.id not in synthesize(app).body["Resources"]
