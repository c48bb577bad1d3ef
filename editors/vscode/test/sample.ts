// Deployments to test with: each says only what its test is about.
import type { Change, Deployment } from "../src/protocol.gen";

export function deployment(fields: Partial<Deployment> = {}): Deployment {
  return {
    id: "d1",
    revision: 1,
    operation: "deploy",
    project: { uri: "file:///p/sigma.yaml", name: "thumbnailer" },
    stage: "dev",
    sandbox: false,
    engine: "cloudformation",
    stack: { name: "thumbnailer-dev", region: "eu-west-1", account: "123456789012" },
    phase: "monitoring",
    message: "Creating the stack",
    changes: [],
    progress: { done: 0, total: 0, failed: 0 },
    outputs: [],
    failures: [],
    can: { execute: false, abort: false, stop: false },
    autoExecute: false,
    startedAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:01Z",
    ...fields,
  };
}

export function change(id: string, fields: Partial<Change> = {}): Change {
  return {
    id,
    resource: { type: "AWS::S3::Bucket", name: id.toLowerCase() },
    action: "add",
    replacement: "never",
    risk: "none",
    causes: [],
    status: "pending",
    ...fields,
  };
}

export const STAGED: Partial<Deployment> = {
  phase: "staged",
  plan: { id: "p1", summary: { add: 2, modify: 1, replace: 0, remove: 0 } },
  changes: [change("Images"), change("Thumbnails"), change("Resize", { action: "modify" })],
  can: { execute: true, abort: true, stop: false },
};
