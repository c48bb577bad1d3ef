"""Rules that go by generated facts: runtimes, and actions of IAM."""

import pytest

from sigma_ls.manifest import check_text
from sigma_ls.manifest.facts.actions import ACTIONS
from sigma_ls.manifest.facts.runtimes import AS_OF, KNOWN, LIFECYCLES, SOON
from sigma_ls.manifest.schema.functions import AWS_RUNTIMES
from tests.support.check import SHELL, check_diagnostics, check_part


def runtime(name):
    text = f"{SHELL}functions:\n  one: {{runtime: {name}, handler: app.handler, code: src}}\n"
    return [(each.code, each.message) for each in check_text(text)]


def test_runtimes_by_the_day_on_which_the_facts_were_written():
    for name, (deprecated, no_creation, no_update, successor) in LIFECYCLES.items():
        found = runtime(name)
        if no_update and no_update <= AS_OF:
            assert [code for code, _ in found] == ["SIG310"]
        elif deprecated <= SOON:
            [(code, message)] = found
            assert code == "SIG309"
            assert deprecated in message
            assert no_creation in message
            assert f"use '{successor}'" in message
        else:
            assert found == []


def test_the_runtimes_of_long_ago_and_of_today():
    check_part(
        """\
functions:
  one: {runtime: python3.6, handler: app.handler, code: src}
#                ^^^^^^^^^ error SIG310: AWS neither creates nor updates functions on 'python3.6' since 2022-08-29: use
  two: {runtime: python3.9, handler: app.handler, code: src}
#                ^^^^^^^^^ warning SIG309: 'python3.9' is deprecated since 2025-12-15, new functions on it are refused from
  three: {runtime: python3.13, handler: app.handler, code: src}
"""
    )


def test_runtimes_that_are_offered_are_known():
    assert set(AWS_RUNTIMES) <= KNOWN
    assert {name for name in AWS_RUNTIMES if name in LIFECYCLES and LIFECYCLES[name][0] <= AS_OF} == set()


def test_google_clouds_runtimes_are_not_lambdas():
    text = "name: a\nplatform: gcp\ngcp: {project: my-project, region: europe-west1, serviceAccount: a@b}\n"
    rest = "functions:\n  one: {runtime: nodejs, handler: app, code: src, triggers: [http: default]}\n"
    assert {each.code for each in check_text(text + rest)} == {"SIG306"}


def test_every_service_that_statements_use_most_is_there():
    assert {"s3", "dynamodb", "sqs", "sns", "lambda", "rekognition", "secretsmanager"} <= set(ACTIONS)


def statement(body):
    text = f"{SHELL}functions:\n  one:\n    runtime: python3.13\n    handler: app.handler\n    code: src\n    permissions:\n"
    return [each.code for each in check_text(f"{text}      - {body}\n")]


@pytest.mark.parametrize(
    "body",
    [
        "{Effect: Allow, Action: 'rekognition:DetectLabels', Resource: '*'}",
        "{Effect: Allow, Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::images/*'}",
        "{Effect: Allow, Action: 's3:Get*', Resource: ['arn:aws:s3:::images', 'arn:aws:s3:::images/*']}",
        "{Effect: Deny, Action: 's3:DeleteBucket', Resource: '*'}",
        "{Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {StringEquals: {'aws:ResourceTag/a': b}}}",
        "{Effect: Allow, Action: ['s3:ListAllMyBuckets', 's3:GetObject'], Resource: '*'}",
        "{Effect: Allow, NotAction: 's3:DeleteBucket', Resource: '*'}",
        "{Effect: Allow, Action: 'S3:GetObject', Resource: !Sub 'arn:${AWS::Partition}:s3:::x'}",
        "{Effect: Allow, Action: 'sqs:SendMessage', Resource: {'Fn::GetAtt': [Jobs, Arn]}}",
    ],
)
def test_statements_that_are_fine(body):
    assert statement(body) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{Effect: Allow, Action: GetObject, Resource: 'arn:aws:s3:::images'}", ["SIG503"]),
        ("{Effect: Allow, Action: 's3:Get-Object', Resource: 'arn:aws:s3:::images'}", ["SIG503"]),
        ("{Effect: Allow, Action: 's3:GetObject', Resource: images}", ["SIG503"]),
        ("{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:images'}", ["SIG503"]),
        ("{Effect: Allow, Action: 's3:ReadObject', Resource: 'arn:aws:s3:::images'}", ["SIG504"]),
        ("{Effect: Allow, Action: 'dynamobd:GetItem', Resource: 'arn:aws:s3:::images'}", ["SIG504"]),
        ("{Effect: Allow, Action: 's3:Read*', Resource: 'arn:aws:s3:::images'}", ["SIG504"]),
        ("{Effect: Allow, Action: 's3:GetObject', Resource: '*'}", ["SIG505"]),
        ("{Effect: Allow, Action: 's3:*', Resource: '*'}", ["SIG505"]),
        ("{Effect: Allow, Action: '*', Resource: ['*']}", ["SIG505"]),
    ],
)
def test_statements_that_are_not(body, expected):
    assert statement(body) == expected


