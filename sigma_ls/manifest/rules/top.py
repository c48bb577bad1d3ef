"""Rules for the manifest as a whole: what must be there, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict

from sigma_ls.manifest import codes
from sigma_ls.manifest.nearest import listed
from sigma_ls.manifest.report import Report, TopFact
from sigma_ls.manifest.schema import MANIFEST
from sigma_ls.manifest.schema.top import AWS_BLOCK, GCP_BLOCK
from sigma_ls.manifest.schema.types import Platform, Record
from sigma_ls.syntax.nodes import Node, Scalar, lookup
from sigma_ls.syntax.span import START, Range

DEPLOYMENT_MANAGER = "deployment-manager"
"""The older engine."""

LONGEST_STACK_NAME = 128
"""AWS CloudFormation API reference, *CreateStack*."""
_STAGE = "stages."
_BLOCKS: Dict[str, Record] = {"aws": AWS_BLOCK, "gcp": GCP_BLOCK}
_REFERENCE = re.compile(r"\$\{[^}]*\}")


def check_stack(name: Scalar, report: Report) -> None:
    """The stack's name, as far as it is known before the stage is."""
    fixed = _REFERENCE.sub("", name.value)
    if len(fixed) > LONGEST_STACK_NAME:
        message = f"A stack's name has at most {LONGEST_STACK_NAME} characters."
        report.add(codes.STACK_NAME, name, message)


def check_engine(block: Node, report: Report) -> str:
    """The engine that deploys to Google Cloud; answers with its name, where it is given."""
    engine = lookup(block, "engine")
    if type(engine) is not Scalar:
        return ""
    if engine.value == DEPLOYMENT_MANAGER:
        message = (
            "Google ended its support for Deployment Manager on 2026-03-31: use 'infrastructure-manager', which is the "
            "default."
        )
        report.add(codes.DEPRECATED, engine, message)
    return engine.value


def check_manifest(facts: Dict[str, TopFact], platform: Platform | None, report: Report) -> None:
    """Missing keys of the top level and of the platform's block, unless every stage gives them."""
    stages = [fact for name, fact in facts.items() if name.startswith(_STAGE)]
    own = {name: fact for name, fact in facts.items() if not name.startswith(_STAGE)}
    if not own:
        report.add_at(codes.MISSING_KEY, START, "The manifest is empty: it needs at least 'name' and 'platform'.")
        return
    missing = [f"'{each.name}'" for each in MANIFEST.fields if each.required and each.name not in own]
    if missing:
        report.add_at(codes.MISSING_KEY, _first(own), f"The manifest lacks {listed(missing, 'and')}.")
    if platform is None:
        return
    block = own.get(platform)
    needed = [each.name for each in _BLOCKS[platform].fields if each.required]
    if platform == "gcp" and not any(fact.engine == DEPLOYMENT_MANAGER for fact in facts.values()):
        needed.append("serviceAccount")  # Infrastructure Manager deploys as this account.
    lacking = [
        f"'{name}'"
        for name in needed
        if (block is None or name not in block.keys)
        and not (stages and all(f"{platform}.{name}" in stage.keys for stage in stages))
    ]
    if lacking and block is None:
        message = f"The manifest lacks '{platform}' with {listed(lacking, 'and')}."
        report.add_at(codes.MISSING_KEY, _platform_place(own), message)
    elif lacking and block is not None:
        hint = ", and not every stage gives it" if stages else ""
        report.add_at(codes.MISSING_KEY, block.place, f"'{platform}' lacks {listed(lacking, 'and')}{hint}.")


def _first(own: Dict[str, TopFact]) -> Range:
    return min(fact.place for fact in own.values())


def _platform_place(own: Dict[str, TopFact]) -> Range:
    return own["platform"].place if "platform" in own else _first(own)
