"""Checks trees against the field table: each type of the table becomes one closure, made at first use.

Closures run for each keystroke on the entry that it touched; on one of 25 lines they take about 20 microseconds.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from sigma_ls.manifest import codes
from sigma_ls.manifest.check_scalars import (
    Check,
    check_boolean,
    choice_check,
    id_check,
    integer_check,
    json_check,
    text_check,
)
from sigma_ls.manifest.diagnostic import Related
from sigma_ls.manifest.fixes import bracketed, mended, replacement, wrapped
from sigma_ls.manifest.nearest import listed, nearest
from sigma_ls.manifest.report import Report
from sigma_ls.manifest.schema import types
from sigma_ls.manifest.schema.resources import is_raw
from sigma_ls.manifest.schema.types import PLATFORM_TITLES, Platform
from sigma_ls.manifest.wording import of_key, plural, short, upper_first, with_article, wrong
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence, lookup, range_of
from sigma_ls.syntax.scalars import is_null
from sigma_ls.syntax.span import Range


class Mode(Enum):
    """How much of a value must be there."""

    WHOLE = "whole"
    PARTS = "parts"
    """Nothing of this record is required here: the rest of it stands elsewhere."""
    OVERRIDE = "override"
    """A stage's: nothing is required, and `null` stands for the removal of a key."""


@cache
def checker(wanted: types.Type, platform: Platform | None, mode: Mode = Mode.WHOLE) -> Check:
    """The check for a type; without a platform, keys of both are taken."""
    match wanted:
        case types.Text():
            return text_check(wanted)
        case types.Integer():
            return integer_check(wanted)
        case types.Boolean():
            return check_boolean
        case types.Choice():
            return choice_check(wanted)
        case types.Id():
            return id_check(wanted)
        case types.Json():
            return json_check(wanted)
        case types.ListOf():
            return _list(wanted, checker(wanted.item, platform))
        case types.MapOf():
            return _map(wanted, checker(wanted.value, platform, mode), mode)
        case types.Record():
            return _record(wanted, platform, mode)
        case types.KindRecord():
            return _kind_record(wanted, platform)
        case types.TypedRecord():
            return _typed_record(wanted, platform, mode)
        case types.ByShape():
            return _by_shape(wanted, platform, mode)


# --- collections -----------------------------------------------------------------------------------------------------


_CORE = "tag:yaml.org,2002:"


def _has_tag(node: Node, key: Scalar | None, report: Report) -> bool:
    """Whether a tag stands before a value that is our own; what goes to the cloud as it is may have the cloud's."""
    tag = node.tag
    if tag is None or tag == "!" or tag.startswith(_CORE):
        return False
    message = (
        f"{of_key(key)} takes no tag, and has '{short(tag)}': functions of the cloud stand inside of 'properties' and "
        "'template' only. Write '${id.attribute}' where a reference is meant."
    )
    place = range_of(node) if node.line == node.end_line or key is None else range_of(key)
    report.add_at(codes.WRONG_TYPE, place, message)
    return True


def _list(wanted: types.ListOf, item: Check) -> Check:
    raw = isinstance(wanted.item, types.Json)
    nameable = not isinstance(wanted.item, types.Text | types.Choice | types.Integer | types.Id)
    what = (
        f"{wanted.item.hint}, or a list of them"
        if isinstance(wanted.item, types.Text)
        else "a value, or a list of them"
    )

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is Sequence:
            items = node.items
        elif wanted.single and not is_null(node):
            items = [node]
        elif is_null(node) and not wanted.minimum:
            return
        else:
            if type(node) is Scalar and not is_null(node):
                wrong(node, key, report, "a list", bracketed(node))
            else:
                wrong(node, key, report, what if wanted.single else "a list")
            return
        for each in items:
            own = (_first_key(each) if nameable else None) or key
            if raw or each.tag is None or not _has_tag(each, own, report):
                item(each, own, report)
        if len(items) < wanted.minimum:
            report.add(codes.LIST_LENGTH, node, f"{of_key(key)} takes at least {wanted.minimum} item(s).")
        elif wanted.maximum is not None and len(items) > wanted.maximum:
            message = f"{of_key(key)} takes at most {wanted.maximum} items, and these are {len(items)}."
            report.add(codes.LIST_LENGTH, items[wanted.maximum], message)

    return check


def _first_key(node: Node) -> Scalar | None:
    if type(node) is Mapping and node.entries and type(key := node.entries[0][0]) is Scalar:
        return key
    return None


def _map(wanted: types.MapOf, value_check: Check, mode: Mode) -> Check:
    key_type = wanted.key
    key_check = checker(key_type, None)
    override = mode is Mode.OVERRIDE
    matches = re.compile(key_type.pattern).fullmatch if isinstance(key_type, types.Text) and key_type.pattern else None
    reserved = key_type.reserved if isinstance(key_type, types.Text) else frozenset()

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is not Mapping:
            if not is_null(node):
                wrong(node, key, report, f"a mapping of {plural(wanted.what)}")
            return
        for name, value in node.entries:
            if type(name) is not Scalar:
                report.add(codes.WRONG_TYPE, name, f"The key of {with_article(wanted.what)} is a text.")
                continue
            if matches is None:
                if isinstance(key_type, types.Id):
                    key_check(name, name, report)
            elif matches(name.value) is None and name.value not in reserved:
                assert isinstance(key_type, types.Text)
                message = f"'{short(name.value)}' is no name for {with_article(wanted.what)}: use {key_type.hint}."
                report.add(codes.MALFORMED, name, message, fix=mended(name, matches))
            if override and is_null(value):
                continue
            if value.tag is None or not _has_tag(value, name, report):
                value_check(value, name, report)

    return check


