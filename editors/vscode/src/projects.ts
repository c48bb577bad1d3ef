// Which manifests there are: the server starts with the first one, and nothing runs in a folder without any.
import { commands, type Disposable, type TextDocument, Uri, window, workspace } from "vscode";

const NAMES = "sigma.{yaml,yml}";
const ELSEWHERE = "**/{node_modules,.venv,.git}/**";

export function isManifest(uri: Uri): boolean {
  return uri.scheme === "file" && /(^|\/)sigma\.ya?ml$/.test(uri.path);
}

/** Calls `found` once there is a manifest, in the workspace or open by itself. */
export function onFirstProject(found: () => void): Disposable {
  let done = false;
  const first = (): void => {
    if (!done) {
      done = true;
      void commands.executeCommand("setContext", "sigma.inProject", true);
      found();
    }
  };
  const opened = ({ uri }: TextDocument): void => {
    if (isManifest(uri)) {
      first();
    }
  };
  const watcher = workspace.createFileSystemWatcher(`**/${NAMES}`, false, true, true);
  const created = watcher.onDidCreate(first);
  const opening = workspace.onDidOpenTextDocument(opened);
  workspace.textDocuments.forEach(opened);
  void workspace.findFiles(`**/${NAMES}`, ELSEWHERE, 1).then((files) => {
    if (files.length > 0) {
      first();
    }
  });
  return {
    dispose: () => {
      watcher.dispose();
      created.dispose();
      opening.dispose();
    },
  };
}

/** All manifests of the workspace; a `sigma.yml` beside a `sigma.yaml` is ignored, as the server does. */
export async function findManifests(): Promise<Uri[]> {
  const found = await workspace.findFiles(`**/${NAMES}`, ELSEWHERE);
  const paths = new Set(found.map(({ path }) => path));
  return found.filter(({ path }) => !path.endsWith(".yml") || !paths.has(path.replace(/yml$/, "yaml")));
}

/** The manifest that a command is about: the one it was called on, the one in the editor, or the one a person picks. */
export async function chooseManifest(called: unknown): Promise<Uri | undefined> {
  if (called instanceof Uri && isManifest(called)) {
    return called;
  }
  const active = window.activeTextEditor?.document.uri;
  if (active !== undefined && isManifest(active)) {
    return active;
  }
  const found = await findManifests();
  const [only] = found;
  if (only === undefined) {
    void window.showWarningMessage("There is no project here: a project is a folder with a file sigma.yaml.");
    return undefined;
  }
  if (found.length === 1) {
    return only;
  }
  const picked = await window.showQuickPick(
    found.map((uri) => ({ label: workspace.asRelativePath(uri), uri })),
    { title: "Which project?" },
  );
  return picked?.uri;
}

/** Saves what is unsaved in a project's folder: its functions are built from the disk. */
export async function saveProject(manifest: Uri): Promise<void> {
  const folder = Uri.joinPath(manifest, "..").path;
  const unsaved = workspace.textDocuments.filter(
    (document) => document.isDirty && !document.isUntitled && document.uri.path.startsWith(`${folder}/`),
  );
  await Promise.all(unsaved.map((document) => document.save()));
}
