"""Domain names of apis, with their certificates and the records that lead to them.

What CloudFormation does not make is left to the user in clear words: without a hosted zone the output of the target
says what a CNAME record must name, and without a certificate there must be a zone, in which one can be proved.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Api, ApiDomain
from sigma_ls.synth.cloudformation.expressions import Expression, get_att, join, ref
from sigma_ls.synth.cloudformation.nodes import Node, sourced
from sigma_ls.synth.cloudformation.scope import Part, Scope, logical_id
from sigma_ls.synth.unsupported import Unsupported

SECURITY_POLICY = "TLS_1_2"
"""The oldest protocol that is spoken (API Gateway developer guide, *Choose a security policy*)."""


def parts(scope: Scope, api: Api, domain: ApiDomain) -> Iterator[Part]:
    """The domain, its certificate and record where there is a zone, and what leads from it to the api's stage."""
    _check(scope, api, domain)
    place = api.origin.at("domain")
    if domain.certificate is None:
        yield Part(
            logical_id=_certificate_id(scope, api),
            type="AWS::CertificateManager::Certificate",
            owner=api.id,
            range=place,
            properties={
                "DomainName": _name(api, domain),
                # CloudFormation makes the record that proves the domain, and goes on when the proof was seen.
                "DomainValidationOptions": [{"DomainName": domain.name, "HostedZoneId": _zone(api, domain)}],
                "ValidationMethod": "DNS",
            },
        )
    yield _domain(scope, api, domain)
    if api.kind == "http" or scope.triggers.get(api.id):
        yield _mapping(scope, api)
    if domain.zone is not None:
        own = domain_id(scope, api)
        yield Part(
            logical_id=scope.ids.companion(api.id, kind="DomainRecord"),
            type="AWS::Route53::RecordSet",
            owner=api.id,
            range=api.origin.at("domain", "zone"),
            properties={
                "AliasTarget": {"DNSName": target(scope, api), "HostedZoneId": get_att(own, "RegionalHostedZoneId")},
                "HostedZoneId": _zone(api, domain),
                "Name": _name(api, domain),
                "Type": "A",
            },
        )


def url(domain: ApiDomain) -> Expression:
    """The address of the api; the stage has no part in it."""
    return join("https://", domain.name)


def target(scope: Scope, api: Api) -> Expression:
    """The name of API Gateway's own that the domain must lead to."""
    return get_att(domain_id(scope, api), "RegionalDomainName")


def domain_id(scope: Scope, api: Api) -> str:
    """The logical id of the domain."""
    return scope.ids.companion(api.id, kind="Domain")


def refuse_existing(api: Api) -> None:
    """An api that exists has its stage, of which nothing is known here.

    Raises:
        Unsupported: it is to get a domain.
    """
    if api.domain is not None:
        message = (
            f"`{api.id}` exists already, so its domain is set up where it was made. Leave `domain` out, or declare "
            "the domain and its mapping under `resources`, as types of CloudFormation."
        )
        raise Unsupported(message, api.origin.at("domain"))


def _check(scope: Scope, api: Api, domain: ApiDomain) -> None:
    if domain.certificate is None and domain.zone is None:
        message = f"The domain of `{api.id}` has no `certificate`, and no `zone` in which one could be proved."
        raise Unsupported(message, api.origin.at("domain"))
    region = scope.project.aws and scope.project.aws.region
    if domain.certificate is not None and region and (found := domain.certificate.split(":")[3]) != region:
        message = (
            f"The certificate of `{domain.name}` is in {found}, and `{api.id}` in {region}: API Gateway takes "
            "certificates of its own region only. Have one made there, or set `zone` instead."
        )
        raise Unsupported(message, api.origin.at("domain", "certificate"))
    for other_id in sorted(scope.usage.deployed - {api.id}):
        other = scope.project.resources[other_id]
        if isinstance(other, Api) and other.domain is not None and other.domain.name == domain.name:
            message = f"`{other_id}` has the domain `{domain.name}` already: a domain leads to one api."
            raise Unsupported(message, max(api, other, key=lambda each: each.id).origin.at("domain", "name"))


def _domain(scope: Scope, api: Api, domain: ApiDomain) -> Part:
    certificate: Node = ref(_certificate_id(scope, api))
    if domain.certificate is not None:
        certificate = sourced(api.origin, domain.certificate, "domain", "certificate")
    if api.kind == "rest":
        properties: dict[str, Node] = {
            "EndpointConfiguration": {"Types": ["REGIONAL"]},
            "RegionalCertificateArn": certificate,
            "SecurityPolicy": SECURITY_POLICY,
        }
    else:
        configuration = {
            "CertificateArn": certificate,
            "EndpointType": "REGIONAL",
            "SecurityPolicy": SECURITY_POLICY,
        }
        properties = {"DomainNameConfigurations": [configuration]}
    return Part(
        logical_id=domain_id(scope, api),
        type="AWS::ApiGateway::DomainName" if api.kind == "rest" else "AWS::ApiGatewayV2::DomainName",
        owner=api.id,
        range=api.origin.at("domain"),
        properties={"DomainName": _name(api, domain), **properties},
    )


def _mapping(scope: Scope, api: Api) -> Part:
    """What leads from the domain to the api's stage, which must be there before it: hence by reference."""
    stage = ref(scope.ids.companion(api.id, kind="Stage"))
    properties: dict[str, Node] = {"DomainName": ref(domain_id(scope, api)), "Stage": stage}
    own = ref(logical_id(api.id))
    rest = api.kind == "rest"
    return Part(
        logical_id=scope.ids.companion(api.id, kind="DomainMapping"),
        type="AWS::ApiGateway::BasePathMapping" if rest else "AWS::ApiGatewayV2::ApiMapping",
        owner=api.id,
        range=api.origin.at("domain"),
        properties={**properties, ("RestApiId" if rest else "ApiId"): own},
    )


def _certificate_id(scope: Scope, api: Api) -> str:
    return scope.ids.companion(api.id, kind="Certificate")


def _name(api: Api, domain: ApiDomain) -> Node:
    return sourced(api.origin, domain.name, "domain", "name")


def _zone(api: Api, domain: ApiDomain) -> Node:
    return sourced(api.origin, domain.zone, "domain", "zone")
