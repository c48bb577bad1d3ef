// Says why there is no server, and offers the next step.
import { commands, type LogOutputChannel, window } from "vscode";

import type { Server } from "./server";

export async function explain(server: Server, log: LogOutputChannel): Promise<void> {
  if (server.state.kind !== "stopped") {
    return;
  }
  const restart = "Restart Server";
  const settings = "Open Settings";
  const show = "Show Log";
  const picked = await window.showErrorMessage(server.state.message, restart, settings, show);
  if (picked === restart) {
    await server.restart();
  } else if (picked === settings) {
    await commands.executeCommand("workbench.action.openSettings", `sigma.${server.state.setting ?? "serverPath"}`);
  } else if (picked === show) {
    log.show();
  }
}
