// What the status bar says. Knows no VS Code.
import type { Deployment } from "./protocol.gen";
import { day, duration, look, type Look, progress, spokenProgress, target, title } from "./features/deployment/words";
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
    text: `${ICONS[look(deployment)]} ${title(deployment)}: ${progress(deployment)}`,
    spoken: `Sigma: ${title(deployment)}, ${spokenProgress(deployment)}`,
    tooltip: [deployment.message, `${deployment.operation === "deploy" ? "Deployment" : "Removal"} of ${target(deployment)}`, when(deployment)],
    severity: severity(deployment),
  };
}

function when({ startedAt, endedAt }: Deployment): string {
  const took = duration(startedAt, endedAt);
  return endedAt === undefined ? `Began ${day(startedAt)}` : `Ended ${day(endedAt)}${took === undefined ? "" : `, took ${took}`}`;
}

const ICONS: Record<Look, string> = {
  question: "$(question)",
  ready: "$(checklist)",
  busy: "$(loading~spin)",
  good: "$(check)",
  over: "$(circle-slash)",
  bad: "$(error)",
};

function severity(deployment: Deployment): StatusText["severity"] {
  const seen = look(deployment);
  if (seen === "question") {
    return "warning";
  }
  return seen === "bad" || (seen === "busy" && deployment.progress.failed > 0) ? "error" : "none";
}
