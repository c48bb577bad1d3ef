from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigma_ls.ide.symbols import SymbolKind, document_symbols
from sigma_ls.syntax.blocks import Part
from sigma_ls.syntax.document import Document
from sigma_ls.syntax.span import Range
from tests.syntax.texts import SECTIONS, TEXTS

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/sigma.yaml"))

TEXT = """\
name: demo  # the name
functions:
  one:
    memory: 1
    # of one

  "two": {memory: 2}
resources:
  jobs: {type: queue}
"""


def outline(text):
    return [
        (each.name, each.kind, [(child.name, child.kind) for child in each.children])
        for each in document_symbols(Document(text, SECTIONS))
    ]


def test_outline():
    assert outline(TEXT) == [
        ("name", SymbolKind.KEY, []),
        ("functions", SymbolKind.SECTION, [("one", SymbolKind.FUNCTION), ("two", SymbolKind.FUNCTION)]),
        ("resources", SymbolKind.SECTION, [("jobs", SymbolKind.RESOURCE)]),
    ]


def test_ranges():
    functions = document_symbols(Document(TEXT, SECTIONS))[1]
    one, two = functions.children
    assert (functions.selection, functions.range) == (Range.of(1, 0, 1, 9), Range.of(1, 0, 6, 20))
    assert (one.selection, one.range) == (Range.of(2, 2, 2, 5), Range.of(2, 2, 3, 13))
    assert (two.selection, two.range) == (Range.of(6, 2, 6, 7), Range.of(6, 2, 6, 20))


def test_of_a_document_that_is_read_whole():
    (name, functions) = document_symbols(Document("{name: demo, functions: {one: {memory: 1}}}", SECTIONS))
    assert (name.name, name.selection) == ("name", Range.of(0, 1, 0, 5))
    assert functions.kind is SymbolKind.SECTION
    (one,) = functions.children
    assert (one.kind, one.selection, one.range) == (SymbolKind.FUNCTION, Range.of(0, 25, 0, 28), Range.of(0, 25, 0, 41))


def test_of_what_is_being_typed():
    assert outline("name: demo\nfunctions:\n  one:\n    memory: [\n  tw\n") == [
        ("name", SymbolKind.KEY, []),
        ("functions", SymbolKind.SECTION, [("one", SymbolKind.FUNCTION), ("tw", SymbolKind.FUNCTION)]),
    ]


@settings(deadline=None)
@given(TEXTS)
def test_of_any_text(text):
    document = Document(text, SECTIONS)
    for each in document_symbols(document):
        for symbol in [each, *each.children]:
            assert symbol.range.start <= symbol.selection.start
            assert symbol.selection.end <= symbol.range.end
            assert symbol.range.end.line < len(document.lines)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
@settings(deadline=None)
@given(data=st.data())
def test_any_prefix_of_an_example_has_its_whole_blocks(path, data):
    text = path.read_text()
    prefix = text[: data.draw(st.integers(0, len(text)))]
    # A block is whole where the next one has begun, or the text ends: then nothing that follows is of it.
    lines = prefix.count("\n")
    blocks = [block for block in Document(text, SECTIONS).blocks if block.part in (Part.ENTRY, Part.CHILD)]
    whole = [block.name for block in blocks if block.start + block.count <= lines]
    found = [
        name
        for each in document_symbols(Document(prefix, SECTIONS))
        for name in (each.name, *(child.name for child in each.children))
    ]
    assert found[: len(whole)] == whole
    assert len(found) - len(whole) in (0, 1, 2)
