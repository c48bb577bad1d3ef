"""Checks trees against the field table: each type of the table becomes one closure, made at first use.

Closures run for each keystroke on the entry that it touched; on one of 25 lines they take about 20 microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from functools import cache

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Diagnostic, Fix, Related, TextEdit, diagnostic
from sigma_ls.manifest.nearest import listed, nearest
from sigma_ls.manifest.references import function_of, texts, uses, within
from sigma_ls.manifest.report import Report, Use, replacement
from sigma_ls.manifest.rules.mentions import collect_logical_ids
from sigma_ls.manifest.rules.uses import judge_attribute, judge_kind
from sigma_ls.manifest.schema.resources import is_raw
from sigma_ls.manifest.schema.types import (
    PLATFORM_TITLES,
    Boolean,
    ByShape,
    Choice,
    Id,
    Integer,
    Json,
    KindRecord,
    ListOf,
    MapOf,
    Platform,
    Record,
    References,
    Text,
    Type,
    TypedRecord,
)
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence, lookup, range_of
from sigma_ls.syntax.scalars import is_null, typed
from sigma_ls.syntax.span import Range

Check = Callable[[Node, Scalar | None, Report], None]
"""Takes a value, the key that it belongs to, and the report."""


class Mode(Enum):
    """How much of a value must be there."""

    WHOLE = "whole"
    PARTS = "parts"
    """Nothing of this record is required here: the rest of it stands elsewhere."""
    OVERRIDE = "override"
    """A stage's: nothing is required, and `null` stands for the removal of a key."""


@cache
def checker(wanted: Type, platform: Platform | None, mode: Mode = Mode.WHOLE) -> Check:
    """The check for a type; without a platform, keys of both are taken."""
    match wanted:
        case Text():
            return _text(wanted)
        case Integer():
            return _integer(wanted)
        case Boolean():
            return _boolean
        case Choice():
            return _choice(wanted)
        case Id():
            return _id(wanted)
        case Json():
            return _json(wanted)
        case ListOf():
            return _list(wanted, checker(wanted.item, platform))
        case MapOf():
            return _map(wanted, checker(wanted.value, platform, mode), mode)
        case Record():
            return _record(wanted, platform, mode)
        case KindRecord():
            return _kind_record(wanted, platform)
        case TypedRecord():
            return _typed_record(wanted, platform, mode)
        case ByShape():
            return _by_shape(wanted, platform, mode)


# --- scalars ---------------------------------------------------------------------------------------------------------


def _text(wanted: Text) -> Check:
    matches = re.compile(wanted.pattern).fullmatch if wanted.pattern is not None else None
    all_references = wanted.references is References.ALL

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is not Scalar:
            _wrong(node, key, report, wanted.hint)
            return
        if node.style is None and not isinstance(value := typed(node), str):
            if value is None:
                _wrong(node, key, report, wanted.hint)
                return
            if not wanted.numbers:
                fix = Fix("Put quotes around it", (TextEdit(range_of(node), f'"{node.value}"'),))
                report.add(codes.WRONG_TYPE, node, f"{_of(key)} takes a text: put quotes around {node.value}.", fix=fix)
                return
        if matches is not None and matches(node.value) is None:
            report.add(codes.MALFORMED, node, f"{_of(key)} takes {wanted.hint}, not '{_short(node.value)}'.")
        elif all_references and "${" in node.value:
            _references(node, report)

    return check


def _integer(wanted: Integer) -> Check:
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
            _wrong(node, key, report, what)
            return
        value = typed(node)
        if isinstance(value, bool) or not isinstance(value, int):
            if node.style in ("'", '"') and re.fullmatch(r"[-+]?\d{1,18}", node.value):
                fix = Fix("Remove the quotes", (TextEdit(range_of(node), node.value),))
                report.add(codes.WRONG_TYPE, node, f"{_of(key)} takes a number: remove the quotes.", fix=fix)
            else:
                _wrong(node, key, report, what)
        elif wanted.allowed:
            if value not in wanted.allowed:
                near = min(wanted.allowed, key=lambda each: abs(each - value))
                allowed = ", ".join(map(str, wanted.allowed))
                message = f"{_of(key)} cannot be {value}: the nearest of what it takes is {near} (of {allowed})."
                report.add(codes.NOT_ALLOWED, node, message, fix=replacement(node, str(near)))
        elif (low is not None and value < low) or (high is not None and value > high):
            report.add(codes.OUT_OF_RANGE, node, f"{_of(key)} cannot be {value}: it takes {limits}.")

    return check


