// Collects what a bug report needs into a document that a person can read first.
import { type ExtensionContext, version, window, workspace } from "vscode";

import * as config from "./config";
import { diagnosticsText } from "./diagnosticsText";
import type { Deployment } from "./protocol.gen";
import type { ServerState } from "./server/state";

export async function collectDiagnostics(
  context: ExtensionContext,
  server: ServerState,
  deployments: readonly Deployment[],
): Promise<void> {
  const { version: extension } = context.extension.packageJSON as { version: string };
  const content = diagnosticsText({
    extension,
    editor: version,
    system: `${process.platform} ${process.arch}, Node.js ${process.versions.node}`,
    trusted: workspace.isTrusted,
    server,
    settings: config.all(),
    deployments,
  });
  await window.showTextDocument(await workspace.openTextDocument({ language: "markdown", content }));
}
