"""Schedules on AWS: rates, cron expressions, single times, time zones."""

import pytest

from sigma_ls.manifest import check_text
from tests.support.check import SHELL, check_part


def found(expression, more=""):
    trigger = f"{{schedule: '{expression}'{more}}}"
    text = (
        f"{SHELL}functions:\n  one: {{runtime: python3.13, handler: app.handler, code: src, triggers: [{trigger}]}}\n"
    )
    return [(each.code, each.message, each.fix and each.fix.edits[0].text) for each in check_text(text)]


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 minute)",
        "rate(5 minutes)",
        "rate(1 day)",
        "cron(0 12 * * ? *)",
        "cron(0/15 8-17 ? * MON-FRI *)",
        "cron(0 0 1,15 JAN,JUL ? 2026-2030)",
        "cron(0 0 L * ? *)",
        "cron(0 0 15W * ? *)",
        "cron(0 0 ? * 6L *)",
        "cron(0 0 ? * fri#2 *)",
        "at(2030-12-31T23:59:00)",
        "at(2028-02-29T00:00:00)",
    ],
)
def test_expressions_that_aws_takes(expression):
    assert found(expression) == []


@pytest.mark.parametrize(
    ("expression", "says", "fix"),
    [
        ("rate(1 minutes)", "write 'rate(1 minute)'", "'rate(1 minute)'"),
        ("rate(5 minute)", "write 'rate(5 minutes)'", "'rate(5 minutes)'"),
        ("rate(0 minutes)", "at least 'rate(1 minute)'", "'rate(1 minute)'"),
        ("rate(5minutes)", "is no rate", "'rate(5 minutes)'"),
        ("rate(1 Hours)", "is no rate", "'rate(1 hour)'"),
        ("rate(5 weeks)", "minutes, hours or days", None),
        ("cron(0 12 * * *)", "6 fields", None),
        ("cron(0 12 * * * *)", "are both set", "'cron(0 12 * * ? *)'"),
        ("cron(0 12 * * MON *)", "are both set", "'cron(0 12 ? * MON *)'"),
        ("cron(0 12 1 * MON *)", "are both set", None),
        ("cron(0 12 ? * ? *)", "cannot both be '?'", "'cron(0 12 * * ? *)'"),
        ("cron(60 12 * * ? *)", "'60' is no minutes", None),
        ("cron(0 24 * * ? *)", "'24' is no hours", None),
        ("cron(0 12 * FOO ? *)", "'FOO' is no month", None),
        ("cron(*/0 12 * * ? *)", "'*/0' is no minutes", None),
        ("cron(0 12 - * ? *)", "'-' is no day of month", None),
        (f"rate({'9' * 5000} minutes)", "minutes, hours or days", None),
        (f"cron({'9' * 5000} 12 * * ? *)", "is no minutes", None),
        (f"cron(0/{'9' * 5000} 12 * * ? *)", "is no minutes", None),
        ("at(2030-13-31T23:59:00)", "is no time", None),
        ("at(2030-02-30T00:00:00)", "is no time", None),
        ("at(0000-01-01T00:00:00)", "is no time", None),
    ],
)
def test_expressions_that_aws_refuses(expression, says, fix):
    [(code, message, offered)] = found(expression)
    assert code == "SIG411"
    assert says in message
    assert offered == fix


def test_the_expression_is_marked_and_google_cloud_has_its_own():
    check_part(
        """\
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - schedule: rate(1 minutes)
#                 ^^^^^^^^^^^^^^^ error SIG411: AWS refuses 'rate(1 minutes)'
        timezone: Europe/Berln
#                 ^^^^^^^^^^^^ error SIG412: did you mean 'Europe/Berlin'?
      - {schedule: rate(1 minute), timezone: Europe/Berlin}
      - {schedule: rate(1 minute), timezone: UTC}
"""
    )


@pytest.mark.parametrize(("zone", "code"), [("Europe/Berln", "SIG412"), ("'+01:00'", "SIG107")])
def test_what_is_wrong_with_a_time_zone_is_said_once(zone, code):
    assert [each for each, *_ in found("rate(5 minutes)", f", timezone: {zone}")] == [code]
