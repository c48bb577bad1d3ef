"""Domain names of apis."""

import pytest

from sigma_ls.manifest.model import Api, ApiDomain, HttpTrigger, Origin
from sigma_ls.syntax.span import Range
from sigma_ls.synth import Unsupported, synthesize
from tests.synth.graph import cycle, dependencies
from tests.synth.projects import function, project, ref

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
GIVEN = ApiDomain("a.example.com", certificate=CERTIFICATE)
PROVED = ApiDomain("a.example.com", zone="Z1")
PLACE = Range.of(7, 2, 7, 9)


def body(kind, domain, **more):
    called = function(triggers=(HttpTrigger("GET", "/"),), environment={"URL": ref("api", "url")})
    return synthesize(project(called, Api(id="api", kind=kind, domain=domain, **more))).body


def of_domain(made):
    found = made["Resources"]
    return {name: found[name] for name in found if name.startswith(("ApiDomain", "ApiCertificate"))}


def test_an_http_api_with_a_certificate():
    assert of_domain(body("http", GIVEN)) == {
        "ApiDomain": {
            "Type": "AWS::ApiGatewayV2::DomainName",
            "Properties": {
                "DomainName": "a.example.com",
                "DomainNameConfigurations": [
                    {"CertificateArn": CERTIFICATE, "EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2"}
                ],
            },
        },
        "ApiDomainMapping": {
            "Type": "AWS::ApiGatewayV2::ApiMapping",
            # The stage by reference: it must be there before the mapping.
            "Properties": {"ApiId": {"Ref": "Api"}, "DomainName": {"Ref": "ApiDomain"}, "Stage": {"Ref": "ApiStage"}},
        },
    }


def test_a_rest_api_with_a_certificate():
    assert of_domain(body("rest", GIVEN)) == {
        "ApiDomain": {
            "Type": "AWS::ApiGateway::DomainName",
            "Properties": {
                "DomainName": "a.example.com",
                "EndpointConfiguration": {"Types": ["REGIONAL"]},
                "RegionalCertificateArn": CERTIFICATE,
                "SecurityPolicy": "TLS_1_2",
            },
        },
        "ApiDomainMapping": {
            "Type": "AWS::ApiGateway::BasePathMapping",
            "Properties": {
                "DomainName": {"Ref": "ApiDomain"},
                "RestApiId": {"Ref": "Api"},
                "Stage": {"Ref": "ApiStage"},
            },
        },
    }


@pytest.mark.parametrize("kind", ["http", "rest"])
def test_a_zone_proves_the_certificate_and_leads_to_the_api(kind):
    made = body(kind, PROVED)
    found = of_domain(made)
    assert found["ApiCertificate"]["Properties"] == {
        "DomainName": "a.example.com",
        "DomainValidationOptions": [{"DomainName": "a.example.com", "HostedZoneId": "Z1"}],
        "ValidationMethod": "DNS",
    }
    assert found["ApiDomainRecord"]["Properties"] == {
        "AliasTarget": {
            "DNSName": {"Fn::GetAtt": ["ApiDomain", "RegionalDomainName"]},
            "HostedZoneId": {"Fn::GetAtt": ["ApiDomain", "RegionalHostedZoneId"]},
        },
        "HostedZoneId": "Z1",
        "Name": "a.example.com",
        "Type": "A",
    }
    assert "ApiCertificate" in dependencies(made)["ApiDomain"]
    assert cycle(made) is None
    assert "ApiDomainTarget" not in made["Outputs"]


def test_a_zone_beside_a_certificate_gets_the_record_only():
    found = of_domain(body("http", ApiDomain("a.example.com", CERTIFICATE, "Z1")))
    assert sorted(found) == ["ApiDomain", "ApiDomainMapping", "ApiDomainRecord"]


@pytest.mark.parametrize("kind", ["http", "rest"])
def test_the_address_is_the_domains(kind):
    made = body(kind, GIVEN)
    variables = made["Resources"]["Resize"]["Properties"]["Environment"]["Variables"]
    assert variables == {"URL": "https://a.example.com"}
    assert made["Outputs"]["ApiUrl"]["Value"] == "https://a.example.com"
    # What answers before the domain's records do.
    assert (
        made["Outputs"]["ApiDefaultUrl"]["Value"]
        == {
            "http": {"Fn::GetAtt": ["Api", "ApiEndpoint"]},
            "rest": {"Fn::Sub": "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/live"},
        }[kind]
    )


def test_without_a_zone_an_output_says_what_the_users_own_record_must_name():
    assert body("http", GIVEN)["Outputs"]["ApiDomainTarget"] == {
        "Description": "What a CNAME record of a.example.com must name to lead to api.",
        "Value": {"Fn::GetAtt": ["ApiDomain", "RegionalDomainName"]},
    }


def test_a_rest_api_without_methods_has_nothing_to_lead_to_yet():
    api = Api(id="main", kind="rest", domain=GIVEN)
    made = synthesize(project(function(environment={"URL": ref("main", "url")}), api)).body
    assert "MainDomain" in made["Resources"]
    assert "MainDomainMapping" not in made["Resources"]


def refused(*apis):
    triggers = tuple(HttpTrigger("GET", "/", api=api.id) for api in apis)
    with pytest.raises(Unsupported) as found:
        synthesize(project(function(triggers=triggers), *apis))
    return found.value


def test_what_cannot_be_had_is_refused_where_it_is_asked_for():
    def at(*path):
        return Origin(values={path: PLACE})

    elsewhere = ApiDomain("a.example.com", certificate=CERTIFICATE.replace("eu-west-1", "us-east-1"))
    found = refused(Api(id="api", domain=elsewhere, origin=at("domain", "certificate")))
    assert "is in us-east-1, and `api` in eu-west-1" in found.message
    assert found.range == PLACE

    found = refused(Api(id="api", existing="a1", domain=GIVEN, origin=at("domain")))
    assert "exists already, so its domain is set up where it was made" in found.message
    assert found.range == PLACE

    found = refused(Api(id="api", domain=ApiDomain("a.example.com"), origin=at("domain")))
    assert "no `zone` in which one could be proved" in found.message
    assert found.range == PLACE

    found = refused(Api(id="one", domain=GIVEN), Api(id="two", domain=PROVED, origin=at("domain", "name")))
    assert "has the domain `a.example.com` already" in found.message
    assert found.range == PLACE
