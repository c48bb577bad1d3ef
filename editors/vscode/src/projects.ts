// Which manifests there are: the server starts with the first one, and nothing runs in a folder without any.
import { commands, type Disposable, type TextDocument, Uri, window, workspace } from "vscode";

import { byName } from "./natural";

const NAMES = "sigma.{yaml,yml}";
const ELSEWHERE = "**/{node_modules,.venv,.git}/**";

export function isManifest(uri: Uri): boolean {
  return uri.scheme === "file" && /(^|\/)sigma\.ya?ml$/.test(uri.path);
}

/** Calls `found` once there is a manifest, in the workspace or open by itself; `sigma.inProject` says whether there is one now. */
export function onFirstProject(found: () => void): Disposable {
  let done = false;
  const here = (): void => {
    void commands.executeCommand("setContext", "sigma.inProject", true);
    if (!done) {
      done = true;
      found();
    }
  };
  const opened = ({ uri }: TextDocument): void => {
    if (isManifest(uri)) {
      here();
    }
  };
  const look = async (): Promise<void> => {
    if ((await workspace.findFiles(`**/${NAMES}`, ELSEWHERE, 1)).length > 0) {
      here();
    } else if (!workspace.textDocuments.some(isElsewhere)) {
      void commands.executeCommand("setContext", "sigma.inProject", false);
    }
  };
  const watcher = workspace.createFileSystemWatcher(`**/${NAMES}`, false, true, false);
  const disposables = [
    watcher,
    watcher.onDidCreate(here),
    watcher.onDidDelete(() => void look()),
    workspace.onDidOpenTextDocument(opened),
    workspace.onDidCloseTextDocument(({ uri }) => {
      if (isManifest(uri) && workspace.getWorkspaceFolder(uri) === undefined) {
        void look();
      }
    }),
    workspace.onDidChangeWorkspaceFolders(() => void look()),
  ];
  workspace.textDocuments.forEach(opened);
  void look();
  return {
    dispose: () => {
      for (const disposable of disposables) {
        disposable.dispose();
      }
    },
  };
}

/** Whether it is a manifest that is open though it is in no folder of the workspace. */
export function isElsewhere({ uri, isClosed }: TextDocument): boolean {
  return isManifest(uri) && !isClosed && workspace.getWorkspaceFolder(uri) === undefined;
}

/**
 * All manifests of the workspace, and those that are open from elsewhere; a `sigma.yml` beside a `sigma.yaml` is ignored,
 * as the server does.
 */
export async function findManifests(): Promise<Uri[]> {
  const inside = await workspace.findFiles(`**/${NAMES}`, ELSEWHERE);
  const found = [...inside, ...workspace.textDocuments.filter(isElsewhere).map(({ uri }) => uri)];
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
    found.map((uri) => ({ label: workspace.asRelativePath(uri), uri })).sort((a, b) => byName(a.label, b.label)),
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
