"""One module for each group of methods; every one registers its handlers on a session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sigma_ls.lsp.features import commands, configuration, deployments, dialogs, lifecycle
from sigma_ls.lsp.session import Session

FEATURES: Final[tuple[Callable[[Session], None], ...]] = (
    lifecycle.register,
    configuration.register,
    commands.register,
    deployments.register,
    dialogs.register,
)
"""All of them."""
