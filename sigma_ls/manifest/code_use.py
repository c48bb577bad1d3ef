"""What a manifest says of files: the questions that `rules.code` answers."""

from __future__ import annotations

from attrs import frozen

from sigma_ls.manifest.schema.types import Platform
from sigma_ls.syntax.nodes import Spot


@frozen
class CodeUse:
    """What a function says of its code, with the places to show what is wrong with it."""

    code: str
    code_spot: Spot
    handler: str
    """Empty where it is missing or malformed."""
    handler_spot: Spot
    runtime: str
    platform: Platform | None

    @property
    def question(self) -> tuple[str, str, str, Platform | None]:
        """All that the answer depends on, besides the files."""
        return self.code, self.handler, self.runtime, self.platform


@frozen
class FileUse:
    """A file of the project that a key names, with the place to show what is wrong with it."""

    path: str
    spot: Spot
    key: str

    @property
    def question(self) -> tuple[str, str]:
        """All that the answer depends on, besides the files."""
        return self.path, self.key
