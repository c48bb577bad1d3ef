"""Checks of single values against the field table, and of the texts with references in them."""

from __future__ import annotations

import re
from collections.abc import Callable

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Diagnostic, Fix, TextEdit, diagnostic
from sigma_ls.manifest.fixes import mended, replacement
from sigma_ls.manifest.nearest import begun, listed, nearest
from sigma_ls.manifest.references import function_of, is_as_written, is_reference, texts, uses, written
from sigma_ls.manifest.report import Report, Use
from sigma_ls.manifest.rules.mentions import collect_logical_ids
from sigma_ls.manifest.rules.uses import judge_attribute, judge_kind
from sigma_ls.manifest.schema.capabilities import PSEUDO_REFERENCES
from sigma_ls.manifest.schema.types import Choice, Id, Integer, Json, References, Text
from sigma_ls.manifest.wording import name_of, of_key, short, with_article, wrong
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, range_of, spot, spot_of
from sigma_ls.syntax.scalars import is_null, typed
from sigma_ls.syntax.span import Range

Check = Callable[[Node, Scalar | None, Report], None]
"""Takes a value, the key that it belongs to, and the report."""


def text_check(wanted: Text) -> Check:
    """The check for a text."""
    matches = re.compile(wanted.pattern).fullmatch if wanted.pattern is not None else None
    all_references = wanted.references is References.ALL

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is not Scalar:
            wrong(node, key, report, wanted.hint)
            return
        if node.style is None and not isinstance(value := typed(node), str):
            if value is None or (not wanted.numbers and matches is not None and matches(node.value) is None):
                wrong(node, key, report, wanted.hint)  # Quotes alone would not make it right.
                return
            if not wanted.numbers:
                fix = Fix("Put quotes around it", (TextEdit(range_of(node), f'"{node.value}"'),))
                report.add(
                    codes.WRONG_TYPE, node, f"{of_key(key)} takes a text: put quotes around {node.value}.", fix=fix
                )
                return
        if matches is not None and matches(node.value) is None:
            message = f"{of_key(key)} takes {wanted.hint}, not '{short(node.value)}'."
            report.add(codes.MALFORMED, node, message, fix=mended(node, matches))
        elif "${" in node.value:
            if all_references:
                _references(node, report)
            elif wanted.references is References.NONE:
                _check_unreplaced(node, key, report)

    return check


def integer_check(wanted: Integer) -> Check:
    """The check for a whole number."""
    low, high = wanted.minimum, wanted.maximum
    unit = f" {wanted.unit}" if wanted.unit else ""
    what = f"a whole number{' of' + unit if unit else ''}"
    if low is not None and high is not None:
        limits = f"{low} to {high}{unit}"
    elif low is not None:
        limits = f"at least {low}{unit}"
    else:
        limits = f"at most {high}{unit}"

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is not Scalar:
            wrong(node, key, report, what)
            return
        value = typed(node)
        if isinstance(value, bool) or not isinstance(value, int):
            if node.style in ("'", '"') and re.fullmatch(r"[-+]?\d{1,18}", node.value):
                fix = Fix("Remove the quotes", (TextEdit(range_of(node), node.value),))
                report.add(codes.WRONG_TYPE, node, f"{of_key(key)} takes a number: remove the quotes.", fix=fix)
            else:
                wrong(node, key, report, what, _without_unit(node, wanted.unit))
        elif wanted.allowed:
            if value not in wanted.allowed:
                near = min(wanted.allowed, key=lambda each: abs(each - value))
                allowed = ", ".join(map(str, wanted.allowed))
                message = f"{of_key(key)} cannot be {value}: the nearest of what it takes is {near} (of {allowed})."
                report.add(codes.NOT_ALLOWED, node, message, fix=replacement(node, str(near)))
        elif (low is not None and value < low) or (high is not None and value > high):
            nearer = low if low is not None and value < low else high
            message = f"{of_key(key)} cannot be {value}: it takes {limits}."
            report.add(codes.OUT_OF_RANGE, node, message, fix=replacement(node, str(nearer)))

    return check


def _without_unit(node: Scalar, unit: str) -> Fix | None:
    """`512 MB` where 512 is meant."""
    number = re.fullmatch(r"([-+]?\d{1,18})\s*([A-Za-z]+)", node.value)
    if number is None or not unit.casefold().startswith(number[2].casefold()):
        return None
    return Fix(f"Change to {number[1]}", (TextEdit(range_of(node), number[1]),))


def check_boolean(node: Node, key: Scalar | None, report: Report) -> None:
    """`true` or `false`; `yes` and `on` are texts in YAML 1.2."""
    if type(node) is Scalar and isinstance(typed(node), bool):
        return
    fix = None
    if type(node) is Scalar and node.value.casefold() in _WORDS_FOR_BOOLEANS:
        fix = Fix(
            f"Change to {_WORDS_FOR_BOOLEANS[node.value.casefold()]}",
            (TextEdit(range_of(node), _WORDS_FOR_BOOLEANS[node.value.casefold()]),),
        )
    wrong(node, key, report, "true or false", fix)


_WORDS_FOR_BOOLEANS = {
    **dict.fromkeys(("yes", "on", "true", "1"), "true"),
    **dict.fromkeys(("no", "off", "false", "0"), "false"),
}


_NAMES = {bool: "boolean", int: "number", float: "number"}


