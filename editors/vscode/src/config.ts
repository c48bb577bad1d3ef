// The settings that the extension itself reads. The server asks for the whole section by itself.
import { ConfigurationTarget, workspace } from "vscode";

export const SECTION = "sigma";

/** The executable that the user named, if any. */
export function serverPath(): string {
  return workspace.getConfiguration(SECTION).get("serverPath", "").trim();
}

/** The Python interpreter that the user named, if any. */
export function interpreter(): string {
  return workspace.getConfiguration(SECTION).get("interpreter", "").trim();
}

export function autoExecute(): boolean {
  return workspace.getConfiguration(SECTION).get("autoExecute", false);
}

/** Remembers the check box: in the workspace where it is set there already, else for the user. */
export async function setAutoExecute(value: boolean): Promise<void> {
  const section = workspace.getConfiguration(SECTION);
  const inWorkspace = section.inspect<boolean>("autoExecute")?.workspaceValue !== undefined;
  await section.update("autoExecute", value, inWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global);
}

/** All settings of the section, for `initializationOptions`. */
export function all(): Record<string, unknown> {
  return { ...workspace.getConfiguration().get<Record<string, unknown>>(SECTION) };
}
