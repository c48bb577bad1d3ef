"""What is wrong with a text as YAML; `sigma_ls.manifest` gives it a code and shows it."""

from __future__ import annotations

from enum import Enum

from attrs import frozen

from sigma_ls.syntax.span import Range


class ProblemKind(Enum):
    """The families of problems that a person corrects in different ways."""

    SYNTAX = "syntax"
    TAB = "tab"
    INDENTATION = "indentation"
    DUPLICATE_KEY = "duplicate key"
    CHARACTER = "character"
    ALIAS = "alias"
    ALIAS_SIZE = "alias size"
    DEPTH = "depth"
    SIZE = "size"
    SECOND_DOCUMENT = "second document"


@frozen
class Problem:
    """One of them; `range` and `related` (the first of two duplicates) count lines like the parsed text's nodes."""

    kind: ProblemKind
    message: str
    range: Range
    related: Range | None = None

    def shifted(self, lines: int) -> Problem:
        """The same problem, `lines` further down."""
        if not lines:
            return self
        related = self.related.shifted(lines) if self.related is not None else None
        return Problem(self.kind, self.message, self.range.shifted(lines), related)
