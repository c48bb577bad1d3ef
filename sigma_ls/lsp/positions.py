"""Places between our code points and the editor's units; the texts themselves count (`sigma_ls.syntax.lines`)."""

from __future__ import annotations

from typing import Any

from sigma_ls.lsp.client import Encoding
from sigma_ls.syntax.lines import Lines
from sigma_ls.syntax.span import Position, Range


def range_json(range_: Range, lines: Lines, encoding: Encoding) -> dict[str, Any]:
    """A range as LSP has it."""
    start, end = lines.to_units(range_.start, encoding), lines.to_units(range_.end, encoding)
    return {"start": _position_json(start), "end": _position_json(end)}


def _position_json(position: Position) -> dict[str, int]:
    return {"line": position.line, "character": position.character}
