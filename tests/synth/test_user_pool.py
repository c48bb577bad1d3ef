"""User pools, their clients and their triggers."""

import pytest

from sigma_ls.manifest.model import HttpTrigger, Queue, UserPool, UserPoolClient, UserPoolTrigger
from sigma_ls.synth import Unsupported, synthesize
from tests.synth.graph import cycle, statements
from tests.synth.projects import function, project, ref

WEB = UserPoolClient("web")


def resources(*things):
    return synthesize(project(*things)).body["Resources"]


def pool(**more):
    """The resources of a pool that something uses."""
    return resources(function(uses={"users": ("read",)}), UserPool(id="users", **more))


def test_a_pool():
    made = pool()
    assert made["Users"]["Properties"] == {"UserPoolName": "app-Users"}
    assert made["ResizeRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][1]["Resource"] == {
        "Fn::GetAtt": ["Users", "Arn"]
    }


@pytest.mark.parametrize(
    ("sign_in", "instead", "also"),
    [
        ((), None, None),
        (("username",), None, None),
        (("email",), ["email"], None),
        (("phone", "email"), ["email", "phone_number"], None),
        (("username", "email"), None, ["email"]),
    ],
)
def test_what_users_sign_in_with(sign_in, instead, also):
    made = pool(sign_in=sign_in)["Users"]["Properties"]
    assert made.get("UsernameAttributes") == instead
    assert made.get("AliasAttributes") == also
    assert made.get("AutoVerifiedAttributes") == (instead or also)


def test_phone_numbers_are_verified_by_text_messages():
    made = pool(sign_in=("phone",))
    assert made["Users"]["Properties"]["SmsConfiguration"] == {
        "ExternalId": "app-Users",
        "SnsCallerArn": {"Fn::GetAtt": ["UsersSmsRole", "Arn"]},
    }
    (trust,) = made["UsersSmsRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"]["StringEquals"]["sts:ExternalId"] == "app-Users"


def test_clients():
    made = pool(
        clients=(UserPoolClient("web", callbacks=("https://a.example",)), UserPoolClient("my_app", secret=True))
    )
    assert made["UsersWebClient"]["Properties"]["CallbackURLs"] == ["https://a.example"]
    assert made["UsersWebClient"]["Properties"]["AllowedOAuthFlows"] == ["code"]
    assert made["UsersMyAppClient"]["Properties"] == {
        "ClientName": "my_app",
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
        "GenerateSecret": True,
        "PreventUserExistenceErrors": "ENABLED",
        "UserPoolId": {"Ref": "Users"},
    }


def test_the_first_client_as_declared_is_the_one_by_default():
    users = UserPool(id="users", clients=(UserPoolClient("z"), UserPoolClient("a")))
    made = resources(function(environment={"FIRST": ref("users", "clientId"), "A": ref("users", "clients.a")}), users)
    assert made["Resize"]["Properties"]["Environment"]["Variables"] == {
        "A": {"Ref": "UsersAClient"},
        "FIRST": {"Ref": "UsersZClient"},
    }


@pytest.mark.parametrize("existing", ["eu-west-1_x", "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_x"])
def test_an_existing_pool_gets_the_clients_that_are_declared(existing):
    users = UserPool(id="users", existing=existing, clients=(WEB,))
    made = resources(function(environment={"ID": ref("users", "id"), "CLIENT": ref("users", "clientId")}), users)
    assert "Users" not in made
    assert made["UsersWebClient"]["Properties"]["UserPoolId"] == "eu-west-1_x"
    assert made["Resize"]["Properties"]["Environment"]["Variables"] == {
        "CLIENT": {"Ref": "UsersWebClient"},
        "ID": "eu-west-1_x",
    }


def test_an_existing_pool_is_in_the_region_that_its_id_begins_with():
    users = UserPool(id="users", existing="us-east-1_x", clients=(WEB,))
    own = HttpTrigger("GET", "/", auth="users")
    made = resources(function(triggers=(own,), uses={"users": ("read",)}), users)
    issuer = made["ApiUsersAuthorizer"]["Properties"]["JwtConfiguration"]["Issuer"]
    assert issuer == {"Fn::Sub": "https://cognito-idp.us-east-1.${AWS::URLSuffix}/us-east-1_x"}
    assert ":cognito-idp:us-east-1:" in str(made["ResizeRole"])


# --- triggers --------------------------------------------------------------------------------------------------------


def test_steps_call_functions():
    one = function("one", triggers=(UserPoolTrigger("users", "preSignUp"), UserPoolTrigger("users", "customMessage")))
    other = function("other", triggers=(UserPoolTrigger("users", "verifyAuthChallengeResponse"),))
    made = resources(one, other, UserPool(id="users"))
    assert made["Users"]["Properties"]["LambdaConfig"] == {
        "CustomMessage": {"Fn::GetAtt": ["One", "Arn"]},
        "PreSignUp": {"Fn::GetAtt": ["One", "Arn"]},
        "VerifyAuthChallengeResponse": {"Fn::GetAtt": ["Other", "Arn"]},
    }
    assert made["UsersOnePermission"]["Properties"] == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Fn::GetAtt": ["One", "Arn"]},
        "Principal": "cognito-idp.amazonaws.com",
        "SourceArn": {"Fn::GetAtt": ["Users", "Arn"]},
    }
    assert "UsersOtherPermission" in made


@pytest.mark.parametrize(
    ("step", "flows"),
    [
        ("preSignUp", []),
        ("defineAuthChallenge", ["ALLOW_CUSTOM_AUTH"]),
        ("createAuthChallenge", ["ALLOW_CUSTOM_AUTH"]),
        ("verifyAuthChallengeResponse", ["ALLOW_CUSTOM_AUTH"]),
        ("userMigration", ["ALLOW_USER_PASSWORD_AUTH"]),
    ],
)
def test_clients_allow_what_a_step_needs(step, flows):
    """Else the step would never be reached."""
    made = resources(function(triggers=(UserPoolTrigger("users", step),)), UserPool(id="users", clients=(WEB,)))
    allowed = made["UsersWebClient"]["Properties"]["ExplicitAuthFlows"]
    assert allowed == sorted(["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", *flows])


def test_a_function_that_the_pool_calls_may_use_the_pool():
    """The pool comes after the function, so neither the function nor its role can name it."""
    calling = function(triggers=(UserPoolTrigger("users", "preSignUp"),), uses={"users": ("read",)})
    body = synthesize(project(calling, UserPool(id="users"))).body
    assert cycle(body) is None
    policy = body["Resources"]["ResizePolicy"]["Properties"]
    assert policy["Roles"] == [{"Ref": "ResizeRole"}]
    assert policy["PolicyDocument"]["Statement"][0]["Resource"] == {"Fn::GetAtt": ["Users", "Arn"]}
    assert "cognito" not in str(statements(body, "Resize"))


@pytest.mark.parametrize(
    ("triggers", "thing", "message"),
    [
        ((UserPoolTrigger("x", "preSignUp"),), Queue(id="x"), "`x` is no user pool"),
        (
            (UserPoolTrigger("x", "preSignUp"),),
            UserPool(id="x", existing="eu-west-1_x"),
            "CloudFormation cannot set the steps",
        ),
        (
            (UserPoolTrigger("x", "preSignUp"), UserPoolTrigger("x", "preSignUp")),
            UserPool(id="x"),
            "`preSignUp` calls `resize` already, so it cannot call `resize`",
        ),
    ],
)
def test_what_is_refused(triggers, thing, message):
    with pytest.raises(Unsupported, match=message):
        resources(function(triggers=triggers), thing)
