"""The deployment template of a project as text, for people to read: no build, no cloud, no asked value."""

from __future__ import annotations

from typing import Literal

from attrs import frozen


@frozen
class TemplateText:
    """A rendered template; `resources` is how many it holds."""

    text: str
    language_id: Literal["yaml", "json"]
    resources: int


def template_text(
    manifest: str, *, text: str | None = None, stage: str | None = None, language_id: Literal["yaml", "json"] = "yaml"
) -> TemplateText:
    """The template of the manifest at a path or URI; `text` is the editor's unsaved text.

    Raises:
        Refused: `noManifest`, `unknownStage`, `unsupported`, or `manifestHasErrors` with the first of them.
    """
    raise NotImplementedError
