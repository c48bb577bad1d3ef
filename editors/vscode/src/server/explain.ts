// Says why there is no server, and offers the next step.
import { commands, ConfigurationTarget, env, type LogOutputChannel, Uri, window, workspace } from "vscode";

import { SECTION } from "../config";
import type { Server } from "./server";

const DOWNLOADS = "https://www.python.org/downloads/";

export async function explain(server: Server, log: LogOutputChannel): Promise<void> {
  if (server.state.kind !== "stopped") {
    return;
  }
  const { message, fault } = server.state;
  const restart = { title: "Restart Server", run: () => server.restart() };
  const select = { title: "Select Interpreter...", run: selectInterpreter };
  const get = { title: "Get Python", run: () => env.openExternal(Uri.parse(DOWNLOADS)) };
  const settings = { title: "Open Settings", run: () => commands.executeCommand("workbench.action.openSettings", `sigma.${fault}`) };
  const show = {
    title: "Show Log",
    run: () => {
      log.show();
      return Promise.resolve();
    },
  };
  const offered =
    fault === "python"
      ? [select, get, restart]
      : fault === "interpreter"
        ? [select, settings, restart]
        : fault === "serverPath"
          ? [settings, restart, show]
          : [restart, show];
  await (await window.showErrorMessage(message, ...offered))?.run();
}

/** The changed setting starts the server. */
async function selectInterpreter(): Promise<void> {
  const [picked] = (await window.showOpenDialog({ title: "Select a Python interpreter, 3.11 or newer", openLabel: "Select" })) ?? [];
  if (picked !== undefined) {
    await workspace.getConfiguration(SECTION).update("interpreter", picked.fsPath, ConfigurationTarget.Global);
  }
}
