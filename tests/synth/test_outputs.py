"""What one wants to know of a deployment is among its outputs without being asked for."""

from sigma_ls.manifest.model import (
    Api,
    Database,
    HttpTrigger,
    ManifestOutput,
    StateMachine,
    Text,
    UrlTrigger,
)
from sigma_ls.synth import synthesize
from tests.synth.projects import function, project

STATES = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}


def outputs(*things, **more):
    return synthesize(project(*things, **more)).body["Outputs"]


def test_addresses_and_arns():
    found = outputs(
        function("a", triggers=(UrlTrigger("public"), HttpTrigger("GET", "/"))),
        function("b", triggers=(HttpTrigger("GET", "/", api="admin"),), uses={"db": ("connect",), "steps": ("start",)}),
        Api(id="admin"),
        Database(id="db"),
        StateMachine(id="steps", definition=STATES),
        Api(id="unused"),
    )
    assert found == {
        "AArn": {"Description": "ARN of a.", "Value": {"Fn::GetAtt": ["A", "Arn"]}},
        "AUrl": {"Description": "URL of a.", "Value": {"Fn::GetAtt": ["AUrl", "FunctionUrl"]}},
        "AdminUrl": {"Description": "URL of admin.", "Value": {"Fn::GetAtt": ["Admin", "ApiEndpoint"]}},
        "ApiUrl": {"Description": "URL of api.", "Value": {"Fn::GetAtt": ["Api", "ApiEndpoint"]}},
        "BArn": {"Description": "ARN of b.", "Value": {"Fn::GetAtt": ["B", "Arn"]}},
        "DbEndpoint": {
            "Description": "Host and port of db.",
            "Value": {"Fn::Sub": "${Db.Endpoint.Address}:${Db.Endpoint.Port}"},
        },
        "StepsArn": {"Description": "ARN of steps.", "Value": {"Ref": "Steps"}},
    }


def test_the_manifests_own_output_wins():
    own = {"ApiUrl": ManifestOutput("ApiUrl", Text.plain("mine"))}
    assert outputs(function(triggers=(HttpTrigger("GET", "/"),)), outputs=own)["ApiUrl"] == {"Value": "mine"}


def test_those_that_one_misses_least_make_room():
    many = [function(f"f{index}") for index in range(199)]
    api = function("caller", triggers=(HttpTrigger("GET", "/"),))
    assert len(outputs(*many)) == 199
    assert outputs(*many, api).keys() == {"ApiUrl"}
    own = {f"O{index}": ManifestOutput(f"O{index}", Text.plain("x")) for index in range(200)}
    assert outputs(*many, api, outputs=own).keys() == own.keys()


def test_what_exists_has_no_outputs():
    app = project(function("a", triggers=(HttpTrigger("GET", "/", api="x"),)), Api(id="x", existing="y"))
    assert synthesize(app).body["Outputs"].keys() == {"AArn"}