def _record(wanted: types.Record, platform: Platform | None, mode: Mode) -> Check:
    checks = {
        each.name: checker(each.type_on(platform), platform, _inner_mode(each.type, mode))
        for each in wanted.fields
        if platform is None or platform in each.platforms
    }
    required = frozenset(
        each.name for each in wanted.fields if each.required and each.name in checks and mode is Mode.WHOLE
    )
    override = mode is Mode.OVERRIDE
    raw = frozenset(each.name for each in wanted.fields if isinstance(each.type, types.Json) and not each.type.mapping)
    may_be_empty = frozenset(each.name for each in wanted.fields if _may_be_empty(each, platform))

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is not Mapping:
            if not is_null(node):
                fix = wrapped(node, next(iter(required))) if len(required) == 1 else None
                such = f"a mapping, such as {{{next(iter(required))}: …}}" if fix is not None else "a mapping"
                wrong(node, key, report, such, fix)
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
                if not override and text not in may_be_empty:
                    report.add(codes.WRONG_TYPE, name, f"'{text}' has no value.")
            elif value.tag is None or text in raw or not _has_tag(value, name, report):
                inner(value, name, report)
        if not required <= seen:
            _missing(required - seen, key or node, wanted, report)

    return check


def _may_be_empty(field: types.Field, platform: Platform | None) -> bool:
    """Whether the key alone stands for an empty mapping or list, which is as good as no key."""
    wanted = field.type_on(platform)
    if field.required:
        return False
    if isinstance(wanted, types.Record):
        return not any(each.required for each in wanted.fields) or wanted.name in _GIVEN_BY_STAGES
    return isinstance(wanted, types.MapOf) or (isinstance(wanted, types.ListOf) and not wanted.minimum)


_GIVEN_BY_STAGES = ("the aws block", "the gcp block")
"""Records whose required keys are asked for elsewhere."""


def _inner_mode(wanted: types.Type, mode: Mode) -> Mode:
    """What is given in parts holds records that may be too; everything else in it is whole."""
    return Mode.WHOLE if mode is Mode.PARTS and not isinstance(wanted, types.Record) else mode


def _missing(names: frozenset[str], at: Node, wanted: types.Record, report: Report) -> None:
    missing = [each.name for each in wanted.fields if each.name in names]
    keys = listed([f"'{name}'" for name in missing], "and")
    lacking = f"'{at.value}'" if type(at) is Scalar and at.value and at.value not in wanted.by_name else wanted.name
    message = f"{lacking[:1].upper()}{lacking[1:]} lacks {keys}."
    place = range_of(at) if at.line == at.end_line else Range.of(at.line, at.column, at.line, at.column + 1)
    report.add_at(codes.MISSING_KEY, place, message)


_MOST_LISTED = 12
"""Keys in a message; more are looked up faster in the reference."""
_MOST_GUESSED = 50
"""Faults of one entry beyond which no near key is looked for: where merges pile up there are a hundred thousand."""


def _unknown(name: Scalar, node: Mapping, wanted: types.Record, platform: Platform | None, report: Report) -> None:
    if name.value in wanted.by_name and platform is not None:
        report.add(codes.OTHER_PLATFORM, name, _on_other(f"'{name.value}'", platform))
        return
    if platform is not None and name.value in wanted.foreign:
        own = wanted.foreign[name.value]
        hint = f" Here it is '{own}'." if own else ""
        fix = replacement(name, own) if own and lookup(node, own) is None else None
        report.add(codes.OTHER_PLATFORM, name, _on_other(f"'{name.value}'", platform) + hint, fix=fix)
        return
    known = _known(wanted, platform)
    near = nearest(name.value, known) if len(report.diagnostics) < _MOST_GUESSED else None
    if near is not None and lookup(node, near) is not None:
        near = None
    hint = ", which would have no effect: remove it."
    if near is not None:
        hint = f": did you mean '{near}'?"
    elif len(known) <= _MOST_LISTED:
        hint = f": it takes {listed(known, 'and')}."
    fix = replacement(name, near) if near is not None else None
    report.add(codes.UNKNOWN_KEY, name, f"Unknown key '{short(name.value)}' in {wanted.name}{hint}", fix=fix)


@cache
def _known(wanted: types.Record, platform: Platform | None) -> tuple[str, ...]:
    return tuple(each.name for each in wanted.fields if platform in {None, *each.platforms})


