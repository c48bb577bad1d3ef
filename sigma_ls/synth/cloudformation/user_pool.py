"""User pools with their clients, and functions that are called at steps of a user's way in.

A pool that calls a function comes after it: neither the function nor its role may name the pool, so what the function
may do with the pool stands in a policy of its own (`function.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from sigma_ls.manifest.model import UserPool, UserPoolClient, UserPoolTrigger, pascal_case
from sigma_ls.synth.cloudformation.calls import no_grants, permission
from sigma_ls.synth.cloudformation.expressions import (
    ACCOUNT,
    PARTITION,
    REGION,
    URL_SUFFIX,
    Expression,
    get_att,
    join,
    ref,
)
from sigma_ls.synth.cloudformation.names import USER_POOL_NAME_LENGTH, arn_resource, name_in_stack
from sigma_ls.synth.cloudformation.nodes import At, Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.roles import role, trust
from sigma_ls.synth.cloudformation.scope import Grant, Kind, Part, Scope, TriggerKind, TriggerUse, logical_id
from sigma_ls.synth.unsupported import Unsupported

_ATTRIBUTES = MappingProxyType({"email": "email", "phone": "phone_number"})
"""What users sign in with: the manifest's word → Cognito's attribute."""

STEPS = MappingProxyType(
    {
        "preSignUp": "PreSignUp",
        "postConfirmation": "PostConfirmation",
        "preAuthentication": "PreAuthentication",
        "postAuthentication": "PostAuthentication",
        "customMessage": "CustomMessage",
        "defineAuthChallenge": "DefineAuthChallenge",
        "createAuthChallenge": "CreateAuthChallenge",
        "verifyAuthChallengeResponse": "VerifyAuthChallengeResponse",
        "preTokenGeneration": "PreTokenGeneration",
        "userMigration": "UserMigration",
    }
)
"""The manifest's steps → keys of `LambdaConfig` (CloudFormation, AWS::Cognito::UserPool)."""

_CHALLENGES = frozenset(("defineAuthChallenge", "createAuthChallenge", "verifyAuthChallengeResponse"))
"""The steps of a sign-in of one's own, which clients must allow (Cognito developer guide, *Custom authentication
challenge Lambda triggers*)."""

CLIENTS = "clients."


def parts(scope: Scope, pool: UserPool) -> Iterator[Part]:
    """The pool, the role by which it sends text messages, and its clients."""
    origin = pool.origin
    verified = [_ATTRIBUTES[way] for way in sorted(pool.sign_in) if way in _ATTRIBUTES]
    # With names of their own, users sign in with these as well; else with these instead.
    also = "username" in pool.sign_in
    sms = "phone" in pool.sign_in
    external_id = name_in_stack(scope.project.stack, pool.id, USER_POOL_NAME_LENGTH)
    role_id = scope.ids.companion(pool.id, kind="SmsRole") if sms else ""
    properties: dict[str, Node] = {
        "AliasAttributes": sourced(origin, verified if also and verified else None, "signIn"),
        "AutoVerifiedAttributes": sourced(origin, verified or None, "signIn"),
        "LambdaConfig": _steps(scope, pool),
        "SmsConfiguration": {"ExternalId": external_id, "SnsCallerArn": get_att(role_id, "Arn")} if sms else None,
        "UserPoolName": sourced(origin, pool.name or external_id, "name"),
        "UsernameAttributes": sourced(origin, verified if verified and not also else None, "signIn"),
    }
    yield main_part(scope, pool, "AWS::Cognito::UserPool", properties)
    if sms:
        condition = {"StringEquals": {"aws:SourceAccount": ACCOUNT, "sts:ExternalId": external_id}}
        # Text messages have no resource level.
        grant = Grant(("sns:Publish",), (join("*"),), origin.at("signIn"))
        trusted = trust("cognito-idp.amazonaws.com", condition)
        yield role(role_id, pool.id, origin.at("signIn"), trusted, [grant])
    yield from clients(scope, pool)


def clients(scope: Scope, pool: UserPool) -> Iterator[Part]:
    """The clients: of a pool that exists they are made all the same, since they are what it takes to wire it."""
    for client in sorted(pool.clients, key=lambda client: client.name):
        origin = pool.origin
        pages = list(client.callbacks)
        properties: dict[str, Node] = {
            "AllowedOAuthFlows": ["code"] if pages else None,
            "AllowedOAuthFlowsUserPoolClient": True if pages else None,
            "AllowedOAuthScopes": ["email", "openid", "profile"] if pages else None,
            "CallbackURLs": sourced(origin, pages or None, "clients", client.name, "callbacks"),
            "ClientName": client.name,
            "ExplicitAuthFlows": _flows(scope, pool),
            "GenerateSecret": sourced(origin, client.secret or None, "clients", client.name, "secret"),
            # Else the answer to a wrong password would tell whether there is such a user.
            "PreventUserExistenceErrors": "ENABLED",
            "SupportedIdentityProviders": ["COGNITO"] if pages else None,
            "UserPoolId": pool_id(pool),
        }
        yield Part(
            logical_id=client_id(scope, pool, client),
            type="AWS::Cognito::UserPoolClient",
            owner=pool.id,
            range=origin.at("clients", client.name),
            properties=properties,
        )


