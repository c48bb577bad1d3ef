"""Diagnostics as LSP has them, as plain dictionaries.

They are made at each keystroke, and building lsprotocol's objects would cost more than the analysis does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sigma_ls.lsp.client import Client
from sigma_ls.lsp.positions import range_json
from sigma_ls.manifest.diagnostic import SOURCE, Diagnostic, Related
from sigma_ls.syntax.lines import Lines


def diagnostics_json(found: Iterable[Diagnostic], uri: str, lines: Lines, client: Client) -> list[dict[str, Any]]:
    """All of them, for an editor that shows what its flags say."""
    return [_json(each, uri, lines, client) for each in found]


def _json(found: Diagnostic, uri: str, lines: Lines, client: Client) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "range": range_json(found.range, lines, client.encoding),
        "severity": found.severity.value,
        "code": found.code,
        "source": SOURCE,
        "message": found.message,
    }
    if client.links_codes and found.href:
        shown["codeDescription"] = {"href": found.href}
    if tags := [tag.value for tag in found.tags if tag.value in client.tags]:
        shown["tags"] = tags
    if client.shows_related and found.related:
        shown["relatedInformation"] = [
            {
                "location": _location(other, uri, lines, client),
                "message": other.message,
            }
            for other in found.related
        ]
    return shown


def _location(other: Related, uri: str, lines: Lines, client: Client) -> dict[str, Any]:
    if not other.uri:
        return {"uri": uri, "range": range_json(other.range, lines, client.encoding)}
    # A whole line of another text, which starts alike in all units.
    start = {"line": other.range.start.line, "character": 0}
    return {"uri": other.uri, "range": {"start": start, "end": start}}
