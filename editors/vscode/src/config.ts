// The settings that the extension itself reads. The server asks for the whole section by itself.
import { ConfigurationTarget, type Uri, workspace } from "vscode";

export const SECTION = "sigma";

/** The executable that the user named, if any. */
export function serverPath(): string {
  return workspace.getConfiguration(SECTION).get("serverPath", "").trim();
}

/** The Python interpreter that the user named, if any. */
export function interpreter(): string {
  return workspace.getConfiguration(SECTION).get("interpreter", "").trim();
}

/** What the check box says while its setting is being saved, so that nobody who is quick gets the old value. */
let ticked: boolean | undefined;

export function autoExecute(manifest?: Uri): boolean {
  return ticked ?? workspace.getConfiguration(SECTION, manifest).get("autoExecute", false);
}

/** Remembers the check box: in the workspace where it is set there already, else for the user. */
export async function setAutoExecute(value: boolean): Promise<void> {
  ticked = value;
  const section = workspace.getConfiguration(SECTION);
  const inWorkspace = section.inspect<boolean>("autoExecute")?.workspaceValue !== undefined;
  try {
    await section.update("autoExecute", value, inWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global);
  } finally {
    ticked = undefined;
  }
}

/** All settings of the section, for `initializationOptions`. */
export function all(): Record<string, unknown> {
  return { ...workspace.getConfiguration().get<Record<string, unknown>>(SECTION) };
}
