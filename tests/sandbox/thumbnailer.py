"""The example as a CloudFormation template, written by hand: what the sandbox must be able to run."""

from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "thumbnailer"


def function(key: str, environment: dict[str, object], **more: object) -> dict[str, object]:
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "app.handler",
            "Timeout": 15,
            "Code": {"S3Bucket": "artifacts", "S3Key": key},
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Environment": {"Variables": environment},
            **more,
        },
    }


def route(method: str, name: str) -> dict[str, object]:
    uri = {"Fn::GetAtt": [name, "Arn"]}
    return {
        f"{name}Integration": {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": uri,
                "PayloadFormatVersion": "2.0",
            },
        },
        f"{name}Route": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "RouteKey": f"{method} /images",
                "Target": {"Fn::Sub": f"integrations/${{{name}Integration}}"},
            },
        },
        f"{name}Permission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Ref": name},
                "Action": "lambda:InvokeFunction",
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": {"Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"},
            },
        },
    }


ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        },
    },
}

TEMPLATE: dict[str, dict[str, object]] = {
    "Resources": {
        "Role": ROLE,
        "Upload": function("upload.zip", {"IMAGES": {"Fn::Sub": "${AWS::StackName}-images"}}),
        "Resize": function(
            "resize.zip",
            {"THUMBNAILS": {"Ref": "Thumbnails"}, "TABLE": {"Ref": "Sizes"}},
            DeadLetterConfig={"TargetArn": {"Fn::GetAtt": ["Failed", "Arn"]}},
        ),
        "List": function("list.zip", {"TABLE": {"Ref": "Sizes"}}),
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "thumbnailer", "ProtocolType": "HTTP"}},
        "Stage": {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {"ApiId": {"Ref": "Api"}, "StageName": "$default", "AutoDeploy": True},
        },
        **route("POST", "Upload"),
        **route("GET", "List"),
        "Images": {
            "Type": "AWS::S3::Bucket",
            "DependsOn": "ResizePermission",
            "Properties": {
                "BucketName": {"Fn::Sub": "${AWS::StackName}-images"},
                "NotificationConfiguration": {
                    "LambdaConfigurations": [
                        {"Event": "s3:ObjectCreated:*", "Function": {"Fn::GetAtt": ["Resize", "Arn"]}}
                    ]
                },
            },
        },
        "ResizePermission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Ref": "Resize"},
                "Action": "lambda:InvokeFunction",
                "Principal": "s3.amazonaws.com",
                "SourceAccount": {"Ref": "AWS::AccountId"},
            },
        },
        "Thumbnails": {"Type": "AWS::S3::Bucket"},
        "Sizes": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "key", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "key", "KeyType": "HASH"}],
            },
        },
        "Failed": {"Type": "AWS::SQS::Queue"},
    },
    "Outputs": {
        "Here": {"Value": {"Fn::Sub": "${Api.ApiEndpoint}/images"}},
        "Url": {"Value": {"Fn::Sub": "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/images"}},
        "Failed": {"Value": {"Ref": "Failed"}},
        "Resize": {"Value": {"Ref": "Resize"}},
        "Thumbnails": {"Value": {"Ref": "Thumbnails"}},
    },
}
