"""The one way in which synthesis refuses a project."""

from __future__ import annotations

from sigma_ls.syntax.span import Range


class Unsupported(Exception):
    """A part of a project of which no template can be made; `range` is where the manifest asks for it.

    The message says what cannot be done, why, and what to do instead, for a person to read.
    """

    def __init__(self, message: str, range: Range) -> None:  # noqa: A002 - every class here calls its range so
        super().__init__(message)
        self.message = message
        self.range = range
