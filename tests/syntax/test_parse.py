import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sigma_ls.syntax.nodes import Mapping, Scalar, Sequence, lookup, range_of
from sigma_ls.syntax.parse import EventSource, PurePython, parse
from sigma_ls.syntax.problem import ProblemKind
from sigma_ls.syntax.scalars import typed
from sigma_ls.syntax.span import Range
from tests.syntax.texts import TEXTS

BOTH = pytest.mark.parametrize("source", [EventSource, PurePython])


def plain(node):
    """The tree as Python values."""
    match node:
        case Mapping():
            return [(plain(key), plain(value)) for key, value in node.entries]
        case Sequence():
            return [plain(item) for item in node.items]
        case Scalar():
            return typed(node)
        case None:
            return None


def values(node):
    """A mapping as a dict."""
    match node:
        case Mapping():
            return {key.value: values(value) for key, value in node.entries}
        case Sequence():
            return [values(item) for item in node.items]
        case _:
            return node.value


def parts(node):
    yield node
    if isinstance(node, Mapping):
        for key, value in node.entries:
            yield from parts(key)
            yield from parts(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from parts(item)


def test_libyaml_is_there():
    # Everything works without it, twenty times slower: a machine that tests us must not hide that.
    assert yaml.__with_libyaml__
    assert EventSource is not PurePython


@BOTH
def test_ranges(source):
    text = "a: [1, {b: 'x y'}]\nc:\n  - d: |\n      text\n      more\n\n  # comment\ne: é😀z\n"
    root = parse(text, source).root
    assert range_of(root) == Range.of(0, 0, 7, 6)
    a, c, e = (entry[1] for entry in root.entries)
    assert range_of(a) == Range.of(0, 3, 0, 18)
    assert range_of(a.items[1].entries[0][1]) == Range.of(0, 11, 0, 16)
    assert range_of(c) == Range.of(2, 2, 4, 10)
    assert range_of(c.items[0].entries[0][1]) == Range.of(2, 7, 4, 10)
    assert range_of(e) == Range.of(7, 3, 7, 6)


@BOTH
def test_an_alias_stands_where_it_is_written(source):
    root = parse("a: &x {b: 1}\nc: *x\nd: [*x]\n", source).root
    assert plain(lookup(root, "c")) == [("b", 1)]
    assert range_of(lookup(root, "c")) == Range.of(1, 3, 1, 5)
    assert range_of(lookup(root, "d").items[0]) == Range.of(2, 4, 2, 6)
    assert range_of(lookup(lookup(root, "c"), "b")) == Range.of(0, 10, 0, 11)


@BOTH
def test_an_anchor_may_be_set_again(source):
    parsed = parse("a: &x 1\nb: &x 2\nc: *x\n", source)
    assert parsed.problems == []
    assert lookup(parsed.root, "c").value == "2"


@BOTH
def test_merge_keys(source):
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 0\n"
    assert values(lookup(parse(text, source).root, "c")) == {"x": "0", "y": "1", "z": "2"}


@BOTH
def test_duplicate_keys_are_kept_and_told(source):
    parsed = parse("a: {b: 1, b: 2}", source)
    (problem,) = parsed.problems
    assert problem.kind is ProblemKind.DUPLICATE_KEY
    assert (problem.range, problem.related) == (Range.of(0, 10, 0, 11), Range.of(0, 4, 0, 5))
    assert parsed.complete


@BOTH
def test_what_was_read_before_an_error_is_kept(source):
    parsed = parse("a: 1\nb: [2, 3\nc: {", source)
    assert values(parsed.root)["a"] == "1"
    assert not parsed.complete


@BOTH
def test_line_breaks_that_only_libyaml_knows(source):
    root = parse('a\u2028: "b\u0085c"\nd: e\u2029f\ufeffg\n', source).root
    assert [(key.value, value.value) for key, value in root.entries] == [
        ("a\u2028", "b\u0085c"),
        ("d", "e\u2029f\ufeffg"),
    ]
    assert range_of(root.entries[1][1]) == Range.of(1, 3, 1, 8)


@BOTH
def test_a_byte_order_mark_takes_a_column(source):
    root = parse("\ufeffa: 1\nb: 2\n", source).root
    assert range_of(root.entries[0][0]) == Range.of(0, 1, 0, 2)
    assert range_of(root.entries[1][0]) == Range.of(1, 0, 1, 1)
    problem = parse("\ufeffa: [", source).problems[0]
    assert problem.range == Range.of(0, 4, 0, 5)


@BOTH
@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\ud800", "\ufffe"])
def test_characters_that_yaml_does_not_allow(source, character):
    parsed = parse(f"a: x\nb: y{character}z\n", source)
    (problem,) = parsed.problems
    assert (problem.kind, problem.range) == (ProblemKind.CHARACTER, Range.of(1, 4, 1, 5))
    assert lookup(parsed.root, "b").value == "y\ufffdz"


def test_many_bad_characters_are_not_told_one_by_one():
    assert len(parse("a: " + "\x00" * 1000).problems) == 20


@BOTH
def test_depth_is_bounded(source):
    for text in ("[" * 5_000, "{a: " * 5_000, "- " * 5_000, "".join(f"{' ' * n}a:\n" for n in range(300))):
        (problem,) = (each for each in parse(text, source).problems if each.kind is ProblemKind.DEPTH)
        assert "100 levels" in problem.message


def test_size_is_bounded():
    parsed = parse("a" * 1_000_001)
    assert [each.kind for each in parsed.problems] == [ProblemKind.SIZE]


@BOTH
def test_aliases_are_bounded(source):
    rows = ["a0: &a0 [x]"] + [f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}, *a{n}, *a{n}]" for n in range(30)]
    parsed = parse("\n".join(rows), source)
    assert [each.kind for each in parsed.problems] == [ProblemKind.ALIAS_SIZE]
    assert parsed.complete


