"""`initialize` to `exit`, the workspace's folders, and trust in it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from lsprotocol import types
from pygls import uris
from pygls.exceptions import JsonRpcInvalidParams, JsonRpcInvalidRequest

from sigma_ls import __version__
from sigma_ls.app.settings import settings_from
from sigma_ls.app.wire import to_wire
from sigma_ls.lsp.announced import (
    COMMAND_NAMES,
    DID_GRANT_TRUST_METHOD,
    PROTOCOL,
    SECTION,
    TEMPLATE_SCHEME,
    SigmaCapability,
)
from sigma_ls.lsp.client import Client
from sigma_ls.lsp.features import configuration, watching
from sigma_ls.lsp.features.editing import COMPLETION_TRIGGERS
from sigma_ls.lsp.session import Session

HEAD_START = 0.2
"""Seconds in which a first document is waited for.  A guess: editors open theirs at once."""


def register(session: Session) -> None:
    """Handle the beginning and the end."""
    protocol = session.protocol
    configuration.register(session)
    watching.register(session)

    @protocol.handle(types.INITIALIZE)
    def initialize(params: Any) -> dict[str, Any]:
        if protocol.initialized:
            raise JsonRpcInvalidRequest("the server was initialized before")
        if not isinstance(params, dict):
            raise JsonRpcInvalidParams("initialize takes an object")
        session.client = Client.of(params.get("capabilities"))
        for folder in _folders(params):
            session.workspace.add(folder)
        options = configuration.section_of(params.get("initializationOptions"))
        session.initial_settings, problems = settings_from(options)
        session.configure(session.initial_settings)
        configuration.tell(session, problems)
        protocol.initialized = True
        return {
            "capabilities": capabilities(session.client),
            "serverInfo": {"name": "sigma-ls", "version": __version__},
        }

    @protocol.handle(types.INITIALIZED)
    def initialized(_: Any) -> None:
        session.spawn(configuration.watch, session)
        session.spawn(watching.watch, session)
        session.spawn(_begin, session)

    @protocol.handle(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_workspace_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.removed:
            session.workspace.remove(folder.uri)
        for folder in params.event.added:
            session.workspace.add(folder.uri)

    @protocol.handle(DID_GRANT_TRUST_METHOD)
    def did_grant_trust(_: Any) -> None:
        if not session.settings.trusted:
            session.trust()
            session.spawn(_resume, session)

    @protocol.handle(types.SHUTDOWN)
    def shutdown(_: Any) -> None:
        protocol.end()

    @protocol.handle(types.EXIT)
    def exit_(_: Any) -> None:
        session.finish(0 if protocol.ended else 1)


def capabilities(client: Client) -> dict[str, Any]:
    """What this server can do for this editor."""
    able: dict[str, Any] = {
        "positionEncoding": client.encoding,
        "textDocumentSync": {"openClose": True, "change": types.TextDocumentSyncKind.Incremental, "save": True},
        "documentSymbolProvider": True,
        "completionProvider": {"triggerCharacters": COMPLETION_TRIGGERS},
        "hoverProvider": True,
        "definitionProvider": True,
        "referencesProvider": True,
        "documentHighlightProvider": True,
        "renameProvider": {"prepareProvider": True} if client.prepares_renaming else True,
        "documentLinkProvider": {},
        "foldingRangeProvider": True,
        "selectionRangeProvider": True,
        "executeCommandProvider": {"commands": [*COMMAND_NAMES]},
        "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
    }
    if client.takes_actions:
        able["codeActionProvider"] = {"codeActionKinds": [types.CodeActionKind.QuickFix]}
    if client.opens_templates:
        able["workspace"]["textDocumentContent"] = {"schemes": [TEMPLATE_SCHEME]}
    if client.pulls_diagnostics:
        able["diagnosticProvider"] = {
            "identifier": SECTION,
            "interFileDependencies": False,
            "workspaceDiagnostics": True,
        }
    if client.sigma:
        able["experimental"] = {SECTION: to_wire(SigmaCapability(PROTOCOL))}
    return able


async def _begin(session: Session) -> None:
    """Deployments go on under the settings that the editor has."""
    session.status.report()
    configuration.ask(session)
    await session.settings_known()
    # What deployments need would be loaded beside the first analysis, and make it take half as long again.
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(HEAD_START):
            await session.publisher.published.wait()
    await _resume(session)


async def _resume(session: Session) -> None:
    """Take up the deployments that the journal has, where the workspace is trusted."""
    if not session.settings.trusted:
        return
    await session.any_deployed()
    from sigma_ls.lsp.features.deployments import resume  # noqa: PLC0415 - see `sigma_ls.lsp.serve`

    await resume(session)


def _folders(params: dict[str, Any]) -> list[str]:
    """The URIs of the open folders, in the words of old and new editors."""
    folders = params.get("workspaceFolders")
    if isinstance(folders, list) and folders:
        named = [folder.get("uri") for folder in folders if isinstance(folder, dict)]
        return [uri for uri in named if isinstance(uri, str)]
    if isinstance(uri := params.get("rootUri"), str):
        return [uri]
    if isinstance(path := params.get("rootPath"), str) and (from_path := uris.from_fs_path(path)):
        return [from_path]
    return []
