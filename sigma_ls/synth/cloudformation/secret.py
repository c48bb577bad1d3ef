"""Secrets in AWS Secrets Manager.

A secret is made with a random password under the key `password`, so that it can be read in the deployment that makes
it; what it holds later is set in the cloud, not here.  That first value never changes with the manifest: were it to,
CloudFormation would put a new one over what was set in the cloud.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import FromSecret, Secret
from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation.expressions import Expression, arn, join, ref
from sigma_ls.synth.cloudformation.names import arn_resource
from sigma_ls.synth.cloudformation.nodes import Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.scope import Kind, Part, Scope, logical_id
from sigma_ls.synth.unsupported import Unsupported

FIRST_KEY = "password"

_FIRST_VALUES = frozenset(("GenerateSecretString", "SecretString"))


def parts(scope: Scope, secret: Secret) -> Iterator[Part]:
    """The secret."""
    origin = secret.origin
    chosen = _FIRST_VALUES & secret.properties.keys()
    first: Node = None if chosen else {"GenerateStringKey": FIRST_KEY, "SecretStringTemplate": "{}"}
    properties: dict[str, Node] = {
        "Description": sourced(origin, secret.description, "description"),
        "GenerateSecretString": first,
        # No name by default: that of a removed secret stays taken for days.
        "Name": sourced(origin, secret.name, "name"),
    }
    yield main_part(scope, secret, "AWS::SecretsManager::Secret", properties)


def attribute(scope: Scope, secret: Secret, name: str) -> Expression | None:
    """`arn`, and `name`: the ARN where CloudFormation makes the name; who asks for a secret by name may give that."""
    del scope
    existing = secret.existing
    match name:
        case "name" if existing is not None or secret.name is not None:
            return join(existing or secret.name or "")
        case "arn" if existing is not None:
            # The service appends a hyphen and six characters to the name.
            is_arn = arn_resource(existing) is not None
            return join(existing) if is_arn else arn("secretsmanager", "secret:", existing, "-??????")
        case "name" | "arn":
            return ref(logical_id(secret.id))
        case _:
            return None


KIND = Kind(parts=parts, attribute=attribute)


def value(scope: Scope, asked: FromSecret, place: Range) -> Expression:
    """What CloudFormation replaces by the secret's value; the value is never in the template."""
    secret = scope.project.resources.get(asked.name)
    if isinstance(secret, Secret):
        named = join(secret.existing) if secret.existing is not None else ref(logical_id(secret.id))
        _check_key(secret, asked, place)
    else:
        named = join(asked.name)
    return join("{{resolve:secretsmanager:", named, ":SecretString", f":{asked.key}" if asked.key else "", "}}")


def _check_key(secret: Secret, asked: FromSecret, place: Range) -> None:
    made = secret.existing is None and not _FIRST_VALUES & secret.properties.keys()
    if made and asked.key not in (None, FIRST_KEY):
        message = (
            f"`{secret.id}` is made with the key `{FIRST_KEY}` only, so `{asked.key}` could not be read when it is "
            "deployed. Give its first value yourself, with all keys, under `properties.GenerateSecretString` "
            "(`SecretStringTemplate` and `GenerateStringKey`)."
        )
        raise Unsupported(message, place)
