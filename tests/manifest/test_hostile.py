"""Texts that are made to hurt: each ends with a diagnostic, after work in proportion to the text."""

import sys
import tracemalloc
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sigma_ls.lsp.documents import ContentChange, Document, Position, Range
from sigma_ls.manifest import check_text
from sigma_ls.manifest.analysis import MOST_DIAGNOSTICS
from sigma_ls.syntax.document import Document as Text
from sigma_ls.syntax.parse import parse
from tests.manifest.test_analysis import LINES
from tests.support.check import SHELL
from tests.syntax.texts import PIECES, SECTIONS

URI = "untitled:/shop/sigma.yaml"

SLACK = 2_000
"""Calls that a text of any length may cost: patterns and tables that are made at first use."""
MOST_CALLS = 3_000_000
"""For a text of any size: what one piece may hold is bounded, and so are the pieces."""


def calls(work):
    """How many functions are called, Python's own among them: work that does not depend on the machine."""
    count = 0

    def note(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@settings(deadline=None, max_examples=30)
@example("  # sigma: ignore SIG207\n")
@given(st.lists(PIECES | LINES | st.text(max_size=5), min_size=1, max_size=6).map("".join))
def test_work_is_in_proportion_to_the_text(piece):
    for work in (parse, lambda text: Text(text, SECTIONS), check_text):
        work(piece * 2)  # What costs once is made now.
        few, many = calls(partial(work, piece * 25)), calls(partial(work, piece * 100))
        # Four times the text; work with the square of it would be sixteen times as much.
        assert many <= 6 * few + SLACK


def bomb(levels=30, by=10):
    rows = [f"  a{each}: &a{each} [{', '.join([f'*a{each - 1}'] * by)}]" for each in range(1, levels)]
    return "\n".join([f"{SHELL}template:", f"  a0: &a0 [{', '.join('x' * by)}]", *rows, ""])


def bomb_of_entries(levels=30, by=10):
    rows = [f"b{each}: &b{each} [{', '.join([f'*b{each - 1}'] * by)}]" for each in range(1, levels)]
    return "\n".join([f"b0: &b0 [{', '.join('x' * by)}]", *rows, ""])


def pile(functions=2_000):
    rows = [f"  f{each}: &f{each} {{<<: *f{each - 1}, k{each}: 1}}" for each in range(1, functions)]
    return "\n".join([f"{SHELL}functions:", "  f0: &f0 {k0: 1}", *rows, ""])


TEXTS = {
    "aliases": (bomb, "SIG007"),
    "aliases over entries": (bomb_of_entries, "SIG007"),
    "a line of 100 MB": (lambda: f"{SHELL}description: {'x' * 100_000_000}\n", "SIG008"),
    "a line of 100 MB in quotes": (lambda: f'{SHELL}description: "{"é" * 100_000_000}"\n', "SIG008"),
    "10 000 brackets": (lambda: f"{SHELL}template: {'[' * 10_000}{']' * 10_000}\n", "SIG008"),
    "10 000 braces": (lambda: SHELL + "template: " + "{a: " * 10_000 + "}" * 10_000 + "\n", "SIG008"),
    "10 000 dashes": (lambda: f"{SHELL}template:\n  {'- ' * 10_000}x\n", "SIG008"),
    "10 000 indents": (
        lambda: SHELL + "template:\n" + "".join(f"{' ' * each}a:\n" for each in range(1, 10_001)),
        "SIG008",
    ),
    "NUL": (lambda: f"{SHELL}description: a\0b\n", "SIG005"),
    "NULs": (lambda: "\0" * 100_000, "SIG005"),
    "half of a pair": (lambda: f"{SHELL}description: \ud800\n", "SIG005"),
    "what UTF-8 could not be read as": (lambda: f"{SHELL}description: \ufffd\x80\n", "SIG005"),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_hostile_texts_in_an_editor(kind):
    make, code = TEXTS[kind]
    text = make()
    tracemalloc.start()
    try:
        documents = []
        done = calls(lambda: documents.append(Document(URI, 1, text)))
        (document,) = documents
        document.analysis.settle()
        assert code in [each.code for each in document.analysis.diagnostics()]
        # The text itself, its lines, and a block of them that is read.
        assert tracemalloc.get_traced_memory()[1] < 20_000_000 + 3 * sys.getsizeof(text)
    finally:
        tracemalloc.stop()
    assert done < MOST_CALLS
    # What follows is served, and the text that it becomes has nothing left of it.
    document.apply(ContentChange("#", Range(Position(0, 0), Position(0, 0))), "utf-16")
    document.apply(ContentChange(SHELL), "utf-16")
    assert document.analysis.diagnostics() == []


def test_merges_that_pile_up():
    """Each function has the unknown keys of all before it: for a hundred thousand of them no near key is looked for."""
    document = Document(URI, 1, pile())
    # What aliases stand for is read besides the text; with a near key for each it would be three times as much.
    assert calls(document.analysis.settle) < 1.5 * MOST_CALLS
    found = document.analysis.diagnostics()
    assert {each.code for each in found} == {"SIG102", "SIG103"}
    # What is found in one place several times is shown once.
    assert len({(each.code, each.range, each.message) for each in found}) == len(found) <= MOST_DIAGNOSTICS
