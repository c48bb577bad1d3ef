"""REST APIs (API Gateway version 1).

A deployment of such an api is a snapshot of its methods: it must come after all of them, and another one, of another
logical id, must take its place when anything of them changes.  The id is a hash of what is deployed, so that a template
stays the same until something does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from sigma_ls.manifest.model import Api, HttpTrigger
from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation.expressions import PARTITION, REGION, URL_SUFFIX, Expression, get_att, join, ref
from sigma_ls.synth.cloudformation.names import api_name, arn_resource, letters, path_kind, route_kind
from sigma_ls.synth.cloudformation.nodes import Node, flatten, sourced
from sigma_ls.synth.cloudformation.preflight import error_responses, preflight
from sigma_ls.synth.cloudformation.render import canonical_json
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.routes import asked_cors, authorizer_id, authorizing_pool, caller
from sigma_ls.synth.cloudformation.scope import Part, Scope, TriggerUse, logical_id
from sigma_ls.synth.unsupported import Unsupported

STAGE = "live"
"""The name of an api's stage where the project has no stages; it is part of the URL."""

ROOT = "/"
GREEDY = "/{proxy+}"
"""What takes all paths below the root, where no route declares such a path."""


def parts(scope: Scope, api: Api) -> Iterator[Part]:
    """The api, its paths, methods and authorizers, and the deployment of all that to its stage."""
    origin = api.origin
    properties: dict[str, Node] = {
        "EndpointConfiguration": {"Types": ["REGIONAL"]},
        "Name": sourced(origin, api.name or api_name(scope.project.stack, api.id), "name"),
    }
    yield main_part(scope, api, "AWS::ApiGateway::RestApi", properties)
    uses = scope.triggers.get(api.id, ())
    for use in uses:
        yield caller(scope, use, ref(logical_id(api.id)))
    deployed = [*_paths(scope, api), *_methods(scope, api), *_authorizers(scope, api), *error_responses(scope, api)]
    yield from deployed
    if not uses:
        # A deployment without a method is refused.
        return
    deployment = scope.ids.companion(api.id, kind=f"Deployment{_digest(scope, deployed)}")
    methods = sorted(part.logical_id for part in deployed if part.type == "AWS::ApiGateway::Method")
    yield Part(
        logical_id=deployment,
        type="AWS::ApiGateway::Deployment",
        owner=api.id,
        range=origin.key,
        properties={"RestApiId": ref(logical_id(api.id))},
        depends_on=tuple(methods),
    )
    yield Part(
        logical_id=scope.ids.companion(api.id, kind="Stage"),
        type="AWS::ApiGateway::Stage",
        owner=api.id,
        range=origin.key,
        properties={
            "DeploymentId": ref(deployment),
            "RestApiId": ref(logical_id(api.id)),
            "StageName": _stage(scope),
        },
    )


def attribute(scope: Scope, api: Api, name: str) -> Expression | None:
    """`id`, `url` (without a slash at its end; unknown of one that exists), `name` and `arn`."""
    resource = arn_resource(api.existing) if api.existing is not None else None
    if api.existing is None:
        api_id = ref(logical_id(api.id))
    else:
        api_id = join(api.existing if resource is None else resource.removeprefix("/restapis/"))
    match name:
        case "id":
            return api_id
        case "url" if api.existing is None:
            return join("https://", api_id, ".execute-api.", REGION, ".", URL_SUFFIX, "/", _stage(scope))
        case "name":
            return join(api.name or api.existing or api_name(scope.project.stack, api.id))
        case "arn":
            return join("arn:", PARTITION, ":apigateway:", REGION, "::/restapis/", api_id)
        case _:
            return None


def _stage(scope: Scope) -> str:
    return scope.project.stage or STAGE


def _digest(scope: Scope, deployed: list[Part]) -> str:
    """Stands for all that a deployment holds, with what the template block makes of it."""
    patched = scope.overlay.get("Resources")
    over: Mapping[str, Node] = patched if isinstance(patched, Mapping) else {}
    content = {
        part.logical_id: [part.type, flatten(dict(part.properties)), flatten(over.get(part.logical_id))]
        for part in sorted(deployed, key=lambda part: part.logical_id)
    }
    return letters(canonical_json(content))


# --- paths -----------------------------------------------------------------------------------------------------------


@frozen
class _Path:
    """A path of the api, and what first asks for it."""

    path: str
    use: TriggerUse


def _routed(scope: Scope, api: Api) -> tuple[list[TriggerUse], TriggerUse | None]:
    """The triggers by path, and the one by default."""
    uses = scope.triggers.get(api.id, ())
    default = next((use for use in uses if use.trigger.is_default), None)
    routed = sorted(
        (use for use in uses if not use.trigger.is_default), key=lambda use: (use.trigger.path, use.trigger.method)
    )
    return routed, default


def _all_paths(scope: Scope, api: Api) -> dict[str, _Path]:
    """Every path that has a resource, parents too, but for the root."""
    routed, default = _routed(scope, api)
    found: dict[str, _Path] = {}
    for use in routed:
        segments = use.trigger.path.strip("/").split("/") if use.trigger.path.strip("/") else []
        for length in range(1, len(segments) + 1):
            path = ROOT + "/".join(segments[:length])
            found.setdefault(path, _Path(path, use))
    if default is not None and not any(_is_greedy(path) and _parent(path) == ROOT for path in found):
        found[GREEDY] = _Path(GREEDY, default)
    _check_parameters(found)
    return found


