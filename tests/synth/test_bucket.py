"""Buckets and their triggers."""

import pytest

from sigma_ls.manifest.model import Bucket, BucketTrigger, Cors, Pseudo, Text
from sigma_ls.synth import Unsupported, synthesize
from tests.synth.graph import cycle, dependencies
from tests.synth.projects import function, project, ref

NAME = {"Fn::Sub": "app-images-${AWS::AccountId}-${AWS::Region}"}
ARN = {"Fn::Sub": "arn:${AWS::Partition}:s3:::app-images-${AWS::AccountId}-${AWS::Region}"}


def resources(*things, **more):
    return synthesize(project(*things, **more)).body["Resources"]


def used(bucket, **more):
    return resources(function(uses={"images": ("read",)}, **more), bucket)


def properties(bucket):
    return used(bucket)["Images"]["Properties"]


def test_a_bucket_is_private():
    assert properties(Bucket(id="images")) == {
        "BucketName": NAME,
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
    }


def test_a_bucket_with_every_option():
    cors = Cors(
        origins=("https://a.example",), methods=("GET",), headers=("x-a",), expose_headers=("etag",), max_age=60
    )
    made = properties(Bucket(id="images", name="my-images", versioned=True, cors=cors, expire_after_days=30))
    assert made["BucketName"] == "my-images"
    assert made["VersioningConfiguration"] == {"Status": "Enabled"}
    assert made["LifecycleConfiguration"] == {"Rules": [{"ExpirationInDays": 30, "Id": "Expire", "Status": "Enabled"}]}
    assert made["CorsConfiguration"] == {
        "CorsRules": [
            {
                "AllowedHeaders": ["x-a"],
                "AllowedMethods": ["GET"],
                "AllowedOrigins": ["https://a.example"],
                "ExposedHeaders": ["etag"],
                "MaxAge": 60,
            }
        ]
    }


def test_s3_has_no_star_for_methods():
    (rule,) = properties(Bucket(id="images", cors=Cors()))["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedMethods"] == ["DELETE", "GET", "HEAD", "POST", "PUT"]


def test_a_public_bucket_can_be_read_by_all_and_written_by_none():
    made = used(Bucket(id="images", public=True))
    assert made["Images"]["Properties"]["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": False,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": False,
    }
    assert made["ImagesPolicy"]["Properties"] == {
        "Bucket": {"Ref": "Images"},
        "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "s3:GetObject",
                    "Principal": "*",
                    "Resource": {"Fn::Sub": "${Images.Arn}/*"},
                }
            ],
        },
    }


