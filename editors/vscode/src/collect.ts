// Collects what a bug report needs into a zip where a person finds it, and who wants to reads it before passing it on.
import { homedir } from "node:os";
import { join } from "node:path";

import { commands, env, type ExtensionContext, UIKind, Uri, version, window, workspace } from "vscode";

import * as config from "./config";
import { diagnosticsText, fileName, redacted } from "./diagnosticsText";
import { line } from "./features/deployment/log";
import { said, SERVER_LOG } from "./log";
import type { Deployment } from "./protocol.gen";
import type { Server } from "./server/server";
import { type Entry, zip } from "./zip";

/** Characters of the server's log that are collected, its last ones: some thousand lines. A guess. */
const LOG = 500_000;

/** Of the report as it is read: no file, so that nobody is asked to save it. */
const SCHEME = "sigma-diagnostics";

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
  // Not in the project, where it would be committed or deployed with the code.
  const target = await window.showSaveDialog({
    title: "Save Diagnostics",
    defaultUri: Uri.file(join(homedir(), fileName(new Date()))),
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
  const known = { home: homedir(), accounts };
  await workspace.fs.writeFile(target, zip(entries.map(({ name, text }) => ({ name, text: redacted(text, known) }))));
  const find = findsIt();
  const read = "Show Report";
  const chosen = await window.showInformationMessage(`Diagnostics were saved to ${target.fsPath}. Read them before you pass them on.`, find.title, read);
  if (chosen === find.title) {
    await find.open(target);
  } else if (chosen === read) {
    await show(redacted(report, known));
  }
}

/** How a person gets to a file: by the system's own file manager where the window is on the machine that has the file. */
function findsIt(): { readonly title: string; open(file: Uri): Thenable<unknown> } {
  if (env.uiKind === UIKind.Desktop && env.remoteName === undefined) {
    const title = { darwin: "Reveal in Finder", win32: "Reveal in File Explorer" }[process.platform as string] ?? "Open Containing Folder";
    return { title, open: (file) => commands.executeCommand("revealFileInOS", file) };
  }
  const open = (file: Uri): Thenable<unknown> => commands.executeCommand("vscode.openFolder", Uri.joinPath(file, ".."), { forceNewWindow: true });
  return { title: "Open Folder", open };
}

async function show(report: string): Promise<void> {
  const provider = workspace.registerTextDocumentContentProvider(SCHEME, { provideTextDocumentContent: () => report });
  try {
    // Each is a document of its own: a text that is open already would not be asked for again.
    const uri = Uri.from({ scheme: SCHEME, path: "/report.md", query: String(Date.now()) });
    await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
  } finally {
    provider.dispose();
  }
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