def _check_parameters(found: Mapping[str, _Path]) -> None:
    """API Gateway refuses two parameters of different names in one place."""
    by_parent: dict[str, _Path] = {}
    for path, known in sorted(found.items()):
        name = path.rpartition("/")[2]
        if not name.startswith("{"):
            continue
        earlier = by_parent.setdefault(_parent(path), known)
        if earlier is not known:
            other = earlier.path.rpartition("/")[2]
            message = (
                f"A REST API takes one parameter below `{_parent(path)}`, and has `{other}` already: `{name}` cannot "
                "stand beside it. Give both the same name, or use an api of `kind: http`."
            )
            raise Unsupported(message, known.use.at("http"))


def _parent(path: str) -> str:
    return path.rpartition("/")[0] or ROOT


def _is_greedy(path: str) -> bool:
    return path.endswith("+}")


def _paths(scope: Scope, api: Api) -> Iterator[Part]:
    for path, known in sorted(_all_paths(scope, api).items()):
        yield Part(
            logical_id=_path_id(scope, api, path),
            type="AWS::ApiGateway::Resource",
            owner=api.id,
            range=known.use.range,
            properties={
                "ParentId": path_ref(scope, api, _parent(path)),
                "PathPart": path.rpartition("/")[2],
                "RestApiId": ref(logical_id(api.id)),
            },
        )


def _path_id(scope: Scope, api: Api, path: str) -> str:
    return scope.ids.companion(api.id, kind=f"{path_kind(path)}Resource")


def path_ref(scope: Scope, api: Api, path: str) -> Expression:
    """The id of the resource of a path."""
    if path == ROOT:
        return get_att(logical_id(api.id), "RootResourceId")
    return ref(_path_id(scope, api, path))


# --- methods ---------------------------------------------------------------------------------------------------------


def _methods(scope: Scope, api: Api) -> Iterator[Part]:
    """The routes; what takes the rest; and on paths that other pages may call, the answers to their questions."""
    routed, default = _routed(scope, api)
    taken: dict[str, set[str]] = {path: set() for path in (ROOT, *_all_paths(scope, api))}
    asking: dict[str, list[TriggerUse]] = {path: [] for path in taken}
    for use in routed:
        trigger: HttpTrigger = use.trigger
        path = ROOT + trigger.path.strip("/")
        taken[path].add(trigger.method)
        asking[path].append(use)
        kind = f"{route_kind(trigger.method, trigger.path)}Method"
        yield _method(scope, use, kind, (path, trigger.method))
    if default is not None:
        # The default takes what no other route takes: other methods of their paths too.
        for path, methods in sorted(taken.items()):
            if "ANY" not in methods:
                kind = f"Default{path_kind(path)}Method"
                yield _method(scope, default, kind, (path, "ANY"))
                asking[path].append(default)
    for path, uses in sorted(asking.items()):
        asked = asked_cors(api, uses) if uses else None
        if asked is not None and "OPTIONS" not in taken[path]:
            name = scope.ids.companion(api.id, kind=f"Preflight{path_kind(path)}Method")
            yield preflight(name, api, path_ref(scope, api, path), asked)


def _method(scope: Scope, use: TriggerUse, kind: str, route: tuple[str, str]) -> Part:
    """The method that calls the function of a trigger, for a path and an HTTP method."""
    path, method = route
    api = scope.project.resources[use.trigger.api]
    assert isinstance(api, Api)
    pool = authorizing_pool(scope, use)
    authorization = "COGNITO_USER_POOLS" if pool else "AWS_IAM" if use.trigger.auth == "iam" else "NONE"
    function = get_att(logical_id(use.function.id), "Arn")
    uri = join(
        "arn:", PARTITION, ":apigateway:", REGION, ":lambda:path/2015-03-31/functions/", function, "/invocations"
    )
    return Part(
        logical_id=scope.ids.companion(api.id, kind=kind),
        type="AWS::ApiGateway::Method",
        owner=api.id,
        range=use.range,
        properties={
            "AuthorizationType": use.sourced(authorization, "auth"),
            "AuthorizerId": None if pool is None else ref(authorizer_id(scope, api, pool)),
            "HttpMethod": use.sourced(method, "http"),
            # Lambda is always called by POST, whatever the method of the request.
            "Integration": {"IntegrationHttpMethod": "POST", "Type": "AWS_PROXY", "Uri": uri},
            "ResourceId": path_ref(scope, api, path),
            "RestApiId": ref(logical_id(api.id)),
        },
    )


def _authorizers(scope: Scope, api: Api) -> Iterator[Part]:
    """One for each user pool; unlike an HTTP API, a REST API takes tokens of all its clients."""
    places: dict[str, Range] = {}
    for use in scope.triggers.get(api.id, ()):
        pool = authorizing_pool(scope, use)
        if pool is None or pool.id in places:
            continue
        places[pool.id] = use.at("auth")
        yield Part(
            logical_id=authorizer_id(scope, api, pool),
            type="AWS::ApiGateway::Authorizer",
            owner=api.id,
            range=use.at("auth"),
            properties={
                "IdentitySource": "method.request.header.Authorization",
                "Name": pool.id,
                "ProviderARNs": [scope.attribute(pool.id, "arn", use.at("auth"))],
                "RestApiId": ref(logical_id(api.id)),
                "Type": "COGNITO_USER_POOLS",
            },
        )