def _flows(scope: Scope, pool: UserPool) -> list[str]:
    """The ways in which users may sign in: passwords are not sent, but where a step of the pool asks for that."""
    steps = {use.trigger.on for use in scope.triggers.get(pool.id, ())}
    custom = ("ALLOW_CUSTOM_AUTH",) if steps & _CHALLENGES else ()
    # Only a password that is sent can be tried where the user is to come from.
    sent = ("ALLOW_USER_PASSWORD_AUTH",) if "userMigration" in steps else ()
    return sorted(("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", *custom, *sent))


def attribute(scope: Scope, pool: UserPool, name: str) -> Expression | None:
    """`name`, `id`, `arn`, `clientId` (its first client's) and `clients.<name>`."""
    existing = pool.existing
    match name:
        case "name":
            return join(pool.name or existing or name_in_stack(scope.project.stack, pool.id, USER_POOL_NAME_LENGTH))
        case "id":
            return pool_id(pool)
        case "arn" if existing is not None:
            if arn_resource(existing) is not None:
                return join(existing)
            return join("arn:", PARTITION, ":cognito-idp:", _region(pool), ":", ACCOUNT, ":userpool/", existing)
        case "arn":
            return get_att(logical_id(pool.id), "Arn")
        case "clientId" if pool.clients:
            return ref(client_id(scope, pool, pool.clients[0]))
        case _:
            found = (client for client in pool.clients if f"{CLIENTS}{client.name}" == name)
            return next((ref(client_id(scope, pool, client)) for client in found), None)


KIND = Kind(parts=parts, attribute=attribute, wiring=clients)


def pool_id(pool: UserPool) -> Expression:
    """The id, such as `eu-west-1_AbCdEfGhI`."""
    if pool.existing is None:
        return ref(logical_id(pool.id))
    resource = arn_resource(pool.existing)
    return join(pool.existing if resource is None else resource.removeprefix("userpool/"))


def issuer(pool: UserPool) -> Expression:
    """The URL that tokens of the pool name as who issued them."""
    return join("https://cognito-idp.", _region(pool), ".", URL_SUFFIX, "/", pool_id(pool))


def _region(pool: UserPool) -> str | Expression:
    """The region of the pool: of one that exists its id begins with it (Cognito API reference, *UserPoolType*)."""
    if pool.existing is None:
        return REGION
    (own,) = pool_id(pool).parts
    region, separator, _ = str(own).partition("_")
    return region if separator else REGION


def client_id(scope: Scope, pool: UserPool, client: UserPoolClient) -> str:
    """The logical id of a client."""
    return scope.ids.companion(pool.id, kind=f"{pascal_case(client.name.replace('_', '-'))}Client")


# --- its triggers ----------------------------------------------------------------------------------------------------


def _steps(scope: Scope, pool: UserPool) -> Node:
    taken: dict[str, TriggerUse] = {}
    for use in scope.triggers.get(pool.id, ()):
        earlier = taken.setdefault(use.trigger.on, use)
        if earlier is not use:
            message = (
                f"The user pool `{pool.id}` calls one function at each step: `{use.trigger.on}` calls "
                f"`{earlier.function.id}` already, so it cannot call `{use.function.id}`."
            )
            raise Unsupported(message, use.range)
    return {
        STEPS[step]: At(use.range, get_att(logical_id(use.function.id), "Arn")) for step, use in taken.items()
    } or None


def _trigger_parts(scope: Scope, use: TriggerUse) -> Iterator[Part]:
    """The permission for the pool to call the function; the pool itself names the function."""
    trigger: UserPoolTrigger = use.trigger
    place = use.at("userPool")
    pool = scope.thing(trigger.user_pool, place)
    if not isinstance(pool, UserPool):
        raise Unsupported(f"`{pool.id}` is no user pool, so a `userPool` trigger cannot name it.", place)
    if pool.existing is not None:
        message = (
            f"`{pool.id}` exists already, and CloudFormation cannot set the steps of a user pool that it did not make. "
            "Declare the pool without `existing`, or set the function in the pool's own settings."
        )
        raise Unsupported(message, place)
    if use.first:
        name = scope.ids.companion(pool.id, use.function.id, kind="Permission")
        source = scope.attribute(pool.id, "arn", place)
        yield permission(scope, use, name, "cognito-idp.amazonaws.com", source)


TRIGGER = TriggerKind(source=lambda trigger: trigger.user_pool, parts=_trigger_parts, grants=no_grants)
