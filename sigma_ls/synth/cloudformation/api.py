"""Apis of either kind, and functions that are called by requests to them."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Api, HttpTrigger
from sigma_ls.synth.cloudformation import http, rest
from sigma_ls.synth.cloudformation.calls import no_grants
from sigma_ls.synth.cloudformation.expressions import Expression
from sigma_ls.synth.cloudformation.scope import Kind, Part, Scope, TriggerKind, TriggerUse
from sigma_ls.synth.unsupported import Unsupported


def parts(scope: Scope, api: Api) -> Iterator[Part]:
    """The api with all that belongs to it as a whole."""
    if api.domain is not None:
        kind = "ApiGatewayV2" if api.kind == "http" else "ApiGateway"
        message = (
            f"This version does not set up the domain of `{api.id}`. Leave `domain` out, and declare "
            f"AWS::{kind}::DomainName and its mapping under `resources`."
        )
        raise Unsupported(message, api.origin.at("domain"))
    yield from http.parts(scope, api) if api.kind == "http" else rest.parts(scope, api)


def attribute(scope: Scope, api: Api, name: str) -> Expression | None:
    """`id`, `url` (without a slash at its end), `name` and `arn`."""
    return http.attribute(scope, api, name) if api.kind == "http" else rest.attribute(scope, api, name)


KIND = Kind(parts=parts, attribute=attribute, wiring=http.authorizers)


def _trigger_parts(scope: Scope, use: TriggerUse) -> Iterator[Part]:
    """The route of the trigger, on an HTTP API: a REST API makes all of its methods itself."""
    trigger: HttpTrigger = use.trigger
    api = scope.thing(trigger.api, use.at("api"))
    if not isinstance(api, Api):
        raise Unsupported(f"`{api.id}` is no api, so an `http` trigger cannot name it.", use.at("api"))
    if api.kind == "http":
        yield from http.route_parts(scope, use, api)
    elif api.existing is not None:
        message = (
            f"`{api.id}` is a REST API that exists already: a route of it would need a new deployment of all that it "
            "has, of which nothing is known here. Declare the api without `existing`, or use one of `kind: http`."
        )
        raise Unsupported(message, use.at("api"))


TRIGGER = TriggerKind(source=lambda trigger: trigger.api, parts=_trigger_parts, grants=no_grants)
