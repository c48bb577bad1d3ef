// How a deployment is put into words. Knows no VS Code; every fact is in words, none in a colour alone.
import type { Change, ChangeAction, ChangeStatus, Deployment, Outcome, PlanSummary } from "../../protocol.gen";

/** Why nothing is deployed of a workspace that nobody trusts. */
export const NOT_TRUSTED = "The workspace is not trusted: manifests are checked, and nothing is built or deployed.";

/** `thumbnailer (dev)`. */
export function title(deployment: Deployment): string {
  return deployment.stage === null ? deployment.project.name : `${deployment.project.name} (${deployment.stage})`;
}

/** The server's line without the cause that it names, for where the failures stand beside it. */
export function withoutCause({ message, failures }: Deployment): string {
  const root = failures.find(({ rootCause }) => rootCause);
  return root === undefined ? message : message.replace(`${root.resource}: ${root.reason}`, "").replaceAll(/ {2,}/g, " ").trim();
}

/** `stack thumbnailer-dev in eu-west-1, sandbox`. */
export function target(deployment: Deployment): string {
  const place = deployment.sandbox
    ? ", sandbox"
    : deployment.stack.account === undefined
      ? ""
      : `, account ${deployment.stack.account}`;
  return `stack ${deployment.stack.name} in ${deployment.stack.region}${place}`;
}

/** What a deployment looks like at a glance; each has an icon of its own. */
export type Look = "question" | "ready" | "busy" | "good" | "over" | "bad";

const ENDS: Record<Outcome, Look> = {
  succeeded: "good",
  noChanges: "good",
  failed: "bad",
  rolledBack: "bad",
  partiallyApplied: "bad",
  aborted: "over",
  stopped: "over",
  refused: "bad",
};

export function look(deployment: Deployment): Look {
  if (deployment.phase === "completed") {
    return deployment.outcome === undefined ? "bad" : ENDS[deployment.outcome];
  }
  if (deployment.question !== undefined) {
    return "question";
  }
  return deployment.phase === "staged" && deployment.can.execute ? "ready" : "busy";
}

const OUTCOMES: Record<Outcome, string> = {
  succeeded: "deployed",
  noChanges: "up to date",
  failed: "failed",
  rolledBack: "failed and rolled back",
  partiallyApplied: "failed, partially applied",
  aborted: "aborted",
  stopped: "stopped",
  refused: "refused",
};

/** How it ended, or what it is doing: `deployed`, `3/6`, `6 changes ready`. */
export function progress(deployment: Deployment): string {
  if (deployment.outcome !== undefined) {
    if (deployment.operation === "undeploy") {
      return { ...OUTCOMES, succeeded: "removed", noChanges: "nothing to remove" }[deployment.outcome];
    }
    return OUTCOMES[deployment.outcome];
  }
  if (deployment.question !== undefined) {
    return "needs an answer";
  }
  const fraction = `${deployment.progress.done}/${deployment.progress.total}`;
  switch (deployment.phase) {
    case "initialization":
      return "starting";
    case "build":
      return "building";
    case "preparation":
      return "preparing";
    case "staging":
      return "listing changes";
    case "staged":
      return `${count(deployment.changes.length, "change")} ready`;
    case "execution":
    case "monitoring":
      return fraction;
    case "rollingBack":
      return `rolling back ${fraction}`;
    case "completed":
      return "ended";
  }
}

/** The same for the ear, where a fraction would be read as a date. */
export function spokenProgress(deployment: Deployment): string {
  const { done, total, failed } = deployment.progress;
  const failures = failed === 0 ? "" : `, ${failed} failed`;
  const running = deployment.outcome === undefined && deployment.question === undefined;
  if (running && ["execution", "monitoring"].includes(deployment.phase)) {
    return `deploying, ${done} of ${count(total, "change")} done${failures}`;
  }
  if (running && deployment.phase === "rollingBack") {
    return `rolling back, ${done} of ${count(total, "change")} done${failures}`;
  }
  return progress(deployment);
}

/** `3 to add, 1 to modify`. */
export function summary(plan: PlanSummary): string {
  const parts = (["add", "modify", "replace", "remove"] as const)
    .filter((action) => plan[action] > 0)
    .map((action) => `${plan[action]} to ${action}`);
  return parts.length === 0 ? "nothing to change" : parts.join(", ");
}

const ACTIONS: Record<ChangeAction, string> = {
  add: "add",
  modify: "modify",
  replace: "replace",
  remove: "remove",
  import: "import",
};

const STATUSES: Record<ChangeStatus, string> = {
  pending: "pending",
  inProgress: "in progress",
  succeeded: "done",
  failed: "failed",
  cancelled: "cancelled",
  rollingBack: "rolling back",
  rolledBack: "rolled back",
  retained: "kept",
};

/** What is done, and what to think about before it is: `modify, will be replaced, data loss`. */
export function intent(change: Change): string {
  const words = [ACTIONS[change.action]];
  if (change.action !== "replace" && change.replacement !== "never") {
    words.push(`${change.replacement} be replaced`);
  }
  if (change.risk === "dataLoss") {
    words.push("data loss");
  } else if (change.risk === "interruption" || change.risk === "permissions") {
    words.push(change.risk);
  }
  return words.join(", ");
}

export function status(change: Pick<Change, "status">): string {
  return STATUSES[change.status];
}

/** `0.4 s`, `12 s`, `3:05 min`; undefined where an end is not known. */
export function duration(from: string | undefined, to: string | undefined): string | undefined {
  if (from === undefined || to === undefined) {
    return undefined;
  }
  const seconds = Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
  if (Number.isNaN(seconds)) {
    return undefined;
  }
  if (seconds < 9.95) {
    return `${seconds.toFixed(1)} s`;
  }
  if (seconds < 59.5) {
    return `${Math.round(seconds)} s`;
  }
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")} min`;
}

/** `Lambda Function` for `AWS::Lambda::Function`: what tells resources of one name apart where there is little room. */
export function kind(type: string): string {
  return type.replace(/^AWS::/, "").replaceAll("::", " ");
}

/** `1 change`, `2 changes`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Whether an output is an address that a browser opens. */
export function isUrl(value: string): boolean {
  return /^https?:\/\/\S+$/.test(value);
}

/** `2026-01-31 12:05`, in the time of whoever reads it. */
export function day(at: string): string {
  const time = new Date(at);
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
