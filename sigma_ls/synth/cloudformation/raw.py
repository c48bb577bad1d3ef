"""Types of CloudFormation itself: their properties are copied."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Raw
from sigma_ls.synth.cloudformation.expressions import Expression, get_att, join, ref
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.scope import Kind, Part, Scope, logical_id
from sigma_ls.synth.unsupported import Unsupported


def parts(scope: Scope, raw: Raw) -> Iterator[Part]:
    """The resource."""
    if raw.name is not None:
        message = f"Which property of {raw.type} holds its name is not known here: set it under `properties`."
        raise Unsupported(message, raw.origin.at("name"))
    yield main_part(scope, raw, raw.type, {})


def attribute(scope: Scope, raw: Raw, name: str) -> Expression | None:
    """`ref` and `name` are what `Ref` gives, `arn` is the attribute `Arn`, all others are `Fn::GetAtt`'s own."""
    del scope
    if raw.existing is not None:
        is_arn = raw.existing.startswith("arn:")
        return join(raw.existing) if name in ("ref", "name") or (name == "arn" and is_arn) else None
    match name:
        case "ref" | "name":
            return ref(logical_id(raw.id))
        case "arn":
            return get_att(logical_id(raw.id), "Arn")
        case _:
            return get_att(logical_id(raw.id), name)


KIND = Kind(parts=parts, attribute=attribute)
