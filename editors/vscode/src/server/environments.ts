// Installs and removes by hand what the server otherwise asks about when it is first needed.
import { window } from "vscode";

import type { EnvironmentState } from "../protocol.gen";
import { environmentItem } from "./environmentItem";
import type { Server } from "./server";

export async function manageEnvironments(server: Server): Promise<void> {
  const all = await server.execute("sigma.environments", {});
  const picked = await window.showQuickPick(
    all.map((environment) => ({ ...environmentItem(environment), environment })),
    { title: "Environments of Sigma: pick one to install or remove it", matchOnDetail: true },
  );
  switch (picked?.environment.state) {
    case "missing":
      // Progress and the end of it are told by the server.
      await server.execute("sigma.installEnvironment", { environment: picked.environment.name });
      break;
    case "installed":
      await remove(server, picked.environment);
      break;
    default:
      break; // There is nothing to do: it is part of the server, or on its way.
  }
}

async function remove(server: Server, { name, title }: EnvironmentState): Promise<void> {
  const detail =
    name === "sandbox"
      ? "A running sandbox is ended, with everything that is deployed there. It is installed again when it is needed."
      : "It is installed again when it is needed, if you want it then.";
  const confirmed = await window.showWarningMessage(`Remove ${title}?`, { modal: true, detail }, "Remove");
  if (confirmed === "Remove") {
    await server.execute("sigma.removeEnvironment", { environment: name });
    void window.showInformationMessage(`Removed ${title}.`);
  }
}
