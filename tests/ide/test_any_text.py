"""At any place of any text, half-typed or not, every feature answers; it neither raises nor points out of the text."""

import contextlib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sigma_ls.ide.actions import actions
from sigma_ls.ide.code_places import file_place, links
from sigma_ls.ide.completion import complete, documentation
from sigma_ls.ide.hover import hover
from sigma_ls.ide.navigation import NotRenamable, declaration, mention_at, name_of, occurrences, rename
from sigma_ls.ide.ranges import folds, selections
from sigma_ls.manifest import Analysis
from sigma_ls.syntax.span import Position, Range
from tests.support.check import AnyFiles
from tests.syntax.texts import TEXTS

EXAMPLES = [path.read_text() for path in sorted((Path(__file__).parents[2] / "examples").glob("*/sigma.yaml"))]
WHOLE = """\
name: demo
platform: aws
aws: {region: eu-west-1}
stages:
  prod: {functions: {one: {deadLetter: jobs}}, resources: {jobs: null}}
functions:
  one:
    runtime: python3.9
    handler: app.handler
    code: src
    environment: {A: "${jobs.url}", B: {ask: Key}}
    triggers:
      - bucket: images
        events: [created, 'removed']
      - {http: "GET /{id}", auth: users}
    uses: {jobs: [send], images: raed}
    memroy: 512
resources:
  images: {type: bucket}
  jobs: &a {type: queue, properties: {Tags: !Sub "${Jobs.Arn}"}}
  users: *a
outputs:
  Url: {value: >-
    of ${jobs.url}
    and more}
"""


@st.composite
def prefixes(draw):
    """A manifest as far as somebody typed it, perhaps with what stands below, and a place in it."""
    text = draw(st.sampled_from([*EXAMPLES, WHOLE]))
    cut = draw(st.integers(0, len(text)))
    rest = text[text.find("\n", cut) :] if draw(st.booleans()) and "\n" in text[cut:] else ""
    shown = text[:cut] + rest
    at = cut if draw(st.booleans()) else draw(st.integers(0, len(shown)))
    return shown, at


def check(text, at):
    analysis = Analysis(AnyFiles(), "file:///project/sigma.yaml")
    analysis.open(text)
    before = text[:at]
    place = analysis.document.lines.position(before.count("\n"), at - (before.rfind("\n") + 1), "utf-32")
    lines = analysis.document.lines

    def within(where: Range) -> bool:
        return (
            where.start <= where.end
            and where.end.line < len(lines)
            and where.end.character <= len(lines.content(where.end.line))
        )

    found = complete(analysis, place)
    assert within(found.range)
    if found.items:
        assert found.range.start.line == found.range.end.line == place.line
        assert found.range.start <= place <= found.range.end
        assert all(isinstance(documentation(item, analysis), str) for item in found.items[:5])
    said = hover(analysis, place)
    assert said is None or (within(said.range) and said.markdown)
    for action in actions(analysis, analysis.diagnostics(), Range(Position(0, 0), Position(len(lines), 0))):
        assert all(within(edit.range) for edit in action.edits)
    mention = mention_at(analysis, place)
    if mention is not None:
        assert within(mention.range)
        assert mention.range in [each.range for each in occurrences(analysis, name_of(analysis, mention))]
        declaration(analysis, mention)
    with contextlib.suppress(NotRenamable):
        assert all(within(edit.range) for edit in rename(analysis, place, "other"))
    file_place(analysis, place)
    assert all(within(link.range) for link in links(analysis))
    assert all(fold.start < fold.end < len(lines) for fold in folds(analysis.document))
    assert all(within(each) for each in selections(analysis, place))


@settings(deadline=None)
@given(prefixes())
def test_at_any_place_of_a_half_typed_manifest(case):
    check(*case)


@settings(deadline=None)
@given(TEXTS, st.integers(0, 200))
def test_at_any_place_of_any_text(text, at):
    check(text, min(at, len(text)))
