"""Diagnostics as `check` prints them: text, JSON, SARIF or annotations of GitHub Actions.  Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

from attrs import frozen

from sigma_ls import __version__
from sigma_ls.cli.words import one_line

Severity = Literal["error", "warning", "information", "hint"]
Format = Literal["text", "json", "sarif", "github"]


@frozen
class Finding:
    """One diagnostic; places count from 1, columns in characters; `file` as it is to be printed."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    severity: Severity
    code: str
    message: str
    url: str


def rendered(findings: Sequence[Finding], style: Format) -> str:
    """All of standard output, with its last line's end; nothing where there is nothing to say."""
    return _RENDER[style](findings)


def counted(findings: Sequence[Finding], manifests: int) -> str:
    """The summary: `2 errors and 1 warning in 1 manifest`."""
    counts = {kind: sum(each.severity == kind for each in findings) for kind in ("error", "warning")}
    told = " and ".join(_plural(count, word) for word, count in counts.items() if count) or "no errors"
    return f"{told} in {_plural(manifests, 'manifest')}"


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _text(findings: Sequence[Finding]) -> str:
    return "".join(
        f"{each.file}:{each.line}:{each.column}: {each.severity} {each.code} {one_line(each.message)}\n"
        for each in findings
    )


def _json(findings: Sequence[Finding]) -> str:
    rows = [
        {
            "file": each.file,
            "line": each.line,
            "column": each.column,
            "endLine": each.end_line,
            "endColumn": each.end_column,
            "severity": each.severity,
            "code": each.code,
            "message": each.message,
            "url": each.url,
        }
        for each in findings
    ]
    return json.dumps(rows, indent=2) + "\n"


_GITHUB: Mapping[Severity, str] = {"error": "error", "warning": "warning", "information": "notice", "hint": "notice"}


def _github(findings: Sequence[Finding]) -> str:
    """Workflow commands; what must be escaped is in GitHub's toolkit, `packages/core/src/command.ts`."""
    return "".join(
        f"::{_GITHUB[each.severity]} file={_property(each.file)},line={each.line},col={each.column},"
        f"endLine={each.end_line},endColumn={each.end_column},title={_property(each.code)}::{_data(each.message)}\n"
        for each in findings
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


_SARIF_LEVEL: Mapping[Severity, str] = {"error": "error", "warning": "warning", "information": "note", "hint": "note"}


def _sarif(findings: Sequence[Finding]) -> str:
    """SARIF 2.1.0 (OASIS), as code scanning takes it."""
    rules = {each.code: each.url for each in findings}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "sigma-ls",
                        "version": __version__,
                        "rules": [{"id": code, "helpUri": url} for code, url in sorted(rules.items())],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_sarif_result(each) for each in findings],
            }
        ],
    }
    return json.dumps(log, indent=2) + "\n"


def _sarif_result(finding: Finding) -> dict[str, Any]:
    return {
        "ruleId": finding.code,
        "level": _SARIF_LEVEL[finding.severity],
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(finding.file.replace("\\", "/"))},
                    "region": {
                        "startLine": finding.line,
                        "startColumn": finding.column,
                        "endLine": finding.end_line,
                        "endColumn": finding.end_column,
                    },
                }
            }
        ],
    }


_RENDER: Mapping[Format, Callable[[Sequence[Finding]], str]] = {
    "text": _text,
    "json": _json,
    "github": _github,
    "sarif": _sarif,
}
