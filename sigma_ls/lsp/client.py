"""What the editor can do, resolved once into flags, so that no handler digs in capabilities."""

from __future__ import annotations

from typing import Any, Literal

from attrs import frozen

from sigma_ls.lsp.messages import SECTION

Encoding = Literal["utf-8", "utf-16"]


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
            nests_symbols=bool(at("textDocument", "documentSymbol", "hierarchicalDocumentSymbolSupport")),
        )
