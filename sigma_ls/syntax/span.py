"""Places in a text: zero-based lines and characters, counted in code points.

Editors count in UTF-16 or UTF-8 units; `sigma_ls.lsp` converts at the edge.
"""

from __future__ import annotations

from attrs import frozen


@frozen(order=True)
class Position:
    """A place between two characters; `character` counts code points from the line's start."""

    line: int
    character: int


@frozen(order=True)
class Range:
    """From `start` up to, not including, `end`."""

    start: Position
    end: Position

    @staticmethod
    def of(start_line: int, start_character: int, end_line: int, end_character: int) -> Range:
        """The range between two places given as numbers."""
        return Range(Position(start_line, start_character), Position(end_line, end_character))

    def shifted(self, lines: int) -> Range:
        """The same range, `lines` further down."""
        if not lines:
            return self
        return Range(
            Position(self.start.line + lines, self.start.character),
            Position(self.end.line + lines, self.end.character),
        )


START = Range.of(0, 0, 0, 0)
"""The beginning of a text: for findings about a text as a whole."""
