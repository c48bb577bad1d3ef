// The language status item of manifests: whether the server runs and whether it is at work, beside the language's name.
import { type Disposable, languages, LanguageStatusSeverity, type LanguageStatusItem } from "vscode";

import type { ServerStatus } from "./protocol.gen";
import type { ServerState } from "./server/state";

export class LanguageStatus implements Disposable {
  private readonly item: LanguageStatusItem = languages.createLanguageStatusItem("sigma.languageStatus", {
    scheme: "file",
    pattern: "**/sigma.{yaml,yml}",
  });
  private state: ServerState = { kind: "idle" };
  private status: ServerStatus | undefined;

  constructor() {
    this.item.name = "Sigma Language Server";
    this.show();
  }

  serverIs(state: ServerState): void {
    this.state = state;
    this.status = undefined;
    this.show();
  }

  serverSays(status: ServerStatus): void {
    this.status = status;
    this.show();
  }

  dispose(): void {
    this.item.dispose();
  }

  private show(): void {
    const { state, status, item } = this;
    const stopped = state.kind === "stopped";
    item.text = stopped ? "$(error) Sigma: server stopped" : state.kind === "starting" ? "Sigma: starting" : "Sigma: manifest checked";
    if (state.kind === "running" && status?.quiescent === false) {
      item.text = "Sigma: checking";
    }
    item.busy = state.kind === "starting" || (state.kind === "running" && status?.quiescent === false);
    item.detail = stopped ? state.message : status?.message;
    item.severity = stopped || status?.health === "error"
      ? LanguageStatusSeverity.Error
      : status?.health === "warning" ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
    item.command = stopped
      ? { command: "sigma.restartServer", title: "Restart Server" }
      : { command: "sigma.showServerLog", title: "Show Server Log" };
  }
}
