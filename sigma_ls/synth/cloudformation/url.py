"""Functions that have a URL of their own."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Cors, UrlTrigger
from sigma_ls.synth.cloudformation.calls import no_grants, no_source, permission
from sigma_ls.synth.cloudformation.expressions import get_att
from sigma_ls.synth.cloudformation.nodes import Node
from sigma_ls.synth.cloudformation.routes import check_credentials
from sigma_ls.synth.cloudformation.scope import Part, Scope, TriggerKind, TriggerUse, logical_id

METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
"""What a URL lets web pages use, unlike an api, which also knows OPTIONS (Lambda API reference, *Cors*)."""


def _trigger_parts(scope: Scope, use: TriggerUse) -> Iterator[Part]:
    """The URL, and for a public one the permissions for everyone to call it.

    Callers that sign need a permission of their own role, not one of the function.
    """
    trigger: UrlTrigger = use.trigger
    public = trigger.auth == "public"
    if trigger.cors is not None:
        check_credentials(trigger.cors, use.at("cors"))
    url = scope.ids.companion(use.function.id, kind="Url")
    yield Part(
        logical_id=url,
        type="AWS::Lambda::Url",
        owner=use.function.id,
        range=use.range,
        properties={
            "AuthType": use.sourced("NONE" if public else "AWS_IAM", "url"),
            "Cors": use.sourced(trigger.cors and _cors(trigger.cors), "cors"),
            "TargetFunctionArn": get_att(logical_id(use.function.id), "Arn"),
        },
    )
    if public:
        # Since October 2025 both are needed (Lambda developer guide, *Control access to Lambda function URLs*).
        by_url = scope.ids.companion(use.function.id, kind="UrlPermission")
        auth = {"Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}
        yield permission(scope, use, by_url, "*", None, **auth)
        by_invoke = scope.ids.companion(use.function.id, kind="UrlInvokePermission")
        yield permission(scope, use, by_invoke, "*", None, InvokedViaFunctionUrl=True)


def _cors(cors: Cors) -> Node:
    methods = [method for method in cors.methods if method in METHODS]
    return {
        "AllowCredentials": cors.credentials or None,
        "AllowHeaders": list(cors.headers) or None,
        "AllowMethods": ["*"] if {"*", "ANY"} & {*cors.methods} else methods,
        "AllowOrigins": list(cors.origins),
        "ExposeHeaders": list(cors.expose_headers) or None,
        "MaxAge": cors.max_age,
    }


TRIGGER = TriggerKind(source=no_source, parts=_trigger_parts, grants=no_grants)
