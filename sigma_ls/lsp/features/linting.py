"""The generated template: checked when the user pauses, and to be opened by its URI.

Nothing waits for a check: it runs on a thread and in a process of its own, and its findings come when they come.
"""

from __future__ import annotations

import asyncio
import logging

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from sigma_ls.app.checking import check_template
from sigma_ls.app.lint import CFN_LINT, Linter, LintFailed, LintUnavailable
from sigma_ls.app.refusal import Refused
from sigma_ls.app.settings import Settings
from sigma_ls.lsp.documents import Document
from sigma_ls.lsp.failures import moved
from sigma_ls.lsp.features.environments import Environments
from sigma_ls.lsp.session import Session
from sigma_ls.lsp.template_findings import (
    lint_diagnostics,
    manifest_uri,
    refusals,
    template_uri,
    without_ignored,
)
from sigma_ls.lsp.workspace import key_of
from sigma_ls.manifest.diagnostic import Diagnostic, Severity
from sigma_ls.runtime.blocking import run_blocking
from sigma_ls.runtime.environments import Environment

log = logging.getLogger(__name__)

PAUSE = 0.3
"""Seconds without an edit after which the template is checked.  A guess at a pause in typing."""

_WORK = "templates"
"""The name under which the checks are pending."""


def register(session: Session) -> None:
    """Check templates, and answer with them."""
    checks = session.template_checks = TemplateChecks(session)
    session.publisher.on_touch.append(checks.touched)
    session.on_settings.append(lambda _settings: checks.all_again())
    session.environments = Environments(session)

    def changed(environment: Environment) -> None:
        if environment == CFN_LINT:
            session.spawn(checks.anew)

    session.environments.on_change.append(changed)

    @session.protocol.handle(types.WORKSPACE_TEXT_DOCUMENT_CONTENT)
    async def text_document_content(params: types.TextDocumentContentParams) -> dict[str, str]:
        uri = manifest_uri(params.uri)
        if uri is None:
            raise JsonRpcInvalidParams(f"{params.uri} is not the URI of a generated template.")
        document = session.documents.get(uri)
        text = None if document is None else document.lines.text
        try:
            return {"text": await run_blocking(_template_text, uri, text, session.settings.stage or None)}
        except Refused as refused:
            # A page that says why, where an error would be an empty one.
            return {"text": "".join(f"# {line}\n" for line in refused.message.splitlines())}


def _template_text(uri: str, text: str | None, stage: str | None) -> str:
    from sigma_ls.app.template import template_text  # noqa: PLC0415 - synthesis is loaded when it is used

    return template_text(uri, text=text, stage=stage).text


class TemplateChecks:
    """What the latest check of each open manifest's template found."""

    def __init__(self, session: Session, linter: Linter | None = None) -> None:
        self._session = session
        self._linter = linter or Linter()
        self._held = False
        self._found: dict[str, list[Diagnostic]] = {}
        self._checking = 0
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._checked: dict[str, tuple[Document, int | None, Settings]] = {}
        """By key: what was checked last, or is being checked."""

    def of(self, uri: str) -> list[Diagnostic]:
        """The findings to show in this manifest."""
        return self._found.get(key_of(uri), [])

    def moved(self, uri: str, last_line: int, by: int) -> None:
        """An edit that ended at `last_line` moved what follows `by` lines."""
        key = key_of(uri)
        if by and key in self._found:
            self._found[key] = [*moved(self._found[key], last_line, by)]

    def touched(self, uri: str) -> None:
        """Look at the manifest soon, unless it is touched again before."""
        key = key_of(uri)
        if (timer := self._timers.pop(key, None)) is not None:
            timer.cancel()
        self._session.status.begin(_WORK)
        self._timers[key] = asyncio.get_running_loop().call_later(PAUSE, self._look, key, uri)

    async def anew(self) -> None:
        """Look at all open manifests with the cfn-lint that is there now."""
        await self._linter.close()
        self._checked.clear()
        self.all_again()

    def all_again(self) -> None:
        """Look at all open manifests soon."""
        for document in self._session.documents:
            self.touched(document.uri)

    def _look(self, key: str, uri: str) -> None:
        del self._timers[key]
        document = self._session.documents.get(uri)
        if document is None:
            self._found.pop(key, None)
            self._checked.pop(key, None)
            self._rest()
            return
        now = document, document.version, self._session.settings
        if self._checked.get(key) != now:
            self._checked[key] = now
            self._checking += 1
            self._session.spawn(self._counted, key, *now)
        self._rest()

    async def _counted(self, key: str, document: Document, version: int | None, settings: Settings) -> None:
        try:
            await self._check(key, document, version, settings)
        finally:
            self._checking -= 1
            self._rest()

    def _rest(self) -> None:
        """Nothing is pending any more, unless something is."""
        if not self._timers and not self._checking:
            self._session.status.end(_WORK)

    async def _check(self, key: str, document: Document, version: int | None, settings: Settings) -> None:
        if any(each.severity is Severity.ERROR for each in document.analysis.diagnostics()):
            # There is no template of it, and reading it anew on a thread would only slow the next keystroke down.
            self._show(key, document.uri, [])
            return
        text = document.lines.text
        checked = await run_blocking(check_template, document.uri, text, settings.stage or None)
        found = refusals(checked)
        template = checked.template
        if template is not None and settings.cfn_lint:
            self._hold()
            try:
                linted = await self._linter.findings(checked.text, checked.region)
            except LintUnavailable:
                self._session.environments.offer_cfn_lint()
                linted = ()
            except LintFailed as failed:
                log.warning("%s", failed)
                linted = ()
            uri = template_uri(document.uri) if self._session.client.opens_templates else None
            found = lint_diagnostics(template, linted, uri)
        if self._checked.get(key) == (document, version, settings) and document.version == version:
            self._show(key, document.uri, without_ignored(found, text))

    def _show(self, key: str, uri: str, found: list[Diagnostic]) -> None:
        if found != self._found.get(key, []):
            self._found[key] = found
            self._session.publisher.touch(uri)

    def _hold(self) -> None:
        """See to it that the worker ends with the conversation."""
        if not self._held:
            self._held = True
            self._session.spawn(self._keep)

    async def _keep(self) -> None:
        try:
            await asyncio.shield(self._session.exit_code)
        finally:
            await self._linter.close()
