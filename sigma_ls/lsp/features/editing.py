"""Completion, hover, quick fixes, navigation and the like: announced here, loaded when an editor first asks for one.

Each is a function that takes the session and the parameters as they came, and answers as LSP has it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from lsprotocol import types

from sigma_ls.lsp.session import Session

COMPLETION_TRIGGERS: Final = ("$", "{", ".", " ")
"""Characters that open the list by themselves; `sigma_ls.ide.completion` says where."""

FEATURES: Final[Mapping[str, tuple[str, str]]] = {
    types.TEXT_DOCUMENT_COMPLETION: ("completion", "complete"),
    types.TEXT_DOCUMENT_HOVER: ("hover", "hover"),
    types.TEXT_DOCUMENT_CODE_ACTION: ("code_actions", "code_actions"),
    types.TEXT_DOCUMENT_DEFINITION: ("navigation", "definition"),
    types.TEXT_DOCUMENT_REFERENCES: ("navigation", "references"),
    types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: ("navigation", "highlights"),
    types.TEXT_DOCUMENT_PREPARE_RENAME: ("navigation", "prepare_rename"),
    types.TEXT_DOCUMENT_RENAME: ("navigation", "rename"),
    types.TEXT_DOCUMENT_DOCUMENT_LINK: ("ranges", "document_links"),
    types.TEXT_DOCUMENT_FOLDING_RANGE: ("ranges", "folding_ranges"),
    types.TEXT_DOCUMENT_SELECTION_RANGE: ("ranges", "selection_ranges"),
}
"""By method: the module beside this one, and its function."""


def register(session: Session) -> None:
    """Answer all of them."""
    for method, (module, name) in FEATURES.items():
        session.protocol.handle(method)(_on_demand(session, module, name))


def _on_demand(session: Session, module: str, name: str) -> Callable[[Any], Any]:
    def handler(params: Any) -> Any:
        function = getattr(importlib.import_module(f"sigma_ls.lsp.features.{module}"), name)
        return function(session, params)

    handler.__name__ = handler.__qualname__ = name
    return handler
