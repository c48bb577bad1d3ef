// The deployments that the server told of: the newest revision of each, and which of them people look at.
import type { Deployment } from "../../protocol.gen";

/** What a newer revision replaced; `previous` is absent for a deployment not heard of before. */
export interface Update {
  readonly previous: Deployment | undefined;
  readonly next: Deployment;
}

export class DeploymentStore {
  private newest = new Map<string, Deployment>();
  /** What an earlier run of the server told; its revisions say nothing about those of the present one. */
  private earlier = new Map<string, Deployment>();

  /** Takes a snapshot in, unless it is not newer than what is there: those arrive twice, as an answer and as a notification. */
  accept(next: Deployment): Update | undefined {
    const same = this.newest.get(next.id);
    if (same !== undefined && same.revision >= next.revision) {
      return undefined;
    }
    this.newest.set(next.id, next);
    return { previous: same ?? this.earlier.get(next.id), next };
  }

  /** The server starts anew: what is there is shown until the server has told what it knows. */
  serverStarts(): void {
    this.earlier = new Map([...this.earlier, ...this.newest]);
    this.newest = new Map();
  }

  /** The server has told all that it knows: what it does not know is no more. */
  serverKnows(deployments: readonly Deployment[]): Update[] {
    const updates = deployments.map((deployment) => this.accept(deployment)).filter((update) => update !== undefined);
    this.earlier = new Map();
    return updates;
  }

  get(id: string): Deployment | undefined {
    return this.newest.get(id) ?? this.earlier.get(id);
  }

  /** Running ones first, then the last ended one of each project, stage and place; each the newest first. */
  all(): Deployment[] {
    const sorted = [...new Map([...this.earlier, ...this.newest]).values()].sort(
      (a, b) => Number(isRunning(b)) - Number(isRunning(a)) || b.startedAt.localeCompare(a.startedAt),
    );
    const seen = new Set<string>();
    return sorted.filter((deployment) => {
      const where = JSON.stringify([deployment.project.uri, deployment.stage, deployment.sandbox, deployment.stack.name]);
      const shown = isRunning(deployment) || !seen.has(where);
      seen.add(where);
      return shown;
    });
  }

  /** The one that the status bar is about. */
  current(): Deployment | undefined {
    return this.all()[0];
  }
}

export function isRunning(deployment: Deployment): boolean {
  return deployment.phase !== "completed";
}