def _boolean(node: Node, key: Scalar | None, report: Report) -> None:
    if type(node) is Scalar and isinstance(typed(node), bool):
        return
    fix = None
    if type(node) is Scalar and node.value.casefold() in _WORDS_FOR_BOOLEANS:
        fix = Fix(
            f"Change to {_WORDS_FOR_BOOLEANS[node.value.casefold()]}",
            (TextEdit(range_of(node), _WORDS_FOR_BOOLEANS[node.value.casefold()]),),
        )
    _wrong(node, key, report, "true or false", fix)


_WORDS_FOR_BOOLEANS = {
    **dict.fromkeys(("yes", "on", "true", "1"), "true"),
    **dict.fromkeys(("no", "off", "false", "0"), "false"),
}


def _choice(wanted: Choice) -> Check:
    values = wanted.values

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is not Scalar or is_null(node):
            _wrong(node, key, report, listed(values))
        elif node.value not in values:
            near = nearest(node.value, values)
            fix = replacement(node, near) if near is not None else None
            if wanted.open:
                hint = f"; did you mean '{near}'?" if near is not None else "."
                report.add(
                    codes.UNKNOWN_RUNTIME, node, f"'{_short(node.value)}' is no known {_name(key)}{hint}", fix=fix
                )
            else:
                message = f"{_of(key)} cannot be '{_short(node.value)}': it takes {listed(values)}."
                report.add(codes.NOT_ALLOWED, node, message, fix=fix)

    return check


def _id(wanted: Id) -> Check:
    kinds, words = wanted.kinds, wanted.words
    what = f"the id of a {listed(kinds)}" if kinds else "an id"

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is not Scalar or not isinstance(typed(node), str):
            _wrong(node, key, report, what)
        elif node.value not in words:
            report.uses.append(Use(node.value, range_of(node), judge_kind, wanted.free, data=wanted))

    return check


# --- texts with references -------------------------------------------------------------------------------------------


def _references(node: Scalar, report: Report) -> None:
    for part in uses(node.value):
        if isinstance(part, str) or part.pseudo:
            continue
        place = within(node, part.start, part.end)
        if part.id:
            at = within(node, part.start + 2, part.start + 2 + len(part.id))
            report.uses.append(Use(part.id, at, judge_attribute, data=(part.attribute, place)))
            continue
        report.diagnostics.append(_malformed(part.inner, node.value[part.start : part.end], place))


def _malformed(inner: str, whole: str, place: Range) -> Diagnostic:
    if not whole.endswith("}"):
        message = "'${' is not closed by '}': write '$${' for a literal '${'."
    elif re.fullmatch(r"[a-zA-Z][\w-]*", inner):
        message = f"'{whole}' lacks an attribute: write, for example, '${{{inner}.name}}'."
    else:
        message = f"'{_short(whole)}' is no reference: write '${{id.attribute}}', or '$${{' for a literal '${{'."
    return diagnostic(codes.MALFORMED_REFERENCE, place, message)


def _json(wanted: Json) -> Check:
    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if wanted.mapping and type(node) is not Mapping and not function_of(node.tag):
            _wrong(node, key, report, "a mapping")
            return
        if wanted.references:
            for text in texts(node):
                _references(text, report)
        collect_logical_ids(node, report.logical_ids)

    return check


# --- collections -----------------------------------------------------------------------------------------------------


def _list(wanted: ListOf, item: Check) -> Check:
    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is Sequence:
            items = node.items
        elif wanted.single and not is_null(node):
            items = [node]
        elif is_null(node) and not wanted.minimum:
            return
        else:
            _wrong(node, key, report, "a list")
            return
        for each in items:
            item(each, _first_key(each) or key, report)
        if len(items) < wanted.minimum:
            report.add(codes.LIST_LENGTH, node, f"{_of(key)} takes at least {wanted.minimum} item(s).")
        elif wanted.maximum is not None and len(items) > wanted.maximum:
            message = f"{_of(key)} takes at most {wanted.maximum} items, and these are {len(items)}."
            report.add(codes.LIST_LENGTH, items[wanted.maximum], message)

    return check


def _first_key(node: Node) -> Scalar | None:
    if type(node) is Mapping and node.entries and type(key := node.entries[0][0]) is Scalar:
        return key
    return None


def _map(wanted: MapOf, value_check: Check, mode: Mode) -> Check:
    key_type = wanted.key
    key_check = checker(key_type, None)
    override = mode is Mode.OVERRIDE
    matches = re.compile(key_type.pattern).fullmatch if isinstance(key_type, Text) and key_type.pattern else None

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is not Mapping:
            if not is_null(node):
                _wrong(node, key, report, f"a mapping of {wanted.what}s")
            return
        for name, value in node.entries:
            if type(name) is not Scalar:
                report.add(codes.WRONG_TYPE, name, f"The key of {_article(wanted.what)} is a text.")
                continue
            if matches is None:
                if isinstance(key_type, Id):
                    key_check(name, name, report)
            elif matches(name.value) is None:
                assert isinstance(key_type, Text)
                message = f"'{_short(name.value)}' is no name for {_article(wanted.what)}: use {key_type.hint}."
                report.add(codes.MALFORMED, name, message)
            if not (override and is_null(value)):
                value_check(value, name, report)

    return check


