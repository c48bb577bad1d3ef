// The settings that the extension itself reads. The server asks for the whole section by itself.
import { ConfigurationTarget, type Uri, workspace } from "vscode";
import { WrittenLater } from "./writtenLater.js";

export const SECTION = "sigma";

/** The executable that the user named, if any. */
export function serverPath(): string {
  return workspace.getConfiguration(SECTION).get("serverPath", "").trim();
}

/** The Python interpreter that the user named, if any. */
export function interpreter(): string {
  return workspace.getConfiguration(SECTION).get("interpreter", "").trim();
}

/** The check box: remembered in the workspace where it is set there already, else for the user. */
const automatic = new WrittenLater<boolean>((value) => {
  const section = workspace.getConfiguration(SECTION);
  const inWorkspace = section.inspect<boolean>("autoExecute")?.workspaceValue !== undefined;
  return section.update("autoExecute", value, inWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global);
});

/** What the check box says, even while its setting is being saved, so that nobody who is quick gets the old value. */
export function autoExecute(manifest?: Uri): boolean {
  return automatic.pending ?? workspace.getConfiguration(SECTION, manifest).get("autoExecute", false);
}

export function setAutoExecute(value: boolean): Promise<void> {
  return automatic.set(value);
}

/** The stage to deploy; empty: the manifest's first one. */
export function stage(manifest: Uri): string {
  return workspace.getConfiguration(SECTION, manifest).get("stage", "").trim();
}

export function sandbox(manifest: Uri): boolean {
  return workspace.getConfiguration(SECTION, manifest).get("sandbox", false);
}

export async function setStage(value: string, manifest: Uri): Promise<void> {
  await workspace.getConfiguration(SECTION, manifest).update("stage", value, placeOf(manifest));
}

export async function setSandbox(value: boolean, manifest: Uri): Promise<void> {
  await workspace.getConfiguration(SECTION, manifest).update("sandbox", value, placeOf(manifest));
}

/** What is about one project is remembered with it. */
function placeOf(manifest: Uri): ConfigurationTarget {
  if (workspace.getWorkspaceFolder(manifest) === undefined) {
    return ConfigurationTarget.Global;
  }
  return workspace.workspaceFile === undefined ? ConfigurationTarget.Workspace : ConfigurationTarget.WorkspaceFolder;
}

/** All settings of the section, for `initializationOptions`. */
export function all(): Record<string, unknown> {
  return { ...workspace.getConfiguration().get<Record<string, unknown>>(SECTION) };
}
