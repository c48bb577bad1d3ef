"""HTTP APIs (API Gateway version 2).

Routes, integrations and stage are resources of their own, not an OpenAPI document: each then has its place in the
manifest, its own line in a changelist, and its own reason when it fails.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Api, HttpTrigger, UserPool
from sigma_ls.synth.cloudformation.expressions import (
    PARTITION,
    REGION,
    URL_SUFFIX,
    Expression,
    get_att,
    join,
    ref,
)
from sigma_ls.synth.cloudformation.names import api_name, arn_resource, route_kind
from sigma_ls.synth.cloudformation.nodes import At, Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.routes import asked_cors, authorizer_id, authorizing_pool, caller
from sigma_ls.synth.cloudformation.scope import Part, Scope, TriggerUse, logical_id
from sigma_ls.synth.cloudformation.user_pool import client_id, issuer
from sigma_ls.synth.unsupported import Unsupported


def parts(scope: Scope, api: Api) -> Iterator[Part]:
    """The api and its stage; routes come from the triggers."""
    origin = api.origin
    properties: dict[str, Node] = {
        "CorsConfiguration": _cors(scope, api),
        "Name": sourced(origin, api.name or api_name(scope.project.stack, api.id), "name"),
        "ProtocolType": "HTTP",
    }
    yield main_part(scope, api, "AWS::ApiGatewayV2::Api", properties)
    yield Part(
        logical_id=scope.ids.companion(api.id, kind="Stage"),
        type="AWS::ApiGatewayV2::Stage",
        owner=api.id,
        range=origin.key,
        # Only this stage has no part in the URL.
        properties={"ApiId": ref(logical_id(api.id)), "AutoDeploy": True, "StageName": "$default"},
    )
    yield from authorizers(scope, api)


def authorizers(scope: Scope, api: Api) -> Iterator[Part]:
    """One authorizer for each user pool whose users may call routes."""
    asking = [(use, authorizing_pool(scope, use)) for use in scope.triggers.get(api.id, ())]
    pools = {pool.id: (use, pool) for use, pool in reversed(asking) if pool is not None}
    for _, (use, pool) in sorted(pools.items()):
        if not pool.clients:
            message = (
                f"Tokens of the user pool `{pool.id}` are made for its clients, and it declares none: declare one "
                "(`clients: {web: {}}`), so that the api knows whose tokens to take."
            )
            raise Unsupported(message, use.at("auth"))
        audience = [ref(client_id(scope, pool, client)) for client in sorted(pool.clients, key=lambda c: c.name)]
        yield Part(
            logical_id=authorizer_id(scope, api, pool),
            type="AWS::ApiGatewayV2::Authorizer",
            owner=api.id,
            range=use.at("auth"),
            properties={
                "ApiId": _api_id(api),
                "AuthorizerType": "JWT",
                "IdentitySource": ["$request.header.Authorization"],
                "JwtConfiguration": {"Audience": audience, "Issuer": issuer(pool)},
                "Name": pool.id,
            },
        )


def attribute(scope: Scope, api: Api, name: str) -> Expression | None:
    """`id`, `url` (without a slash at its end), `name` and `arn`."""
    api_id = _api_id(api)
    match name:
        case "id":
            return api_id
        case "url" if api.existing is None:
            return get_att(logical_id(api.id), "ApiEndpoint")
        case "url":
            return join("https://", api_id, ".execute-api.", REGION, ".", URL_SUFFIX)
        case "name":
            return join(api.name or api.existing or api_name(scope.project.stack, api.id))
        case "arn":
            return join("arn:", PARTITION, ":apigateway:", REGION, "::/apis/", api_id)
        case _:
            return None


def _api_id(api: Api) -> Expression:
    if api.existing is None:
        return ref(logical_id(api.id))
    resource = arn_resource(api.existing)
    return join(api.existing if resource is None else resource.removeprefix("/apis/"))


def _cors(scope: Scope, api: Api) -> Node:
    asked = asked_cors(api, scope.triggers.get(api.id, ()))
    if asked is None:
        return None
    cors = asked.cors
    configuration = {
        "AllowCredentials": cors.credentials or None,
        "AllowHeaders": list(cors.headers) or None,
        "AllowMethods": list(cors.methods) or None,
        "AllowOrigins": list(cors.origins) or None,
        "ExposeHeaders": list(cors.expose_headers) or None,
        "MaxAge": cors.max_age,
    }
    return At(asked.range, configuration)


# --- its triggers ----------------------------------------------------------------------------------------------------


def route_parts(scope: Scope, use: TriggerUse, api: Api) -> Iterator[Part]:
    """Route and permission of the trigger, and the integration that all routes of one api to one function share."""
    trigger: HttpTrigger = use.trigger
    pool = authorizing_pool(scope, use)
    kind = route_kind(trigger.method, trigger.path)
    integration = scope.ids.companion(api.id, use.function.id, kind="Integration")
    if use.first:
        yield Part(
            logical_id=integration,
            type="AWS::ApiGatewayV2::Integration",
            owner=api.id,
            range=use.range,
            properties={
                "ApiId": _api_id(api),
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": get_att(logical_id(use.function.id), "Arn"),
                "PayloadFormatVersion": "2.0",
            },
        )
    yield Part(
        logical_id=scope.ids.companion(api.id, kind=f"{kind}Route"),
        type="AWS::ApiGatewayV2::Route",
        owner=api.id,
        range=use.range,
        properties={
            "ApiId": _api_id(api),
            "AuthorizationType": use.sourced(_authorization(trigger, pool), "auth"),
            "AuthorizerId": None if pool is None else ref(authorizer_id(scope, api, pool)),
            "RouteKey": use.sourced("$default" if trigger.is_default else f"{trigger.method} {trigger.path}", "http"),
            "Target": join("integrations/", ref(integration)),
        },
    )
    yield caller(scope, use, _api_id(api))


def _authorization(trigger: HttpTrigger, pool: UserPool | None) -> str | None:
    if pool is not None:
        return "JWT"
    return "AWS_IAM" if trigger.auth == "iam" else None
