"""Checks of whole features: a fixture in, its expectations out.  Tests never touch the functions under test."""

import pytest

from sigma_ls.manifest import check_text
from sigma_ls.manifest.diagnostic import Severity
from tests.support.fixture import Expected, parse

SHELL = """\
name: demo
platform: aws
aws: {region: eu-west-1}
"""
"""What every manifest needs; fixtures of one part of a manifest go below it."""


class FakeFiles:
    """The files of a fixture; every folder of theirs is there too."""

    def __init__(self, files):
        self._files = files
        self.asked = []

    def exists(self, path):
        self.asked.append(path)
        return any(name == path or name.startswith(f"{path}/") for name in self._files)

    def read(self, path):
        self.asked.append(path)
        return self._files.get(path)

    def refused(self, path):
        return ""


class AnyFiles:
    """Every file is there, and says nothing that could be wrong."""

    def exists(self, path):
        return True

    def read(self, path):
        return None

    def refused(self, path):
        return ""


def check_diagnostics(fixture, *, uri="file:///project/sigma.yaml"):
    """The manifest has exactly the diagnostics that the carets ask for."""
    case = parse(fixture)
    files = FakeFiles(case.files) if len(case.files) > 1 else AnyFiles()
    compare(case.manifest, check_text(case.manifest, files, uri), case.expected)


def check_part(fixture):
    """As `check_diagnostics`, for a part of a manifest on AWS that has all else that it needs."""
    case = parse(fixture)
    shift = SHELL.count("\n")
    text = SHELL + case.manifest
    files = FakeFiles(case.files) if len(case.files) > 1 else AnyFiles()
    expected = [Expected(e.line + shift, e.start, e.end, e.severity, e.code, e.message) for e in case.expected]
    compare(text, check_text(text, files), expected)


def compare(text, found, expected):
    """Exactly the expected diagnostics, their messages in part; shown as carets where they differ."""
    left = list(found)
    missing = []
    for want in expected:
        for each in left:
            if _matches(each, want):
                left.remove(each)
                break
        else:
            missing.append(want)
    if left or missing:
        pytest.fail(_difference(text, left, missing))


def _matches(found, want):
    at = found.range
    end = at.end.character if at.end.line == at.start.line else None
    return (
        (at.start.line, at.start.character) == (want.line, want.start)
        and (end is None or end == want.end)
        and found.severity is Severity[want.severity.upper()]
        and found.code == want.code
        and want.message in found.message
    )


def _difference(text, left, missing):
    lines = text.splitlines() or [""]
    said = [f"{len(left)} not expected, {len(missing)} missing"]
    for each in left:
        line, start = each.range.start.line, each.range.start.character
        end = each.range.end.character if each.range.end.line == line else start + 1
        shown = lines[line] if line < len(lines) else ""
        said += ["found, but not expected:", shown]
        said += [f"#{' ' * (start - 1)}{'^' * (end - start)} {each.severity.name.lower()} {each.code}: {each.message}"]
    for want in missing:
        said += ["expected, but not found:", lines[want.line]]
        carets = f"#{' ' * (want.start - 1)}{'^' * (want.end - want.start)}"
        said += [f"{carets} {want.severity} {want.code}: {want.message}"]
    return "\n".join(said)
