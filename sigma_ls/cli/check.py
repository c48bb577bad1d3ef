"""`check`: all diagnostics of manifests, for people, programs and CI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sigma_ls.app.files import ProjectFiles
from sigma_ls.app.projects import ProjectError, Source, load, locate
from sigma_ls.cli.findings import Finding, Format, Severity, counted, rendered
from sigma_ls.cli.host import Host
from sigma_ls.cli.words import file_of
from sigma_ls.manifest.analysis import check_text, lower
from sigma_ls.manifest.diagnostic import Diagnostic
from sigma_ls.manifest.diagnostic import Severity as Level

_SEVERITY: Mapping[Level, Severity] = {
    Level.ERROR: "error",
    Level.WARNING: "warning",
    Level.INFORMATION: "information",
    Level.HINT: "hint",
}


def check(paths: Sequence[str], *, stage: str | None, style: Format, host: Host) -> int:
    """Print what is found, and a summary on the error stream: 1 when there is an error, or a manifest is unreadable."""
    findings: list[Finding] = []
    unreadable = 0
    for path in dict.fromkeys(paths):
        try:
            source = load(str(host.folder / path))
        except ProjectError as error:
            if error.found is not None:
                findings.append(_finding(_named(host, path), error.found))
                continue
            unreadable += 1
            print(f"sigma-ls: {error.message}", file=host.err)
            continue
        file = file_of(source.path.as_uri(), host.folder)
        findings += [_finding(file, each) for each in _diagnostics(source, stage)]

    host.out.write(rendered(findings, style))
    host.out.flush()
    if read := len(set(paths)) - unreadable:
        print(counted(findings, read), file=host.err)
    return 1 if unreadable or any(each.severity == "error" for each in findings) else 0


def _named(host: Host, path: str) -> str:
    """A manifest that could not be read, as findings name it."""
    return file_of(locate(str(host.folder / path)).as_uri(), host.folder)


def _diagnostics(source: Source, stage: str | None) -> Sequence[Diagnostic]:
    files = ProjectFiles(source.folder)
    return check_text(source.text, files, source.uri) if stage is None else lower(source.text, stage, files).diagnostics


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
