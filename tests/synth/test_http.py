"""HTTP APIs and their triggers."""

import pytest

from sigma_ls.manifest.model import Api, Bucket, Cors, HttpTrigger, UserPool, UserPoolClient
from sigma_ls.synth import Unsupported, synthesize
from tests.synth.graph import statements
from tests.synth.projects import function, project, ref


def resources(*things, **more):
    return synthesize(project(*things, **more)).body["Resources"]


def with_route(*route, api="api", **more):
    return function(triggers=(HttpTrigger(*route, api=api, **more),))


def test_an_api_with_one_route():
    made = resources(with_route("POST", "/images"))
    assert {name: made[name]["Type"] for name in made if name.startswith("Api")} == {
        "Api": "AWS::ApiGatewayV2::Api",
        "ApiPostImagesPermission": "AWS::Lambda::Permission",
        "ApiPostImagesRoute": "AWS::ApiGatewayV2::Route",
        "ApiResizeIntegration": "AWS::ApiGatewayV2::Integration",
        "ApiStage": "AWS::ApiGatewayV2::Stage",
    }
    assert made["Api"]["Properties"] == {"Name": "app-api", "ProtocolType": "HTTP"}
    assert made["ApiStage"]["Properties"] == {"ApiId": {"Ref": "Api"}, "AutoDeploy": True, "StageName": "$default"}
    assert made["ApiResizeIntegration"]["Properties"] == {
        "ApiId": {"Ref": "Api"},
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": {"Fn::GetAtt": ["Resize", "Arn"]},
        "PayloadFormatVersion": "2.0",
    }
    assert made["ApiPostImagesRoute"]["Properties"] == {
        "ApiId": {"Ref": "Api"},
        "RouteKey": "POST /images",
        "Target": {"Fn::Sub": "integrations/${ApiResizeIntegration}"},
    }