@BOTH
def test_a_second_document_is_left_out(source):
    parsed = parse("a: 1\n---\nb: 2\n", source)
    assert values(parsed.root) == {"a": "1"}
    assert [each.kind for each in parsed.problems] == [ProblemKind.SECOND_DOCUMENT]


@settings(deadline=None)
@given(TEXTS | st.text(), st.sampled_from([EventSource, PurePython]))
@example('[name: demo\n"', EventSource)
def test_never_raises_and_ranges_nest(text, source):
    parsed = parse(text, source)
    lines = text.count("\n") + text.count("\r") + 1
    if parsed.root is None:
        return
    for node in parts(parsed.root):
        start, end = (node.line, node.column), (node.end_line, node.end_column)
        assert (0, 0) <= start <= end
        assert node.end_line < lines
    for problem in parsed.problems:
        assert problem.range.start <= problem.range.end


SAFE = st.recursive(
    st.text(alphabet="abc xyz", min_size=1, max_size=6).map(str.strip).filter(bool) | st.integers(0, 99),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abcdef", min_size=1, max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(TEXTS.filter(lambda text: "<<" not in text))
def test_skimming_finds_the_same_faults_and_keys(text):
    full, skimmed = parse(text), parse(text, skim=True)
    found, again = ([each for each in parsed.problems if _is_of_the_text(each)] for parsed in (full, skimmed))
    assert (again, skimmed.complete, skimmed.unknown_aliases) == (found, full.complete, full.unknown_aliases)
    if type(full.root) is Mapping:
        assert [range_of(part) for entry in full.root.entries for part in entry] == [
            range_of(part) for entry in skimmed.root.entries for part in entry
        ]


def _is_of_the_text(problem):
    # What aliases stand for is left out when it is skimmed, so that there cannot be too much of it.
    return problem.kind is not ProblemKind.ALIAS_SIZE


@given(SAFE, st.booleans())
def test_reads_what_another_library_writes(value, flow):
    text = yaml.safe_dump({"root": value}, default_flow_style=flow)
    expected = yaml.load(text, Loader=yaml.BaseLoader)
    assert values(parse(text).root) == expected
    assert values(parse(text, PurePython).root) == expected


WORDED = [
    ("a: {b: 1,, c: 2}", 9, "Nothing stands before this ','"),
    ("a: [}", 4, "'}' does not close the '[' that is open: write ']'"),
    ("a: {b: [}", 8, "'}' does not close the '[' that is open: write ']'"),
    ("a: {]", 4, "']' does not close the '{' that is open: write '}'"),
    ("a: ]", 3, "']' closes nothing"),
    ("a: {b: c}}", 9, "'}' closes nothing"),
    ("a: {: b}", 4, "The key before this ':' is missing"),
    ("a: {- b: c}", 4, "has no '-': separate items by ','"),
    ("a: {b: c} d", 10, "The value is complete before this: remove what follows"),
    ('a: "b" c', 7, "The value is complete before this: remove what follows"),
    ("a: {b: !}", 8, "put quotes around a text that begins with '!'"),
    ("a: !<b c", 6, "put quotes around a text that begins with '!'"),
    ("a: {b: *}", 8, "Expected a name after '&' or '*'"),
    ("a: |b", 4, "begin the text on the next line"),
    ("a: |0\n b", 4, "from 1 to 9"),
    ('a: "\\x4"', 6, "two hexadecimal digits"),
    ("a: !e!b c", 3, "Unknown tag: write one of CloudFormation's"),
    ("%YAML 1.2\n%YAML 1.2\n---\na: b", 0, "A second %YAML directive"),
    ("a: b\n- c", 0, "A list item cannot stand among keys"),
    ("- a\nb: c", 0, "Expected another '- ' item"),
]


@BOTH
@pytest.mark.parametrize(("text", "column", "message"), WORDED)
def test_what_is_said_by_either_parser(text, column, message, source):
    (problem,) = parse(text, source).problems
    assert problem.range.start.character == column
    assert message in problem.message


@pytest.mark.parametrize("text", ["{functions:}", "a: {functions:}", "a: {b: c, functions:{d: e}}"])
def test_a_colon_without_a_blank_within_brackets(text):
    """PyYAML's own parser takes the ':' for a part of the text."""
    (problem,) = parse(text).problems
    assert text[problem.range.start.character] == ":"
    assert problem.message == "Within brackets a blank must follow the ':': write 'functions: '."
