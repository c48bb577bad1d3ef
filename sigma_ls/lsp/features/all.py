"""All features that wait for the answer of `initialize`, in the order in which they hear of a deployment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from lsprotocol import types

from sigma_ls.lsp.features import documents, editing, linting, pulling, symbols
from sigma_ls.lsp.session import Session


def _with_the_first_command(session: Session) -> None:
    @session.protocol.handle(types.WORKSPACE_EXECUTE_COMMAND)
    async def execute_command(params: Any) -> Any:
        from sigma_ls.lsp.features import commands  # noqa: PLC0415 - the first diagnostics do not wait for it

        return await commands.execute_command(session, params)


def _with_the_first_deployment(session: Session) -> None:
    def register() -> None:
        from sigma_ls.lsp.features import deployments, dialogs  # noqa: PLC0415 - the first diagnostics do not wait for it

        deployments.register(session)
        dialogs.register(session)

    session.before_deployments.append(register)


FEATURES: Final[tuple[Callable[[Session], None], ...]] = (
    documents.register,
    linting.register,
    pulling.register,
    symbols.register,
    editing.register,
    _with_the_first_command,
    _with_the_first_deployment,
)
"""One module for each group of methods; every one registers its handlers on a session."""
