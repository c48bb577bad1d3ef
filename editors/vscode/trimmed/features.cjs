// Stands in the bundle for those features of the language client that need an answer which our server does not give
// (hierarchies, notebooks, colours, ...): nothing is announced, so nothing is ever asked.
// A feature that the server learns is taken out of the list in `esbuild.mjs`; a test compares them.
class Omitted {
  fillClientCapabilities() {}
  initialize() {}
  getState() {
    return { kind: "static" };
  }
  clear() {}
}

// Pulling diagnostics listens to what it tells of notebooks' cells: nothing.
class NoNotebooks extends Omitted {
  static CellScheme = "vscode-notebook-cell";
  registrationType = { method: "notebookDocument/sync" };
  register() {}
  unregister() {}
  handles() {
    return false;
  }
  onOpenNotificationSent() {
    return { dispose() {} };
  }
}
for (const event of ["onChangeNotificationSent", "onSaveNotificationSent", "onCloseNotificationSent"]) {
  NoNotebooks.prototype[event] = NoNotebooks.prototype.onOpenNotificationSent;
}

module.exports = {
  CallHierarchyFeature: Omitted,
  CodeLensFeature: Omitted,
  ColorProviderFeature: Omitted,
  DeclarationFeature: Omitted,
  DidCreateFilesFeature: Omitted,
  DidDeleteFilesFeature: Omitted,
  DidRenameFilesFeature: Omitted,
  DocumentFormattingFeature: Omitted,
  DocumentOnTypeFormattingFeature: Omitted,
  DocumentRangeFormattingFeature: Omitted,
  ImplementationFeature: Omitted,
  InlayHintsFeature: Omitted,
  InlineCompletionItemFeature: Omitted,
  InlineValueFeature: Omitted,
  LinkedEditingFeature: Omitted,
  NotebookDocumentSyncFeature: NoNotebooks,
  SemanticTokensFeature: Omitted,
  SignatureHelpFeature: Omitted,
  TypeDefinitionFeature: Omitted,
  TypeHierarchyFeature: Omitted,
  WillCreateFilesFeature: Omitted,
  WillDeleteFilesFeature: Omitted,
  WillRenameFilesFeature: Omitted,
  WorkspaceSymbolFeature: Omitted,
};
