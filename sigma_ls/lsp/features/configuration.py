"""The settings: asked of the editor where it answers, else taken as it sends them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sigma_ls.app.settings import settings_from
from sigma_ls.lsp.announced import SECTION
from sigma_ls.lsp.session import Session

PATIENCE = 5.0
"""Seconds in which an editor answers for its settings.  A guess; most take some milliseconds."""


def register(session: Session) -> None:
    """Hear of changed settings."""

    @session.protocol.handle(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(params: Any) -> None:
        if session.client.answers_configuration:
            ask(session)
        else:
            apply(session, section_of(params.get("settings") if isinstance(params, dict) else None))


def ask(session: Session) -> None:
    """Ask the editor for the settings, where it can be asked; `Session.settings_known` waits for its answer."""
    if session.client.answers_configuration:
        session.asks_for_settings(session.spawn(_fetch, session))


async def _fetch(session: Session) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            values = await session.protocol.ask(types.WORKSPACE_CONFIGURATION, {"items": [{"section": SECTION}]})
    except (JsonRpcException, TimeoutError) as error:
        why = f"no answer within {PATIENCE:g} seconds" if isinstance(error, TimeoutError) else str(error)
        session.status.problem("configuration", f"The settings could not be read: {why}. Defaults are used.")
        return
    session.status.problem("configuration", None)
    if isinstance(values, list) and values:
        apply(session, section_of(values[0]))


async def watch(session: Session) -> None:
    """Have the editor tell of changes, where it wants to be asked for that."""
    if not session.client.registers_configuration:
        return
    registration = {"id": "configuration", "method": types.WORKSPACE_DID_CHANGE_CONFIGURATION}
    await session.register({**registration, "registerOptions": {"section": SECTION}})


def apply(session: Session, values: Mapping[str, Any]) -> None:
    """Make these the settings; what they leave out is as it was at the start.  Trust is not a setting."""
    settings, problems = settings_from({**values, "trusted": None}, session.initial_settings)
    session.configure(evolve(settings, trusted=session.settings.trusted))
    tell(session, problems)


def tell(session: Session, problems: Sequence[str]) -> None:
    """Say what is wrong with the settings, once."""
    text = "\n".join(problems) or None
    if session.status.problem("settings", text) and text is not None:
        session.say("warning", text)


def section_of(values: object) -> Mapping[str, Any]:
    """Our section, whether the editor sends it alone or among others."""
    if not isinstance(values, dict):
        return {}
    inner = values.get(SECTION)
    return inner if isinstance(inner, dict) else values
