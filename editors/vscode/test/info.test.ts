import { expect, it } from "vitest";

import { deployedNow, infoOf } from "../src/features/info/model";
import type { Circumstances } from "../src/features/info/model";
import type { Deployment } from "../src/protocol.gen";
import { size } from "../webview/info/size";
import { change, deployment } from "./sample";

const at = (id: string) => ({ id, location: { uri: "file:///p/sigma.yaml", range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } } });
const CIRCUMSTANCES: Circumstances = {
  outline: { uri: "file:///p/sigma.yaml", name: "thumbnailer", stages: [at("dev"), at("prod")], functions: [at("resize")], resources: [] },
  path: "p/sigma.yaml",
  deployments: [],
  stage: "",
  sandbox: false,
  trusted: true,
  build: { kind: "unknown" },
};

function ended(id: string, fields: Partial<Deployment> = {}): Deployment {
  return deployment({ id, phase: "completed", outcome: "succeeded", message: "Deployed.", startedAt: `2026-01-0${id.slice(1)}T00:00:00Z`, endedAt: `2026-01-0${id.slice(1)}T00:01:05Z`, ...fields });
}

it("tells what a project is before anything is deployed", () => {
  const info = infoOf(CIRCUMSTANCES);
  expect(info.facts.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    "Manifest: p/sigma.yaml",
    "Functions: resize",
    "Resources: none",
    "Stages: dev (selected), prod",
    "Target: the cloud",
  ]);
  expect([info.last, info.history]).toEqual([undefined, []]);
});

it("tells of the last deployment of the stage and target that are selected", () => {
  const deployments = [
    ended("d3", { stage: "prod" }),
    ended("d2", { sandbox: true }),
    ended("d1", {
      stackStatus: "CREATE_COMPLETE",
      outputs: [
        { name: "Url", value: "https://x.example", sensitive: false },
        { name: "Key", value: "s3cret", sensitive: true },
      ],
    }),
  ];
  const { last, history } = infoOf({ ...CIRCUMSTANCES, deployments });
  expect(last).toMatchObject({ deployment: "d1", title: "dev", result: "deployed", look: "good" });
  expect(last?.facts.map(({ label, value }) => `${label}: ${value}`).slice(1)).toEqual([
    "Took: 1:05 min",
    "Stack: thumbnailer-dev",
    "Region: eu-west-1",
    "Account: 123456789012",
    "Status: CREATE_COMPLETE",
  ]);
  expect(last?.outputs.map(({ value }) => value)).toEqual(["https://x.example", ""]);
  expect(JSON.stringify({ last, history })).not.toContain("s3cret");
  expect(infoOf({ ...CIRCUMSTANCES, deployments, stage: "prod" }).last?.deployment).toBe("d3");
  expect(infoOf({ ...CIRCUMSTANCES, deployments, sandbox: true }).last?.deployment).toBe("d2");
});

it("lists what was deployed before, of every stage", () => {
  const plan = { id: "p", summary: { add: 1, modify: 2, replace: 0, remove: 0 } };
  const { history } = infoOf({
    ...CIRCUMSTANCES,
    deployments: [
      ended("d2", { operation: "undeploy", stage: "prod", changes: [change("A", { action: "remove" })] }),
      ended("d1", { plan, sandbox: true, outcome: "rolledBack", changes: [change("A")] }),
    ],
  });
  expect(history.map(({ what, result, look, changes, staged }) => [what, result, look, changes, staged])).toEqual([
    ["Removal of prod", "removed", "good", "1 change", false],
    ["Deployment of dev in the sandbox", "failed and rolled back", "bad", "1 to add, 2 to modify", true],
  ]);
});

it("compares with what was deployed well and not removed since", () => {
  expect(deployedNow([ended("d2", { outcome: "rolledBack" }), ended("d1")])?.id).toBe("d1");
  expect(deployedNow([ended("d2", { operation: "undeploy" }), ended("d1")])).toBeUndefined();
  expect(deployedNow([])).toBeUndefined();
});

it("says sizes in words", () => {
  expect([0, 999, 1234, 45_600, 4_567_890, 250_000_000].map(size)).toEqual(["0 B", "999 B", "1.2 kB", "46 kB", "4.6 MB", "250 MB"]);
});
