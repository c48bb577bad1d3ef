"""The conversation with the editor in the log, as setting `trace` says; what a user typed as a secret is never in it."""

from __future__ import annotations

import json
import logging
from typing import Any, Literal

log = logging.getLogger(__name__)

Direction = Literal["from the editor", "to the editor"]

MAX_LINE = 2_000
"""Characters of one line: enough for all but texts of documents, of which the beginning tells which one it is."""

_HIDDEN = "(hidden)"


def trace(direction: Direction, message: dict[str, Any], *, verbose: bool) -> None:
    """Log one message, with its content where `verbose`."""
    text = f"{direction}: {_named(message)}"
    if verbose:
        content = {key: message[key] for key in ("params", "result", "error") if key in message}
        text += " " + json.dumps(_without_secrets(content), ensure_ascii=False, default=str)
    log.info("%s", text if len(text) <= MAX_LINE else text[:MAX_LINE] + "…")


def _named(message: dict[str, Any]) -> str:
    method = message.get("method", "answer")
    return f"{method} ({message['id']})" if "id" in message else str(method)


def _without_secrets(value: Any) -> Any:
    """The same value without the answers to questions for values (`sigma.deploy`, `sigma.answer`)."""
    match value:
        case dict():
            return {
                key: _HIDDEN if key in {"answer", "answers"} else _without_secrets(item) for key, item in value.items()
            }
        case list() | tuple():
            return [_without_secrets(item) for item in value]
        case _:
            return value
