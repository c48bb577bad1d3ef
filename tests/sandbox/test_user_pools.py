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
import boto3, os

def handler(event, context):
    if "triggerSource" in event:
        told = f"{event['triggerSource']} {event['userName']} {event['request'].get('userAttributes', {}).get('email')}"
        boto3.client("sqs").send_message(QueueUrl=os.environ["TOLD"], MessageBody=told)
    if event.get("triggerSource", "").startswith("PreAuthentication") and event["userName"] == "trent":
        raise ValueError("not today")
    if event.get("triggerSource", "").startswith("UserMigration"):
        if event["request"]["password"] == PASSWORD:
            event["response"] = {"userAttributes": {"email": "old@example.com"}, "finalUserStatus": "CONFIRMED"}
    if event.get("triggerSource", "").startswith("PreSignUp"):
        event["response"]["autoConfirmUser"] = event["userName"] != "mallory"
    if event.get("triggerSource", "").startswith("TokenGeneration"):
        event["response"]["claimsOverrideDetails"] = {"claimsToAddOrOverride": {"colour": "green"}}
    if "triggerSource" in event:
        return event
    return {"statusCode": 200, "body": event["requestContext"]["authorizer"]["jwt"]["claims"]["colour"]}
"""


PASSWORD = "Not-so-secret-1"
TRIGGERS = (
    "PreSignUp", "PostConfirmation", "PreAuthentication", "PostAuthentication", "PreTokenGeneration", "UserMigration",
)  # fmt: skip


def function(name):
    code = {"ZipFile": CODE.replace("PASSWORD", repr(PASSWORD))}
    properties = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Timeout": 20,
        "Environment": {"Variables": {"TOLD": {"Ref": "Told"}}},
    }
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
        "Told": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "told"}},
        "Pool": {
            "Type": "AWS::Cognito::UserPool",
            "Properties": {"UserPoolName": "users", "LambdaConfig": dict.fromkeys(TRIGGERS, arn)},
        },
        "Client": {
            "Type": "AWS::Cognito::UserPoolClient",
            "Properties": {"UserPoolId": {"Ref": "Pool"}, "ExplicitAuthFlows": flows},
        },
        **api(),
    }
    outputs = {
        "Client": {"Value": {"Ref": "Client"}},
        "Pool": {"Value": {"Ref": "Pool"}},
        "Told": {"Value": {"Ref": "Told"}},
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
        with error:
            return error.code, ""


def sign_in(client, cognito, name, password=PASSWORD):
    given = {"USERNAME": name, "PASSWORD": password}
    return cognito.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)


def told(own_account, pool):
    """What the triggers told of their events, in order."""
    sqs, found = own_account.client("sqs"), []
    while messages := sqs.receive_message(QueueUrl=pool["Told"], MaxNumberOfMessages=10).get("Messages"):
        found += messages
        for message in messages:
            sqs.delete_message(QueueUrl=pool["Told"], ReceiptHandle=message["ReceiptHandle"])
    return [message["Body"] for message in found]


def test_the_triggers_of_a_user_pool_fire(own_account, pool):
    cognito, client = own_account.client("cognito-idp"), pool["Client"]
    mail = [{"Name": "email", "Value": "alice@example.com"}]
    alice = cognito.sign_up(ClientId=client, Username="alice", Password=PASSWORD, UserAttributes=mail)
    mallory = cognito.sign_up(ClientId=client, Username="mallory", Password=PASSWORD)
    assert (alice["UserConfirmed"], mallory["UserConfirmed"]) == (True, False)
    assert told(own_account, pool) == [
        "PreSignUp_SignUp alice alice@example.com",
        "PostConfirmation_ConfirmSignUp alice alice@example.com",
        "PreSignUp_SignUp mallory None",
    ]
    cognito.admin_confirm_sign_up(UserPoolId=pool["Pool"], Username="mallory")
    assert told(own_account, pool) == ["PostConfirmation_ConfirmSignUp mallory None"]
    answer = sign_in(client, cognito, "alice")
    first, *tokens, last = told(own_account, pool)
    assert first == "PreAuthentication_Authentication alice alice@example.com"
    assert {each.split()[0] for each in tokens} == {"TokenGeneration_Authentication"}
    assert last == "PostAuthentication_Authentication alice alice@example.com"
    token = answer["AuthenticationResult"]["RefreshToken"]
    cognito.initiate_auth(ClientId=client, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": token})
    assert {each.split()[0] for each in told(own_account, pool)} == {"TokenGeneration_RefreshTokens"}


def test_a_trigger_that_fails_refuses_the_sign_in(own_account, pool):
    cognito = own_account.client("cognito-idp")
    cognito.sign_up(ClientId=pool["Client"], Username="trent", Password=PASSWORD)
    with pytest.raises(
        cognito.exceptions.UserLambdaValidationException, match=r"PreAuthentication failed .* not today"
    ):
        sign_in(pool["Client"], cognito, "trent")


def test_a_user_is_migrated_at_the_first_sign_in(own_account, pool):
    cognito = own_account.client("cognito-idp")
    with pytest.raises(cognito.exceptions.ClientError, match=r"NotAuthorized|UserNotFound"):
        sign_in(pool["Client"], cognito, "old", "wrong-Password-1")
    assert sign_in(pool["Client"], cognito, "old")["AuthenticationResult"]["IdToken"]
    user = cognito.admin_get_user(UserPoolId=pool["Pool"], Username="old")
    assert (user["UserStatus"], told(own_account, pool)[:3]) == (
        "CONFIRMED",
        [
            "UserMigration_Authentication old None",
            "UserMigration_Authentication old None",
            "PreAuthentication_Authentication old old@example.com",
        ],
    )


def test_the_tokens_of_a_user_pool_open_an_api(own_account, pool):
    cognito = own_account.client("cognito-idp")
    cognito.sign_up(ClientId=pool["Client"], Username="alice", Password=PASSWORD)
    answer = sign_in(pool["Client"], cognito, "alice")
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
