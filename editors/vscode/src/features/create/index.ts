// Create Project: asks for a name and a kind, and writes a manifest and a function that can be deployed as they are.
import { readdir, readFile } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";

import { commands, FileType, Uri, window, workspace } from "vscode";

import { type Blanks, filled, type Language, nameOf, type Platform, regionOf, wrongCloudProject, wrongName } from "./scaffold";

interface Kind {
  readonly platform: Platform;
  readonly language: Language;
}

/** `starters` is the folder that holds the files of each kind. */
export async function createProject(starters: string): Promise<void> {
  const [first] = workspace.workspaceFolders ?? [];
  const root = first?.uri ?? (await chooseFolder());
  if (root === undefined) {
    return;
  }
  const taken = (await exists(Uri.joinPath(root, "sigma.yaml"))) || (await exists(Uri.joinPath(root, "sigma.yml")));
  const name = await window.showInputBox({
    title: "Create Project (1/2)",
    prompt: taken ? "The project's name; its folder is made here" : "The project's name",
    value: taken ? "hello" : nameOf(root.path.split("/").at(-1) ?? ""),
    validateInput: wrongName,
  });
  if (name === undefined) {
    return;
  }
  const kind = await chooseKind();
  if (kind === undefined) {
    return;
  }
  const project = kind.platform === "gcp" ? await askCloudProject() : "";
  if (project === undefined) {
    return;
  }
  const folder = taken ? Uri.joinPath(root, name) : root;
  await write(join(starters, `${kind.platform}-${kind.language}`), folder, { name, region: regionOf(kind.platform, process.env), project });
  if (first === undefined) {
    await commands.executeCommand("vscode.openFolder", folder);
  } else {
    await window.showTextDocument(Uri.joinPath(folder, "sigma.yaml"), { preview: false });
  }
}

async function chooseFolder(): Promise<Uri | undefined> {
  const [chosen] = (await window.showOpenDialog({
    title: "The Folder of the New Project",
    openLabel: "Create Project Here",
    canSelectFiles: false,
    canSelectFolders: true,
  })) ?? [];
  return chosen;
}

async function chooseKind(): Promise<Kind | undefined> {
  const aws = "One function that answers on the web";
  const gcp = "The same; checked while you type, but not deployed yet: deploying to Google Cloud comes later";
  const items: readonly (Kind & { readonly label: string; readonly description: string; readonly detail: string })[] = [
    { label: "Python", description: "AWS", detail: aws, platform: "aws", language: "python" },
    { label: "Node.js", description: "AWS", detail: aws, platform: "aws", language: "node" },
    { label: "Python", description: "Google Cloud", detail: gcp, platform: "gcp", language: "python" },
    { label: "Node.js", description: "Google Cloud", detail: gcp, platform: "gcp", language: "node" },
  ];
  return window.showQuickPick(items, {
    title: "Create Project (2/2)",
    placeHolder: "In which language is its first function, and for which cloud?",
    matchOnDescription: true,
  });
}

function askCloudProject(): Thenable<string | undefined> {
  return window.showInputBox({
    title: "Create Project",
    prompt: "The id of the Google Cloud project that it belongs to",
    placeHolder: "my-project",
    validateInput: wrongCloudProject,
  });
}

/** Writes all or nothing: a file that is there already is somebody's work. */
async function write(template: string, folder: Uri, blanks: Blanks): Promise<void> {
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const target = (file: string): Uri => Uri.joinPath(folder, relative(template, file).replaceAll(sep, posix.sep));
  for (const file of files) {
    if (await exists(target(file))) {
      throw new Error(`The project was not created: ${workspace.asRelativePath(target(file))} exists already. Choose another name or folder.`);
    }
  }
  for (const file of files) {
    const text = filled(await readFile(file, "utf8"), blanks);
    await workspace.fs.writeFile(target(file), new TextEncoder().encode(text));
  }
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    return (await workspace.fs.stat(uri)).type !== FileType.Unknown;
  } catch {
    return false;
  }
}