def test_what_is_kept_survives_removal_and_replacement():
    made = used(Bucket(id="images", keep=True))["Images"]
    assert (made["DeletionPolicy"], made["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert "DeletionPolicy" not in used(Bucket(id="images"))["Images"]


def test_the_notification_cycle():
    """S3 checks the permission when the bucket is made; permission, role and function must not need the bucket."""
    body = synthesize(
        project(
            function(
                triggers=(BucketTrigger("images"),),
                uses={"images": ("read", "write")},
                environment={"NAME": ref("images", "name"), "ARN": ref("images", "arn"), "URL": ref("images", "url")},
            ),
            Bucket(id="images"),
        )
    ).body
    assert cycle(body) is None
    graph = dependencies(body)
    assert graph["Images"] == {"ImagesResizePermission", "Resize"}
    assert body["Resources"]["Images"]["DependsOn"] == ["ImagesResizePermission"]
    assert body["Resources"]["ImagesResizePermission"]["Properties"] == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Fn::GetAtt": ["Resize", "Arn"]},
        "Principal": "s3.amazonaws.com",
        "SourceAccount": {"Ref": "AWS::AccountId"},
        "SourceArn": ARN,
    }
    assert body["Resources"]["Resize"]["Properties"]["Environment"]["Variables"] == {
        "ARN": ARN,
        "NAME": NAME,
        "URL": {"Fn::Sub": "https://app-images-${AWS::AccountId}-${AWS::Region}.s3.${AWS::Region}.${AWS::URLSuffix}"},
    }


def test_the_first_trigger_does_not_rename_the_bucket():
    before = used(Bucket(id="images"))["Images"]["Properties"]["BucketName"]
    after = used(Bucket(id="images"), triggers=(BucketTrigger("images"),))["Images"]["Properties"]["BucketName"]
    assert before == after == NAME


def test_a_bucket_that_depends_on_nothing_is_referred_to():
    made = used(Bucket(id="images"), environment={"NAME": ref("images", "name")})
    assert made["Resize"]["Properties"]["Environment"]["Variables"] == {"NAME": {"Ref": "Images"}}


def test_one_block_of_notifications_for_all_triggers():
    made = resources(
        function("b", triggers=(BucketTrigger("images", ("removed",)),)),
        function(
            "a",
            triggers=(
                BucketTrigger("images", ("created:put", "created:copy"), prefix="in/", suffix=".jpg"),
                BucketTrigger("images", ("created:post",)),
            ),
        ),
        Bucket(id="images"),
    )

    def to(function_id, event, **rules):
        configuration = {"Event": event, "Function": {"Fn::GetAtt": [function_id, "Arn"]}}
        listed = [{"Name": name, "Value": value} for name, value in rules.items()]
        return {**configuration, "Filter": {"S3Key": {"Rules": listed}}} if listed else configuration

    assert made["Images"]["Properties"]["NotificationConfiguration"] == {
        "LambdaConfigurations": [
            to("A", "s3:ObjectCreated:Copy", prefix="in/", suffix=".jpg"),
            to("A", "s3:ObjectCreated:Post"),
            to("A", "s3:ObjectCreated:Put", prefix="in/", suffix=".jpg"),
            to("B", "s3:ObjectRemoved:*"),
        ]
    }
    assert made["Images"]["DependsOn"] == ["ImagesAPermission", "ImagesBPermission"]


def test_the_name_that_is_set_directly_counts():
    trigger = function(triggers=(BucketTrigger("images"),))
    made = resources(trigger, Bucket(id="images", properties={"BucketName": "direct"}))
    assert made["ImagesResizePermission"]["Properties"]["SourceArn"] == {"Fn::Sub": "arn:${AWS::Partition}:s3:::direct"}
    assert made["Images"]["Properties"]["BucketName"] == "direct"


def test_a_name_that_is_set_directly_may_hold_pseudo_references_but_no_functions():
    trigger = function(triggers=(BucketTrigger("images"),))
    text = Text((Pseudo("stack"), "-x-", Pseudo("region")))
    made = resources(trigger, Bucket(id="images", properties={"BucketName": text}))
    assert made["Images"]["Properties"]["BucketName"] == {"Fn::Sub": "app-x-${AWS::Region}"}
    assert made["ImagesResizePermission"]["Properties"]["SourceArn"] == {
        "Fn::Sub": "arn:${AWS::Partition}:s3:::app-x-${AWS::Region}"
    }
    with pytest.raises(Unsupported, match="must be known before it is made: set `name`"):
        resources(trigger, Bucket(id="images", properties={"BucketName": {"Fn::Sub": "x"}}))


@pytest.mark.parametrize("existing", ["my-bucket", "arn:aws:s3:::my-bucket"])
def test_an_existing_bucket(existing):
    environment = {"NAME": ref("images", "name"), "URL": ref("images", "url")}
    made = used(Bucket(id="images", existing=existing), environment=environment)
    assert made["Resize"]["Properties"]["Environment"]["Variables"] == {
        "NAME": "my-bucket",
        "URL": {"Fn::Sub": "https://my-bucket.s3.${AWS::Region}.${AWS::URLSuffix}"},
    }


def patterns(*triggers):
    made = resources(function(triggers=triggers), Bucket(id="images", existing="my-bucket"))
    rules = {name: each["Properties"] for name, each in made.items() if each["Type"] == "AWS::Events::Rule"}
    for name, each in rules.items():
        assert "EventBusName" not in each
        permission = made[f"{name}Permission"]["Properties"]
        assert (permission["Principal"], permission["SourceArn"]) == (
            "events.amazonaws.com",
            {"Fn::GetAtt": [name, "Arn"]},
        )
    return {name: each["EventPattern"] for name, each in rules.items()}


def test_an_existing_bucket_triggers_by_eventbridge():
    """CloudFormation cannot set the notifications of a bucket that it did not make."""
    assert patterns(BucketTrigger("images")) == {
        "ImagesResizeCreatedRule": {
            "detail": {"bucket": {"name": ["my-bucket"]}},
            "detail-type": ["Object Created"],
            "source": ["aws.s3"],
        }
    }


@pytest.mark.parametrize(
    ("rules", "key"),
    [
        ({"prefix": "in/"}, {"prefix": "in/"}),
        ({"suffix": ".jpg"}, {"suffix": ".jpg"}),
        # A list would mean: the one or the other.
        ({"prefix": "in*/", "suffix": ".jpg"}, {"wildcard": "in\\*/*.jpg"}),
    ],
)
def test_keys_of_an_existing_bucket(rules, key):
    (pattern,) = patterns(BucketTrigger("images", **rules)).values()
    assert pattern["detail"]["object"] == {"key": [key]}


def test_events_of_an_existing_bucket():
    found = patterns(BucketTrigger("images", ("created:put", "created:copy", "removed", "removed:marker")))
    assert found["ImagesResizeCreatedRule"]["detail"]["reason"] == ["CopyObject", "PutObject"]
    assert found["ImagesResizeDeletedRule"]["detail"] == {"bucket": {"name": ["my-bucket"]}}
    two = patterns(BucketTrigger("images", ("removed:delete",)), BucketTrigger("images", prefix="a"))
    assert [
        each["detail"].get("deletion-type") for each in two.values() if each["detail-type"] == ["Object Deleted"]
    ] == [["Permanently Deleted"]]


def test_an_event_that_buckets_do_not_have():
    for bucket in (Bucket(id="images"), Bucket(id="images", existing="my-bucket")):
        with pytest.raises(Unsupported, match="Buckets have no event `archived`"):
            resources(function(triggers=(BucketTrigger("images", ("archived",)),)), bucket)
