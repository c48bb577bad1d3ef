// The phases of a deployment as a person sees them, from the first to the last.
import type { Deployment, Outcome, Phase } from "../../src/protocol.gen";
import { look } from "../../src/features/deployment/words";

export type StepState = "done" | "current" | "failed" | "skipped" | "upcoming";

export interface Step {
  readonly phase: Phase;
  readonly label: string;
  readonly state: StepState;
}

const LABELS: readonly (readonly [Phase, string])[] = [
  ["initialization", "Initialization"],
  ["build", "Build"],
  ["preparation", "Preparation"],
  ["staging", "Staging"],
  ["staged", "Review"],
  ["execution", "Execution"],
  ["monitoring", "Monitoring"],
  ["rollingBack", "Rolling Back"],
  ["completed", "Completion"],
];

export function steps(deployment: Deployment): Step[] {
  const last = lastActive(deployment);
  const labels = LABELS.filter(([phase]) => phaseIsShown(phase, deployment, last));
  const reached = labels.findIndex(([each]) => each === last);
  return labels.map(([phase, label], index) => ({
    phase,
    label,
    state:
      phase === "monitoring" && last === "rollingBack" && broke(deployment)
        ? "failed" // What is taken back is taken back because of this.
        : deployment.phase === "completed"
          ? endState(deployment, phase, index <= reached, last)
          : state(deployment, phase, index, reached),
  }));
}

function phaseIsShown(phase: Phase, { operation }: Deployment, last: Phase): boolean {
  switch (phase) {
    case "build":
      return operation === "deploy";
    case "rollingBack":
      return last === "rollingBack";
    default:
      return true;
  }
}

/** Whether it is rolled back because something failed, and not because somebody stopped it. */
function broke({ outcome, progress, changes, failures }: Deployment): boolean {
  return outcome === undefined
    ? progress.failed > 0 || failures.length > 0 || changes.some(({ status }) => status === "failed")
    : ENDED_BADLY.has(outcome);
}

const ENDED_BADLY: ReadonlySet<Outcome> = new Set<Outcome>(["failed", "rolledBack", "partiallyApplied"]);

function state(deployment: Deployment, phase: Phase, index: number, reached: number): StepState {
  if (index < reached && !isDone(deployment, phase)) {
    // A stack may be looked at ahead of the build; later, what was not taken is not taken any more.
    return deployment.phase === "preparation" ? "upcoming" : "skipped";
  }
  return index < reached ? "done" : index === reached ? "current" : "upcoming";
}

/** Whether a phase that comes before the one that was reached is done itself; older versions do not say. */
function isDone({ passed }: Deployment, phase: Phase): boolean {
  return passed?.includes(phase) ?? true;
}

/** How a step looks once all is over. */
function endState(deployment: Deployment, phase: Phase, reached: boolean, last: Phase): StepState {
  const seen = look(deployment);
  if (phase === "completed") {
    return seen === "bad" ? "failed" : seen === "over" ? "skipped" : "done";
  }
  if (!reached) {
    return "skipped";
  }
  const tookBack = phase === "rollingBack" && deployment.outcome === "rolledBack"; // That went well.
  if (phase === last) {
    return seen === "bad" && !tookBack ? "failed" : "done";
  }
  return isDone(deployment, phase) ? "done" : "skipped";
}

/** The phase that it is in, or the last one that a deployment that ended is known to have been in. */
function lastActive(deployment: Deployment): Phase {
  if (deployment.phase !== "completed") {
    return deployment.phase;
  }
  if (deployment.outcome === "rolledBack") {
    return "rollingBack";
  }
  if (deployment.reached !== undefined) {
    return deployment.reached;
  }
  // Of one that was refused before it began, or that an older version remembered.
  if (deployment.outcome === "noChanges") {
    return "staging";
  }
  if (deployment.changes.some((change) => change.status !== "pending" && change.status !== "cancelled")) {
    return "monitoring";
  }
  if (deployment.outcome === "succeeded") {
    return "monitoring";
  }
  return deployment.plan === undefined ? "initialization" : "staged";
}
