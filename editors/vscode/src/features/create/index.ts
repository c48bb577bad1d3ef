// Create Project: asks for a name and a language, and writes a manifest and a function that can be deployed as they are.
import { commands, FileType, Uri, window, workspace } from "vscode";

import { FILES, filled, type Language, nameOf, regionOf, wrongName } from "./scaffold";

/** `templates` is the folder that holds the files of each language. */
export async function createProject(templates: Uri): Promise<void> {
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
  const language = await chooseLanguage();
  if (language === undefined) {
    return;
  }
  const folder = taken ? Uri.joinPath(root, name) : root;
  await write(templates, folder, language, name);
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

async function chooseLanguage(): Promise<Language | undefined> {
  const items: { label: string; detail: string; language: Language }[] = [
    { label: "Python", detail: "One function that answers on the web", language: "python" },
    { label: "Node.js", detail: "One function that answers on the web", language: "node" },
  ];
  return (await window.showQuickPick(items, { title: "Create Project (2/2)", placeHolder: "In which language is its first function?" }))?.language;
}

/** Writes all or nothing: a file that is there already is somebody's work. */
async function write(templates: Uri, folder: Uri, language: Language, name: string): Promise<void> {
  for (const file of FILES[language]) {
    const target = Uri.joinPath(folder, file);
    if (await exists(target)) {
      throw new Error(`The project was not created: ${workspace.asRelativePath(target)} exists already. Choose another name or folder.`);
    }
  }
  const region = regionOf(process.env);
  for (const file of FILES[language]) {
    const bytes = await workspace.fs.readFile(Uri.joinPath(templates, language, file));
    const text = filled(new TextDecoder().decode(bytes), { name, region });
    await workspace.fs.writeFile(Uri.joinPath(folder, file), new TextEncoder().encode(text));
  }
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    return (await workspace.fs.stat(uri)).type !== FileType.Unknown;
  } catch {
    return false;
  }
}
