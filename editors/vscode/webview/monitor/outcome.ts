// What came of a deployment, as data: failures, the root cause first, what helps, and outputs.
import { type Help, helpFor } from "../../src/features/deployment/help";
import { look } from "../../src/features/deployment/words";
import type { Deployment, Failure, Output } from "../../src/protocol.gen";

export interface Failures {
  readonly deployment: string;
  /** By their place in the snapshot, by which the extension knows them. */
  readonly failures: readonly { readonly index: number; readonly failure: Failure }[];
  /** Said where no resource is at fault. */
  readonly message: string | undefined;
  readonly help: Help | undefined;
}

export function failuresOf(deployment: Deployment): Failures | undefined {
  const failures = deployment.failures
    .map((failure, index) => ({ index, failure }))
    .sort((a, b) => Number(b.failure.rootCause) - Number(a.failure.rootCause));
  const help = helpFor(deployment); // Of one that runs, too: it cannot be watched until somebody signs in again.
  const bad = look(deployment) === "bad";
  if (failures.length === 0 && !bad && help === undefined) {
    return undefined;
  }
  return { deployment: deployment.id, failures, message: failures.length === 0 && bad ? deployment.message : undefined, help };
}

export interface Outputs {
  readonly deployment: string;
  readonly outputs: readonly Output[];
}

export function outputsOf({ id, outputs }: Deployment): Outputs | undefined {
  // A hidden value stays out of the page, whatever the server sent.
  const shown = outputs.map((output) => (output.sensitive ? { ...output, value: "" } : output));
  return shown.length === 0 ? undefined : { deployment: id, outputs: shown };
}
