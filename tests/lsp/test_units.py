"""An editor that counts in UTF-16 or UTF-8: its text and ours stay the same, and places mean the same characters."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from sigma_ls.lsp.documents import ContentChange, Document, Position, Range
from sigma_ls.lsp.positions import range_json

URI = "untitled:/shop/sigma.yaml"
CODES = {"utf-16": ("utf-16-le", 2), "utf-8": ("utf-8", 1)}
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")

TEXTS = st.lists(
    st.sampled_from(
        [
            "a",
            "name: ",
            "😀",
            "👩\u200d🚀",
            "e\u0301",
            "ﬁ",
            "\n",
            "\r\n",
            "\r",
            "\ufeff",
            "\u2028",
            "\u2029",
            "\x85",
            "\ud83d",
            "\t",
            "  jobs: {type: queu}\n",
            "resources:\r\n",
        ]
    ),
    max_size=14,
).map("".join)


class TheirText:
    """The editor's own text, in code units, with lines as the protocol has them."""

    def __init__(self, text: str, encoding: str) -> None:
        self._codec, self._size = CODES[encoding]
        self.text = text

    def starts(self) -> list[int]:
        """Where lines start, in code points."""
        ends = [match.end() for match in _LINE.finditer(self.text)]
        return [0, *(end for end in ends if end < len(self.text) or (self.text and self.text[-1] in "\r\n"))]

    def position(self, offset: int) -> Position:
        """The place of a code point, as the editor counts."""
        line = max(number for number, start in enumerate(self.starts()) if start <= offset)
        return Position(line, self.units(self.text[self.starts()[line] : offset]))

    def units(self, text: str) -> int:
        return len(text.encode(self._codec, "surrogatepass")) // self._size


@settings(deadline=None)
@given(
    TEXTS,
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20), TEXTS), max_size=6),
    st.sampled_from(["utf-16", "utf-8"]),
)
def test_edits_mean_the_same_characters(text, steps, encoding):
    theirs = TheirText(text, encoding)
    ours = Document(URI, 1, text)
    for offset, length, new in steps:
        start = min(offset, len(theirs.text))
        end = min(start + length, len(theirs.text))
        if any(theirs.text[at - 1 : at + 1] == "\r\n" for at in (start, end)):
            continue  # No editor's cursor stands within a line break.
        ours.apply(ContentChange(new, Range(theirs.position(start), theirs.position(end))), encoding)
        theirs.text = theirs.text[:start] + new + theirs.text[end:]
        assert ours.analysis.text == theirs.text


@settings(deadline=None)
@given(TEXTS, st.sampled_from(["utf-16", "utf-8"]))
def test_places_of_diagnostics_mean_the_same_characters(text, encoding):
    theirs = TheirText(text, encoding)
    ours = Document(URI, 1, text)
    starts = theirs.starts()
    for each in ours.analysis.diagnostics():
        shown = range_json(each.range, ours.lines, encoding)
        for place, sent in ((each.range.start, shown["start"]), (each.range.end, shown["end"])):
            if place.line < len(starts):
                expected = theirs.position(min(starts[place.line] + place.character, len(theirs.text)))
                assert (sent["line"], sent["character"]) == (expected.line, expected.character)
