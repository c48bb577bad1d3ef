"""What HTTP and REST APIs have in common: who may call a route, what a permission names, and CORS."""

from __future__ import annotations

import re
from collections.abc import Iterable

from attrs import frozen

from sigma_ls.manifest.model import Api, Cors, HttpTrigger, UserPool
from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation.calls import permission
from sigma_ls.synth.cloudformation.expressions import Expression, arn
from sigma_ls.synth.cloudformation.names import route_kind
from sigma_ls.synth.cloudformation.scope import Part, Scope, TriggerUse
from sigma_ls.synth.unsupported import Unsupported


def caller(scope: Scope, use: TriggerUse, api_id: Expression) -> Part:
    """The permission for API Gateway to call the function for the trigger's route."""
    trigger: HttpTrigger = use.trigger
    name = scope.ids.companion(trigger.api, kind=f"{route_kind(trigger.method, trigger.path)}Permission")
    source = arn("execute-api", api_id, _source(trigger))
    return permission(scope, use, name, "apigateway.amazonaws.com", source)


def _source(trigger: HttpTrigger) -> str:
    """Stage, method and path of the requests that may call: any stage, since a path parameter is `*` for IAM."""
    if trigger.is_default:
        return "/*/*"
    method = "*" if trigger.method == "ANY" else trigger.method
    return f"/*/{method}{re.sub(r'{[^{}]*}', '*', trigger.path)}"


def authorizing_pool(scope: Scope, use: TriggerUse) -> UserPool | None:
    """The user pool whose users may call; nothing where it is not users that may."""
    trigger: HttpTrigger = use.trigger
    if trigger.auth in ("none", "iam"):
        return None
    place = use.at("auth")
    pool = scope.thing(trigger.auth, place)
    if not isinstance(pool, UserPool):
        raise Unsupported(f"`{pool.id}` is no user pool, so it cannot authorize a route.", place)
    return pool


def authorizer_id(scope: Scope, api: Api, pool: UserPool) -> str:
    """The logical id of what asks the pool for an api: one for all its routes."""
    return scope.ids.companion(api.id, pool.id, kind="Authorizer")


@frozen
class AskedCors:
    """What an api and its triggers ask for together, and the first place that asks."""

    cors: Cors
    range: Range


def asked_cors(api: Api, uses: Iterable[TriggerUse]) -> AskedCors | None:
    """One CORS configuration for all that ask: what the api says, and what those triggers say."""
    asked = [] if api.cors is None else [(api.origin.at("cors"), api.cors)]
    asked += [(use.at("cors"), use.trigger.cors) for use in uses if use.trigger.cors]
    if not asked:
        return None

    def union(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
        values = {value for values in lists for value in values}
        return ("*",) if "*" in values else tuple(sorted(values))

    every: list[Cors] = [cors for _, cors in asked]
    ages = [cors.max_age for cors in every if cors.max_age is not None]
    together = Cors(
        origins=union(cors.origins for cors in every),
        methods=union(cors.methods for cors in every),
        headers=union(cors.headers for cors in every),
        expose_headers=union(cors.expose_headers for cors in every),
        credentials=any(cors.credentials for cors in every),
        max_age=min(ages) if ages else None,
    )
    check_credentials(together, next((place for place, cors in asked if cors.credentials), asked[0][0]))
    return AskedCors(together, asked[0][0])


def check_credentials(cors: Cors, place: Range) -> None:
    """Browsers take `*` for no page that sends credentials (Fetch standard, *CORS protocol and credentials*).

    Raises:
        Unsupported: such pages are not named.
    """
    if cors.credentials and "*" in cors.origins:
        message = (
            "Browsers let a page send credentials only where its own origin is named: with `credentials: true`, list the "
            "pages under `origins` (`https://example.com`), here and wherever else the same api has `cors`."
        )
        raise Unsupported(message, place)
