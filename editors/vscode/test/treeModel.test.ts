import { describe, expect, it } from "vitest";

import { AUTO_EXECUTE, changedRows, type Row, rows } from "../src/features/deployment/treeModel";
import type { Deployment } from "../src/protocol.gen";
import { change, deployment, STAGED } from "./sample";

/** The view as text: two spaces a level, icon, label, description. */
function drawn(level: readonly Row[], indent = ""): string[] {
  return level.flatMap((row) => [
    `${indent}${row.icon === undefined ? "" : `(${row.icon.name}) `}${row.label}${row.description === "" ? "" : ` | ${row.description}`}`,
    ...drawn(row.children, `${indent}  `),
  ]);
}

function view(fields: Partial<Deployment>): Row[] {
  return rows([deployment(fields)], false);
}

function find(level: readonly Row[], id: string): Row {
  const all = (row: Row): Row[] => [row, ...row.children.flatMap(all)];
  const row = level.flatMap(all).find((each) => each.id === id);
  if (row === undefined) {
    throw new Error(`no row ${id}`);
  }
  return row;
}

it("is empty without deployments, so that the welcome text shows", () => {
  expect(rows([], false)).toEqual([]);
});

it("lists staged changes with what is to be thought about", () => {
  const changes = [
    change("Images"),
    change("Thumbnails", { action: "replace", replacement: "will", risk: "dataLoss" }),
    change("Resize", { action: "modify", resource: { type: "AWS::Lambda::Function", name: "resize" } }),
  ];
  expect(drawn(view({ ...STAGED, changes }))).toEqual([
    "Start deployment automatically | when changes are ready",
    "(checklist) thumbnailer (dev) | 3 changes ready",
    "  Changes | 2 to add, 1 to modify",
    "    (circle-large-outline) images | S3 Bucket \u2022 add",
    "    (circle-large-outline) thumbnails | S3 Bucket \u2022 replace, data loss",
    "    (circle-large-outline) resize | Lambda Function \u2022 modify",
  ]);
});

it("shows each change's status, a failure's root cause first, and what was taken back", () => {
  const shown = drawn(
    view({
      phase: "completed",
      outcome: "rolledBack",
      progress: { done: 2, total: 3, failed: 1 },
      changes: [
        change("Images", { status: "rolledBack", startedAt: "2026-01-01T00:00:00Z", endedAt: "2026-01-01T00:00:12Z" }),
        change("Resize", { status: "failed", reason: "No such code" }),
        change("Thumbnails", { status: "cancelled", action: "replace", risk: "dataLoss" }),
        change("Failed", { status: "succeeded", startedAt: "2026-01-01T00:00:00Z", endedAt: "2026-01-01T00:00:03Z" }),
      ],
      failures: [
        { resource: "thumbnails", reason: "Cancelled", rootCause: false },
        { resource: "resize", reason: "No such code", rootCause: true },
      ],
    }),
  );
  expect(shown.slice(1)).toEqual([
    "(error) thumbnailer (dev) | failed and rolled back",
    "  Failures | 2",
    "    (error) resize | No such code",
    "    (warning) thumbnails | Cancelled",
    "  Changes | 2/3",
    "    (discard) images | S3 Bucket \u2022 add, rolled back, 12 s",
    "    (error) resize | S3 Bucket \u2022 add, failed",
    "    (circle-slash) thumbnails | S3 Bucket \u2022 replace, cancelled",
    "    (pass) failed | S3 Bucket \u2022 add, 3.0 s",
  ]);
});

it("says why nothing was done where no resource is at fault", () => {
  const shown = drawn(view({ phase: "completed", outcome: "refused", message: "No credentials for AWS were found." }));
  expect(shown.slice(1)).toEqual([
    "(error) thumbnailer (dev) | refused",
    "  (error) No credentials for AWS were found.",
  ]);
});

describe("outputs", () => {
  const level = view({
    phase: "completed",
    outcome: "succeeded",
    outputs: [
      { name: "Url", value: "https://x.example/", sensitive: false },
      { name: "Bucket", value: "b", sensitive: false },
      { name: "Key", value: "s3cret", sensitive: true },
    ],
  });

  it("can be copied, and opened where they are addresses", () => {
    expect(find(level, "d1/output/Url")).toMatchObject({ context: "value url", value: "https://x.example/" });
    expect(find(level, "d1/output/Bucket")).toMatchObject({ context: "value", value: "b" });
  });

  it("that are sensitive appear nowhere", () => {
    expect(find(level, "d1/output/Key")).toMatchObject({ context: "hidden", description: "hidden", value: undefined });
    expect(JSON.stringify(level)).not.toContain("s3cret");
  });
});

it("tells package.json's menus what a deployment allows", () => {
  const question = { id: "q", kind: "rollback", text: "Roll back?", choices: [] } as const;
  const level = view({ can: { execute: false, abort: true, stop: true }, question });
  expect(find(level, "d1").context).toBe("deployment abort stop question");
  expect(find(level, "d1/question").action).toEqual({ kind: "answer", deployment: "d1" });
});

it("goes from a change to the line that it comes from", () => {
  const location = { uri: "file:///p/sigma.yaml", range: { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } } };
  const level = view({ changes: [change("A", { location })] });
  expect(find(level, "d1/change/A").action).toEqual({ kind: "reveal", location });
});

it("explains a change by its causes and its reason", () => {
  const causes = [{ property: "Memory", before: "128", after: "256" }, { property: "Code" }];
  const row = find(view({ changes: [change("A", { causes, status: "failed", reason: "Too big" })] }), "d1/change/A");
  expect(row.tooltip.map((line) => Object.values(line)[0])).toEqual([
    "a",
    "add, failed",
    "Too big",
    "AWS::S3::Bucket A",
    "Because of",
    "Memory: 128 \u2192 256",
    "Code",
  ]);
  expect(row.spoken).toBe("a, S3 Bucket, add, failed: Too big");
});

describe("drawing again", () => {
  const before = view({ changes: [change("A"), change("B")] });

  it("spares what looks the same", () => {
    expect(changedRows(before, view({ changes: [change("A"), change("B")] }))).toEqual([]);
  });

  it("names the one row that changed", () => {
    const after = view({ changes: [change("A"), change("B", { resource: { type: "T", name: "b" } })] });
    expect(changedRows(before, after)).toEqual(["d1/change/B"]);
  });

  it("names the parent of rows that came", () => {
    const outputs = [{ name: "Url", value: "x", sensitive: false }];
    expect(changedRows(before, view({ changes: [change("A"), change("B")], outputs }))).toEqual(["d1"]);
  });

  it("draws everything where a deployment came", () => {
    expect(changedRows(before, rows([deployment({ id: "d2" }), deployment()], false))).toBeUndefined();
  });

  it("draws the check box when the setting changed", () => {
    expect(changedRows(rows([deployment()], false), rows([deployment()], true))).toEqual([AUTO_EXECUTE]);
  });
});

it("of 500 changes is made in a few milliseconds", () => {
  const changes = Array.from({ length: 500 }, (_, index) => change(`R${index}`));
  const started = performance.now();
  changedRows(view({ changes }), view({ changes: [...changes.slice(1), change("R0", { status: "succeeded" })] }));
  expect(performance.now() - started).toBeLessThan(100); // about 5 ms; the limit is for a busy machine
});
