import math

import pytest

from sigma_ls.syntax.parse import parse
from sigma_ls.syntax.scalars import plain_value, typed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("nULL", "nULL"),
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("12:30", "12:30"),
        ("0", 0),
        ("-1", -1),
        ("+12", 12),
        ("017", 17),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b1", "0b1"),
        ("1_000", "1_000"),
        ("1.5", 1.5),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        (".", "."),
        ("-", "-"),
        ("1.0.0", "1.0.0"),
        ("2026-11-23", "2026-11-23"),
        ("1" * 5000, "1" * 5000),
    ],
)
def test_plain_scalars_by_yaml_1_2(text, value):
    found = plain_value(text)
    assert found == value
    assert type(found) is type(value)


def test_not_a_number():
    assert math.isnan(plain_value(".nan"))


@pytest.mark.parametrize("text", ["'1'", '"true"', "!!str 1", "! 1", "|\n  1"])
def test_quoted_block_and_tagged_scalars_are_texts(text):
    root = parse(f"a: {text}").root
    assert isinstance(typed(root.entries[0][1]), str)
