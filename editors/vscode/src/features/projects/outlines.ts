// The outlines of all manifests of the workspace, kept up to date while they are edited.
import { commands, type Disposable, type DocumentSymbol, EventEmitter, Uri, workspace } from "vscode";

import { byName } from "../../natural";
import { findManifests, isManifest } from "../../projects";
import type { Range } from "../../protocol.gen";
import { type Outline, outlineOf, type OutlineSymbol } from "./outline";

/** Milliseconds of quiet in a manifest before its outline is read again: more than between two keys. A guess. */
const QUIET = 400;
/** Of so many projects the outlines are read; to read one opens its manifest. A guess at what nobody has in one workspace. */
const MOST = 50;

export class Outlines implements Disposable {
  private known: readonly Outline[] = [];
  private reading: Promise<void> | undefined;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly changes = new EventEmitter<void>();
  readonly onDidChange = this.changes.event;
  private readonly disposables: Disposable[];

  constructor() {
    const watcher = workspace.createFileSystemWatcher("**/sigma.{yaml,yml}");
    const changed = (): void => {
      this.soon();
    };
    this.disposables = [
      this.changes,
      watcher,
      watcher.onDidCreate(changed),
      watcher.onDidDelete(changed),
      watcher.onDidChange(changed),
      workspace.onDidChangeWorkspaceFolders(changed),
      workspace.onDidOpenTextDocument(({ uri }) => {
        this.elsewhere(uri);
      }),
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.elsewhere(uri);
      }),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && isManifest(document.uri)) {
          this.soon();
        }
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }

  all(): readonly Outline[] {
    return this.known;
  }

  /** Undefined: it has not been read yet. */
  of(manifest: Uri): Outline | undefined {
    return this.known.find(({ uri }) => uri === manifest.toString());
  }

  /** Reads all of them; done when they are known. */
  async read(): Promise<void> {
    if (this.reading !== undefined) {
      this.again = true; // What is being read may be older than what was asked for.
      return this.reading;
    }
    this.reading = this.readAll();
    try {
      await this.reading;
    } finally {
      this.reading = undefined;
    }
    if (this.again) {
      this.again = false;
      await this.read();
    }
  }

  /** Those of the workspace are read whether they are open or not: reading them opens them. */
  private elsewhere(uri: Uri): void {
    if (isManifest(uri) && workspace.getWorkspaceFolder(uri) === undefined) {
      this.soon();
    }
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.read(), QUIET);
  }

  private async readAll(): Promise<void> {
    const manifests = (await findManifests()).slice(0, MOST);
    const outlines = await Promise.all(manifests.map((manifest) => this.readOne(manifest)));
    this.known = outlines.filter((outline) => outline !== undefined).sort((a, b) => byName(a.uri, b.uri));
    this.changes.fire();
  }

  private async readOne(manifest: Uri): Promise<Outline | undefined> {
    try {
      const document = await workspace.openTextDocument(manifest);
      const symbols = await commands.executeCommand<DocumentSymbol[] | undefined>("vscode.executeDocumentSymbolProvider", manifest);
      const name = /^name:[ \t]*["']?([^"'#\s][^"'#\n]*?)["']?[ \t]*(#.*)?$/m.exec(document.getText())?.[1];
      const folder = manifest.path.split("/").at(-2) ?? "";
      if ((symbols ?? []).length === 0 && this.of(manifest) !== undefined && document.getText().trim() !== "") {
        return this.of(manifest); // No server answers just now.
      }
      return outlineOf(manifest.toString(), (symbols ?? []).map(plain), name ?? folder);
    } catch {
      return undefined; // It was deleted a moment ago.
    }
  }
}

function plain({ name, selectionRange, children }: DocumentSymbol): OutlineSymbol {
  const { start, end } = selectionRange;
  const range: Range = {
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
  };
  return { name, selectionRange: range, children: children.map(plain) };
}