def _on_other(what: str, platform: Platform) -> str:
    other: Platform = "gcp" if platform == "aws" else "aws"
    return (
        f"{what} belongs to {PLATFORM_TITLES[other]} (platform: {other}); "
        f"this project is on {PLATFORM_TITLES[platform]} (platform: {platform})."
    )


_SLIP = 0.8
"""How like a key must be to another kind's key to be a slip of the pen: `event` for `events`.  A guess."""


def _kind_record(wanted: types.KindRecord, platform: Platform | None) -> Check:
    kinds = wanted.kinds
    checks = {name: checker(record, platform) for name, record in kinds.items()}
    known = [name for name, record in kinds.items() if platform is None or platform in record.by_name[name].platforms]
    names = listed(known)

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        if type(node) is not Mapping:
            wrong(node, key, report, f"a mapping with one of {names}")
            return
        found = [name for name, _ in node.entries if type(name) is Scalar and name.value in kinds]
        if len(found) == 1:
            kind = found[0]
            if kind.value not in known and platform is not None:
                report.add(codes.OTHER_PLATFORM, kind, _on_other(f"'{kind.value}' of {wanted.name}", platform))
                return
            checks[kind.value](node, kind, report)
        elif found:
            first, second = found[:2]
            meant = nearest(second.value, _known(kinds[first.value], platform)[1:], _SLIP)
            hint = f"make it {wanted.name} of its own."
            if meant is not None and lookup(node, meant) is None:
                hint = f"did you mean '{meant}'?"
            message = f"'{second.value}' is a second kind beside '{first.value}': {hint}"
            fix = replacement(second, meant) if meant is not None and lookup(node, meant) is None else None
            related = (Related("The first kind.", range_of(first)),)
            report.add(codes.TRIGGER_KIND, second, message, related=related, fix=fix)
        else:
            _no_kind(node, key, report)

    def _no_kind(node: Mapping, key: Scalar | None, report: Report) -> None:
        for name, _ in node.entries:
            if type(name) is Scalar and (near := nearest(name.value, known)) is not None:
                message = f"Unknown kind '{short(name.value)}' of {wanted.name}: did you mean '{near}'?"
                report.add(codes.TRIGGER_KIND, name, message, fix=replacement(name, near))
                return
        place = node.entries[0][0] if node.entries else key or node
        report.add(codes.TRIGGER_KIND, place, f"{upper_first(wanted.name)} needs one of the keys {names}.")

    return check


def _typed_record(wanted: types.TypedRecord, platform: Platform | None, mode: Mode) -> Check:
    override = mode is Mode.OVERRIDE
    checks = {name: checker(record, platform, mode) for name, record in wanted.types.items()}
    known = [name for name in wanted.types if platform is None or platform in wanted.platforms[name]]
    raw = checker(wanted.raw, platform, mode)
    common = types.Record(wanted.name, wanted.raw.fields)
    any_fields = {each.name: each for record in wanted.types.values() for each in record.fields}
    # An override need not repeat the type, and then may have the keys of any.
    untyped = checker(types.Record(wanted.name, tuple(any_fields.values())), platform, Mode.OVERRIDE)

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        kind = lookup(node, "type")
        if kind is None or is_null(kind):
            if override:
                untyped(node, key, report)
            elif type(node) is Mapping and kind is None:
                _missing(frozenset(("type",)), key or node, wanted.raw, report)
                for name, _ in node.entries:
                    if type(name) is Scalar and name.value not in any_fields and nearest(name.value, ("type",)):
                        _unknown(name, node, common, platform, report)
            elif type(node) is Mapping:
                raw(node, key, report)
            else:
                _wrong_resource(node, key, report)
        elif type(kind) is not Scalar:
            wrong(kind, None, report, "one of " + listed(known))
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
            wrong(node, key, report, "a mapping with a 'type'", wrapped(node, "type"))

    def _unknown_type(kind: Scalar, report: Report) -> None:
        if platform is not None and is_raw(kind.value):
            report.add(codes.OTHER_PLATFORM, kind, _on_other(f"The type '{short(kind.value)}'", platform))
            return
        near = nearest(kind.value, known)
        hint = f"did you mean '{near}'?" if near is not None else f"use {listed(known)}, or a type of the cloud itself."
        fix = replacement(kind, near) if near is not None else None
        report.add(codes.NOT_ALLOWED, kind, f"Unknown type '{short(kind.value)}': {hint}", fix=fix)

    return check


def _by_shape(wanted: types.ByShape, platform: Platform | None, mode: Mode) -> Check:
    inner: dict[type, Check] = {}
    for shape, each in ((Scalar, wanted.scalar), (Mapping, wanted.mapping), (Sequence, wanted.sequence)):
        if each is not None:
            inner[shape] = checker(each, platform, mode)
    if wanted.boolean:
        inner[Scalar] = check_boolean
    names = {Scalar: "true or false" if wanted.boolean else "a text", Mapping: "a mapping", Sequence: "a list"}
    what = listed([names[shape] for shape in inner])

    def check(node: Node, key: Scalar | None, report: Report) -> None:
        found = inner.get(type(node))
        if found is None:
            wrong(node, key, report, what)
        else:
            found(node, key, report)

    return check
