"""User pools in the sandbox: their triggers fire, and their tokens open APIs."""

import base64
import json
import urllib.error
import urllib.request

import pytest
from attrs import evolve

from tests.sandbox.thumbnailer import ROLE
from tests.support.stacks import deployed

pytestmark = pytest.mark.sandbox

CODE = """
def handler(event, context):
    if event.get("triggerSource", "").startswith("PreSignUp"):
        event["response"]["autoConfirmUser"] = event["userName"] != "mallory"
        return event
    if event.get("triggerSource", "").startswith("TokenGeneration"):
        event["response"]["claimsOverrideDetails"] = {"claimsToAddOrOverride": {"colour": "green"}}
        return event
    return {"statusCode": 200, "body": event["requestContext"]["authorizer"]["jwt"]["claims"]["colour"]}
"""


def function(name):
    code = {"ZipFile": CODE}
    properties = {"Runtime": "python3.13", "Handler": "index.handler", "Role": {"Fn::GetAtt": ["Role", "Arn"]}}
    return {"Type": "AWS::Lambda::Function", "Properties": {**properties, "Code": code, "FunctionName": name}}


def api():
    arn = {"Fn::GetAtt": ["Function", "Arn"]}
    issuer = {"Fn::Sub": "https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool}"}
    reference = {"ApiId": {"Ref": "Api"}}
    return {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "api", "ProtocolType": "HTTP"}},
        "Stage": {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {**reference, "StageName": "$default", "AutoDeploy": True},
        },
        "Integration": {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                **reference,
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": arn,
                "PayloadFormatVersion": "2.0",
            },
        },
        "Authorizer": {
            "Type": "AWS::ApiGatewayV2::Authorizer",
            "Properties": {
                **reference,
                "AuthorizerType": "JWT",
                "Name": "users",
                "IdentitySource": ["$request.header.Authorization"],
                "JwtConfiguration": {"Audience": [{"Ref": "Client"}], "Issuer": issuer},
            },
        },
        "Route": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                **reference,
                "RouteKey": "GET /",
                "AuthorizationType": "JWT",
                "AuthorizerId": {"Ref": "Authorizer"},
                "Target": {"Fn::Sub": "integrations/${Integration}"},
            },
        },
    }


@pytest.fixture
def own_account(sandbox):
    """The sandbox in its own account: users sign up without credentials, so that no other one can be meant."""
    return evolve(sandbox, account=sandbox.endpoint.account)


@pytest.fixture
def pool(own_account):
    """A deployed user pool, with an API for its users; its outputs."""
    arn = {"Fn::GetAtt": ["Function", "Arn"]}
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    resources = {
        "Role": ROLE,
        "Function": function("users"),
        "Pool": {
            "Type": "AWS::Cognito::UserPool",
            "Properties": {"UserPoolName": "users", "LambdaConfig": {"PreSignUp": arn, "PreTokenGeneration": arn}},
        },
        "Client": {
            "Type": "AWS::Cognito::UserPoolClient",
            "Properties": {"UserPoolId": {"Ref": "Pool"}, "ExplicitAuthFlows": flows},
        },
        **api(),
    }
    outputs = {
        "Client": {"Value": {"Ref": "Client"}},
        "Url": {"Value": {"Fn::GetAtt": ["Api", "ApiEndpoint"]}},
    }
    client = own_account.client("cloudformation")
    stack = deployed(client, "users", resources, template={"Outputs": outputs}, Capabilities=["CAPABILITY_IAM"])
    assert stack.status() == "CREATE_COMPLETE"
    yield stack.outputs()
    client.delete_stack(StackName="users")
    assert stack.settled() == "DELETE_COMPLETE"


def get(url, token=""):
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def test_the_triggers_of_a_user_pool_fire_and_its_tokens_open_an_api(own_account, pool):
    cognito = own_account.client("cognito-idp")
    signed_up = {
        name: cognito.sign_up(ClientId=pool["Client"], Username=name, Password="Not-so-secret-1")["UserConfirmed"]
        for name in ("alice", "mallory")
    }
    assert signed_up == {"alice": True, "mallory": False}
    answer = cognito.initiate_auth(
        ClientId=pool["Client"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "alice", "PASSWORD": "Not-so-secret-1"},
    )
    token = answer["AuthenticationResult"]["IdToken"]
    assert get(pool["Url"] + "/", token) == (200, "green")
    assert get(pool["Url"] + "/")[0] == 401
    head, claims, signature = token.split(".")
    forged = json.loads(base64.urlsafe_b64decode(claims + "=="))
    forged = base64.urlsafe_b64encode(json.dumps({**forged, "colour": "red"}).encode()).rstrip(b"=").decode()
    assert get(pool["Url"] + "/", f"{head}.{forged}.{signature}")[0] == 401


def test_a_key_encrypts_and_signs(sandbox):
    properties = {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}
    resources = {
        "Secret": {"Type": "AWS::KMS::Key", "Properties": {}},
        "Pair": {"Type": "AWS::KMS::Key", "Properties": properties},
    }
    outputs = {"Outputs": {name: {"Value": {"Ref": name}} for name in resources}}
    keys = deployed(sandbox.client("cloudformation"), "keys", resources, template=outputs).outputs()
    kms = sandbox.client("kms")
    sealed = kms.encrypt(KeyId=keys["Secret"], Plaintext=b"hello")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"hello"
    signing = {"KeyId": keys["Pair"], "Message": b"hello", "SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256"}
    signature = kms.sign(**signing)["Signature"]
    assert kms.verify(**signing, Signature=signature)["SignatureValid"] is True
