"""From a function's `handler` and `code` to its file and the line that defines the handler.

Files are read through the port of `sigma_ls.manifest.rules.code`; what cannot be read is not looked into.
"""

from __future__ import annotations

import posixpath
import re

from attrs import frozen

from sigma_ls.ide.trees import blocks_around
from sigma_ls.manifest.analysis import Analysis
from sigma_ls.manifest.code_use import CodeUse
from sigma_ls.manifest.rules.code import LONGEST_SOURCE, Files, is_outside
from sigma_ls.syntax.span import START, Position, Range

_NODE_SUFFIXES = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
"""Of modules that Node.js loads, and of those that such are made of."""


@frozen
class FilePlace:
    """A file or folder beside the manifest, by its path relative to that, and the range in it."""

    path: str
    range: Range = START


@frozen
class Link:
    """A part of the manifest that stands for a file or folder."""

    range: Range
    path: str


def handler_paths(use: CodeUse) -> tuple[str, ...]:
    """Where the handler's module may be, the likeliest first; none for a runtime whose modules have no known place."""
    folder = posixpath.normpath(use.code.replace("\\", "/"))
    if folder.endswith(".zip") or not use.handler or is_outside(use.code):
        return ()
    gcp = use.platform == "gcp"
    module = use.module
    if use.runtime.startswith("python"):
        parts = ("main",) if gcp else tuple(module.replace(".", "/").split("/"))
        stem = posixpath.join(folder, *parts)
        return (f"{stem}.py", f"{stem}/__init__.py")
    if use.runtime.startswith("nodejs"):
        stem = posixpath.join(folder, "index" if gcp else module)
        return tuple(stem + suffix for suffix in _NODE_SUFFIXES)
    return ()


def handler_place(use: CodeUse, files: Files) -> FilePlace | None:
    """The definition of the handler; the beginning of its file where that does not show it."""
    for path in handler_paths(use):
        if files.exists(path):
            source = files.read(path)
            name = use.name.partition(".")[0]
            where = _find(source, name, path) if source is not None and len(source) <= LONGEST_SOURCE else None
            return FilePlace(path, where or START)
    return None


def file_place(analysis: Analysis, place: Position) -> FilePlace | None:
    """What the `handler` or the `code` at a place of the manifest stands for, where it is there."""
    files = analysis.files
    if files is None:
        return None
    for block in blocks_around(analysis.document, place.line):
        for use in block.data.report.code:
            if _covers(Range.of(*use.handler_spot).shifted(block.start), place):
                return handler_place(use, files)
            if _covers(Range.of(*use.code_spot).shifted(block.start), place):
                # Most editors cannot open a folder: the file that matters in it serves better.
                return handler_place(use, files) or _code_place(use, files)
    return None


def _code_place(use: CodeUse, files: Files) -> FilePlace | None:
    path = posixpath.normpath(use.code.replace("\\", "/"))
    return FilePlace(path) if not is_outside(use.code) and files.exists(path) else None


def _covers(where: Range, place: Position) -> bool:
    return where.start <= place <= where.end and where.start != where.end


def links(analysis: Analysis) -> list[Link]:
    """Handlers and code folders that are there."""
    files = analysis.files
    if files is None:
        return []
    found = []
    for block in analysis.document.blocks:
        for use in block.data.report.code:
            code = _code_place(use, files)
            if code is not None:
                found.append(Link(Range.of(*use.code_spot).shifted(block.start), code.path))
            module = next((path for path in handler_paths(use) if files.exists(path)), None)
            if module is not None:
                found.append(Link(Range.of(*use.handler_spot).shifted(block.start), module))
    return sorted(found, key=lambda link: link.range)


def _find(source: str, name: str, path: str) -> Range | None:
    """The name where a module defines or exports it; the last such place is the one that counts."""
    word = re.escape(name)
    if path.endswith(".py"):
        pattern = rf"^(?:(?:async\s+)?def|class)\s+({word})\b|^({word})\s*(?::[^=\n]+)?=(?!=)"
    else:
        pattern = (
            rf"\bexports\s*\.\s*({word})\s*=(?!=)"
            rf"|\bexport\s+(?:async\s+)?(?:function\s*\*?|class|const|let|var)\s*({word})\b"
            rf"|^(?:async\s+)?function\s*\*?\s*({word})\b|^(?:const|let|var)\s+({word})\s*="
        )
    last = None
    for last in re.finditer(pattern, source, re.MULTILINE):  # noqa: B007 - the last one is looked at below
        pass
    if last is None or last.lastindex is None:
        return None
    start = last.start(last.lastindex)
    before = source[:start]
    line, column = before.count("\n"), start - (before.rfind("\n") + 1)
    return Range.of(line, column, line, column + len(name))
