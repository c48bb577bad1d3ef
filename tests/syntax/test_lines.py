import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigma_ls.syntax.lines import Lines, Splice, from_code_points, split, to_code_points
from sigma_ls.syntax.span import Position, Range
from tests.syntax.texts import TEXTS, edits


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\n", ["a\n", ""]),
        ("a\r\nb\rc\nd", ["a\r\n", "b\r", "c\n", "d"]),
        ("\r\n\r", ["\r\n", "\r", ""]),
        ("a\u0085b\u2028c\x0bd\n", ["a\u0085b\u2028c\x0bd\n", ""]),
    ],
)
def test_lines_end_where_lsp_has_them_end(text, lines):
    assert split(text) == lines


@settings(deadline=None)
@given(st.text() | TEXTS)
def test_the_text_comes_back(text):
    assert Lines(text).text == text


LINE = "a😀é\u0301\u2028z"
"""One unit, two, one, one (combining), one, one in UTF-16; 1, 4, 2, 2, 3, 1 in UTF-8."""


@pytest.mark.parametrize(
    ("units", "columns"),
    [("utf-32", [0, 1, 2, 3, 4, 5, 6]), ("utf-16", [0, 1, 3, 4, 5, 6, 7]), ("utf-8", [0, 1, 5, 7, 9, 12, 13])],
)
def test_columns_in_other_units(units, columns):
    assert [from_code_points(LINE, column, units) for column in range(7)] == columns
    assert [to_code_points(LINE, column, units) for column in columns] == list(range(7))


def test_a_column_inside_a_character_is_its_start():
    assert to_code_points(LINE, 2, "utf-16") == 1
    assert [to_code_points(LINE, column, "utf-8") for column in (2, 3, 4)] == [1, 1, 1]


@pytest.mark.parametrize("units", ["utf-8", "utf-16", "utf-32"])
def test_a_column_behind_the_line_is_its_end(units):
    assert to_code_points(LINE, 100, units) == len(LINE)
    assert to_code_points("ascii", 100, units) == 5


def test_half_of_a_pair_that_json_can_carry():
    line = "a\ud83db"
    for units in ("utf-8", "utf-16"):
        for column in range(4):
            there = from_code_points(line, column, units)
            assert to_code_points(line, there, units) == min(column, 3)


@settings(deadline=None)
@given(st.text(max_size=12), st.integers(0, 12), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_columns_there_and_back(line, column, units):
    line = re.sub("[\r\n]", "", line)
    column = min(column, len(line))
    assert to_code_points(line, from_code_points(line, column, units), units) == column


def test_places_outside_of_the_text_mean_its_end():
    lines = Lines("ab\ncd")
    assert lines.position(0, 9, "utf-16") == Position(0, 2)
    assert lines.position(7, 0, "utf-16") == Position(1, 2)
    assert lines.position(-1, 4, "utf-16") == Position(0, 0)
    assert lines.position(0, -4, "utf-16") == Position(0, 0)


def test_a_place_never_stands_between_return_and_newline():
    assert Lines("ab\r\ncd").position(0, 3, "utf-32") == Position(0, 2)


def test_a_newline_typed_behind_a_return_makes_one_break():
    lines = Lines("a\rb")
    assert lines.replace(Range.of(1, 0, 1, 0), "\n") == Splice(0, 2, 2)
    assert lines.raw == ["a\r\n", "b"]


def test_a_return_typed_before_a_newline_makes_one_break():
    lines = Lines("a\nb")
    lines.replace(Range.of(0, 1, 0, 1), "\r")
    assert lines.raw == ["a\r\n", "b"]


def test_a_range_may_be_given_backwards():
    lines = Lines("abcd")
    lines.replace(Range.of(0, 3, 0, 1), "X")
    assert lines.text == "aXd"


@settings(deadline=None)
@given(edits())
def test_edits_one_by_one_are_the_whole_text(case):
    text, steps = case
    lines = Lines(text)
    for line, start, more, end, new in steps:
        where = Range.of(line, start, line + more, end)
        before = lines.text
        first, last = sorted(
            (lines.position(line, start, "utf-32"), lines.position(line + more, end, "utf-32")),
        )
        offsets = [sum(map(len, lines.raw[: at.line])) + at.character for at in (first, last)]
        count = len(lines)
        splice = lines.replace(where, new)
        assert lines.text == before[: offsets[0]] + new + before[offsets[1] :]
        assert lines.raw == split(lines.text)
        assert len(lines) == count - splice.removed + splice.inserted