def test_places_in_statements():
    check_part(
        """\
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    permissions:
      - Effect: Allow
        Action: [dynamobd:GetItem, "s3:GetObjekt"]
#                ^^^^^^^^^^^^^^^^ warning SIG504: No service of AWS has the prefix 'dynamobd': did you mean 'dynamodb'?
#                                  ^^^^^^^^^^^^^^ warning SIG504: did you mean 's3:getobject'
        Resource: images
#                 ^^^^^^ error SIG503: 'images' is no ARN
"""
    )


def test_an_environment_of_more_than_4_kb():
    check_part(
        f"""\
environment:
  TEXT: {"x" * 4092}
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    environment:
      TEXT: {"x" * 4093}
#     ^^^^ error SIG311: These variables have 4,097 bytes, and AWS Lambda takes 4,096
"""
    )


def test_types_and_attributes_of_cloudformation():
    check_part(
        """\
resources:
  cache: {type: "AWS::ElastiCache::CacheCluster", properties: {Engine: redis}}
  wrong: {type: "AWS::ElastiCache::CacheCluser"}
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning SIG112: did you mean 'AWS::ElastiCache::CacheCluster'?
  custom: {type: "Custom::Thing"}
  stack: {type: "AWS::CloudFormation::Stack"}
  old: {type: "AWS::EC2::VPC", existing: vpc-0a1b2c3d}
outputs:
  A: {value: "${cache.RedisEndpoint.Address} ${cache.ref} ${custom.anything} ${stack.Outputs.Url} ${old.ref}"}
  B: {value: "${cache.RedisEndpoint.Adress}"}
#                     ^^^^^^^^^^^^^^^^^^^^ error SIG202: did you mean 'RedisEndpoint.Address'?
  C: {value: "${cache.arn}"}
#                     ^^^ error SIG202: has no attribute 'arn'
  D: {value: "${old.CidrBlock}"}
#                   ^^^^^^^^^ error SIG202: it has ref, name and arn
"""
    )


def test_half_a_surrogate_pair_in_an_environment_is_counted():
    found = check_text(SHELL + f"environment:\n  TEXT: {'x' * 5000}\ud800\n")
    assert {each.code for each in found} == {"SIG005", "SIG311"}


def test_regions():
    check_diagnostics(
        """\
name: demo
platform: aws
aws: {region: eu-wst-1}
#             ^^^^^^^^ warning SIG115: AWS has no region 'eu-wst-1': did you mean 'eu-west-1'?
stages:
  dev: {}
  prod: {aws: {region: us-east-9}}
#                      ^^^^^^^^^ warning SIG115: did you mean 'us-east
  china: {aws: {region: cn-north-1}}
  government: {aws: {region: us-gov-west-1}}
"""
    )
    google = check_text("name: demo\nplatform: gcp\naws: {region: eu-wst-1}\n")
    assert "SIG115" not in [each.code for each in google]
