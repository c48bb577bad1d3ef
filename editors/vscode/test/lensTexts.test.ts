import { expect, it } from "vitest";

import { type Chosen, lenses } from "../src/features/deployment/lensTexts";
import type { Deployment } from "../src/protocol.gen";
import { deployment, STAGED } from "./sample";

const CLOUD: Chosen = { stage: "", sandbox: false };

function texts(deployments: Partial<Deployment>[], chosen = CLOUD, trusted = true): string[] {
  return lenses(deployments.map(deployment), chosen, trusted).map(({ text }) => text);
}

it("offer to deploy, and say what would be deployed to where", () => {
  expect(texts([])).toEqual(["$(cloud-upload) Deploy", "default stage", "to the cloud"]);
  expect(texts([], { stage: "prod", sandbox: true }).slice(1)).toEqual(["stage prod", "to the sandbox"]);
});

it("offer no deployment in a workspace that is not trusted", () => {
  expect(texts([], CLOUD, false)).toEqual(["default stage", "to the cloud"]);
});

it("tell how the chosen stage stands, not another one", () => {
  const dev = { ...STAGED, id: "d1", stage: "dev" };
  const prod = { id: "d2", stage: "prod", phase: "completed", outcome: "rolledBack" } as const;
  expect(texts([dev, prod], { stage: "prod", sandbox: false }).at(-1)).toBe("$(error) failed and rolled back");
  expect(texts([dev, prod], { stage: "dev", sandbox: false }).at(-1)).toBe("$(checklist) 3 changes ready");
  expect(texts([dev, prod], { stage: "dev", sandbox: true }).at(-1)).toBe("to the sandbox");
});

it("tell when it ended, and lead to it", () => {
  const endedAt = new Date(2026, 0, 31, 12, 5).toISOString();
  const last = lenses([deployment({ phase: "completed", outcome: "succeeded", endedAt })], CLOUD, true).at(-1);
  expect(last).toMatchObject({ text: "$(pass) deployed 2026-01-31 12:05", command: "sigma.showInMonitor", deployment: "d1" });
});
