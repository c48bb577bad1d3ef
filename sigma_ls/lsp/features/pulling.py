"""Diagnostics for editors that ask for them: of one document, or of the workspace."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lsprotocol import types

from sigma_ls.app.projects import ignored_beside
from sigma_ls.lsp.closed import ClosedManifests
from sigma_ls.lsp.session import Session
from sigma_ls.lsp.workspace import is_manifest, key_of, path_of
from sigma_ls.runtime.blocking import run_blocking

Report = dict[str, Any]


def register(session: Session) -> None:
    """Answer with diagnostics."""
    pulls = _Pulls(session)

    @session.protocol.handle(types.TEXT_DOCUMENT_DIAGNOSTIC)
    async def document_diagnostic(params: types.DocumentDiagnosticParams) -> Report:
        session.publisher.pulled()
        items = await pulls.items(params.text_document.uri)
        return _report(items or [], params.previous_result_id)

    @session.protocol.handle(types.WORKSPACE_DIAGNOSTIC)
    async def workspace_diagnostic(params: types.WorkspaceDiagnosticParams) -> Report:
        session.publisher.pulled()
        previous = {key_of(each.uri): (each.uri, each.value) for each in params.previous_result_ids}
        return {"items": await pulls.workspace(previous)}


class _Pulls:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._closed = ClosedManifests()
        self._one_at_a_time = asyncio.Lock()

    async def items(self, uri: str) -> list[Report] | None:
        """The diagnostics of a manifest; nothing where there is none, or none that can be read."""
        if not is_manifest(uri):
            return None
        publisher = self._session.publisher
        if (document := self._session.documents.get(uri)) is not None:
            document.analysis.settle()
            return publisher.items(uri, document.analysis.diagnostics(), document.lines)
        if (path := path_of(uri)) is None:
            return None
        async with self._one_at_a_time:
            checked = await run_blocking(self._closed.check, path)
        return None if checked is None else publisher.items(uri, checked.found, checked.lines)

    def _manifests(self) -> list[Path]:
        """All in the workspace, and those beside them that are ignored."""
        found = self._session.workspace.manifests()
        return [*found, *(other for each in found if (other := ignored_beside(each)) is not None)]

    async def workspace(self, previous: Mapping[str, tuple[str, str]]) -> list[Report]:
        """A report for each manifest that is open or in the workspace, and an empty one for each that was.

        `previous` has, by their keys, the URIs that were reported last and what they were reported by.
        """
        found = await run_blocking(self._manifests)
        versions = {key_of(document.uri): (document.uri, document.version) for document in self._session.documents}
        uris = {key_of(path.as_uri()): path.as_uri() for path in found}
        reports = []
        for key in {**uris, **versions}:
            uri, version = versions.get(key, (uris.get(key, ""), None))
            items = await self.items(uri)
            if items is not None:
                _, last = previous.get(key, ("", None))
                reports.append({"uri": uri, "version": version, **_report(items, last)})
        told = {key_of(each["uri"]) for each in reports}
        for key, (uri, last) in previous.items():
            if key not in told and is_manifest(uri):
                # It is gone, or its folder was closed: an editor would show its diagnostics for ever.
                reports.append({"uri": uri, "version": None, **_report([], last)})
        return reports


def _report(items: list[Report], previous: str | None) -> Report:
    import hashlib  # noqa: PLC0415 - it brings OpenSSL, 3 MB that most editors never need

    result_id = hashlib.sha256(json.dumps(items).encode()).hexdigest()[:16]
    if result_id == previous:
        return {"kind": "unchanged", "resultId": result_id}
    return {"kind": "full", "resultId": result_id, "items": items}
