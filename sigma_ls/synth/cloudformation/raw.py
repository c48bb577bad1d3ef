"""Types of CloudFormation itself: their properties are copied."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Raw
from sigma_ls.synth.cloudformation.expressions import Expression, get_att, join, ref
from sigma_ls.synth.cloudformation.nodes import Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.scope import Kind, Part, Scope, logical_id
from sigma_ls.synth.unsupported import Unsupported


def parts(scope: Scope, raw: Raw) -> Iterator[Part]:
    """The resource; `name` is set as the property that its type has for it."""
    properties: dict[str, Node] = {}
    if raw.name is not None:
        from sigma_ls.manifest.facts.names import NAMES  # noqa: PLC0415 - large, and few manifests need it

        if raw.type not in NAMES:
            message = f"{raw.type} has no property for a name: leave `name` out, or set a tag under `properties`."
            raise Unsupported(message, raw.origin.at("name"))
        properties[NAMES[raw.type]] = sourced(raw.origin, raw.name, "name")
    yield main_part(scope, raw, raw.type, properties)


def attribute(scope: Scope, raw: Raw, name: str) -> Expression | None:
    """`ref` is what `Ref` gives, and `name` too where no attribute is it; `arn` is `Arn`, others are `Fn::GetAtt`'s."""
    del scope
    if raw.existing is not None:
        is_arn = raw.existing.startswith("arn:")
        return join(raw.existing) if name in ("ref", "name") or (name == "arn" and is_arn) else None
    match name:
        case "name" if (own := _name_attribute(raw.type)) is not None:
            return get_att(logical_id(raw.id), own)
        case "ref" | "name":
            return ref(logical_id(raw.id))
        case "arn":
            return get_att(logical_id(raw.id), "Arn")
        case _:
            return get_att(logical_id(raw.id), name)


def _name_attribute(type_name: str) -> str | None:
    """The attribute that is the name, where the type has one: what `Ref` gives may be an ARN or a URL."""
    from sigma_ls.manifest.facts.attributes import ATTRIBUTES  # noqa: PLC0415 - large, and few manifests need it
    from sigma_ls.manifest.facts.names import NAMES  # noqa: PLC0415 - likewise

    own = NAMES.get(type_name)
    return own if own is not None and own in ATTRIBUTES.get(type_name, "").split() else None


KIND = Kind(parts=parts, attribute=attribute)
