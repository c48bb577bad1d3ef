"""HTTP APIs (API Gateway version 2), and functions triggered by requests to them.

Routes, integrations and stage are resources of their own, not an OpenAPI document: each then has its place in the
manifest, its own line in a changelist, and its own reason when it fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sigma_ls.manifest.model import Api, Cors, HttpTrigger
from sigma_ls.synth.cloudformation.calls import no_grants
from sigma_ls.synth.cloudformation.expressions import (
    PARTITION,
    REGION,
    URL_SUFFIX,
    Expression,
    arn,
    get_att,
    join,
    ref,
)
from sigma_ls.synth.cloudformation.names import arn_resource, route_kind
from sigma_ls.synth.cloudformation.nodes import At, Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.scope import Kind, Part, Scope, TriggerKind, TriggerUse, logical_id
from sigma_ls.synth.unsupported import Unsupported


def parts(scope: Scope, api: Api) -> Iterator[Part]:
    """The api and its stage; routes come from the triggers."""
    origin = api.origin
    if api.kind != "http":
        message = f"`{api.id}` cannot be deployed: this version supports only apis of `kind: http`."
        raise Unsupported(message, origin.at("kind"))
    if api.domain is not None:
        message = (
            f"This version does not set up the domain of `{api.id}`. Leave `domain` out, and declare "
            "AWS::ApiGatewayV2::DomainName and AWS::ApiGatewayV2::ApiMapping under `resources`."
        )
        raise Unsupported(message, origin.at("domain"))
    properties: dict[str, Node] = {
        "CorsConfiguration": _cors(scope, api),
        "Name": sourced(origin, api.name or f"{scope.project.stack}-{api.id}", "name"),
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
            return join(api.name or api.existing or f"{scope.project.stack}-{api.id}")
        case "arn":
            return join("arn:", PARTITION, ":apigateway:", REGION, "::/apis/", api_id)
        case _:
            return None


KIND = Kind(parts=parts, attribute=attribute)


def _api_id(api: Api) -> Expression:
    if api.existing is None:
        return ref(logical_id(api.id))
    resource = arn_resource(api.existing)
    return join(api.existing if resource is None else resource.removeprefix("/apis/"))


def _cors(scope: Scope, api: Api) -> Node:
    """An api has one CORS configuration: what it says itself and what its triggers say, together."""
    asked = [] if api.cors is None else [(api.origin.at("cors"), api.cors)]
    asked += [(use.at("cors"), use.trigger.cors) for use in scope.triggers.get(api.id, ()) if use.trigger.cors]
    if not asked:
        return None

    def union(lists: Iterable[tuple[str, ...]]) -> list[str] | None:
        values = {value for values in lists for value in values}
        return ["*"] if "*" in values else sorted(values) or None

    all_cors: list[Cors] = [cors for _, cors in asked]
    ages = [cors.max_age for cors in all_cors if cors.max_age is not None]
    configuration = {
        "AllowCredentials": any(cors.credentials for cors in all_cors) or None,
        "AllowHeaders": union(cors.headers for cors in all_cors),
        "AllowMethods": union(cors.methods for cors in all_cors),
        "AllowOrigins": union(cors.origins for cors in all_cors),
        "ExposeHeaders": union(cors.expose_headers for cors in all_cors),
        "MaxAge": min(ages) if ages else None,
    }
    return At(asked[0][0], configuration)


# --- its triggers ----------------------------------------------------------------------------------------------------


def _trigger_parts(scope: Scope, use: TriggerUse) -> Iterator[Part]:
    """Route and permission of the trigger, and the integration that all routes of one api to one function share."""
    trigger: HttpTrigger = use.trigger
    api = scope.thing(trigger.api, use.at("api"))
    if not isinstance(api, Api):
        raise Unsupported(f"`{api.id}` is no api, so an `http` trigger cannot name it.", use.at("api"))
    if api.kind != "http":
        message = f"`{api.id}` is of `kind: {api.kind}`; this version supports triggers of `kind: http` only."
        raise Unsupported(message, use.at("api"))
    if trigger.auth not in ("none", "iam"):
        message = (
            f"This version cannot let `{trigger.auth}` authorize a route: it supports `auth: none` and `auth: iam`."
        )
        raise Unsupported(message, use.at("auth"))

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
            "AuthorizationType": use.sourced("AWS_IAM" if trigger.auth == "iam" else None, "auth"),
            "RouteKey": use.sourced("$default" if trigger.is_default else f"{trigger.method} {trigger.path}", "http"),
            "Target": join("integrations/", ref(integration)),
        },
    )
    yield Part(
        logical_id=scope.ids.companion(api.id, kind=f"{kind}Permission"),
        type="AWS::Lambda::Permission",
        owner=api.id,
        range=use.range,
        properties={
            "Action": "lambda:InvokeFunction",
            "FunctionName": get_att(logical_id(use.function.id), "Arn"),
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": arn("execute-api", _api_id(api), _source(trigger)),
        },
    )


def _source(trigger: HttpTrigger) -> str:
    """Stage, method and path of the requests that may call: any stage, since a path parameter is `*` for IAM."""
    if trigger.is_default:
        return "/*/*"
    method = "*" if trigger.method == "ANY" else trigger.method
    return f"/*/{method}{re.sub(r'{[^{}]*}', '*', trigger.path)}"


TRIGGER = TriggerKind(source=lambda trigger: trigger.api, parts=_trigger_parts, grants=no_grants)
