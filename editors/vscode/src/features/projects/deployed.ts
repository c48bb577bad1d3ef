// What became of each thing that a manifest declares, told from a stack's deployments. Knows no VS Code.
import type { Change, ChangeStatus, Deployment } from "../../protocol.gen";
import { isRunning } from "../deployment/store";
import { look, status } from "../deployment/words";

/** `unknown`: the stack is there, and no deployment that is remembered says anything of it. */
export type State = "deployed" | "absent" | "unknown" | "failed" | "busy" | "waiting";

export interface Deployed {
  readonly state: State;
  readonly text: string;
  /** Why it failed. */
  readonly reason?: string;
  /** What there is of it on the cloud, the thing itself first. */
  readonly present: readonly Change[];
  /** The change that was made, or is made, to the thing itself. */
  readonly own?: Change;
}

/** What is on the cloud, as far as the deployments of one stack tell; they come newest first. */
export function presentOf(deployments: readonly Deployment[]): Map<string, Change> {
  const known = new Map<string, Change | undefined>();
  for (const { operation, outcome, changes } of deployments) {
    for (const change of changes) {
      if (!known.has(change.id) && (change.status === "succeeded" || change.status === "retained")) {
        const gone = change.action === "remove" || change.status === "retained";
        known.set(change.id, gone ? undefined : change);
      }
    }
    if (operation === "undeploy" && outcome === "succeeded") {
      break; // What was before that is gone.
    }
  }
  return new Map([...known].filter((entry): entry is [string, Change] => entry[1] !== undefined));
}

/** Whether the stack is there at all, as far as its deployments tell; they come newest first. */
export function isDeployed(deployments: readonly Deployment[]): boolean {
  const last = deployments.find((each) => each.outcome === "succeeded" || each.outcome === "noChanges" || each.outcome === "partiallyApplied");
  return last?.operation === "deploy";
}

/** What matters most first, of all the changes that are one thing's. */
const LIVE: readonly ChangeStatus[] = ["failed", "rollingBack", "inProgress", "pending", "succeeded"];

/** The logical id of a function or resource itself (docs/manifest.md); those of what is generated with it begin with it. */
function logicalId(id: string): string {
  return id
    .split("-")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
}

/** Of the thing with an id; `present` is that of the same deployments, which come newest first. */
export function deployedOf(id: string, deployments: readonly Deployment[], present: ReadonlyMap<string, Change>): Deployed {
  const logical = logicalId(id);
  const [newest] = deployments;
  const there = [...present.values()].filter((change) => change.resource.name === id).sort((a, b) => Number(b.id === logical) - Number(a.id === logical));
  const live = newest?.changes.filter((change) => change.resource.name === id) ?? [];
  const known = live.find((change) => change.id === logical) ?? present.get(logical);
  const found = (state: State, text: string): Deployed => ({ state, text, present: there, ...(known === undefined ? {} : { own: known }) });
  const worst = LIVE.find((each) => live.some((change) => change.status === each));
  if (worst === "failed" && newest !== undefined && (isRunning(newest) || look(newest) === "bad")) {
    const reason = live.find((change) => change.status === "failed")?.reason;
    return { ...found("failed", "failed"), ...(reason === undefined ? {} : { reason }) };
  }
  if (newest !== undefined && isRunning(newest) && worst !== undefined && worst !== "succeeded") {
    const begun = newest.changes.some((change) => change.status !== "pending");
    const action = (live.find((change) => change.id === logical) ?? live.find((change) => change.status === worst))?.action ?? "modify";
    return worst === "pending" ? found("waiting", begun ? "pending" : `to ${action}`) : found("busy", status({ status: worst }));
  }
  if (isThere(logical, there, deployments)) {
    return found("deployed", "deployed");
  }
  return isDeployed(deployments) ? found("unknown", "") : found("absent", "not deployed");
}

/** Whether the thing itself is there, not only what is generated with it: unless it goes by another name. */
function isThere(logical: string, there: readonly Change[], deployments: readonly Deployment[]): boolean {
  const hasOwn = deployments.some(({ changes }) => changes.some((change) => change.id === logical));
  return hasOwn ? there.some((change) => change.id === logical) : there.length > 0;
}

/** The outputs that hold now: those of the last deployment that ended well, unless all was removed since. */
export function outputsOf(deployments: readonly Deployment[]): { readonly deployment: string; readonly outputs: Deployment["outputs"] } | undefined {
  const last = deployments.find((each) => each.outcome === "succeeded" || each.outcome === "noChanges");
  return last === undefined || last.operation === "undeploy" ? undefined : { deployment: last.id, outputs: last.outputs };
}
