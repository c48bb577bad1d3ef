"""Rules for the manifest as a whole: what must be there, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as Dict

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Fix, TextEdit
from sigma_ls.manifest.fixes import removal, replacement
from sigma_ls.manifest.nearest import listed, nearest
from sigma_ls.manifest.report import Definition, Report, TopFact
from sigma_ls.manifest.schema import MANIFEST
from sigma_ls.manifest.schema.patterns import REGION
from sigma_ls.manifest.schema.top import AWS_BLOCK, GCP_BLOCK
from sigma_ls.manifest.schema.types import Platform, Record
from sigma_ls.manifest.view import fields_of
from sigma_ls.manifest.wording import short
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Spot, lookup
from sigma_ls.syntax.span import START, Range

DEPLOYMENT_MANAGER = "deployment-manager"
"""The older engine."""

LONGEST_STACK_NAME: Dict[Platform, int] = {"aws": 128, "gcp": 63}
"""AWS CloudFormation API reference, *CreateStack*; names of deployments on Google Cloud follow RFC 1035."""
NO_STAGES = "stands for nothing here: the manifest declares no 'stages'. Declare them, or leave it out."
_TARGETS = ("aws.region", "aws.profile", "gcp.region", "gcp.project")
"""Keys of a stage that deploy it elsewhere."""
_STAGE = "stages."
_REGION = re.compile(REGION.pattern or "").fullmatch
_BLOCKS: Dict[str, Record] = {"aws": AWS_BLOCK, "gcp": GCP_BLOCK}


def stages_of_one_target(facts: Dict[str, TopFact]) -> list[str]:
    """The stages that deploy to the account and region that the manifest itself names."""
    stages = {name.removeprefix(_STAGE): fact for name, fact in facts.items() if name.startswith(_STAGE)}
    return [name for name, fact in stages.items() if fact.keys.isdisjoint(_TARGETS)]


def check_names(found: Definition, others: Iterable[Definition], stages: Iterable[str], report: Report) -> None:
    """A name that two stages would give; `others` are what stages say of the same id, `stages` those of one target."""
    if found.name_spot is None or found.existing:
        return
    renamed = {each.stage for each in others if each.name_spot is not None or each.existing}
    alike = [stage for stage in stages if stage not in renamed]
    if len(alike) > 1:
        names = listed([f"'{stage}'" for stage in alike], "and")
        message = f"The stages {names} would each make one of this name: leave it out, or give it in the stages."
        report.add_at(codes.NAME_OF_STAGES, Range.of(*found.name_spot), message)


def check_stack(facts: Dict[str, TopFact], platform: Platform | None, report: Report) -> None:
    """The name of the stack in each stage, and that no two stages share one by mistake."""
    given = facts.get("stack")
    if given is None or not given.value:
        return
    stages = {name.removeprefix(_STAGE): fact for name, fact in facts.items() if name.startswith(_STAGE)}
    project = facts["name"].value if "name" in facts else ""
    if "${stage}" in given.value and not stages:
        message = f"'${{stage}}' {NO_STAGES}"
        report.add_at(codes.NO_STAGE, given.value_place, message)
        return
    longest = LONGEST_STACK_NAME[platform or "aws"]
    for stage in stages or ("",):
        stack = given.value.replace("${project}", project).replace("${stage}", stage)
        if len(stack) > longest:
            where = f" in stage '{stage}'" if stage else ""
            message = f"A stack's name has at most {longest} characters, and this one {len(stack)}{where}: shorten it."
            report.add_at(codes.STACK_NAME, given.value_place, message)
            return
    alike = stages_of_one_target(facts)
    if len(alike) > 1 and "${stage}" not in given.value:
        names = listed([f"'{name}'" for name in alike], "and")
        message = (
            f"The stages {names} would deploy to one stack of one account and region: put '${{stage}}' into its name."
        )
        fix = Fix("Put '${stage}' into the name", (TextEdit(given.value_place, f'"{given.value}-${{stage}}"'),))
        report.add_at(codes.SHARED_STACK, given.value_place, message, fix=fix)


def check_region(block: Node, report: Report) -> None:
    """A region of AWS that is well formed, and that there is not."""
    region = lookup(block, "region")
    if type(region) is not Scalar or _REGION(region.value) is None:
        return
    from sigma_ls.manifest.facts.regions import NAMES  # noqa: PLC0415 - not at a server's start

    if region.value in NAMES:
        return
    near = nearest(region.value, tuple(sorted(NAMES)))
    hint = f": did you mean '{near}'?" if near is not None else "."
    fix = replacement(region, near) if near is not None else None
    report.add(codes.UNKNOWN_REGION, region, f"AWS has no region '{short(region.value)}'{hint}", fix=fix)


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
        report.add(codes.DEPRECATED, engine, message, fix=replacement(engine, "infrastructure-manager"))
        account = fields_of(block).get("serviceAccount")
        if account is not None and type(block) is Mapping:
            message = "'serviceAccount' changes nothing: Deployment Manager deploys as an account of its own."
            report.add(codes.NO_EFFECT, account[0], message, fix=removal(block, account[0]))
    return engine.value


_ENGINES = {"google_": "infrastructure-manager", "gcp-types/": DEPLOYMENT_MANAGER}
"""The engine that each kind of raw type is for."""


def engine_of(facts: Dict[str, TopFact]) -> str:
    """The engine that deploys to Google Cloud; empty where stages have different ones."""
    engines = {fact.engine for name, fact in facts.items() if name.startswith(_STAGE) and fact.engine}
    own = facts["gcp"].engine if "gcp" in facts else ""
    return "" if engines else own or "infrastructure-manager"


def check_engine_types(types: Iterable[tuple[str, Spot]], engine: str, report: Report) -> None:
    """Types that the engine does not know."""
    for name, spot in types:
        wanted = next((each for start, each in _ENGINES.items() if name.startswith(start)), engine)
        if engine and wanted != engine:
            message = f"'{short(name)}' is a type of '{wanted}', but this project is deployed by '{engine}': write the type as that has it."
            report.add_at(codes.OTHER_ENGINE, Range.of(*spot), message)


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
    for fact in stages:
        if platform in fact.removed:
            message = f"The stage '{fact.name.removeprefix(_STAGE)}' removes '{platform}', which must be there: take the 'null' away."
            report.add_at(codes.MISSING_KEY, fact.place, message)
        for name in needed:
            if f"{platform}.{name}" in fact.removed:
                stage = fact.name.removeprefix(_STAGE)
                message = (
                    f"The stage '{stage}' removes '{name}' of '{platform}', which must be there: take the 'null' away."
                )
                report.add_at(codes.MISSING_KEY, fact.place, message)


def _first(own: Dict[str, TopFact]) -> Range:
    return min(fact.place for fact in own.values())


def _platform_place(own: Dict[str, TopFact]) -> Range:
    return own["platform"].place if "platform" in own else _first(own)
