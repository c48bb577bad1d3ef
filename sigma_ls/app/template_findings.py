"""What is wrong with the generated template, as diagnostics at the manifest's lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from attrs import evolve

from sigma_ls.manifest.codes import BLOCKED_RUNTIME, CFN_LINT, DEPRECATED_RUNTIME, NO_TEMPLATE, UNKNOWN_ACTION
from sigma_ls.manifest.diagnostic import Code, Diagnostic, Related, Severity, diagnostic
from sigma_ls.manifest.ignoring import find_ignores
from sigma_ls.manifest.wording import short
from sigma_ls.syntax.lines import Lines
from sigma_ls.syntax.span import START, Range
from sigma_ls.synth.size import RESOURCES, least_resources, too_many_resources

if TYPE_CHECKING:
    from sigma_ls.app.checking import Checked
    from sigma_ls.app.lint import LintFinding
    from sigma_ls.synth.template import Template, TemplatePath

_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "informational": Severity.INFORMATION}

_LONG_VALUE = re.compile("'([^']{200,})'")
"""What stands between two quotes of a message is no value where it is shorter, but maybe the words between two values."""


def too_large(functions: int, resources: int) -> list[Diagnostic] | None:
    """What is wrong with a manifest of so many functions and resources, where no template need be made to know it."""
    least = least_resources(functions, resources)
    if least <= RESOURCES:
        return None
    return [diagnostic(NO_TEMPLATE, START, too_many_resources(f"at least {least}"))]


def refusals(checked: Checked) -> list[Diagnostic]:
    """Why there is no template."""
    failure = checked.failure
    if failure is None:
        return []
    place = START if failure.location is None else failure.location.range
    return [diagnostic(NO_TEMPLATE, place, failure.reason)]


_SAID: Mapping[str, Code] = {
    "W2531": DEPRECATED_RUNTIME,
    "E2531": DEPRECATED_RUNTIME,
    "E2533": BLOCKED_RUNTIME,
    "W3037": UNKNOWN_ACTION,
}
"""What some rules of cfn-lint find, and the manifest's own rules too, from the same data."""


def lint_diagnostics(
    template: Template, found: Iterable[LintFinding], uri: str | None, known: Iterable[Diagnostic]
) -> list[Diagnostic]:
    """The findings of cfn-lint, but for those that only say again what is `known` of the manifest at the same place.

    `uri` is that of the template, for an editor that can open it.
    """
    found = list(found)
    said = {(each.code, each.range.start.line) for each in known}
    lines = _lines(template) if uri is not None and found else {}
    shown = []
    for each in found:
        related: tuple[Related, ...] = ()
        if uri is not None:
            line = _line_of(lines, each.path)
            path = ".".join(map(str, each.path)) or "the template"
            related = (Related(f"{path} in the generated template.", Range.of(line, 0, line, 0), uri),)
        place = template.sources.at(*each.path)
        if each.rule in _SAID and any(
            (_SAID[each.rule].id, line) in said for line in range(place.start.line, place.end.line + 1)
        ):
            continue
        made = diagnostic(CFN_LINT, place, f"{_readable(each.message)} (cfn-lint {each.rule})", related=related)
        shown.append(evolve(made, severity=_SEVERITIES[each.level]))
    return shown


def _readable(message: str) -> str:
    """cfn-lint quotes a value whole, a page of it if need be."""
    return _LONG_VALUE.sub(lambda found: f"'{short(found[1])}'", message)


def _lines(template: Template) -> dict[TemplatePath, int]:
    """The line of each node in the template as YAML."""
    from sigma_ls.synth.cloudformation.render import yaml_lines  # noqa: PLC0415 - synthesis is loaded when it is used

    return {path: line for line, (_, path) in enumerate(yaml_lines(template.body)) if path}


def _line_of(lines: dict[TemplatePath, int], path: TemplatePath) -> int:
    """The line of a node, or of the nearest around it that begins on a line of its own."""
    return next((lines[path[:length]] for length in range(len(path), 0, -1) if path[:length] in lines), 0)


def without_ignored(found: list[Diagnostic], lines: Lines) -> list[Diagnostic]:
    """All but those that a comment in the manifest silences."""
    silent = {(line, code) for line, codes in find_ignores(lines.text) for code in codes}
    return [each for each in found if (each.range.start.line, each.code) not in silent]