def choice_check(wanted: Choice) -> Check:
    """The check for one of a few words."""
    values = wanted.values

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is not Scalar or is_null(node):
            wrong(node, key, report, listed(values))
        elif wanted.open and node.style is None and not isinstance(typed(node), str):
            meant = next((each for each in values if each.endswith(node.value)), None)
            hint = f"did you mean '{meant}'?" if meant is not None else f"use {listed(values)}."
            message = (
                f"{of_key(key)} takes a name with a version, not the {_NAMES[type(typed(node))]} {node.value}: {hint}"
            )
            report.add(codes.WRONG_TYPE, node, message, fix=replacement(node, meant) if meant is not None else None)
        elif node.value not in values and node.value not in wanted.also:
            near = nearest(node.value, values) or begun(node.value, values)
            fix = replacement(node, near) if near is not None else None
            if wanted.open:
                known = f"use {listed(values)}, unless it is newer than this version of sigma-ls."
                hint = f"did you mean '{near}'?" if near is not None else known
                message = f"'{short(node.value)}' is no known {name_of(key)}: {hint}"
                report.add(codes.UNKNOWN_RUNTIME, node, message, fix=fix)
            else:
                hint = f"did you mean '{near}'? It takes" if near is not None else "it takes"
                message = f"{of_key(key)} cannot be '{short(node.value)}': {hint} {listed(values)}."
                report.add(codes.NOT_ALLOWED, node, message, fix=fix)

    return check


def id_check(wanted: Id) -> Check:
    """The check for an id: whether it is declared, and as what, is judged later."""
    kinds, words = wanted.kinds, wanted.words
    what = f"the id of {with_article(listed(kinds))}" if kinds else "an id"

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is not Scalar or not isinstance(typed(node), str):
            wrong(node, key, report, what)
        elif node.value not in words:
            if wanted.free and "${" in node.value:
                _check_unreplaced(node, key, report)
            report.uses.append(Use(node.value, spot_of(node), judge_kind, wanted.free, data=wanted))

    return check


# --- texts with references -------------------------------------------------------------------------------------------


def _references(node: Scalar, report: Report) -> None:
    for part in uses(node.value):
        if isinstance(part, str):
            continue
        whole = spot_of(node)
        # One that is not closed runs to the text's end: its line is enough to show.
        line_end = node.value.find("\n", part.start, part.end)
        end = line_end if line_end > 0 else part.end
        place = written(node, part.start, end, report.line)
        # Where these are the same, the text is not written as it reads, and nothing in it can be pointed at.
        exact = place != whole or is_as_written(node)
        if part.pseudo:
            if part.pseudo == "stage":
                report.stage_names.append(place)
        elif part.id:
            line, column, _, after = place
            dot = column + 2 + len(part.id)
            name = spot(line, column + 2, line, dot) if exact else whole
            attribute = spot(line, dot + 1, line, after - 1) if exact else whole
            report.uses.append(Use(part.id, name, judge_attribute, data=(part.attribute, attribute)))
        else:
            text = node.value[part.start : part.end]
            report.diagnostics.append(_malformed(part.inner, text, Range.of(*place), exact=exact))


def _check_unreplaced(node: Scalar, key: Scalar | None, report: Report) -> None:
    """A reference where the text goes to the cloud as it is written."""
    for part in uses(node.value):
        if isinstance(part, str) or not (part.pseudo or part.id):
            continue
        message = (
            f"{of_key(key)} is taken as it is written: '${{{short(part.inner)}}}' is not replaced here, but only in texts "
            "of 'environment', 'outputs', 'properties', 'input' and 'filter'. Write the text out, in the stages where it "
            "differs between them."
        )
        report.add_at(codes.NOT_REPLACED, Range.of(*written(node, part.start, part.end, report.line)), message)


_OF_CLOUDFORMATION = {"AWS::Region": "region", "AWS::AccountId": "account", "AWS::StackName": "stack"}
"""What CloudFormation calls some of the words that stand without an id."""

PSEUDO_LIKENESS = 0.8
"""How like a word must be to one of the few that stand without an id: below, it is more likely an id.  A guess."""


def _malformed(inner: str, whole: str, place: Range, *, exact: bool) -> Diagnostic:
    """`exact` is whether the text at `place` is the reference alone, as it reads."""
    meant = _meant(inner)
    if not whole.endswith("}"):
        message = "'${' is not closed by '}': write '$${' for a literal '${'."
    elif meant is not None:
        fix = Fix(f"Change to '${{{meant}}}'", (TextEdit(place, f"${{{meant}}}"),)) if exact else None
        message = f"'{short(whole)}' is no reference: did you mean '${{{meant}}}'?"
        return diagnostic(codes.MALFORMED_REFERENCE, place, message, fix=fix)
    elif re.fullmatch(r"[a-zA-Z][\w-]*", inner):
        message = f"'{whole}' lacks an attribute: write, for example, '${{{inner}.name}}'."
    else:
        message = f"'{short(whole)}' is no reference: write '${{id.attribute}}', or '$${{' for a literal '${{'."
    return diagnostic(codes.MALFORMED_REFERENCE, place, message)


def _meant(inner: str) -> str | None:
    """What is likely meant by what is no reference: one with blanks around it, or a misspelt word."""
    bare = inner.strip()
    if bare in _OF_CLOUDFORMATION:
        return _OF_CLOUDFORMATION[bare]
    if bare != inner and is_reference(bare):
        return bare
    return nearest(bare, tuple(PSEUDO_REFERENCES), PSEUDO_LIKENESS)


def json_check(wanted: Json) -> Check:
    """The check for what goes to the cloud as it is: references and logical ids in it are collected."""

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if wanted.mapping and type(node) is not Mapping and not function_of(node.tag):
            wrong(node, key, report, "a mapping")
            return
        if wanted.references:
            for text in texts(node):
                _references(text, report)
        collect_logical_ids(node, report.logical_ids)

    return check
