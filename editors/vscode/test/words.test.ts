import { describe, expect, it } from "vitest";

import * as words from "../src/features/deployment/words";
import { change, deployment, STAGED } from "./sample";

describe("progress", () => {
  it.each([
    [{ phase: "build" }, "building"],
    [STAGED, "3 changes ready"],
    [{ phase: "monitoring", progress: { done: 3, total: 6, failed: 0 } }, "3/6"],
    [{ phase: "rollingBack", progress: { done: 1, total: 6, failed: 1 } }, "rolling back 1/6"],
    [{ ...STAGED, question: { id: "q", kind: "commit", text: "?", choices: [] } }, "needs an answer"],
    [{ phase: "completed", outcome: "succeeded" }, "deployed"],
    [{ phase: "completed", outcome: "rolledBack" }, "failed and rolled back"],
    [{ phase: "completed", outcome: "succeeded", operation: "undeploy" }, "removed"],
  ] as const)("%j is %s", (fields, said) => {
    expect(words.progress(deployment(fields))).toBe(said);
  });

  it("is said without a fraction", () => {
    const running = deployment({ progress: { done: 3, total: 6, failed: 1 } });
    expect(words.spokenProgress(running)).toBe("deploying, 3 of 6 changes done, 1 failed");
  });
});

it("names a project without a stage by its name alone", () => {
  expect(words.title(deployment({ stage: null }))).toBe("thumbnailer");
  expect(words.title(deployment())).toBe("thumbnailer (dev)");
});

it.each([
  [{ action: "add" }, "add"],
  [{ action: "modify", replacement: "may" }, "modify, may be replaced"],
  [{ action: "modify", replacement: "will", risk: "dataLoss" }, "modify, will be replaced, data loss"],
  [{ action: "replace", replacement: "will", risk: "interruption" }, "replace, interruption"],
] as const)("the intent of %j is %s", (fields, said) => {
  expect(words.intent(change("A", fields))).toBe(said);
});

it.each([
  ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.400Z", "0.4 s"],
  ["2026-01-01T00:00:00Z", "2026-01-01T00:00:12Z", "12 s"],
  ["2026-01-01T00:00:00Z", "2026-01-01T00:03:05Z", "3:05 min"],
  ["2026-01-01T00:00:00Z", "2026-01-01T00:00:59.7Z", "1:00 min"],
  ["2026-01-01T00:00:00Z", undefined, undefined],
  ["never", "2026-01-01T00:00:00Z", undefined],
] as const)("from %s to %s took %s", (from, to, said) => {
  expect(words.duration(from, to)).toBe(said);
});

it.each([
  ["https://example.com/a", true],
  ["http://127.0.0.1:4566/x", true],
  ["javascript:alert(1)", false],
  ["see https://example.com", false],
])("%s opens in a browser: %s", (value, opens) => {
  expect(words.isUrl(value)).toBe(opens);
});

it.each([
  ["AWS::Lambda::Function", "Lambda Function"],
  ["Custom::Thing", "Custom Thing"],
  ["google_storage_bucket", "google_storage_bucket"],
])("the kind of %s is %s", (type, said) => {
  expect(words.kind(type)).toBe(said);
});

it("does not say a cause twice that stands among the failures", () => {
  const failures = [{ resource: "images", reason: "images already exists.", rootCause: true }];
  const message = "Failed, and shop was rolled back. images: images already exists. Left behind, to be deleted by hand: queue.";
  expect(words.withoutCause(deployment({ message, failures }))).toBe("Failed, and shop was rolled back. Left behind, to be deleted by hand: queue.");
  expect(words.withoutCause(deployment({ message }))).toBe(message);
});
