"""The generated template: checked when the user pauses, and to be opened by its URI.

Nothing waits for a check: it runs on a thread and in a process of its own, and its findings come when they come.
What the analysis knows is not found out again: a manifest with errors has no template, and of one that is far too large
none is made.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from sigma_ls.app.refusal import Refused
from sigma_ls.app.settings import Settings
from sigma_ls.app.template_findings import lint_diagnostics, refusals, too_large, without_ignored
from sigma_ls.lsp.documents import Document
from sigma_ls.lsp.failures import moved
from sigma_ls.lsp.features.environments import Environments
from sigma_ls.lsp.session import Session
from sigma_ls.lsp.template_uris import manifest_uri, template_uri
from sigma_ls.lsp.workspace import key_of
from sigma_ls.manifest.diagnostic import Diagnostic, Severity
from sigma_ls.runtime.blocking import run_blocking
from sigma_ls.runtime.environments import Environment

if TYPE_CHECKING:
    from sigma_ls.app.checking import Checked
    from sigma_ls.app.lint import Linter, LintFinding

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
        from sigma_ls.app.lint import CFN_LINT  # noqa: PLC0415 - see `_check_template`

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


def _check_template(uri: str, text: str, stage: str | None) -> Checked:
    from sigma_ls.app.checking import check_template  # noqa: PLC0415 - an editor's first diagnostics do not wait for it

    return check_template(uri, text, stage)


def _template_text(uri: str, text: str | None, stage: str | None) -> str:
    from sigma_ls.app.template import template_text  # noqa: PLC0415 - synthesis is loaded when it is used

    return template_text(uri, text=text, stage=stage).text


class TemplateChecks:
    """What the latest check of each open manifest's template found."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._linter: Linter | None = None
        self._found: dict[str, list[Diagnostic]] = {}
        self._checking = 0
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._checked: dict[str, tuple[Document, int | None, Settings]] = {}
        """By key: what was checked last, or is being checked."""
        self._files: dict[str, frozenset[Path]] = {}
        """By key: the files beside the manifest that its template was made with."""

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
        if self._linter is not None:
            await self._linter.close()
        self._checked.clear()
        self.all_again()

    def all_again(self) -> None:
        """Look at all open manifests soon."""
        for document in self._session.documents:
            self.touched(document.uri)

    def files_changed(self, changed: Iterable[Path] | None = None) -> None:
        """Look again at the manifests whose templates are made with these files, or with any."""
        paths = None if changed is None else {*changed}
        for document in self._session.documents:
            key = key_of(document.uri)
            if any(paths is None or not paths.isdisjoint((file, *file.parents)) for file in self._files.get(key, ())):
                self._checked.pop(key, None)
                self.touched(document.uri)

    def _look(self, key: str, uri: str) -> None:
        del self._timers[key]
        document = self._session.documents.get(uri)
        if document is None:
            self._found.pop(key, None)
            self._checked.pop(key, None)
            self._files.pop(key, None)
            self._rest()
            return
        if not document.analysis.settled:
            self._rest()
            return  # The publisher touches it when it is.
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
        analysis = document.analysis
        if any(each.severity is Severity.ERROR for each in analysis.diagnostics()) or analysis.platform != "aws":
            self._show(key, document.uri, [])
            return
        if (found := too_large(*analysis.deployed())) is None:
            found = await self._findings(key, document, settings)
        if self._checked.get(key) == (document, version, settings) and document.version == version:
            self._show(key, document.uri, without_ignored(found, document.lines) if found else [])

    async def _findings(self, key: str, document: Document, settings: Settings) -> list[Diagnostic]:
        """What is wrong with the template, or why there is none."""
        checked = await run_blocking(_check_template, document.uri, document.lines.text, settings.stage or None)
        self._files[key] = checked.files
        template = checked.template
        if template is None or not settings.cfn_lint:
            return refusals(checked)
        uri = template_uri(document.uri) if self._session.client.opens_templates else None
        return lint_diagnostics(template, await self._linted(checked), uri, document.analysis.diagnostics())

    async def _linted(self, checked: Checked) -> tuple[LintFinding, ...]:
        from sigma_ls.app.lint import Linter, LintFailed, LintUnavailable  # noqa: PLC0415 - see `_check_template`

        if self._linter is None:
            self._linter = Linter()
            self._session.spawn(self._keep, self._linter)
        try:
            return await self._linter.findings(checked.text, checked.region)
        except LintUnavailable:
            self._session.environments.offer_cfn_lint()
        except LintFailed as failed:
            log.warning("%s", failed)
        return ()

    def _show(self, key: str, uri: str, found: list[Diagnostic]) -> None:
        if found != self._found.get(key, []):
            self._found[key] = found
            self._session.publisher.touch(uri)

    async def _keep(self, linter: Linter) -> None:
        """See to it that the worker ends with the conversation."""
        try:
            await asyncio.shield(self._session.exit_code)
        finally:
            await linter.close()
