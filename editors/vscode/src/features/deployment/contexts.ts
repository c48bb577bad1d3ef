// The context keys on which menus, the palette and the steps of the walkthrough depend.
import type { Deployment } from "../../protocol.gen";

export type ContextKey = "sigma.canExecute" | "sigma.canAbort" | "sigma.canStop" | "sigma.hasQuestion" | "sigma.hasDeployment" | "sigma.inSandbox" | "sigma.inCloud";

/** True where at least one deployment allows it. */
export function contextKeys(deployments: readonly Deployment[]): Record<ContextKey, boolean> {
  return {
    "sigma.canExecute": deployments.some((deployment) => deployment.can.execute),
    "sigma.canAbort": deployments.some((deployment) => deployment.can.abort),
    "sigma.canStop": deployments.some((deployment) => deployment.can.stop),
    "sigma.hasQuestion": deployments.some((deployment) => deployment.question !== undefined),
    "sigma.hasDeployment": deployments.length > 0,
    "sigma.inSandbox": deployments.some((deployment) => deployment.sandbox && isDeployed(deployment)),
    "sigma.inCloud": deployments.some((deployment) => !deployment.sandbox && isDeployed(deployment)),
  };
}

function isDeployed({ operation, outcome }: Deployment): boolean {
  return operation === "deploy" && (outcome === "succeeded" || outcome === "noChanges");
}
