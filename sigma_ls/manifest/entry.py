"""The analysis of one entry: its shape by the field table, the rules for it alone, and its facts for all others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sigma_ls.manifest.check import Mode, checker
from sigma_ls.manifest.code_use import FileUse
from sigma_ls.manifest.ids import pascal_case
from sigma_ls.manifest.report import Claim, Group, Report, TopFact
from sigma_ls.manifest.rules.dead_letters import collect_dead_letter
from sigma_ls.manifest.rules.existing import check_existing
from sigma_ls.manifest.rules.functions import (
    check_handler,
    check_instances,
    check_layers,
    collect_operations,
    define_function,
)
from sigma_ls.manifest.rules.loops import check_recursion
from sigma_ls.manifest.rules.names import check_name
from sigma_ls.manifest.rules.permissions import check_statements
from sigma_ls.manifest.rules.resources import (
    check_cache_nodes,
    check_definition,
    check_domain,
    check_raw_name,
    check_raw_type,
    define_resource,
)
from sigma_ls.manifest.rules.runtimes import check_runtime
from sigma_ls.manifest.rules.tables import check_table
from sigma_ls.manifest.rules.top import check_engine, check_region
from sigma_ls.manifest.rules.triggers import check_triggers
from sigma_ls.manifest.rules.variables import check_variables
from sigma_ls.manifest.schema import MANIFEST, SECTIONS
from sigma_ls.manifest.schema.types import MapOf, Platform
from sigma_ls.manifest.view import View, fields_of
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, lookup, range_of, spot_of
from sigma_ls.syntax.scalars import is_null

_FUNCTION_RULES = (
    define_function,
    collect_operations,
    check_triggers,
    check_recursion,
    check_handler,
    check_runtime,
    check_layers,
    check_instances,
    collect_dead_letter,
    check_statements,
)
_RESOURCE_RULES = (
    define_resource,
    check_raw_type,
    check_table,
    check_definition,
    check_domain,
    check_existing,
    collect_dead_letter,
    check_name,
    check_cache_nodes,
    check_raw_name,
)
_RULES = {"functions": _FUNCTION_RULES, "resources": _RESOURCE_RULES}


def analyse(
    root: Node | None, section: str, platform: Platform | None, line: Callable[[int], str] | None = None
) -> Report:
    """All about the entries of a tree: children of a section, or (with no section) top-level entries.

    `line` gives the lines that its nodes stand on.
    """
    report = Report(line=line)
    for entry in root.entries if type(root) is Mapping else []:
        key, value = entry
        name = key.value if type(key) is Scalar else ""
        if section:
            _child(section, entry, platform, report)
        elif name in SECTIONS and type(value) is Mapping:
            _top(entry, platform, report, check=False)
            for child in value.entries:
                _child(name, child, platform, report)
        else:
            _top(entry, platform, report)
    if type(root) is Mapping:
        _forget_repeated(report)
    return report


def _forget_repeated(report: Report) -> None:
    """Drop claims to a key that this tree itself repeats: the parser has said so of the second one."""
    if len(report.claims) < 2:
        return
    names = [(claim.section, claim.label) for claim in report.claims if claim.group is Group.NAME]
    if len(names) == len(set(names)):
        return
    seen: set[tuple[str, str]] = set()
    kept = []
    for claim in report.claims:
        name = claim.section, claim.label
        if claim.group is not Group.NAME or name not in seen:
            kept.append(claim)
        if claim.group is Group.NAME:
            seen.add(name)
    report.claims[:] = kept


def _top(entry: tuple[Node, Node], platform: Platform | None, report: Report, *, check: bool = True) -> None:
    """A top-level entry; of a section that was cut into its children only its head."""
    key, value = entry
    if check:
        checker(MANIFEST, platform, Mode.PARTS)(_alone(entry), None, report)
    if type(key) is not Scalar:
        return
    text = value.value if type(value) is Scalar and not is_null(value) else ""
    keys = frozenset(fields_of(value))  # Of one without a value is said that it has none.
    engine = check_engine(value, report) if key.value == "gcp" else ""
    if key.value == "aws" and platform != "gcp":
        check_region(value, report)
    report.tops.append(TopFact(key.value, text, keys, range_of(key), engine, value_place=range_of(value)))
    report.claims.append(Claim(Group.NAME, f"top {key.value}", key.value, "", spot_of(key)))
    if key.value == "environment":
        check_variables("", spot_of(key), value, platform, report)
    elif key.value == "template":
        patched = lookup(value, "Resources")
        report.logical_ids.update(fields_of(patched) if patched is not None else ())
        if text:
            report.code.append(FileUse(text, spot_of(value), "template"))


def _child(section: str, entry: tuple[Node, Node], platform: Platform | None, report: Report) -> None:
    """An entry of a section."""
    table = MANIFEST.by_name[section].type
    assert isinstance(table, MapOf)
    mode = Mode.OVERRIDE if section == "stages" else Mode.WHOLE
    checker(table, platform, mode)(_alone(entry), None, report)
    key, value = entry
    if type(key) is not Scalar:
        return
    shared = section in _RULES
    name = f"id {pascal_case(key.value)}" if shared else f"{section} {key.value}"
    report.claims.append(Claim(Group.NAME, name, key.value, section, spot_of(key)))
    if section == "stages":
        _stage(key, value, platform, report)
    elif (rules := _RULES.get(section)) is not None:
        view = View(key, fields_of(value), platform, report, tree=value)
        for rule in rules:
            rule(view)
        if section == "functions" and "environment" in view.fields:
            own, environment = view.fields["environment"]
            check_variables(key.value, spot_of(own), environment, platform, report)


def _stage(stage: Scalar, value: Node, platform: Platform | None, report: Report) -> None:
    """A stage by itself; what it makes of the entries that it overrides is analysed with these (`merged`)."""
    fields = fields_of(value)
    keys = set(fields)
    for name in ("aws", "gcp"):
        if name in fields:
            keys.update(f"{name}.{key}" for key, (_, inner) in fields_of(fields[name][1]).items() if not is_null(inner))
    engine = check_engine(fields["gcp"][1], report) if "gcp" in fields else ""
    if "aws" in fields and platform != "gcp":
        check_region(fields["aws"][1], report)
    removed = {f"{name}.{key}" for name in ("aws", "gcp") if name in fields for key in _nulls(fields[name][1])}
    removed.update(name for name in ("aws", "gcp") if name in fields and is_null(fields[name][1]))
    place = range_of(stage)
    report.tops.append(TopFact(f"stages.{stage.value}", "", frozenset(keys), place, engine, frozenset(removed)))
    for section, define in (("functions", define_function), ("resources", define_resource)):
        entries = fields[section][1] if section in fields else None
        for key, override in entries.entries if type(entries) is Mapping else []:
            if type(key) is Scalar and is_null(override):
                report.removals.append((key.value, stage.value, spot_of(key)))
            elif type(key) is Scalar:
                view = View(key, fields_of(override), platform, report, stage.value)
                define(view)
                if section == "functions":
                    collect_operations(view)
    if "environment" in fields:
        own, environment = fields["environment"]
        scratch = Report()
        check_variables("", spot_of(own), environment, platform, scratch)
        report.diagnostics += scratch.diagnostics
    for use in report.uses:
        use.stage = stage.value


def _nulls(node: Node) -> Iterator[str]:
    """The keys that a stage removes."""
    if type(node) is Mapping:
        yield from (key.value for key, value in node.entries if type(key) is Scalar and is_null(value))


def _alone(entry: tuple[Node, Node]) -> Mapping:
    key, value = entry
    return Mapping([entry], False, None, key.line, key.column, value.end_line, value.end_column)
