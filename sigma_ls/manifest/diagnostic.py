"""Diagnostics: what is wrong with a manifest, where, why, and what puts it right.

`Diagnostic` is plain data in code points, absolute in the manifest; `sigma_ls.lsp` and `sigma_ls.cli` show it.
"""

from __future__ import annotations

from enum import Enum

from attrs import evolve, field, frozen

from sigma_ls.syntax.span import Range

DOCUMENTATION = "https://github.com/sigma-ls/sigma-ls/blob/main/docs/diagnostics.md"
"""Where `docs/diagnostics.md` is published; each code has a section there."""

SOURCE = "sigma"


class Severity(Enum):
    """How bad it is; values are those of LSP."""

    ERROR = 1
    """The deployment fails, or does something else than what is written."""
    WARNING = 2
    """Likely wrong, dangerous, costly, or about to be withdrawn."""
    INFORMATION = 3
    HINT = 4
    """Unused, or could be better."""


class Tag(Enum):
    """How an editor may show it; values are those of LSP."""

    UNNECESSARY = 1
    DEPRECATED = 2


@frozen
class Code:
    """One kind of diagnostic: its identity, which never changes, and its documentation."""

    id: str
    title: str
    severity: Severity
    text: str
    """What it means, why it matters and what to do, in Markdown."""
    example: str
    """A manifest, or a part of one, that has it."""
    tags: tuple[Tag, ...] = ()

    @property
    def href(self) -> str:
        """The address of its documentation."""
        return f"{DOCUMENTATION}#{self.id.lower()}"


@frozen
class Related:
    """Another place that the diagnostic is about; without `uri` it is in the same manifest."""

    message: str
    range: Range
    uri: str = ""


@frozen
class TextEdit:
    """Put `text` in the place of `range`."""

    range: Range
    text: str


@frozen
class Fix:
    """The obvious correction."""

    title: str
    edits: tuple[TextEdit, ...]
    at_declaration: bool = False
    """Whether the edits are of the entry that declares what is used here; places are the document's all the same."""


@frozen
class Diagnostic:
    """One thing that is wrong."""

    code: str
    severity: Severity
    range: Range
    message: str
    related: tuple[Related, ...] = ()
    tags: tuple[Tag, ...] = ()
    fix: Fix | None = None
    href: str = field(default="", eq=False)
    """Where the code is documented."""


def diagnostic(
    code: Code, where: Range, message: str, *, related: tuple[Related, ...] = (), fix: Fix | None = None
) -> Diagnostic:
    """A diagnostic of that code."""
    return Diagnostic(code.id, code.severity, where, message, related, code.tags, fix, code.href)


def shifted(found: Diagnostic, lines: int) -> Diagnostic:
    """The same diagnostic, `lines` further down; its related places too."""
    if not lines:
        return found
    related = tuple(evolve(each, range=each.range.shifted(lines)) for each in found.related)
    fix = found.fix
    if fix is not None:
        fix = shifted_fix(fix, lines)
    return Diagnostic(
        found.code, found.severity, found.range.shifted(lines), found.message, related, found.tags, fix, found.href
    )


def shifted_fix(fix: Fix, lines: int) -> Fix:
    """The same fix, `lines` further down."""
    edits = tuple(TextEdit(edit.range.shifted(lines), edit.text) for edit in fix.edits)
    return Fix(fix.title, edits, fix.at_declaration)
