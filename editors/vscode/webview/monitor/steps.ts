// The phases of a deployment as a person sees them, from the first to the last.
import type { Deployment, Phase } from "../../src/protocol.gen";
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
  ["completed", "Completion"],
];

export function steps(deployment: Deployment): Step[] {
  const labels = LABELS.filter(([phase]) => deployment.operation === "deploy" || phase !== "build");
  const at = (phase: Phase): number => labels.findIndex(([each]) => each === phase);
  const back = deployment.phase === "rollingBack" || deployment.outcome === "rolledBack";
  const reached = at(lastActive(deployment));
  return labels.map(([phase, label], index) => ({
    phase,
    label: back && phase === "monitoring" ? "Rolling Back" : label,
    state: deployment.phase === "completed" ? endState(deployment, phase, index <= reached) : state(index, reached),
  }));
}

function state(index: number, reached: number): StepState {
  return index < reached ? "done" : index === reached ? "current" : "upcoming";
}

/** How a step looks once all is over. */
function endState(deployment: Deployment, phase: Phase, reached: boolean): StepState {
  const seen = look(deployment);
  if (phase === "completed") {
    return seen === "bad" ? "failed" : seen === "over" ? "skipped" : "done";
  }
  if (!reached) {
    return "skipped";
  }
  return phase === lastActive(deployment) && seen === "bad" ? "failed" : "done";
}

/** The phase that it is in, or the last one that a deployment that ended is known to have been in. */
function lastActive(deployment: Deployment): Phase {
  switch (deployment.phase) {
    case "rollingBack":
      return "monitoring";
    case "completed":
      break;
    default:
      return deployment.phase;
  }
  if (deployment.reached !== undefined) {
    return deployment.reached === "rollingBack" ? "monitoring" : deployment.reached;
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