@pytest.mark.parametrize(
    ("route", "key", "source"),
    [
        (("GET", "/"), "GET /", "GET/"),
        (("GET", "/images/{id}"), "GET /images/{id}", "GET/images/*"),
        (("ANY", "/files/{rest+}"), "ANY /files/{rest+}", "*/files/*"),
        (("", ""), "$default", "*"),
    ],
)
def test_a_permission_is_as_narrow_as_its_route(route, key, source):
    made = resources(with_route(*route))
    (route_made,) = [r for r in made.values() if r["Type"] == "AWS::ApiGatewayV2::Route"]
    (permission,) = [r["Properties"] for r in made.values() if r["Type"] == "AWS::Lambda::Permission"]
    assert route_made["Properties"]["RouteKey"] == key
    assert permission == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Fn::GetAtt": ["Resize", "Arn"]},
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": {
            "Fn::Sub": f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Api}}/*/{source}"
        },
    }


def test_routes_to_one_function_share_its_integration():
    both = (HttpTrigger("GET", "/a"), HttpTrigger("GET", "/b"))
    made = resources(function(triggers=both), function("other", triggers=(HttpTrigger("GET", "/c"),)))
    integrations = [name for name in made if name.endswith("Integration")]
    assert integrations == ["ApiOtherIntegration", "ApiResizeIntegration"]
    assert made["ApiGetBRoute"]["Properties"]["Target"] == {"Fn::Sub": "integrations/${ApiResizeIntegration}"}


def test_a_route_that_moves_to_another_function_keeps_its_logical_id():
    """Were it to change, the new route would be refused while the old one with the same key is still there."""
    before = resources(with_route("GET", "/images/{id}"), function("other"))
    after = resources(function(), function("other", triggers=(HttpTrigger("GET", "/images/{key}"),)))
    assert "ApiGetImagesParamRoute" in before
    assert "ApiGetImagesParamRoute" in after


def test_only_signed_requests():
    assert resources(with_route("GET", "/", auth="iam"))["ApiGetRoute"]["Properties"]["AuthorizationType"] == "AWS_IAM"


def test_users_of_a_pool():
    users = UserPool(id="users", clients=(UserPoolClient("web"), UserPoolClient("app")))
    both = (HttpTrigger("GET", "/a", auth="users"), HttpTrigger("GET", "/b", auth="users"))
    made = resources(function(triggers=both), users)
    assert made["ApiUsersAuthorizer"]["Properties"] == {
        "ApiId": {"Ref": "Api"},
        "AuthorizerType": "JWT",
        "IdentitySource": ["$request.header.Authorization"],
        "JwtConfiguration": {
            "Audience": [{"Ref": "UsersAppClient"}, {"Ref": "UsersWebClient"}],
            "Issuer": {"Fn::Sub": "https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/${Users}"},
        },
        "Name": "users",
    }
    route = made["ApiGetARoute"]["Properties"]
    assert (route["AuthorizationType"], route["AuthorizerId"]) == ("JWT", {"Ref": "ApiUsersAuthorizer"})


def test_users_of_a_pool_on_an_existing_api():
    users = UserPool(id="users", existing="eu-west-1_x", clients=(UserPoolClient("web"),))
    made = resources(with_route("GET", "/", api="theirs", auth="users"), users, Api(id="theirs", existing="a1"))
    assert made["TheirsUsersAuthorizer"]["Properties"]["ApiId"] == "a1"
    assert {"UsersWebClient", "TheirsGetRoute"} <= made.keys()


def test_an_api_has_one_cors_configuration_for_all_that_ask():
    trigger = HttpTrigger(
        "GET", "/", cors=Cors(origins=("https://b.example",), headers=("x-b",), methods=("GET",), max_age=5)
    )
    api = Api(id="api", cors=Cors(origins=("https://a.example",), headers=("x-a",), credentials=True, max_age=9))
    assert resources(function(triggers=(trigger,)), api)["Api"]["Properties"]["CorsConfiguration"] == {
        "AllowCredentials": True,
        "AllowHeaders": ["x-a", "x-b"],
        "AllowMethods": ["*"],
        "AllowOrigins": ["https://a.example", "https://b.example"],
        "MaxAge": 5,
    }


def test_cors_by_default():
    assert resources(with_route("GET", "/", cors=Cors()))["Api"]["Properties"]["CorsConfiguration"] == {
        "AllowHeaders": ["*"],
        "AllowMethods": ["*"],
        "AllowOrigins": ["*"],
    }


def test_attributes_of_an_api():
    environment = {name: ref("api", name) for name in ("id", "url", "name", "arn")}
    made = resources(function(environment=environment, triggers=(HttpTrigger("GET", "/"),)))
    assert made["Resize"]["Properties"]["Environment"]["Variables"] == {
        "arn": {"Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}::/apis/${Api}"},
        "id": {"Ref": "Api"},
        "name": "app-api",
        "url": {"Fn::GetAtt": ["Api", "ApiEndpoint"]},
    }


@pytest.mark.parametrize("existing", ["a1b2c3", "arn:aws:apigateway:eu-west-1::/apis/a1b2c3"])
def test_routes_of_an_existing_api(existing):
    template = synthesize(
        project(
            function(
                triggers=(HttpTrigger("GET", "/", api="theirs"),),
                environment={"URL": ref("theirs", "url")},
                uses={"theirs": ("invoke",)},
            ),
            Api(id="theirs", existing=existing),
        )
    )
    made = template.body["Resources"]
    assert {"Theirs", "TheirsStage"}.isdisjoint(made)
    assert made["TheirsGetRoute"]["Properties"]["ApiId"] == "a1b2c3"
    assert made["Resize"]["Properties"]["Environment"]["Variables"]["URL"] == {
        "Fn::Sub": "https://a1b2c3.execute-api.${AWS::Region}.${AWS::URLSuffix}"
    }
    assert "TheirsUrl" not in template.body["Outputs"]
    assert "a1b2c3/*" in str(statements(template.body, "Resize"))


@pytest.mark.parametrize(
    ("things", "message"),
    [
        ((with_route("GET", "/", auth="images"), Bucket(id="images")), "`images` is no user pool"),
        ((with_route("GET", "/", auth="users"), UserPool(id="users")), "declare one"),
        ((with_route("GET", "/", cors=Cors(credentials=True)),), "list the pages under `origins`"),
        (
            (
                with_route("GET", "/", cors=Cors()),
                Api(id="api", cors=Cors(origins=("https://a.example",), credentials=True)),
            ),
            "list the pages under `origins`",
        ),
        ((with_route("GET", "/", api="images"), Bucket(id="images")), "`images` is no api"),
        ((with_route("GET", "/", api="nowhere"),), "Nothing named `nowhere` is declared"),
        ((with_route("GET", "/{a}"), function("b", triggers=(HttpTrigger("GET", "/{b}"),))), "wired twice"),
    ],
)
def test_what_is_refused(things, message):
    with pytest.raises(Unsupported, match=message):
        resources(*things)