def _record(wanted: Record, platform: Platform | None, mode: Mode) -> Check:
    checks = {
        each.name: checker(each.type_on(platform), platform, _inner_mode(each.type, mode))
        for each in wanted.fields
        if platform is None or platform in each.platforms
    }
    required = frozenset(
        each.name for each in wanted.fields if each.required and each.name in checks and mode is Mode.WHOLE
    )
    override = mode is Mode.OVERRIDE
    has_defaults = frozenset(each.name for each in wanted.fields if isinstance(each.type, MapOf | ListOf | Record))

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is not Mapping:
            if not is_null(node):
                _wrong(node, key, report, "a mapping")
            elif required:
                _missing(required, key or node, wanted, report)
            return
        seen = set()
        for name, value in node.entries:
            if type(name) is not Scalar:
                report.add(codes.WRONG_TYPE, name, f"A key of {wanted.name} is a text.")
                continue
            text = name.value
            seen.add(text)
            inner = checks.get(text)
            if inner is None:
                _unknown(name, node, wanted, platform, report)
            elif value.line == value.end_line and is_null(value):
                # A key that is being typed: said once, on the key.
                if not override and text not in has_defaults:
                    report.add(codes.WRONG_TYPE, name, f"'{text}' has no value.")
            else:
                inner(value, name, report)
        if not required <= seen:
            _missing(required - seen, key or node, wanted, report)

    return check


def _inner_mode(wanted: Type, mode: Mode) -> Mode:
    """What is given in parts holds records that may be too; everything else in it is whole."""
    return Mode.WHOLE if mode is Mode.PARTS and not isinstance(wanted, Record) else mode


def _missing(names: frozenset[str], at: Node, wanted: Record, report: Report) -> None:
    missing = [each.name for each in wanted.fields if each.name in names]
    keys = listed([f"'{name}'" for name in missing], "and")
    lacking = f"'{at.value}'" if type(at) is Scalar and at.value and at.value not in wanted.by_name else wanted.name
    message = f"{lacking[:1].upper()}{lacking[1:]} lacks {keys}."
    place = range_of(at) if at.line == at.end_line else Range.of(at.line, at.column, at.line, at.column + 1)
    report.add_at(codes.MISSING_KEY, place, message)


def _unknown(name: Scalar, node: Mapping, wanted: Record, platform: Platform | None, report: Report) -> None:
    if name.value in wanted.by_name and platform is not None:
        report.add(codes.OTHER_PLATFORM, name, _on_other(f"'{name.value}'", platform))
        return
    near = nearest(name.value, tuple(each.name for each in wanted.fields if platform in {None, *each.platforms}))
    if near is not None and lookup(node, near) is not None:
        near = None
    hint = f": did you mean '{near}'?" if near is not None else "."
    fix = replacement(name, near) if near is not None else None
    report.add(codes.UNKNOWN_KEY, name, f"Unknown key '{_short(name.value)}' in {wanted.name}{hint}", fix=fix)


def _on_other(what: str, platform: Platform) -> str:
    other: Platform = "gcp" if platform == "aws" else "aws"
    return (
        f"{what} belongs to {PLATFORM_TITLES[other]} (platform: {other}); "
        f"this project is on {PLATFORM_TITLES[platform]} (platform: {platform})."
    )


def _kind_record(wanted: KindRecord, platform: Platform | None) -> Check:
    kinds = wanted.kinds
    checks = {name: checker(record, platform) for name, record in kinds.items()}
    known = [name for name, record in kinds.items() if platform is None or platform in record.by_name[name].platforms]
    names = listed(known)

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is not Mapping:
            _wrong(node, key, report, f"a mapping with one of {names}")
            return
        found = [name for name, _ in node.entries if type(name) is Scalar and name.value in kinds]
        if len(found) == 1:
            kind = found[0]
            if kind.value not in known and platform is not None:
                report.add(codes.OTHER_PLATFORM, kind, _on_other(f"'{kind.value}' of {wanted.name}", platform))
                return
            checks[kind.value](node, kind, report)
        elif found:
            first = found[0]
            message = f"'{found[1].value}' is a second kind beside '{first.value}': make it {wanted.name} of its own."
            related = (Related("The first kind.", range_of(first)),)
            report.add(codes.TRIGGER_KIND, found[1], message, related=related)
        else:
            _no_kind(node, key, report)

    def _no_kind(node: Mapping, key: Scalar | None, report: Report) -> None:
        for name, _ in node.entries:
            if type(name) is Scalar and (near := nearest(name.value, known)) is not None:
                message = f"Unknown kind '{_short(name.value)}' of {wanted.name}: did you mean '{near}'?"
                report.add(codes.TRIGGER_KIND, name, message, fix=replacement(name, near))
                return
        place = node.entries[0][0] if node.entries else key or node
        report.add(codes.TRIGGER_KIND, place, f"{_upper(wanted.name)} needs one of the keys {names}.")

    return check


