"""REST APIs and their triggers."""

import re

import pytest

from sigma_ls.manifest.model import Api, Cors, HttpTrigger, Queue, UserPool, UserPoolClient, UserPoolTrigger
from sigma_ls.synth import Unsupported, synthesize
from tests.synth.graph import cycle, dependencies
from tests.synth.projects import function, project, ref

API = Api(id="api", kind="rest")
USERS = UserPool(id="users", clients=(UserPoolClient("web"),))


def route(*route, **more):
    return HttpTrigger(*route, **more)


def body(*routes, api=API, things=(), **more):
    return synthesize(project(function(triggers=routes), api, *things, **more)).body


def made(*routes, **more):
    return body(*routes, **more)["Resources"]


def methods(resources):
    """Logical ids of methods by path id and HTTP method."""
    found = {}
    for name, each in resources.items():
        if each["Type"] == "AWS::ApiGateway::Method":
            place = each["Properties"]["ResourceId"]
            key = (place.get("Ref") or place["Fn::GetAtt"][1], each["Properties"]["HttpMethod"])
            assert key not in found
            found[key] = name
    return found


def deployment(resources):
    (name,) = [name for name, each in resources.items() if each["Type"] == "AWS::ApiGateway::Deployment"]
    return name


def test_an_api_with_one_route():
    resources = made(route("GET", "/images/{id}"))
    assert resources["Api"]["Properties"] == {"EndpointConfiguration": {"Types": ["REGIONAL"]}, "Name": "app-api"}
    assert resources["ApiImagesResource"]["Properties"] == {
        "ParentId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
        "PathPart": "images",
        "RestApiId": {"Ref": "Api"},
    }
    assert resources["ApiImagesParamResource"]["Properties"] == {
        "ParentId": {"Ref": "ApiImagesResource"},
        "PathPart": "{id}",
        "RestApiId": {"Ref": "Api"},
    }
    uri = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Resize.Arn}/invocations"
    assert resources["ApiGetImagesParamMethod"]["Properties"] == {
        "AuthorizationType": "NONE",
        "HttpMethod": "GET",
        # Lambda is called by POST even for a GET.
        "Integration": {"IntegrationHttpMethod": "POST", "Type": "AWS_PROXY", "Uri": {"Fn::Sub": uri}},
        "ResourceId": {"Ref": "ApiImagesParamResource"},
        "RestApiId": {"Ref": "Api"},
    }
    source = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/images/*"
    assert resources["ApiGetImagesParamPermission"]["Properties"]["SourceArn"] == {"Fn::Sub": source}
    assert resources["ApiStage"]["Properties"] == {
        "DeploymentId": {"Ref": deployment(resources)},
        "RestApiId": {"Ref": "Api"},
        "StageName": "live",
    }


def test_a_deployment_comes_after_every_method():
    resources = made(route("GET", "/a"), route("POST", "/b/c", cors=Cors()), route("GET", "/"), route("", ""))
    assert resources[deployment(resources)]["DependsOn"] == sorted(methods(resources).values())
    assert len(methods(resources)) == 9


def test_a_deployment_is_another_when_what_it_deploys_is():
    """By its content, not by the time: else every change set would show a change."""
    before = deployment(made(route("GET", "/a")))
    assert re.fullmatch(r"ApiDeployment[0-9A-F]{8}", before)
    assert deployment(made(route("GET", "/a"))) == before
    assert deployment(made(route("GET", "/a"), things=(Queue(id="unrelated"), function("other")))) == before
    patched = {"Resources": {"ApiGetAMethod": {"Properties": {"ApiKeyRequired": True}}}}
    others = {
        deployment(made(route("POST", "/a"))),
        deployment(made(route("GET", "/a"), route("GET", "/b"))),
        deployment(made(route("GET", "/a", auth="iam"))),
        deployment(made(route("GET", "/a"), api=Api(id="api", kind="rest", cors=Cors()))),
        deployment(made(route("GET", "/a"), template=patched)),
        before,
    }
    assert len(others) == 6


def test_the_stage_is_a_part_of_the_url():
    url = {"Fn::Sub": "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/dev"}
    app = project(function(triggers=(route("GET", "/"),), environment={"URL": ref("api", "url")}), API, stage="dev")
    template = synthesize(app).body
    assert template["Outputs"]["ApiUrl"]["Value"] == url
    assert template["Resources"]["Resize"]["Properties"]["Environment"]["Variables"] == {"URL": url}
    assert template["Resources"]["ApiStage"]["Properties"]["StageName"] == "dev"
    assert cycle(template) is None


def test_the_default_takes_what_no_other_route_takes():
    found = methods(made(route("GET", "/a/b"), route("ANY", "/c"), route("", "")))
    assert {*found} == {
        ("RootResourceId", "ANY"),
        ("ApiAResource", "ANY"),
        ("ApiABResource", "ANY"),
        ("ApiABResource", "GET"),
        ("ApiCResource", "ANY"),
        ("ApiRestResource", "ANY"),
    }
    assert made(route("", ""))["ApiRestResource"]["Properties"]["PathPart"] == "{proxy+}"


def test_a_route_that_takes_all_paths_stays_as_it_is_beside_the_default():
    resources = made(route("GET", "/{all+}"), route("", ""))
    assert resources["ApiRestResource"]["Properties"]["PathPart"] == "{all+}"
    assert {("ApiRestResource", "GET"), ("ApiRestResource", "ANY"), ("RootResourceId", "ANY")} == {*methods(resources)}


def test_users_of_a_pool():
    template = body(route("GET", "/", auth="users"), route("GET", "/a", auth="iam"), things=(USERS,))
    resources = template["Resources"]
    assert resources["ApiUsersAuthorizer"]["Properties"] == {
        "IdentitySource": "method.request.header.Authorization",
        "Name": "users",
        "ProviderARNs": [{"Fn::GetAtt": ["Users", "Arn"]}],
        "RestApiId": {"Ref": "Api"},
        "Type": "COGNITO_USER_POOLS",
    }
    method = resources["ApiGetMethod"]["Properties"]
    assert (method["AuthorizationType"], method["AuthorizerId"]) == (
        "COGNITO_USER_POOLS",
        {"Ref": "ApiUsersAuthorizer"},
    )
    assert resources["ApiGetAMethod"]["Properties"]["AuthorizationType"] == "AWS_IAM"
    assert "ApiGetMethod" in dependencies(template)[deployment(resources)]


def test_a_function_that_its_users_call_and_that_lets_them_in():
    triggers = (route("GET", "/", auth="users"), UserPoolTrigger("users", "preSignUp"))
    template = synthesize(project(function(triggers=triggers, uses={"users": ("read",)}), API, USERS)).body
    assert cycle(template) is None


# --- CORS ------------------------------------------------------------------------------------------------------------

ONE = Cors(origins=("https://a.example",), methods=("GET",), headers=("x-a",), credentials=True, max_age=5)


def answer(resources, name):
    integration = resources[name]["Properties"]["Integration"]
    (response,) = integration["IntegrationResponses"]
    assert integration["Type"] == "MOCK"
    return {key.rpartition(".")[2]: value for key, value in response["ResponseParameters"].items()}, response


def test_questions_of_browsers_are_answered_without_a_function():
    resources = made(route("GET", "/a", cors=ONE), route("GET", "/b"))
    headers, _ = answer(resources, "ApiPreflightAMethod")
    assert headers == {
        "Access-Control-Allow-Credentials": "'true'",
        "Access-Control-Allow-Headers": "'x-a'",
        "Access-Control-Allow-Methods": "'GET,OPTIONS'",
        "Access-Control-Allow-Origin": "'https://a.example'",
        "Access-Control-Max-Age": "'5'",
    }
    (declared,) = resources["ApiPreflightAMethod"]["Properties"]["MethodResponses"]
    assert {key.rpartition(".")[2] for key in declared["ResponseParameters"]} == {*headers}
    assert resources["ApiPreflightAMethod"]["Properties"]["AuthorizationType"] == "NONE"
    assert "ApiPreflightBMethod" not in resources
    assert resources["ApiClientError"]["Properties"]["ResponseParameters"] == {
        "gatewayresponse.header.Access-Control-Allow-Origin": "'https://a.example'"
    }


def test_of_several_origins_the_one_that_asks_is_named():
    cors = Cors(origins=("https://a.example", "https://b.example"))
    resources = made(route("GET", "/a", cors=cors))
    headers, response = answer(resources, "ApiPreflightAMethod")
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["Vary"] == "'Origin'"
    template = response["ResponseTemplates"]["application/json"]
    assert '$origin == "https://a.example" || $origin == "https://b.example"' in template
    assert "ApiClientError" not in resources


def test_an_api_for_pages_answers_on_every_path():
    resources = made(route("GET", "/a"), route("OPTIONS", "/b"), api=Api(id="api", kind="rest", cors=Cors()))
    assert "ApiPreflightAMethod" in resources
    # The function answers there.
    assert "ApiPreflightBMethod" not in resources


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("routes", "more", "message"),
    [
        ([route("GET", "/a/{x}"), route("GET", "/a/{y}/z")], {}, "has `{x}` already: `{y}` cannot stand beside it"),
        ([route("GET", "/{x}"), route("", "")], {}, "takes one parameter below `/`"),
        ([route("GET", "/")], {"api": Api(id="api", kind="rest", existing="x")}, "is a REST API that exists already"),
        ([route("GET", "/", auth="jobs")], {"things": (Queue(id="jobs"),)}, "`jobs` is no user pool"),
    ],
)
def test_what_is_refused(routes, more, message):
    with pytest.raises(Unsupported, match=re.escape(message)):
        made(*routes, **more)
