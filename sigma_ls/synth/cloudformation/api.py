"""Apis of either kind, and functions that are called by requests to them."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Api, HttpTrigger
from sigma_ls.synth.cloudformation import domain, http, rest
from sigma_ls.synth.cloudformation.calls import no_grants
from sigma_ls.synth.cloudformation.expressions import Expression
from sigma_ls.synth.cloudformation.scope import Kind, Part, Scope, TriggerKind, TriggerUse
from sigma_ls.synth.unsupported import Unsupported


def parts(scope: Scope, api: Api) -> Iterator[Part]:
    """The api with all that belongs to it as a whole."""
    yield from http.parts(scope, api) if api.kind == "http" else rest.parts(scope, api)
    if api.domain is not None:
        yield from domain.parts(scope, api, api.domain)


def wiring(scope: Scope, api: Api) -> Iterator[Part]:
    """What belongs to an api that exists already."""
    domain.refuse_existing(api)
    yield from http.authorizers(scope, api)


def attribute(scope: Scope, api: Api, name: str) -> Expression | None:
    """`id`, `url` (without a slash at its end), `name` and `arn`."""
    if name == "url" and api.existing is None and api.domain is not None:
        return domain.url(api.domain)
    return http.attribute(scope, api, name) if api.kind == "http" else rest.attribute(scope, api, name)


def own_url(scope: Scope, api: Api) -> Expression | None:
    """The address that API Gateway gives an api, whether it has a domain or not."""
    return http.attribute(scope, api, "url") if api.kind == "http" else rest.attribute(scope, api, "url")


KIND = Kind(parts=parts, attribute=attribute, wiring=wiring)


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
