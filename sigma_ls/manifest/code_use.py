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
    layered: bool = False
    """Whether layers bring files of their own."""

    @property
    def question(self) -> tuple[str, str, str, Platform | None, bool]:
        """All that the answer depends on, besides the files."""
        return self.code, self.handler, self.runtime, self.platform, self.layered

    @property
    def module(self) -> str:
        """The part of the handler that names its module: for Node.js it ends at the file name's first dot."""
        if not self.runtime.startswith("nodejs"):
            return self.handler.rpartition(".")[0]
        folder, slash, name = self.handler.rpartition("/")
        return folder + slash + name.partition(".")[0]

    @property
    def name(self) -> str:
        """What is looked for in that module; on Google Cloud all of the handler."""
        return self.handler[len(self.module) + 1 :] if self.module else self.handler


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
