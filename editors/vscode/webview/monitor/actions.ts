// What the buttons say: each is there all the time, and one that does nothing now says why.
import type { Deployment } from "../../src/protocol.gen";

export type ActionKind = "execute" | "abort" | "stop" | "template" | "logs" | "console";

export interface Action {
  readonly kind: ActionKind;
  readonly label: string;
  /** A codicon. */
  readonly icon: string;
  readonly primary: boolean;
  /** What it does, or would do. */
  readonly hint: string;
  /** Why it can not be pressed now; undefined: it can. */
  readonly reason: string | undefined;
}

export function actions(deployment: Deployment): Action[] {
  const { can } = deployment;
  return [
    {
      kind: "execute",
      label: "Execute",
      icon: "play",
      primary: true,
      hint: "Makes the changes that are listed",
      reason: can.execute ? undefined : notExecutable(deployment),
    },
    {
      kind: "abort",
      label: "Abort Changes",
      icon: "discard",
      primary: false,
      hint: "Discards the changes that are listed; nothing is changed",
      reason: can.abort ? undefined : notAbortable(deployment),
    },
    {
      kind: "stop",
      label: "Stop",
      icon: "debug-stop",
      primary: false,
      hint: STOP_MEANS[can.stopMeans ?? "halt"],
      reason: can.stop ? undefined : notStoppable(deployment),
    },
    {
      kind: "template",
      label: "Save Template\u2026",
      icon: "save-as",
      primary: false,
      hint: "Saves the deployment template to a file",
      reason: deployment.operation === "undeploy" ? "A removal has no template." : undefined,
    },
    { kind: "logs", label: "Logs\u2026", icon: "output", primary: false, hint: "Shows what the cloud said", reason: undefined },
    {
      kind: "console",
      label: "Open in Console",
      icon: "link-external",
      primary: false,
      hint: "Opens the stack in the cloud's own console",
      reason: deployment.stack.consoleUrl === undefined ? noConsole(deployment) : undefined,
    },
  ];
}

const STOP_MEANS = {
  rollback: "Stops, and rolls back what was changed",
  delete: "Stops, and deletes what was created",
  halt: "Stops, and leaves what was changed as it is",
};

const ENDED = "The deployment has ended.";

function notExecutable(deployment: Deployment): string {
  if (deployment.phase === "completed") {
    return ENDED;
  }
  if (deployment.question !== undefined) {
    return "A question is open.";
  }
  if (deployment.phase === "staged") {
    return deployment.message; // Such as that others have changed the stack since.
  }
  return isExecuting(deployment) ? "The changes are being made." : "The changes are not listed yet.";
}

function notAbortable(deployment: Deployment): string {
  if (deployment.phase === "completed") {
    return ENDED;
  }
  return isExecuting(deployment) ? "The changes are being made; Stop ends that." : "This can not be interrupted just now.";
}

function notStoppable(deployment: Deployment): string {
  if (deployment.phase === "completed") {
    return ENDED;
  }
  if (deployment.phase === "rollingBack") {
    return "What was changed is being rolled back, which can not be stopped.";
  }
  return isExecuting(deployment) ? "The cloud can not stop this." : "Nothing is being changed yet; Abort Changes ends this.";
}

function noConsole(deployment: Deployment): string {
  return deployment.sandbox ? "The sandbox has no console." : "The cloud has not told where the stack is yet.";
}

function isExecuting({ phase }: Deployment): boolean {
  return phase === "execution" || phase === "monitoring" || phase === "rollingBack";
}
