import { describe, expect, it } from "vitest";

import { deployedOf, presentOf } from "../src/features/projects/deployed";
import { outlineOf, type OutlineSymbol } from "../src/features/projects/outline";
import { goneProjects, type Known, projectRows, stoppedRows } from "../src/features/projects/rows";
import type { Deployment } from "../src/protocol.gen";
import type { Row } from "../src/tree/rows";
import { change, deployment } from "./sample";

const URI = "file:///p/sigma.yaml";

function symbol(name: string, children: readonly OutlineSymbol[] = []): OutlineSymbol {
  const range = { start: { line: 3, character: 2 }, end: { line: 3, character: 8 } };
  return { name, selectionRange: range, children };
}

const ALL = [
  symbol("name"),
  symbol("stages", [symbol("dev"), symbol("prod")]),
  symbol("functions", [symbol("resize")]),
  symbol("resources", [symbol("images"), symbol("failed")]),
];

function known(deployments: readonly Deployment[], fields: Partial<Known> & { symbols?: OutlineSymbol[] } = {}): Known {
  const { symbols = ALL, ...more } = fields;
  return { outline: outlineOf(URI, symbols, "thumbnailer"), deployments, stage: "", sandbox: false, ...more };
}

/** The view as text: two spaces a level, icon, label, description; a time as `T`. */
function drawn(level: readonly Row[], indent = ""): string[] {
  return level.flatMap((row) => [
    `${indent}${row.icon === undefined ? "" : `(${row.icon.name}) `}${row.label}${row.description === "" ? "" : ` | ${row.description.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, "T")}`}`,
    ...drawn(row.children, `${indent}  `),
  ]);
}

function find(level: readonly Row[], id: string): Row {
  const all = (row: Row): Row[] => [row, ...row.children.flatMap(all)];
  const found = level.flatMap(all).find((each) => each.id === id);
  if (found === undefined) {
    throw new Error(`no row ${id} among ${level.flatMap(all).map((each) => each.id).join(", ")}`);
  }
  return found;
}

const lambda = { type: "AWS::Lambda::Function", name: "resize", physicalId: "thumbnailer-dev-resize" };
const DONE: Partial<Deployment> = {
  phase: "completed",
  outcome: "succeeded",
  message: "Deployed.",
  endedAt: "2026-01-01T00:01:00Z",
  changes: [
    change("ResizeRole", { resource: { type: "AWS::IAM::Role", name: "resize" }, status: "succeeded" }),
    change("Resize", { resource: lambda, status: "succeeded" }),
    change("Images", { status: "succeeded" }),
  ],
  outputs: [
    { name: "Url", value: "https://x.example/", sensitive: false },
    { name: "Bucket", value: "b", sensitive: false },
    { name: "Key", value: "s3cret", sensitive: true },
  ],
};

it("shows what a manifest declares, stage by stage, before anything is deployed", () => {
  expect(drawn(projectRows([known([])]))).toEqual([
    "(package) thumbnailer",
    "  (circle-large-outline) dev | not deployed, selected",
    "    Functions | 1",
    "      (circle-large-outline) resize | not deployed",
    "    Resources | 2",
    "      (circle-large-outline) images | not deployed",
    "      (circle-large-outline) failed | not deployed",
    "  (circle-large-outline) prod | not deployed",
    "    Functions | 1",
    "      (circle-large-outline) resize | not deployed",
    "    Resources | 2",
    "      (circle-large-outline) images | not deployed",
    "      (circle-large-outline) failed | not deployed",
  ]);
});

it("needs no stage level where there are no stages", () => {
  const symbols = [symbol("functions", [symbol("resize")])];
  const level = projectRows([known([deployment({ ...DONE, stage: null, sandbox: true, outputs: [] })], { symbols, sandbox: true })]);
  expect(drawn(level)).toEqual([
    "(pass) thumbnailer | deployed, sandbox, T",
    "  Functions | 1 of 1 deployed",
    "    (pass) resize | Lambda Function, deployed",
  ]);
});

it("shows a stage's last deployment, what there is of each thing, and the outputs", () => {
  const level = projectRows([known([deployment(DONE)])]);
  expect(drawn(find(level, `${URI}#dev`).children)).toEqual([
    "Functions | 1 of 1 deployed",
    "  (pass) resize | Lambda Function, deployed",
    "Resources | 1 of 2 deployed",
    "  (pass) images | S3 Bucket, deployed",
    "  (circle-large-outline) failed",
    "Outputs | 3",
    "  (link) Url | https://x.example/",
    "  (symbol-string) Bucket | b",
    "  (lock) Key | hidden",
  ]);
  expect(find(level, `${URI}#prod`).description).toBe("not deployed");
});

it("keeps what is sensitive out of every row", () => {
  expect(JSON.stringify(projectRows([known([deployment(DONE)])]))).not.toContain("s3cret");
});

