from pathlib import Path

import pytest
from hypothesis import given, settings

from sigma_ls.manifest.tree import whole_tree
from sigma_ls.syntax.blocks import Part
from sigma_ls.syntax.document import Document
from sigma_ls.syntax.nodes import Mapping
from sigma_ls.syntax.parse import parse
from sigma_ls.syntax.span import Range
from tests.syntax.test_parse import plain
from tests.syntax.texts import SECTIONS, TEXTS, edits

TEXT = """\
# a comment
name: demo
functions: # all of them
  one:
    memory: 1

  # of one
  two: {memory: 2}
resources:
    three: {}
outputs: {a: 1}
"""

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/sigma.yaml"))


def table(document):
    return [
        (block.part, block.section, block.name, block.start, block.count, block.misfit) for block in document.blocks
    ]


def names(blocks):
    return [block.name for block in blocks]


def entries(root):
    """The top-level entries of a tree; a section without entries is as one without a value."""
    return [(plain(key), plain(value) or None) for key, value in root.entries]


def test_blocks():
    assert table(Document(TEXT, SECTIONS)) == [
        (Part.PROLOG, "", "", 0, 1, False),
        (Part.ENTRY, "", "name", 1, 1, False),
        (Part.ENTRY, "functions", "functions", 2, 1, False),
        (Part.CHILD, "functions", "one", 3, 4, False),
        (Part.CHILD, "functions", "two", 7, 1, False),
        (Part.ENTRY, "resources", "resources", 8, 1, False),
        (Part.CHILD, "resources", "three", 9, 1, False),
        (Part.ENTRY, "", "outputs", 10, 2, False),
    ]


def test_an_edit_touches_its_block_only():
    document = Document(TEXT, SECTIONS)
    kept = [block for block in document.blocks if block.name != "one"]
    change = document.edit(Range.of(4, 12, 4, 13), "512")
    assert (names(change.removed), names(change.added), change.moved) == (["one"], ["one"], False)
    assert [block for block in document.blocks if block.name != "one"] == kept


def test_a_new_line_moves_the_rest_down():
    document = Document(TEXT, SECTIONS)
    two = document.blocks[4]
    change = document.edit(Range.of(4, 13, 4, 13), "\n    timeout: 3")
    assert (names(change.removed), names(change.added), change.moved) == (["one"], ["one"], True)
    assert document.blocks[4] is two
    assert two.start == 8


def test_a_new_entry_adds_one_block():
    document = Document(TEXT, SECTIONS)
    change = document.edit(Range.of(7, 0, 7, 0), "  extra: {}\n")
    assert (names(change.removed), names(change.added)) == (["two"], ["extra", "two"])


def test_a_section_that_is_no_longer_one_keeps_its_neighbours():
    document = Document(TEXT, SECTIONS)
    change = document.edit(Range.of(8, 9, 8, 10), "")
    assert set(names(change.removed)) == {"resources", "three"}
    assert table(document) == table(Document(document.text, SECTIONS))
    back = document.edit(Range.of(8, 9, 8, 9), ":")
    assert set(names(back.added)) == {"resources", "three"}
    assert table(document) == table(Document(TEXT, SECTIONS))


def test_block_at():
    document = Document(TEXT, SECTIONS)
    assert [document.block_at(line).name for line in (0, 1, 5, 7, 11, 99)] == [
        "",
        "name",
        "one",
        "two",
        "outputs",
        "outputs",
    ]


@settings(deadline=None)
@given(edits())
def test_edits_one_by_one_make_the_table_of_the_whole_text(case):
    text, steps = case
    document = Document(text, SECTIONS)
    for line, start, more, end, new in steps:
        before = list(document.blocks)
        change = document.edit(Range.of(line, start, line + more, end), new)
        fresh = Document(document.text, SECTIONS)
        if not document.whole:
            assert table(document) == table(fresh)
        assert sum(block.count for block in document.blocks) == len(document.lines)
        kept = [block for block in before if not any(block is gone for gone in change.removed)]
        assert {id(block) for block in document.blocks} == {id(block) for block in [*kept, *change.added]}


@settings(deadline=None)
@given(edits())
def test_kept_blocks_read_as_new_ones_do(case):
    text, steps = case
    document = Document(text, SECTIONS)
    for line, start, more, end, new in steps:
        document.edit(Range.of(line, start, line + more, end), new)
    fresh = Document(document.text, SECTIONS)
    if not document.whole:
        found = [document.parse(block) for block in document.blocks]
        expected = [fresh.parse(block) for block in fresh.blocks]
        assert [plain(each.root) for each in found] == [plain(each.root) for each in expected]
        assert [each.problems for each in found] == [each.problems for each in expected]


@settings(deadline=None)
@given(TEXTS)
def test_block_by_block_is_as_the_whole_where_both_can_be_read(text):
    whole = parse(text)
    document = Document(text, SECTIONS)
    if not whole.complete or whole.problems or not isinstance(whole.root, Mapping):
        return
    parsed = [document.parse(block) for block in document.blocks]
    if any(not each.complete or each.problems or each.unknown_aliases for each in parsed):
        # Then it is read whole, and is the same.
        assert document.whole or document.read_whole() is not None
        return
    assert entries(whole_tree(document)) == entries(whole.root)


@pytest.mark.parametrize(
    "text",
    [
        "functions:\n  one: &a\n    x: 1\n  two: *a\n",
        'functions:\n  one:\n    d: "a\n  b: c\n  d"\n  two: {}\n',
        "? functions\n: {one: {}}\n",
        "{name: demo, functions: {one: {}}}",
        "--- {name: demo}\n",
        "functions:\n    one: {x: 1,\n  y: 2}\n    two: {}\n",
    ],
)
def test_shapes_that_are_yaml_only_as_a_whole(text):
    document = Document(text, SECTIONS)
    assert document.whole or document.read_whole() is not None
    assert all(document.parse(block).complete for block in document.blocks)
    assert [
        plain(key) for b in document.blocks if b.part is Part.ENTRY for key, _ in document.parse(b).root.entries
    ] == [plain(key) for key, _ in parse(text).root.entries]


def test_a_whole_document_becomes_one_of_blocks_when_it_breaks():
    document = Document('functions:\n  one: {d: "a\n  b: c\n  d"}\n  two: {}\n', SECTIONS)
    assert document.read_whole() is not None
    document.edit(Range.of(4, 6, 4, 6), " {")
    assert not document.whole
    assert document.read_whole() is None


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_any_prefix_of_an_example_keeps_its_whole_blocks(path):
    text = path.read_text()
    complete = [block for block in Document(text, SECTIONS).blocks if block.part is Part.CHILD]
    for length in range(0, len(text), 7):
        document = Document(text[:length], SECTIONS)
        lines = len(document.lines) - 1
        done = [block.name for block in complete if block.start + block.count <= lines]
        found = [block.name for block in document.blocks if block.part is Part.CHILD and document.parse(block).complete]
        assert found[: len(done)] == done
