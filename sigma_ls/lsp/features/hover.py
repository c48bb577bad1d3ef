"""Hover as LSP has it: Markdown, or plain text for editors that show no other."""

from __future__ import annotations

from typing import Any

from sigma_ls.ide.describe import plain
from sigma_ls.ide.hover import hover as find_hover
from sigma_ls.lsp.asking import place_of
from sigma_ls.lsp.positions import range_json
from sigma_ls.lsp.session import Session


def hover(session: Session, params: Any) -> dict[str, Any] | None:
    """What is known of a place."""
    asked = place_of(session, params)
    found = find_hover(asked[0].analysis, asked[1]) if asked is not None else None
    if asked is None or found is None:
        return None
    markdown = session.client.hover_markdown
    contents = {
        "kind": "markdown" if markdown else "plaintext",
        "value": found.markdown if markdown else plain(found.markdown),
    }
    return {"contents": contents, "range": range_json(found.range, asked[0].lines, session.client.encoding)}
