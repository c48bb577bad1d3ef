// Collects what a bug report needs into a zip, and shows the report that is in it: a person reads before passing it on.
import { homedir } from "node:os";

import { type ExtensionContext, Uri, version, window, workspace } from "vscode";

import * as config from "./config";
import { diagnosticsText, redacted } from "./diagnosticsText";
import { line } from "./features/deployment/log";
import { said, SERVER_LOG } from "./log";
import type { Deployment } from "./protocol.gen";
import type { Server } from "./server/server";
import { type Entry, zip } from "./zip";

/** Characters of the server's log that are collected, its last ones: some thousand lines. A guess. */
const LOG = 500_000;

export async function collectDiagnostics(context: ExtensionContext, server: Server, deployments: readonly Deployment[]): Promise<void> {
  const { version: extension } = context.extension.packageJSON as { version: string };
  const report = diagnosticsText({
    extension,
    editor: version,
    system: `${process.platform} ${process.arch}, Node.js ${process.versions.node}`,
    trusted: workspace.isTrusted,
    server: server.state,
    settings: config.all(),
    deployments,
  });
  const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file(homedir());
  const target = await window.showSaveDialog({
    title: "Save Diagnostics",
    defaultUri: Uri.joinPath(folder, "sigma-diagnostics.zip"),
    filters: { "Zip Archive": ["zip"] },
  });
  if (target === undefined) {
    return;
  }
  const entries: Entry[] = [
    { name: "report.md", text: report },
    { name: "server.log", text: await serverLog(context) },
    ...(await Promise.all(deployments.map((deployment) => eventsOf(server, deployment)))),
  ];
  const accounts = deployments.flatMap(({ stack }) => stack.account ?? []);
  const home = homedir();
  await workspace.fs.writeFile(target, zip(entries.map(({ name, text }) => ({ name, text: redacted(text, { home, accounts }) }))));
  await window.showTextDocument(await workspace.openTextDocument({ language: "markdown", content: redacted(report, { home, accounts }) }));
  void window.showInformationMessage(`Diagnostics were saved to ${workspace.asRelativePath(target)}. Read them before you pass them on.`);
}

async function serverLog(context: ExtensionContext): Promise<string> {
  try {
    const bytes = await workspace.fs.readFile(Uri.joinPath(context.logUri, `${SERVER_LOG}.log`));
    return new TextDecoder().decode(bytes).slice(-LOG);
  } catch (error) {
    return `The server's log could not be read: ${said(error)}\n`;
  }
}

async function eventsOf(server: Server, { id }: Deployment): Promise<Entry> {
  const name = `events/${id}.log`;
  try {
    const events = await server.execute("sigma.logs", { deployment: id });
    return { name, text: events.map((event) => `${line(event)}\n`).join("") };
  } catch (error) {
    return { name, text: `The events could not be read: ${said(error)}\n` };
  }
}