it("tells package.json's menus what a row is, and its commands what it is about", () => {
  const level = projectRows([known([deployment({ ...DONE, id: "d7" })])]);
  expect(find(level, URI)).toMatchObject({ context: "project", about: { project: URI } });
  expect(find(level, `${URI}#dev`)).toMatchObject({ context: "stage deployed idle", about: { project: URI, stage: "dev", deployment: "d7" } });
  expect(find(level, `${URI}#prod`)).toMatchObject({ context: "stage idle", about: { project: URI, stage: "prod" } });
  const resize = find(level, `${URI}#dev/Functions/resize`);
  expect(resize).toMatchObject({ context: "source there value", about: { value: "thumbnailer-dev-resize", deployment: "d7" } });
  expect(resize.action).toMatchObject({ kind: "reveal", location: { range: { start: { line: 3 } } } });
  expect(find(level, `${URI}#dev/output/Url`)).toMatchObject({ context: "value url", about: { value: "https://x.example/" } });
});

it("shows how each thing fares while a deployment runs", () => {
  const running = deployment({
    id: "d2",
    startedAt: "2026-01-02T00:00:00Z",
    phase: "monitoring",
    progress: { done: 1, total: 3, failed: 0 },
    can: { execute: false, abort: false, stop: true },
    changes: [
      change("Resize", { resource: lambda, action: "modify", status: "inProgress" }),
      change("Images", { action: "modify", status: "pending" }),
      change("Failed", { status: "succeeded" }),
    ],
  });
  const level = projectRows([known([running, deployment(DONE)])]);
  const dev = find(level, `${URI}#dev`);
  expect([dev.description, dev.context]).toEqual(["1/3, selected", "stage deployed stop"]);
  expect(drawn(dev.children).slice(0, 5)).toEqual([
    "Functions | 1 of 1 deployed",
    "  (loading~spin) resize | Lambda Function, in progress",
    "Resources | 2 of 2 deployed",
    "  (circle-large-outline) images | S3 Bucket, pending",
    "  (pass) failed | S3 Bucket, deployed",
  ]);
});

it("calls nothing deployed of which only companions are there yet", () => {
  const running = deployment({
    phase: "monitoring",
    changes: [
      change("ResizeLogs", { resource: { type: "AWS::Logs::LogGroup", name: "resize" }, status: "succeeded" }),
      change("Resize", { resource: lambda, status: "inProgress" }),
    ],
  });
  const rows = drawn(find(projectRows([known([running])]), `${URI}#dev`).children);
  expect(rows.slice(0, 2)).toEqual(["Functions | 1", "  (loading~spin) resize | Lambda Function, in progress"]);
});

it("finds a thing by its id in whatever way that is written", () => {
  const symbols = [symbol("functions", [symbol("resize-image")])];
  const changes = [change("ResizeImage", { resource: { type: "AWS::Lambda::Function", name: "resize-image" }, status: "succeeded" })];
  const level = projectRows([known([deployment({ ...DONE, stage: null, changes, outputs: [] })], { symbols })]);
  expect(drawn(level)[2]).toBe("    (pass) resize-image | Lambda Function, deployed");
});

it("says why something failed, the root cause first, and that it is still there", () => {
  const failed = deployment({
    id: "d2",
    startedAt: "2026-01-02T00:00:00Z",
    phase: "completed",
    outcome: "rolledBack",
    changes: [change("Resize", { resource: lambda, action: "modify", status: "failed", reason: "No such code" })],
    failures: [
      { resource: "images", reason: "Cancelled", rootCause: false },
      { resource: "resize", reason: "No such code", rootCause: true },
    ],
  });
  const level = projectRows([known([failed, deployment(DONE)])]);
  expect(drawn(find(level, `${URI}#dev`).children).slice(0, 5)).toEqual([
    "(error) resize | No such code",
    "(warning) images | Cancelled",
    "Functions | 1 of 1 deployed",
    "  (error) resize | Lambda Function, failed: No such code",
    "Resources | 1 of 2 deployed",
  ]);
});

describe("without credentials", () => {
  const refused = deployment({
    phase: "completed",
    outcome: "failed",
    message: "There are no AWS credentials. Run `aws configure`.",
    code: "credentialsMissing",
  });

  it("says how to get some, and offers the sandbox", () => {
    const level = projectRows([known([refused])]);
    expect(drawn(find(level, `${URI}#dev`).children).slice(0, 3)).toEqual([
      "(error) There are no AWS credentials. Run `aws configure`.",
      "(book) How to Get Credentials",
      "(beaker) Try in the Sandbox | no account needed",
    ]);
    expect(find(level, `${URI}#dev/sandbox`)).toMatchObject({ about: { project: URI, stage: "dev" }, action: { command: "sigma.trySandbox" } });
  });

  it("leads to Google's page and names its command where the project is Google's", () => {
    const level = projectRows([known([{ ...refused, engine: "infrastructure-manager", message: "There are none." }])]);
    expect(drawn(find(level, `${URI}#dev`).children).slice(0, 2)).toEqual([
      "(error) There are none.",
      "(book) How to Get Credentials | gcloud auth application-default login",
    ]);
    expect(find(level, `${URI}#dev/help`).about.value).toBe("https://cloud.google.com/docs/authentication/set-up-adc-local-dev-environment");
    expect(drawn(level).filter((line) => line.includes("Sandbox"))).toEqual([]);
    const told = { ...refused, engine: "infrastructure-manager", message: "There are none. Run `gcloud auth application-default login`." } as const;
    expect(drawn(find(projectRows([known([told])]), `${URI}#dev`).children)[1]).toBe("(book) How to Get Credentials");
  });

  it("offers nothing of that for another failure", () => {
    const other = projectRows([known([{ ...refused, code: "unreachable" }])]);
    expect(drawn(other).filter((line) => line.includes("Sandbox"))).toEqual([]);
  });
});

