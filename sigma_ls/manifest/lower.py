"""A document as one stage sees it, made into the model: `Project`, with defaults filled in and places kept."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Diagnostic, diagnostic
from sigma_ls.manifest.lower_things import lower_function, lower_output, lower_resource, origin_of
from sigma_ls.manifest.lowered import Lowered
from sigma_ls.manifest.model import (
    Api,
    AwsSettings,
    Function,
    GcpSettings,
    HttpTrigger,
    ManifestOutput,
    Origin,
    Project,
    Resource,
)
from sigma_ls.manifest.read import Unreadable, json_value, read
from sigma_ls.manifest.schema.functions import ENVIRONMENT
from sigma_ls.manifest.schema.top import AWS_BLOCK, GCP_BLOCK
from sigma_ls.manifest.schema.types import Platform, platform_named
from sigma_ls.manifest.stages import apply_stage, stage_names
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, lookup, range_of
from sigma_ls.syntax.scalars import is_null
from sigma_ls.syntax.span import START

IMPLICIT_API = "api"
"""The id of the api that http triggers use unless they name another; declared or not, it is there."""


def lowered(root: Mapping, stage: str | None, found: tuple[Diagnostic, ...], *, broken: bool) -> Lowered:
    """The project of a checked tree for a stage, where it has one; `broken` where not all of the text is in the tree."""
    if stage is not None and (unknown := unknown_stage(root, stage)) is not None:
        return Lowered(None, (unknown, *found))
    if broken:
        return Lowered(None, found)
    try:
        return Lowered(lower_tree(root, stage), found)
    except Unreadable:
        return Lowered(None, found)


def lower_tree(root: Mapping, stage: str | None) -> Project:
    """The project of a manifest that was checked and has no error.

    Raises:
        Unreadable: it was not, or has one.
    """
    stages = stage_names(root)
    if stage is None and stages:
        stage = stages[0]
    tree = apply_stage(root, stage)
    name = _text(tree, "name")
    platform = platform_of(tree)
    if name is None or platform is None:
        raise Unreadable
    aws, gcp = _settings(tree, platform)
    functions = _functions(tree, platform)
    return Project(
        name=name,
        platform=platform,
        stack=_stack(tree, name, stage),
        stage=stage,
        stages=stages,
        description=_text(tree, "description"),
        version=_text(tree, "version"),
        aws=aws,
        gcp=gcp,
        functions=functions,
        resources=_with_implicit_api(_resources(tree, platform), functions, platform),
        outputs=_outputs(tree, platform),
        template=_template(tree),
        origin=_top_origin(tree),
    )


def unknown_stage(root: Mapping, stage: str) -> Diagnostic | None:
    """What is wrong with asking for that stage, if anything is."""
    stages = stage_names(root)
    if stage in stages:
        return None
    declared = f"it declares {', '.join(stages)}" if stages else "it declares none"
    place = next((range_of(key) for key, _ in root.entries if type(key) is Scalar and key.value == "stages"), START)
    return diagnostic(codes.UNKNOWN_STAGE, place, f"The manifest has no stage '{stage}': {declared}.")


def platform_of(tree: Node | None) -> Platform | None:
    """The platform that the manifest names, if it is one."""
    return platform_named(_text(tree, "platform"))


def _text(tree: Node | None, key: str) -> str | None:
    node = lookup(tree, key)
    return node.value if type(node) is Scalar and not is_null(node) else None


def _stack(tree: Node, name: str, stage: str | None) -> str:
    stack = _text(tree, "stack")
    if stack is None:
        return name if stage is None else f"{name}-{stage}"
    return stack.replace("${stage}", stage or "").replace("${project}", name)


def _settings(tree: Node, platform: Platform) -> tuple[AwsSettings | None, GcpSettings | None]:
    block = lookup(tree, platform)
    if block is None:
        raise Unreadable
    if platform == "aws":
        fields = read(block, AWS_BLOCK, platform)
        return AwsSettings(**fields), None
    fields = read(block, GCP_BLOCK, platform)
    fields["service_account"] = fields.pop("serviceAccount", None)
    return None, GcpSettings(**fields)


def _entries(tree: Node, key: str) -> list[tuple[Scalar, Node]]:
    section = lookup(tree, key)
    entries = section.entries if type(section) is Mapping else []
    return [(name, value) for name, value in entries if type(name) is Scalar]


def _functions(tree: Node, platform: Platform) -> dict[str, Function]:
    block = lookup(tree, "environment")
    environment: dict[str, Any] = {}
    origin = Origin()
    if block is not None:
        environment = read(block, ENVIRONMENT, platform)
        origin = origin_of(None, block)
    return {
        key.value: lower_function(key, value, environment, origin, platform)
        for key, value in _entries(tree, "functions")
    }


def _resources(tree: Node, platform: Platform) -> dict[str, Resource]:
    return {key.value: lower_resource(key, value, platform) for key, value in _entries(tree, "resources")}


def _outputs(tree: Node, platform: Platform) -> dict[str, ManifestOutput]:
    return {key.value: lower_output(key, value, platform) for key, value in _entries(tree, "outputs")}


def _with_implicit_api(
    resources: dict[str, Resource], functions: dict[str, Function], platform: Platform
) -> dict[str, Resource]:
    """On Google Cloud functions have URLs of their own."""
    if platform == "gcp" or IMPLICIT_API in resources or IMPLICIT_API in functions:
        return resources
    for function in functions.values():
        for index, trigger in enumerate(function.triggers):
            if isinstance(trigger, HttpTrigger) and trigger.api == IMPLICIT_API:
                place = function.origin.at("triggers", index)
                return {**resources, IMPLICIT_API: Api(id=IMPLICIT_API, origin=Origin(place))}
    return resources


def _template(tree: Node) -> Any:
    node = lookup(tree, "template")
    if node is None or is_null(node):
        return None
    return json_value(node, references=False)


def _top_origin(tree: Node) -> Origin:
    """Places of everything but functions, resources, outputs and stages, which keep their own."""
    assert type(tree) is Mapping
    own: list[tuple[Node, Node]] = [
        (key, value)
        for key, value in tree.entries
        if type(key) is Scalar and key.value not in ("functions", "resources", "outputs", "stages")
    ]
    origin = origin_of(None, Mapping(own, False, None, 0, 0, 0, 0))
    return evolve(origin, key=START)
