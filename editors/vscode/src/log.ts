// The two places where text for curious people goes: the server's own log, and what the clouds said.
import { type LogOutputChannel, type OutputChannel, window } from "vscode";

export const SERVER_LOG = "Sigma Language Server";

/** The extension's and the server's log; its level is chosen with the command "Developer: Set Log Level". */
export function openServerLog(): LogOutputChannel {
  return window.createOutputChannel(SERVER_LOG, { log: true });
}

export function openDeploymentLog(): OutputChannel {
  return window.createOutputChannel("Sigma Deployment");
}

/** What to say of anything that was thrown. */
export function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
