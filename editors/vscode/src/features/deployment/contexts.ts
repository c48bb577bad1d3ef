// The context keys on which menus and the palette depend.
import type { Deployment } from "../../protocol.gen";

export type ContextKey = "sigma.canExecute" | "sigma.canAbort" | "sigma.canStop" | "sigma.hasQuestion" | "sigma.hasDeployment";

/** True where at least one deployment allows it. */
export function contextKeys(deployments: readonly Deployment[]): Record<ContextKey, boolean> {
  return {
    "sigma.canExecute": deployments.some((deployment) => deployment.can.execute),
    "sigma.canAbort": deployments.some((deployment) => deployment.can.abort),
    "sigma.canStop": deployments.some((deployment) => deployment.can.stop),
    "sigma.hasQuestion": deployments.some((deployment) => deployment.question !== undefined),
    "sigma.hasDeployment": deployments.length > 0,
  };
}
