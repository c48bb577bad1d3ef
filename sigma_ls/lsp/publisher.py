"""Who gets which diagnostics when: pushed once for each burst of edits, pulled by editors that do so.

An editor that announces pulling gets them pushed until it pulls for the first time, so that it misses nothing and
shows nothing twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sigma_ls.lsp.diagnostics import diagnostics_json
from sigma_ls.lsp.documents import Document
from sigma_ls.lsp.failures import without_repeats
from sigma_ls.lsp.session import Session
from sigma_ls.lsp.workspace import key_of
from sigma_ls.manifest.diagnostic import Diagnostic
from sigma_ls.syntax.lines import Lines

log = logging.getLogger(__name__)

PAUSE = 0.2
"""Seconds without an edit after which a large manifest is looked at as a whole.  A guess at a pause in typing."""


class Publisher:
    """Collects what needs to be shown anew, and shows it when all that has come is handled."""

    def __init__(self, session: Session) -> None:
        self.on_touch: list[Callable[[str], None]] = []
        """Called with the URI of each manifest that may have changed."""
        self.pulling = False
        """Whether the editor pulls; see the top."""
        self.published = asyncio.Event()
        """Whether anything was looked at yet."""
        self._session = session
        self._dirty: dict[str, str] = {}
        """By key: the URI."""
        self._shown: dict[str, str] = {}
        """By key: the URIs for which the editor has diagnostics from us."""
        self._settling: dict[str, asyncio.TimerHandle] = {}
        self._scheduled = False
        self._refresh_scheduled = False

    def touch(self, uri: str, *, edited: bool = False) -> None:
        """What is to be said of this manifest may have changed; `edited` where the editor knows why."""
        self._dirty[key_of(uri)] = uri
        self._refresh_scheduled |= not edited
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self.flush)

    def pulled(self) -> None:
        """The editor pulls: from now on nothing is pushed, and what was pushed is taken back."""
        if not self.pulling:
            self.pulling = True
            for uri in self._shown.values():
                self._publish(uri, None, [])
            self._shown.clear()

    def items(self, uri: str, found: list[Diagnostic], lines: Lines) -> list[dict[str, Any]]:
        """All that is to be said of a manifest of which the analysis found this."""
        failures = self._session.failures.of(uri)
        shown = [*without_repeats(found, failures), *self._session.template_checks.of(uri)]
        return diagnostics_json(shown, uri, lines, self._session.client)

    def flush(self) -> None:
        """Show what was touched now, and tell the listeners."""
        self._scheduled = False
        if not self._dirty:
            return
        dirty, self._dirty = self._dirty, {}
        for key, uri in dirty.items():
            document = self._session.documents.get(uri)
            try:
                if not self.pulling:
                    self._push(key, uri, document)
            finally:
                if document is None or document.analysis.settled:
                    self._session.status.end(uri)
                else:
                    self._session.status.begin(uri)
                    self._settle_soon(key, document)
                for listener in self.on_touch:
                    listener(uri)
        if self.pulling and self._refresh_scheduled and self._session.client.refreshes_diagnostics:
            self._session.spawn(self._refresh)
        self._refresh_scheduled = False
        self.published.set()

    def _settle_soon(self, key: str, document: Document) -> None:
        """What needs the whole text is found out when the user pauses."""
        if (timer := self._settling.pop(key, None)) is not None:
            timer.cancel()
        self._settling[key] = asyncio.get_running_loop().call_later(PAUSE, self._settle, key, document)

    def _settle(self, key: str, document: Document) -> None:
        self._settling.pop(key, None)
        if self._session.documents.get(document.uri) is document:
            document.analysis.settle()
            self.touch(document.uri)

    def _push(self, key: str, uri: str, document: Document | None) -> None:
        if document is not None:
            items = self.items(uri, document.analysis.diagnostics(), document.lines)
            self._shown[key] = document.uri
            self._publish(document.uri, document.version, items)
            return
        lines = self._session.documents.lines_of(uri) if self._session.failures.of(uri) else None
        items = self.items(uri, [], lines) if lines is not None else []
        shown = self._shown.pop(key, None)
        if items:
            self._shown[key] = uri
        if items or shown is not None:
            self._publish(uri, None, items)

    def _publish(self, uri: str, version: int | None, items: list[dict[str, Any]]) -> None:
        params: dict[str, Any] = {"uri": uri, "diagnostics": items}
        if version is not None:
            params["version"] = version
        self._session.protocol.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)

    async def _refresh(self) -> None:
        try:
            await self._session.protocol.ask(types.WORKSPACE_DIAGNOSTIC_REFRESH)
        except JsonRpcException as error:
            log.info("diagnostics were not refreshed: %s", error)
