"""Trees that are made from the tree before, without the parser, are those that the parser makes."""

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sigma_ls.syntax.document import Document
from sigma_ls.syntax.nodes import Mapping, Scalar, Sequence
from sigma_ls.syntax.parse import parse
from sigma_ls.syntax.retouch import retouched
from sigma_ls.syntax.span import Range
from tests.syntax.texts import SECTIONS

TEXT = """\
name: demo
functions:
  one:
    memory: 128
    handler: app.handler   # the entry point
    code: src/work
    long: a text
      on two lines
    quoted: "a b"
    tagged: !!str 12
    block: |
      text
    flow: {a: 1, b: [2, 3]}
    empty:
    list:
      - first
      - - inner
        - last
      - key: value
        other: 7
    ? odd
    : even
  two:
    shared: &x 1
    again: *x
    memory: 2
  three: word
"""
LINES = TEXT.split("\n")


def whole(node):
    """Everything about a tree, places included."""
    match node:
        case Scalar():
            return attrs.astuple(node)
        case Mapping():
            parts = [(whole(key), whole(value)) for key, value in node.entries]
        case Sequence():
            parts = [whole(item) for item in node.items]
        case _:
            return node
    return parts, node.flow, node.tag, node.line, node.column, node.end_line, node.end_column


@st.composite
def keystrokes(draw):
    """Places in the text and what is typed there: most of it harmless."""
    typed = []
    for _ in range(draw(st.integers(1, 4))):
        line = draw(st.integers(2, len(LINES) - 2))
        start = draw(st.integers(0, len(LINES[line])))
        text = draw(
            st.sampled_from(["", "x", "7", "_", ".", "-", "/", " ", ":", "#", "'", "[", "&a ", ": b", "x y", "- "])
        )
        typed.append((line, start, start + draw(st.integers(0, 2)), text))
    return typed


@settings(deadline=None)
@given(keystrokes())
@example([(3, 15, 15, "x"), (3, 15, 16, "")])
@example([(4, 13, 16, "")])
@example([(17, 19, 19, "x")])
def test_it_is_what_the_parser_makes(typed):
    document = Document(TEXT, SECTIONS)
    for line, start, end, text in typed:
        for block in document.blocks:
            if block.start <= line < block.start + block.count:
                document.parse(block)
        document.edit(Range.of(line, start, line, end), text)
        fresh = Document(document.text, SECTIONS)
        assert document.whole == fresh.whole
        assert [whole(document.parse(block).root) for block in document.blocks] == [
            whole(fresh.parse(block).root) for block in fresh.blocks
        ]
        assert [document.parse(block).problems for block in document.blocks] == [
            fresh.parse(block).problems for block in fresh.blocks
        ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 128", "a: 1287"),
        ("a: 128", "a: 12"),
        ("a: 128  # much", "a: x128  # much"),
        ("a: src/work", "a: src/works"),
        ("- a\n- b: one", "- a\n- b: once"),
        ("a:\n  b: one\nc: two", "a:\n  b: o\nc: two"),
    ],
)
def test_typing_within_a_plain_value_needs_no_parser(before, after):
    old, new = before.split("\n"), after.split("\n")
    line = next(number for number, text in enumerate(old) if text != new[number])
    made = retouched(parse(before).root, line, old[line], new[line])
    assert whole(made) == whole(parse(after).root)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 128", "a: "),
        ("a: 128", "a: 128:"),
        ("a: 128", "a: 12 8"),
        ("a: 128", "b: 128"),
        ("a: 128", "a: -128"),
        ("a: 128 # x", "a: 128 # y"),
        ("a: '12'", "a: '123'"),
        ("a: !!str 12", "a: !!str 123"),
        ("a: {b: 1}", "a: {b: 12}"),
        ("a: one\n  two", "a: ones\n  two"),
        ("a:", "a: 1"),
    ],
)
def test_whatever_else_is_typed_is_parsed(before, after):
    old, new = before.split("\n"), after.split("\n")
    assert retouched(parse(before).root, 0, old[0], new[0]) is None


def test_what_the_parser_made_is_not_changed():
    root = parse("a: 1\nb: {c: 2}\n").root
    before = whole(root)
    made = retouched(root, 0, "a: 1", "a: 12")
    assert whole(root) == before
    assert made.entries[1][1] is root.entries[1][1]
