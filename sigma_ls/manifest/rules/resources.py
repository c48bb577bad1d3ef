"""Rules for one resource alone, and what others need to know of it."""

from __future__ import annotations

from sigma_ls.manifest import codes
from sigma_ls.manifest.nearest import nearest
from sigma_ls.manifest.report import Definition, replacement
from sigma_ls.manifest.schema.resources import RESOURCES, is_raw, is_type
from sigma_ls.manifest.view import View, fields_of
from sigma_ls.syntax.nodes import Mapping, Scalar, spot_of
from sigma_ls.syntax.scalars import is_null


def define_resource(view: View) -> None:
    """Say what the resource is."""
    kind = view.text("type")
    name = kind.value if kind is not None and is_type(kind.value) else ""
    view.report.definitions.append(
        Definition(
            view.key.value,
            name,
            raw=bool(name) and name not in RESOURCES,
            existing="existing" in view.fields,
            fifo=view.flag("fifo"),
            visibility=view.number("visibilityTimeout"),
            stream=view.text("stream") is not None,
            clients=tuple(key.value for key, _ in view.entries("clients") if type(key) is Scalar),
            stage=view.stage,
            spot=spot_of(view.key),
        )
    )


def check_table_key(view: View) -> None:
    """A table that is made has a partition key."""
    kind = view.text("type")
    if kind is None or kind.value != "table" or view.platform == "gcp":
        return
    if "partitionKey" not in view.fields and "existing" not in view.fields:
        message = f"'{view.key.value}' lacks 'partitionKey', which every table has that is not 'existing'."
        view.report.add(codes.MISSING_KEY, view.key, message)


def check_domain(view: View) -> None:
    """A domain has a certificate, or a zone in which one can be proved."""
    found = view.fields.get("domain")
    if found is None or type(found[1]) is not Mapping:
        return
    if not any(
        name in ("certificate", "zone") and not is_null(node) for name, (_, node) in fields_of(found[1]).items()
    ):
        message = (
            "'domain' lacks 'certificate' (the ARN of one for this name) or 'zone' (the id of the hosted zone in which "
            "one can be proved)."
        )
        view.report.add(codes.MISSING_KEY, found[0], message)


_AWS = "AWS::"
_MODULE = "::MODULE"


def check_raw_type(view: View) -> None:
    """A type of CloudFormation is one that there is."""
    kind = view.text("type")
    if kind is None or not kind.value.startswith(_AWS) or kind.value.endswith(_MODULE):
        return
    from sigma_ls.manifest.facts.attributes import ATTRIBUTES  # noqa: PLC0415 - large, and few manifests need it

    if kind.value in ATTRIBUTES:
        return
    service = kind.value.rpartition("::")[0]
    # Of the same service, or letter: all would be too many to compare.
    near = nearest(kind.value, [name for name in ATTRIBUTES if name.rpartition("::")[0] == service]) or nearest(
        kind.value, [name for name in ATTRIBUTES if name[len(_AWS) :][:1] == kind.value[len(_AWS) :][:1]]
    )
    hint = f": did you mean '{near}'?" if near is not None else "."
    fix = replacement(kind, near) if near is not None else None
    view.report.add(codes.UNKNOWN_RAW_TYPE, kind, f"CloudFormation has no type '{kind.value}'{hint}", fix=fix)


def check_raw_name(view: View) -> None:
    """A type of CloudFormation has a property for a name."""
    kind = view.text("type")
    if kind is None or not is_raw(kind.value, "aws") or "name" not in view.fields or "existing" in view.fields:
        return
    from sigma_ls.manifest.facts.names import NAMES  # noqa: PLC0415 - large, and few manifests need it

    if kind.value not in NAMES:
        message = f"'{kind.value}' has no property for a name: leave 'name' out, or set a tag under 'properties'."
        view.report.add(codes.PHYSICAL_NAME, view.fields["name"][0], message)
