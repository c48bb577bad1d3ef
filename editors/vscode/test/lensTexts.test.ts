import { expect, it } from "vitest";

import { type Chosen, lenses } from "../src/features/deployment/lensTexts";
import type { Deployment } from "../src/protocol.gen";
import { deployment, STAGED } from "./sample";

const CLOUD: Chosen = { stage: "", stages: ["dev", "prod"], sandbox: false };

function texts(deployments: Partial<Deployment>[], chosen = CLOUD, trusted = true): string[] {
  return lenses(deployments.map(deployment), chosen, trusted).map(({ text }) => text);
}

it("offer to deploy, and say what would be deployed to where", () => {
  expect(texts([])).toEqual(["$(cloud-upload) Deploy", "stage dev", "to the cloud"]);
  expect(texts([], { ...CLOUD, stage: "prod", sandbox: true }).slice(1)).toEqual(["stage prod", "to the sandbox"]);
});

it("name no stage where there is none, whatever is selected for others", () => {
  expect(texts([{ stage: null, ...STAGED }], { stage: "prod", stages: [], sandbox: false })).toEqual([
    "$(cloud-upload) Deploy",
    "to the cloud",
    "$(checklist) 3 changes ready",
  ]);
});

it("offer to trust a workspace that is not, and no deployment", () => {
  expect(texts([], CLOUD, false)).toEqual(["$(workspace-untrusted) Manage Workspace Trust", "stage dev", "to the cloud"]);
  expect(lenses([], CLOUD, false)[0]?.hover).toContain("nothing is built or deployed");
});

it("tell how the chosen stage stands, not another one", () => {
  const dev = { ...STAGED, id: "d1", stage: "dev" };
  const prod = { id: "d2", stage: "prod", phase: "completed", outcome: "rolledBack" } as const;
  expect(texts([dev, prod], { ...CLOUD, stage: "prod", sandbox: false }).at(-1)).toBe("$(error) failed and rolled back");
  expect(texts([dev, prod], { ...CLOUD, stage: "dev", sandbox: false }).at(-1)).toBe("$(checklist) 3 changes ready");
  expect(texts([dev, prod], { ...CLOUD, stage: "dev", sandbox: true }).at(-1)).toBe("to the sandbox");
});

it("tell when it ended, and lead to it", () => {
  const endedAt = new Date(2026, 0, 31, 12, 5).toISOString();
  const last = lenses([deployment({ phase: "completed", outcome: "succeeded", endedAt })], CLOUD, true).at(-1);
  expect(last).toMatchObject({ text: "$(pass) deployed 2026-01-31 12:05", command: "sigma.showInMonitor", deployment: "d1" });
});
