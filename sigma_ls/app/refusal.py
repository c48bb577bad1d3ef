"""A request that is not carried out, with a word for programs and a sentence for people."""

from __future__ import annotations


class Refused(Exception):
    """Nothing was begun and nothing has changed.

    `code` is lowerCamel and stable (`docs/protocol.md`), `message` says what is refused, why, and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
