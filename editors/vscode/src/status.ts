// The status bar item: one line for the newest deployment, or for the server where that is what matters.
import { type Disposable, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from "vscode";

import type { Deployment } from "./protocol.gen";
import type { ServerState } from "./server/state";
import { statusText } from "./statusText";

export class Status implements Disposable {
  private readonly item: StatusBarItem = window.createStatusBarItem("sigma.status", StatusBarAlignment.Left, 0);

  constructor() {
    this.item.name = "Sigma";
  }

  show(server: ServerState, deployment: Deployment | undefined): void {
    const { text, spoken, tooltip, severity } = statusText(server, deployment);
    this.item.text = text;
    this.item.accessibilityInformation = { label: spoken, role: "button" };
    this.item.tooltip = tooltip.reduce((markdown, line) => markdown.appendText(line).appendMarkdown("\n\n"), new MarkdownString());
    this.item.command = server.kind === "stopped" ? "sigma.explainServer" : "sigma.showDeploymentMonitor";
    this.item.backgroundColor =
      severity === "none" ? undefined : new ThemeColor(`statusBarItem.${severity}Background`);
    if (server.kind === "idle" && deployment === undefined) {
      this.item.hide();
    } else {
      this.item.show();
    }
  }

  dispose(): void {
    this.item.dispose();
  }
}
