"""The analysis of a manifest."""

from __future__ import annotations

from sigma_ls.manifest.lower import Lowered, lower_tree, unknown_stage
from sigma_ls.manifest.read import Unreadable
from sigma_ls.manifest.schema import SECTIONS
from sigma_ls.manifest.tree import whole_tree
from sigma_ls.syntax.document import Document


def lower(text: str, stage: str | None = None) -> Lowered:
    """The project that `text` describes for a stage (by default its first)."""
    root = whole_tree(Document(text, SECTIONS))
    if stage is not None and (unknown := unknown_stage(root, stage)) is not None:
        return Lowered(None, (unknown,))
    try:
        return Lowered(lower_tree(root, stage), ())
    except Unreadable:
        return Lowered(None, ())
