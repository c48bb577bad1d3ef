"""Diagnostics of manifests that are not open, for editors that ask for those of the whole workspace.

An editor asks every few seconds, so a manifest is analysed again only when it or a file that it names has changed.
"""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from sigma_ls.app.projects import ProjectError, load
from sigma_ls.lsp.code_files import CodeFiles
from sigma_ls.manifest.analysis import check_text
from sigma_ls.manifest.diagnostic import Diagnostic
from sigma_ls.syntax.lines import Lines

_Stamp = tuple[int, int] | None
"""Time and size of a file; nothing where there is none."""


@frozen
class Checked:
    """A closed manifest and what is wrong with it."""

    lines: Lines
    found: list[Diagnostic]


class ClosedManifests:
    """Reads the disk: to be used off the event loop, by one thread at a time."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[dict[Path, _Stamp], Checked | None]] = {}

    def check(self, path: Path) -> Checked | None:
        """The manifest as it is on the disk; nothing where there is none."""
        known = self._known.get(path)
        if known is not None and all(_stamp(file) == stamp for file, stamp in known[0].items()):
            return known[1]
        files = CodeFiles(path.parent)
        checked: Checked | None
        try:
            text = load(str(path)).text
            checked = Checked(Lines(text), check_text(text, files, path.as_uri()))
        except ProjectError as error:
            checked = None if error.found is None else Checked(Lines(error.before), [error.found])
        self._known[path] = ({file: _stamp(file) for file in (path, *files.asked)}, checked)
        return checked


def _stamp(path: Path) -> _Stamp:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size
