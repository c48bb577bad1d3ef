"""`check`: all diagnostics of manifests, for people, programs and CI.

Of a manifest without errors the templates of its stages are checked too, by the synthesis and by cfn-lint.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from attrs import evolve

from sigma_ls.app.checking import Checked, check_template
from sigma_ls.app.files import ProjectFiles
from sigma_ls.app.lint import Linter, LintFailed
from sigma_ls.app.projects import ProjectError, Source, ignored_beside, load, locate
from sigma_ls.app.template_findings import lint_diagnostics, refusals, without_ignored
from sigma_ls.cli.findings import Finding, Format, Severity, counted, rendered
from sigma_ls.cli.host import Host
from sigma_ls.cli.words import file_of
from sigma_ls.manifest.analysis import check_text, lower
from sigma_ls.manifest.codes import IGNORED_FILE
from sigma_ls.manifest.diagnostic import Diagnostic
from sigma_ls.manifest.diagnostic import Severity as Level
from sigma_ls.syntax.lines import Lines

_SEVERITY: Mapping[Level, Severity] = {
    Level.ERROR: "error",
    Level.WARNING: "warning",
    Level.INFORMATION: "information",
    Level.HINT: "hint",
}


def check(
    paths: Sequence[str],
    *,
    stage: str | None,
    style: Format,
    lint: bool,
    host: Host,
    linter: Callable[[], Linter] = Linter,
) -> int:
    """Print what is found, and a summary on the error stream: 1 when there is an error, or a manifest is unreadable.

    Without an answer of cfn-lint the error stream says so; that alone is no error.
    """
    return asyncio.run(_check(paths, stage, style, host, _Templates(host, linter() if lint else None)))


async def _check(paths: Sequence[str], stage: str | None, style: Format, host: Host, templates: _Templates) -> int:
    findings: list[Finding] = []
    unreadable = unread = 0
    seen: set[Path] = set()
    try:
        for path in dict.fromkeys(paths):
            try:
                source = load(str(host.folder / path))
            except ProjectError as error:
                if error.found is not None:
                    findings.append(_finding(_named(host, path), error.found))
                    unread += 1
                    continue
                unreadable += 1
                print(f"sigma-ls: {error.message}", file=host.err)
                continue
            if source.path in seen:
                continue
            seen.add(source.path)
            findings += _ignored(source, host)
            file = file_of(source.path.as_uri(), host.folder)
            found = [*_diagnostics(source, stage)]
            if not any(each.severity is Level.ERROR for each in found):
                found += await templates.of(source, stage, file, [*found])
            findings += [_finding(file, each) for each in found]
    finally:
        await templates.close()

    findings = list(dict.fromkeys(findings))
    host.out.write(rendered(findings, style))
    host.out.flush()
    if read := len(seen) + unread:
        print(counted(findings, read), file=host.err)
    return 1 if unreadable or any(each.severity == "error" for each in findings) else 0


def _ignored(source: Source, host: Host) -> list[Finding]:
    """What there is to say of a manifest of the second name beside this one."""
    other = ignored_beside(source.path)
    if other is None:
        return []
    try:
        text = load(str(other)).text
    except ProjectError:
        text = ""
    found = [
        each for each in check_text(text, ProjectFiles(source.folder), other.as_uri()) if each.code == IGNORED_FILE.id
    ]
    return [_finding(file_of(other.as_uri(), host.folder), each) for each in found]


def _named(host: Host, path: str) -> str:
    """A manifest that could not be read, as findings name it."""
    return file_of(locate(str(host.folder / path)).as_uri(), host.folder)


def _diagnostics(source: Source, stage: str | None) -> Sequence[Diagnostic]:
    files = ProjectFiles(source.folder)
    return check_text(source.text, files, source.uri) if stage is None else lower(source.text, stage, files).diagnostics


class _Templates:
    """What is wrong with generated templates; one worker of cfn-lint looks at all of them."""

    def __init__(self, host: Host, linter: Linter | None) -> None:
        self._host = host
        self._linter = linter

    async def of(self, source: Source, stage: str | None, file: str, known: list[Diagnostic]) -> list[Diagnostic]:
        """Of the template of `stage`; without one, of the first, and what the others have beside that.

        `known` is what is wrong with the manifest itself.
        """
        first = check_template(source.uri, source.text, stage)
        found = {_key(each): each for each in await self._of_one(first, source, file, known)}
        for other in first.stages[1:] if stage is None else ():
            for each in await self._of_one(check_template(source.uri, source.text, other), source, file, known):
                told = evolve(each, message=f"{each.message.rstrip('.')} (in stage '{other}').")
                found.setdefault(_key(each), told)
        return [*found.values()]

    async def close(self) -> None:
        """End the worker."""
        linter, self._linter = self._linter, None
        if linter is not None:
            await linter.close()

    async def _of_one(self, checked: Checked, source: Source, file: str, known: list[Diagnostic]) -> list[Diagnostic]:
        made = [*refusals(checked), *await self._linted(checked, file, known)]
        return without_ignored(made, Lines(source.text))

    async def _linted(self, checked: Checked, file: str, known: list[Diagnostic]) -> list[Diagnostic]:
        # There is nothing to say of a template without resources, and cfn-lint takes a second to say it.
        if self._linter is None or checked.template is None or not checked.template.body["Resources"]:
            return []
        try:
            linted = await self._linter.findings(checked.text, checked.region)
        except LintFailed as failed:
            print(f"sigma-ls: {file}: {failed}", file=self._host.err)
            await self.close()  # It would fail again.
            return []
        return lint_diagnostics(checked.template, linted, None, known)


def _key(found: Diagnostic) -> tuple[object, ...]:
    return found.code, found.range, found.message


def _finding(file: str, found: Diagnostic) -> Finding:
    start, end = found.range.start, found.range.end
    return Finding(
        file,
        start.line + 1,
        start.character + 1,
        end.line + 1,
        end.character + 1,
        _SEVERITY[found.severity],
        found.code,
        found.message,
        found.href,
    )