def _typed_record(wanted: TypedRecord, platform: Platform | None, mode: Mode) -> Check:
    override = mode is Mode.OVERRIDE
    checks = {name: checker(record, platform, mode) for name, record in wanted.types.items()}
    known = [name for name in wanted.types if platform is None or platform in wanted.platforms[name]]
    raw = checker(wanted.raw, platform, mode)
    any_fields = {each.name: each for record in wanted.types.values() for each in record.fields}
    # An override need not repeat the type, and then may have the keys of any.
    untyped = checker(Record(wanted.name, tuple(any_fields.values())), platform, Mode.OVERRIDE)

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        kind = lookup(node, "type")
        if kind is None or is_null(kind):
            if override:
                untyped(node, key, report)
            elif type(node) is Mapping and kind is None:
                _missing(frozenset(("type",)), key or node, wanted.raw, report)
            elif type(node) is Mapping:
                raw(node, key, report)
            else:
                _wrong_resource(node, key, report)
        elif type(kind) is not Scalar:
            _wrong(kind, None, report, "one of " + listed(known))
        elif (found := checks.get(kind.value)) is not None:
            if kind.value not in known and platform is not None:
                report.add(codes.OTHER_PLATFORM, kind, _on_other(f"The type '{kind.value}'", platform))
            else:
                found(node, key, report)
        elif is_raw(kind.value, platform):
            raw(node, key, report)
        else:
            _unknown_type(kind, report)

    def _wrong_resource(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is Scalar and is_null(node) and key is not None:
            _missing(frozenset(("type",)), key, wanted.raw, report)
        else:
            _wrong(node, key, report, "a mapping with a 'type'")

    def _unknown_type(kind: Scalar, report: Report) -> None:
        if platform is not None and is_raw(kind.value):
            report.add(codes.OTHER_PLATFORM, kind, _on_other(f"The type '{_short(kind.value)}'", platform))
            return
        near = nearest(kind.value, known)
        hint = f"did you mean '{near}'?" if near is not None else f"use {listed(known)}, or a type of the cloud itself."
        fix = replacement(kind, near) if near is not None else None
        report.add(codes.NOT_ALLOWED, kind, f"Unknown type '{_short(kind.value)}': {hint}", fix=fix)

    return check


def _by_shape(wanted: ByShape, platform: Platform | None, mode: Mode) -> Check:
    inner: dict[type, Check] = {}
    for shape, each in ((Scalar, wanted.scalar), (Mapping, wanted.mapping), (Sequence, wanted.sequence)):
        if each is not None:
            inner[shape] = checker(each, platform, mode)
    if wanted.boolean:
        inner[Scalar] = _boolean
    names = {Scalar: "true or false" if wanted.boolean else "a text", Mapping: "a mapping", Sequence: "a list"}
    what = listed([names[shape] for shape in inner])

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        found = inner.get(type(node))
        if found is None:
            _wrong(node, key, report, what)
        else:
            found(node, key, report)

    return check


# --- words -----------------------------------------------------------------------------------------------------------


def _wrong(node: Node, key: Scalar | None, report: Report, wanted: str, fix: Fix | None = None) -> None:
    found = _described(node)
    place = range_of(node)
    if place.start == place.end and key is not None:
        place = range_of(key)
    elif node.line != node.end_line:
        # The whole of a wrong block would be much red for one mistake.
        place = Range.of(node.line, node.column, node.line, node.column + 1) if key is None else range_of(key)
    report.add_at(codes.WRONG_TYPE, place, f"{_of(key)} takes {wanted}, not {found}.", fix=fix)


def _described(node: Node) -> str:
    if type(node) is Mapping:
        return "a mapping"
    if type(node) is Sequence:
        return "a list"
    assert type(node) is Scalar
    match typed(node):
        case None:
            return "nothing"
        case bool() | int() | float():
            return node.value
    return f"'{_short(node.value)}'"


def _short(text: str) -> str:
    """What fits into a message."""
    line = text.split("\n", 1)[0]
    return line if line == text and len(line) <= 60 else f"{line[:60]}…"


def _name(key: Scalar | None) -> str:
    return key.value if key is not None else "value"


def _of(key: Scalar | None) -> str:
    return f"'{_short(key.value)}'" if key is not None else "This"


def _article(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
