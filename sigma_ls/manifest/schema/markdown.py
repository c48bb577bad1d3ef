"""What the field table says of a key, as Markdown: for hover, the JSON Schema and the reference page."""

from __future__ import annotations

from sigma_ls.manifest.schema.types import Field


def markdown_of(each: Field) -> str:
    """The key's description, with its detail and the link to the cloud's own documentation."""
    parts = [each.doc, each.detail, f"[Documentation]({each.link})" if each.link else ""]
    return "\n\n".join(part for part in parts if part)
