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

/** Of the thing with an id; `present` is that of the same deployments, which come newest first. */
export function deployedOf(id: string, deployments: readonly Deployment[], present: ReadonlyMap<string, Change>): Deployed {
  const there = [...present.values()]
    .filter((change) => change.resource.name === id)
    .sort((a, b) => a.id.length - b.id.length); // The ids of companions begin with its own.
  const [newest] = deployments;
  const live = newest === undefined ? [] : newest.changes.filter((change) => change.resource.name === id);
  const worst = LIVE.find((each) => live.some((change) => change.status === each));
  if (worst === "failed" && newest !== undefined && (isRunning(newest) || look(newest) === "bad")) {
    const reason = live.find((change) => change.status === "failed")?.reason;
    return { state: "failed", text: "failed", present: there, ...(reason === undefined ? {} : { reason }) };
  }
  if (newest !== undefined && isRunning(newest) && worst !== undefined && worst !== "succeeded") {
    const begun = newest.changes.some((change) => change.status !== "pending");
    const action = live.find((change) => change.status === worst)?.action ?? "modify";
    return worst === "pending"
      ? { state: "waiting", text: begun ? "pending" : `to ${action}`, present: there }
      : { state: "busy", text: status({ status: worst }), present: there };
  }
  if (there.length > 0) {
    return { state: "deployed", text: "deployed", present: there };
  }
  return isDeployed(deployments)
    ? { state: "unknown", text: "", present: there }
    : { state: "absent", text: "not deployed", present: there };
}

/** The outputs that hold now: those of the last deployment that ended well, unless all was removed since. */
export function outputsOf(deployments: readonly Deployment[]): { readonly deployment: string; readonly outputs: Deployment["outputs"] } | undefined {
  const last = deployments.find((each) => each.outcome === "succeeded" || each.outcome === "noChanges");
  return last === undefined || last.operation === "undeploy" ? undefined : { deployment: last.id, outputs: last.outputs };
}
