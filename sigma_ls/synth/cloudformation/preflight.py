"""CORS of REST APIs, which have no setting for it: methods that answer browsers' questions, without a function."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Api, Cors
from sigma_ls.synth.cloudformation.expressions import Expression, ref
from sigma_ls.synth.cloudformation.routes import AskedCors, asked_cors
from sigma_ls.synth.cloudformation.scope import Part, Scope, logical_id

ORIGIN = "Access-Control-Allow-Origin"
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


def preflight(name: str, api: Api, path: Expression, asked: AskedCors) -> Part:
    """The OPTIONS method of a path."""
    headers = _headers(asked.cors)
    return Part(
        logical_id=name,
        type="AWS::ApiGateway::Method",
        owner=api.id,
        range=asked.range,
        properties={
            # Browsers ask without authorization.
            "AuthorizationType": "NONE",
            "HttpMethod": "OPTIONS",
            "Integration": {
                "IntegrationResponses": [
                    {
                        "ResponseParameters": {
                            f"method.response.header.{header}": f"'{value}'" for header, value in headers.items()
                        },
                        "ResponseTemplates": {"application/json": _template(asked.cors)},
                        "StatusCode": "204",
                    }
                ],
                "RequestTemplates": {"application/json": '{"statusCode": 204}'},
                "Type": "MOCK",
            },
            "MethodResponses": [
                {
                    "ResponseParameters": {f"method.response.header.{header}": True for header in headers},
                    "StatusCode": "204",
                }
            ],
            "ResourceId": path,
            "RestApiId": ref(logical_id(api.id)),
        },
    )


def error_responses(scope: Scope, api: Api) -> Iterator[Part]:
    """The answers of API Gateway itself, which pages could not read otherwise.

    Only where there is one origin or any: which of several asks, such an answer cannot know.
    """
    asked = asked_cors(api, scope.triggers.get(api.id, ()))
    if asked is None or len(asked.cors.origins) != 1:
        return
    for kind, response_type in (("ClientError", "DEFAULT_4XX"), ("ServerError", "DEFAULT_5XX")):
        yield Part(
            logical_id=scope.ids.companion(api.id, kind=kind),
            type="AWS::ApiGateway::GatewayResponse",
            owner=api.id,
            range=asked.range,
            properties={
                "ResponseParameters": {f"gatewayresponse.header.{ORIGIN}": f"'{asked.cors.origins[0]}'"},
                "ResponseType": response_type,
                "RestApiId": ref(logical_id(api.id)),
            },
        )


def _headers(cors: Cors) -> dict[str, str]:
    every = {"*", "ANY"} & {*cors.methods}
    headers = {
        "Access-Control-Allow-Headers": ",".join(cors.headers),
        "Access-Control-Allow-Methods": ",".join(METHODS if every else sorted({*cors.methods, "OPTIONS"})),
        ORIGIN: cors.origins[0] if len(cors.origins) == 1 else "",
        "Access-Control-Allow-Credentials": "true" if cors.credentials else "",
        "Access-Control-Max-Age": "" if cors.max_age is None else str(cors.max_age),
        "Vary": "Origin" if len(cors.origins) > 1 else "",
    }
    return {header: value for header, value in headers.items() if value}


def _template(cors: Cors) -> str:
    """Nothing; but of several origins, the header for the one that asks (API Gateway's template language, Velocity)."""
    if len(cors.origins) <= 1:
        return ""
    asks = " || ".join(f'$origin == "{origin}"' for origin in cors.origins)
    answer = f"#set($context.responseOverride.header.{ORIGIN} = $origin)"
    return f'#set($origin = $input.params().header.get("Origin"))\n#if({asks})\n{answer}\n#end\n'
