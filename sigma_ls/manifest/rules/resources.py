"""Rules for one resource alone, and what others need to know of it."""

from __future__ import annotations

from attrs import evolve

from sigma_ls.manifest import codes
from sigma_ls.manifest.code_use import FileUse
from sigma_ls.manifest.diagnostic import Fix
from sigma_ls.manifest.fixes import addition, replacement
from sigma_ls.manifest.nearest import nearest
from sigma_ls.manifest.report import Definition
from sigma_ls.manifest.rules.dead_letters import is_fifo
from sigma_ls.manifest.schema.resources import RESOURCES, is_raw, is_type
from sigma_ls.manifest.view import View, fields_of
from sigma_ls.syntax.nodes import Mapping, Scalar, spot_of
from sigma_ls.syntax.scalars import is_null


def define_resource(view: View) -> None:
    """Say what the resource is."""
    kind = view.text("type")
    name = kind.value if kind is not None and is_type(kind.value) else ""
    visibility = view.text("visibilityTimeout")
    view.report.definitions.append(
        Definition(
            view.key.value,
            name,
            raw=bool(name) and name not in RESOURCES,
            platform=view.platform,
            existing="existing" in view.fields,
            fifo=is_fifo(view),
            visibility=view.number("visibilityTimeout"),
            visibility_spot=spot_of(visibility) if visibility is not None else None,
            stream=view.text("stream") is not None,
            clients=tuple(key.value for key, _ in view.entries("clients") if type(key) is Scalar),
            with_client=_with_client(view, name),
            stage=view.stage,
            name_spot=spot_of(name_node) if (name_node := view.text("name")) is not None else None,
            spot=spot_of(view.key),
        )
    )


def _with_client(view: View, kind: str) -> Fix | None:
    """What gives a user pool a client."""
    if kind != "userPool" or "clients" in view.fields or type(view.tree) is not Mapping or view.stage:
        return None
    fix = addition(view.tree, view.tree.entries[-1][1], "clients", "{web: {}}")
    return evolve(fix, title=f"Give '{view.key.value}' a client", at_declaration=True) if fix is not None else None


def check_definition(view: View) -> None:
    """A state machine that is made has a definition; one in a file is there."""
    kind = view.text("type")
    if kind is None or kind.value != "stateMachine" or "existing" in view.fields:
        return
    if "definition" not in view.fields:
        message = f"'{view.key.value}' lacks 'definition', which every state machine has that is not 'existing'."
        view.report.add(codes.MISSING_KEY, view.key, message)
    elif (path := view.text("definition")) is not None:
        view.report.code.append(FileUse(path.value, spot_of(path), "definition"))


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
    if kind is None:
        return
    if view.platform == "gcp" and is_raw(kind.value, "gcp"):
        view.report.google_types.append((kind.value, spot_of(kind)))
    if not kind.value.startswith(_AWS) or kind.value.endswith(_MODULE):
        return
    from sigma_ls.manifest.facts.attributes import ATTRIBUTES  # noqa: PLC0415 - large, and few manifests need it

    if kind.value in ATTRIBUTES:
        return
    service = kind.value.rpartition("::")[0]
    # Of the same service, or letter: all would be too many to compare.
    near = nearest(kind.value, [name for name in ATTRIBUTES if name.rpartition("::")[0] == service]) or nearest(
        kind.value, [name for name in ATTRIBUTES if name[len(_AWS) :][:1] == kind.value[len(_AWS) :][:1]]
    )
    hint = f": did you mean '{near}'?" if near is not None else ", unless it is newer than this version of sigma-ls."
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


MOST_REPLICATED = 6
"""Nodes of a replication group without shards: ElastiCache API reference, *CreateReplicationGroup*."""
MOST_NODES = 90
"""Beyond which the field table refuses it already."""


def check_cache_nodes(view: View) -> None:
    """A cache of Redis or Valkey has one node that writes, and at most five that repeat it."""
    kind, engine, nodes = view.text("type"), view.text("engine"), view.text("nodes")
    count = view.number("nodes")
    if (
        kind is None
        or kind.value != "cache"
        or nodes is None
        or count is None
        or not MOST_REPLICATED < count <= MOST_NODES
    ):
        return
    if engine is None or engine.value in ("redis", "valkey"):
        message = f"'nodes' cannot be {count}: a cache of redis or valkey has at most {MOST_REPLICATED}."
        view.report.add(codes.OUT_OF_RANGE, nodes, message, fix=replacement(nodes, str(MOST_REPLICATED)))
