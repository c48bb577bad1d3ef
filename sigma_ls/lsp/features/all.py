"""All features that wait for the answer of `initialize`, in the order in which they hear of a deployment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sigma_ls.lsp.features import commands, deployments, dialogs, documents, editing, linting, pulling, symbols
from sigma_ls.lsp.session import Session

FEATURES: Final[tuple[Callable[[Session], None], ...]] = (
    documents.register,
    linting.register,
    pulling.register,
    symbols.register,
    editing.register,
    commands.register,
    deployments.register,
    dialogs.register,
)