it("leads to the open question", () => {
  const question = { id: "q", kind: "rollback", text: "Roll back?", choices: [] } as const;
  const asked = deployment({ question, can: { execute: false, abort: true, stop: false } });
  const level = projectRows([known([asked])]);
  expect(find(level, `${URI}#dev`).context).toBe("stage deployed abort question");
  expect(find(level, `${URI}#dev/question`)).toMatchObject({ label: "Roll back?", action: { command: "sigma.answerQuestion" }, about: { deployment: "d1" } });
});

it("shows only what is on the target that is selected", () => {
  const there = [deployment({ ...DONE, id: "d1", sandbox: true })];
  expect(find(projectRows([known(there)]), `${URI}#dev`).description).toBe("not deployed, selected");
  expect(find(projectRows([known(there, { sandbox: true })]), `${URI}#dev`).description).toMatch(/^deployed, /);
});

it("still shows a stage that the manifest does not declare any more", () => {
  const level = projectRows([known([deployment({ ...DONE, stage: "old" })])]);
  expect(find(level, `${URI}#old`).description).toMatch(/^deployed, /);
});

it("offers what can be done where there is no server", () => {
  expect(drawn(stoppedRows())).toEqual(["(refresh) Restart Server", "(lightbulb) What Can Be Done", "(output) Show Server Log"]);
});

describe("what is on the cloud", () => {
  const at = (id: string, fields: Partial<Deployment>): Deployment => deployment({ ...DONE, id, startedAt: `2026-01-0${id.slice(1)}T00:00:00Z`, ...fields });
  const ids = (deployments: Deployment[]): string[] => [...presentOf(deployments).keys()];

  it("is what was made and not removed since", () => {
    const removed = at("d2", { changes: [change("Images", { action: "remove", status: "succeeded" })] });
    expect(ids([removed, at("d1", {})])).toEqual(["ResizeRole", "Resize"]);
  });

  it("is nothing after a removal of all, and what was made after that", () => {
    const undeployed = at("d2", { operation: "undeploy", changes: [] });
    expect(ids([undeployed, at("d1", {})])).toEqual([]);
    expect(ids([at("d3", { changes: [change("Failed", { status: "succeeded" })] }), undeployed, at("d1", {})])).toEqual(["Failed"]);
  });

  it("is untouched by what was rolled back", () => {
    const back = at("d2", { outcome: "rolledBack", changes: [change("Images", { action: "modify", status: "rolledBack" })] });
    expect(ids([back, at("d1", {})])).toEqual(["ResizeRole", "Resize", "Images"]);
    expect(deployedOf("images", [back, at("d1", {})], presentOf([back, at("d1", {})])).text).toBe("deployed");
  });

  it("does not hold a thing of which only a companion was removed", () => {
    const removed = at("d2", { changes: [change("ResizeRole", { resource: { type: "AWS::IAM::Role", name: "resize" }, action: "remove", status: "succeeded" })] });
    const all = [removed, at("d1", {})];
    expect(deployedOf("resize", all, presentOf(all))).toMatchObject({ state: "deployed", present: [{ id: "Resize" }] });
  });
});

it("offer to trust a workspace that is not, on top, where there is something to trust", () => {
  const [first, ...rest] = projectRows([known([])], false);
  expect(first).toMatchObject({ label: "Manage Workspace Trust", action: { kind: "command", command: "sigma.manageTrust" } });
  expect(rest).toEqual(projectRows([known([])]));
  expect(projectRows([], false)).toEqual([]);
});

it("keeps a deployment in view whose manifest is gone, until it has ended", () => {
  const running = deployment({ can: { execute: false, abort: false, stop: true }, progress: { done: 2, total: 6, failed: 0 } });
  const [gone, ...others] = goneProjects([running, deployment({ id: "d0", phase: "completed", outcome: "succeeded" })], []);
  expect(others).toEqual([]);
  const rows = projectRows(gone === undefined ? [] : [gone]);
  expect(drawn(rows)[0]).toBe("(loading~spin) thumbnailer | 2/6, no manifest any more");
  expect(rows[0]).toMatchObject({ context: "gone deployed stop", about: { deployment: "d1" } });
  // Renamed, it is the same project.
  expect(goneProjects([running], [{ uri: running.project.uri.replace("yaml", "yml"), name: "thumbnailer", stages: [], functions: [], resources: [] }])).toEqual([]);
});
