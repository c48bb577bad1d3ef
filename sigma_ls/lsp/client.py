"""What the editor can do, resolved once into flags, so that no handler digs in capabilities."""

from __future__ import annotations

from typing import Any, Literal

from attrs import frozen

from sigma_ls.lsp.announced import SECTION

Encoding = Literal["utf-8", "utf-16"]

_ADJUST_INDENTATION = 2
_DEPRECATED = 1
"""LSP 3.17, `InsertTextMode` and `CompletionItemTag`."""


@frozen
class Client:
    """The flags of one editor; by default those of one that announces nothing."""

    sigma: bool = False
    """It speaks the messages of `docs/protocol.md`; otherwise questions come as dialogs."""
    encoding: Encoding = "utf-16"
    """The unit in which both sides count characters."""
    pulls_diagnostics: bool = False
    refreshes_diagnostics: bool = False
    """It pulls again when it is told to."""
    shows_progress: bool = False
    answers_configuration: bool = False
    registers_configuration: bool = False
    registers_watchers: bool = False
    shows_related: bool = False
    """Related places of a diagnostic."""
    links_codes: bool = False
    """The documentation behind a diagnostic's code."""
    tags: frozenset[int] = frozenset()
    """Diagnostic tags that it shows."""
    nests_symbols: bool = False
    inserts_snippets: bool = False
    adjusts_indentation: bool = False
    """It indents further lines of an insertion like the first, where it is told to."""
    completion_markdown: bool = False
    marks_deprecated: bool = False
    """It strikes deprecated items of a completion out."""
    hover_markdown: bool = False
    takes_actions: bool = False
    """It takes code actions with edits, not commands alone."""
    prefers_actions: bool = False
    """It knows the one obvious action."""
    takes_versions: bool = False
    """It refuses edits of another version of a text than the one it has."""
    creates_files: bool = False
    """It creates files as a part of an edit."""
    prepares_renaming: bool = False
    opens_templates: bool = False
    """It asks for the text of documents that are no files (LSP 3.18)."""

    @staticmethod
    def of(capabilities: object) -> Client:
        """The flags in `capabilities` of `initialize`, whatever these hold."""

        def at(*path: str) -> Any:
            node = capabilities
            for key in path:
                node = node.get(key) if isinstance(node, dict) else None
            return node

        published = ("textDocument", "publishDiagnostics")

        def lists(value: object, *path: str) -> bool:
            node = at(*path)
            return isinstance(node, list) and value in node

        item = ("textDocument", "completion", "completionItem")
        edits = ("workspace", "workspaceEdit")
        encodings = at("general", "positionEncodings")
        tags = at(*published, "tagSupport", "valueSet")
        protocol = at("experimental", SECTION, "protocol")
        return Client(
            sigma=isinstance(protocol, int) and protocol >= 1,
            encoding="utf-8" if isinstance(encodings, list) and "utf-8" in encodings else "utf-16",
            pulls_diagnostics=isinstance(at("textDocument", "diagnostic"), dict),
            # LSP 3.17 names it `diagnostics`, its text and older clients `diagnostic`.
            refreshes_diagnostics=bool(
                at("workspace", "diagnostics", "refreshSupport") or at("workspace", "diagnostic", "refreshSupport")
            ),
            shows_progress=bool(at("window", "workDoneProgress")),
            answers_configuration=bool(at("workspace", "configuration")),
            registers_configuration=bool(at("workspace", "didChangeConfiguration", "dynamicRegistration")),
            registers_watchers=bool(at("workspace", "didChangeWatchedFiles", "dynamicRegistration")),
            shows_related=bool(at(*published, "relatedInformation")),
            links_codes=bool(at(*published, "codeDescriptionSupport")),
            tags=frozenset(tag for tag in tags if isinstance(tag, int)) if isinstance(tags, list) else frozenset(),
            opens_templates=isinstance(at("workspace", "textDocumentContent"), dict),
            inserts_snippets=bool(at(*item, "snippetSupport")),
            adjusts_indentation=lists(_ADJUST_INDENTATION, *item, "insertTextModeSupport", "valueSet"),
            completion_markdown=lists("markdown", *item, "documentationFormat"),
            marks_deprecated=lists(_DEPRECATED, *item, "tagSupport", "valueSet"),
            hover_markdown=lists("markdown", "textDocument", "hover", "contentFormat"),
            takes_actions=isinstance(at("textDocument", "codeAction", "codeActionLiteralSupport"), dict),
            prefers_actions=bool(at("textDocument", "codeAction", "isPreferredSupport")),
            takes_versions=bool(at(*edits, "documentChanges")),
            creates_files=bool(at(*edits, "documentChanges")) and lists("create", *edits, "resourceOperations"),
            prepares_renaming=bool(at("textDocument", "rename", "prepareSupport")),
            nests_symbols=bool(at("textDocument", "documentSymbol", "hierarchicalDocumentSymbolSupport")),
        )
