"""A command that ends without having done its work, in words for a person."""

from __future__ import annotations


class Failure(Exception):
    """`message` says what is wrong with what, `next_step` what to do now."""

    def __init__(self, message: str, next_step: str = "", *, exit_status: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.exit_status = exit_status
