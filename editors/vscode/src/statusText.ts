// What the status bar says. Knows no VS Code.
import type { Deployment } from "./protocol.gen";
import { isRunning } from "./features/deployment/store";
import { progress, spokenProgress, target, title } from "./features/deployment/words";
import type { ServerState } from "./server/state";

export interface StatusText {
  /** With an icon in front, as status bar items have it. */
  readonly text: string;
  /** For screen readers, which do not see icons. */
  readonly spoken: string;
  readonly tooltip: readonly string[];
  readonly severity: "none" | "warning" | "error";
}

export function statusText(server: ServerState, deployment: Deployment | undefined): StatusText {
  if (server.kind === "stopped") {
    return {
      text: "$(error) Sigma: server stopped",
      spoken: "Sigma: the language server is stopped",
      tooltip: [server.message, "Click for what to do."],
      severity: "error",
    };
  }
  if (deployment === undefined) {
    const starting = server.kind === "starting";
    return {
      text: starting ? "$(loading~spin) Sigma" : "$(cloud) Sigma",
      spoken: starting ? "Sigma: the language server is starting" : "Sigma: nothing is deployed yet",
      tooltip: [starting ? "The language server is starting." : "Nothing is deployed yet."],
      severity: "none",
    };
  }
  return {
    text: `${icon(deployment)} ${title(deployment)}: ${progress(deployment)}`,
    spoken: `Sigma: ${title(deployment)}, ${spokenProgress(deployment)}`,
    tooltip: [deployment.message, target(deployment)],
    severity: severity(deployment),
  };
}

function icon(deployment: Deployment): string {
  if (isRunning(deployment)) {
    if (deployment.question !== undefined) {
      return "$(question)";
    }
    return deployment.phase === "staged" && deployment.can.execute ? "$(checklist)" : "$(loading~spin)";
  }
  switch (deployment.outcome) {
    case "succeeded":
    case "noChanges":
      return "$(check)";
    case "aborted":
    case "stopped":
      return "$(circle-slash)";
    case "failed":
    case "rolledBack":
    case "partiallyApplied":
    case "refused":
    case undefined:
      return "$(error)";
  }
}

function severity(deployment: Deployment): StatusText["severity"] {
  if (deployment.question !== undefined) {
    return "warning";
  }
  if (deployment.progress.failed > 0 && isRunning(deployment)) {
    return "error";
  }
  return ["failed", "rolledBack", "partiallyApplied", "refused"].includes(deployment.outcome ?? "") ? "error" : "none";
}
