"""Rules for the expressions of schedules.

AWS: EventBridge Scheduler user guide, *Schedule types*; Google Cloud: Cloud Scheduler, *Cron job format and time zone*.
"""

from __future__ import annotations

import re
from calendar import monthrange

from sigma_ls.manifest import codes
from sigma_ls.manifest.fixes import replacement
from sigma_ls.manifest.nearest import nearest
from sigma_ls.manifest.report import Report
from sigma_ls.manifest.schema.patterns import TIME_ZONE
from sigma_ls.manifest.wording import short
from sigma_ls.syntax.nodes import Node, Scalar

LONGEST_NUMBER = 9
"""Digits: no limit is near, and Python refuses to read thousands of them."""

_RATE = re.compile(r"rate\((\d{1,9}) (minute|hour|day)(s?)\)").fullmatch
_CRON = re.compile(r"cron\((.*)\)").fullmatch
_AT = re.compile(r"at\(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\)").fullmatch
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

_FIELDS: tuple[tuple[str, int, int, tuple[str, ...], str], ...] = (
    ("minutes", 0, 59, (), ""),
    ("hours", 0, 23, (), ""),
    ("day of month", 1, 31, (), r"\?|L|LW|L-\d+|\d+W"),
    ("month", 1, 12, _MONTHS, ""),
    ("day of week", 1, 7, _DAYS, r"\?|L|\w+L|\w+#[1-5]"),
    ("year", 1970, 2199, (), ""),
)
"""The fields of a cron expression: what they are called, their limits, words for numbers, and what else they may be."""
_ZONE = re.compile(TIME_ZONE.pattern or "").fullmatch
"""Anything else the field table has said something of."""
_RANGE = re.compile(r"(\*|\w+(?:-\w+)?)(?:/(\d{1,9}))?").fullmatch


def check_schedule(expression: Scalar, report: Report) -> None:
    """An expression whose outermost form the field table has checked."""
    text = expression.value
    if text.startswith("rate("):
        _check_rate(expression, report)
    elif (cron := _CRON(text)) is not None:
        fields = cron[1].split()
        message = _cron_fault(fields)
        if message is not None:
            mended = _mended_days(fields)
            right = f"cron({' '.join(mended)})"
            fix = replacement(expression, right) if mended != fields and _cron_fault(mended) is None else None
            report.add(codes.SCHEDULE, expression, message, fix=fix)
    elif text.startswith("at(") and not _is_time(text):
        message = f"'{text}' is no time: write 'at(2030-12-31T23:59:00)', without a zone (that is 'timezone')."
        report.add(codes.SCHEDULE, expression, message)


def _is_time(text: str) -> bool:
    """Whether `at(…)` is a time, of a day that its month has."""
    if _AT(text) is None:
        return False
    year, month, day = int(text[3:7]), int(text[8:10]), int(text[11:13])
    return year > 0 and day <= monthrange(year, month)[1]


def _check_rate(expression: Scalar, report: Report) -> None:
    rate = _RATE(expression.value)
    if rate is None:
        message = f"'{short(expression.value)}' is no rate: write 'rate(5 minutes)', with minutes, hours or days."
        loose = re.fullmatch(r"rate\(\s*(\d{1,9})\s*(minute|hour|day)s?\s*\)", expression.value, re.IGNORECASE)
        fix = replacement(expression, _rate(int(loose[1]), loose[2].lower())) if loose and int(loose[1]) else None
        report.add(codes.SCHEDULE, expression, message, fix=fix)
        return
    count, unit = int(rate[1]), rate[2]
    if not count:
        right = _rate(1, unit)
        report.add(codes.SCHEDULE, expression, f"A rate is at least '{right}'.", fix=replacement(expression, right))
    elif bool(rate[3]) == (count == 1):
        right = _rate(count, unit)
        message = f"AWS refuses '{expression.value}': write '{right}'."
        report.add(codes.SCHEDULE, expression, message, fix=replacement(expression, right))


def _rate(count: int, unit: str) -> str:
    return f"rate({count} {unit if count == 1 else unit + 's'})"


def _mended_days(fields: list[str]) -> list[str]:
    """The fields with `?` for the one day that does not matter, where it is plain which one."""
    if len(fields) != len(_FIELDS):
        return fields
    mended = list(fields)
    weekday = fields[4]
    if mended[2] == "?" and weekday == "?":
        mended[2] = "*"
    elif weekday == "*":
        mended[4] = "?"
    elif mended[2] == "*":
        mended[2] = "?"
    return mended


def _cron_fault(fields: list[str]) -> str | None:
    if len(fields) != len(_FIELDS):
        names = ", ".join(name for name, *_ in _FIELDS)
        return f"A cron expression has {len(_FIELDS)} fields ({names}), and this one has {len(fields)}."
    for value, (name, low, high, words, special) in zip(fields, _FIELDS, strict=True):
        if special and re.fullmatch(special, value, re.IGNORECASE):
            continue
        for part in value.split(","):
            if not _is_range(part, low, high, words):
                return f"'{short(part)}' is no {name} of a cron expression: it takes {low} to {high}, '*', ranges and steps."
    day, weekday = fields[2], fields[4]
    if day == "?" and weekday == "?":
        return "Day of month and day of week cannot both be '?': make one of them '*'."
    if "?" not in (day, weekday):
        return "Day of month and day of week are both set: make the one that does not matter '?'."
    return None


def _is_range(part: str, low: int, high: int, words: tuple[str, ...]) -> bool:
    found = _RANGE(part)
    if found is None:
        return False
    if found[2] is not None and not int(found[2]):
        return False
    if found[1] == "*":
        return True
    numbers = [_number(each, words, low) for each in found[1].split("-")]
    return all(each is not None and low <= each <= high for each in numbers)


def _number(text: str, words: tuple[str, ...], low: int) -> int | None:
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
        return int(text)
    return words.index(text.upper()) + low if text.upper() in words else None


_UNIX_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minutes", 0, 59, ()),
    ("hours", 0, 23, ()),
    ("day of month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of week", 0, 7, _DAYS),
)


def check_unix_cron(expression: Scalar, report: Report) -> None:
    """Five fields, whose number the field table has checked."""
    fields = expression.value.split(" ")
    if len(fields) != len(_UNIX_FIELDS):
        return
    for value, (name, low, high, words) in zip(fields, _UNIX_FIELDS, strict=True):
        for part in value.split(","):
            if not _is_range(part, low, high, words):
                message = (
                    f"'{short(part)}' is no {name} of a schedule: it takes {low} to {high}, '*', ranges and steps."
                )
                report.add(codes.SCHEDULE, expression, message)
                return


def check_time_zone(zone: Node, report: Report) -> None:
    """A name of the IANA database."""
    from sigma_ls.manifest.facts.time_zones import NAMES  # noqa: PLC0415 - few manifests name one

    if type(zone) is not Scalar or zone.value in NAMES or _ZONE(zone.value) is None:
        return
    # Of the same letters: all would be too many to compare.
    near = nearest(zone.value, tuple(sorted(name for name in NAMES if name[:2] == zone.value[:2].capitalize())))
    hint = f"did you mean '{near}'?" if near is not None else "write, for example, 'Europe/Berlin'."
    fix = replacement(zone, near) if near is not None else None
    report.add(codes.TIME_ZONE, zone, f"There is no time zone '{zone.value}': {hint}", fix=fix)
