import { expect, it } from "vitest";

import type { Deployment } from "../src/protocol.gen";
import { statusText } from "../src/statusText";
import { deployment, STAGED } from "./sample";

const RUNNING = { kind: "running" } as const;

it.each([
  [{ phase: "monitoring", progress: { done: 3, total: 6, failed: 0 } }, "$(loading~spin) thumbnailer (dev): 3/6", "none"],
  [{ phase: "monitoring", progress: { done: 3, total: 6, failed: 1 } }, "$(loading~spin) thumbnailer (dev): 3/6", "error"],
  [STAGED, "$(checklist) thumbnailer (dev): 3 changes ready", "none"],
  [
    { phase: "preparation", question: { id: "q", kind: "commit", text: "?", choices: [] } },
    "$(question) thumbnailer (dev): needs an answer",
    "warning",
  ],
  [{ phase: "completed", outcome: "succeeded" }, "$(check) thumbnailer (dev): deployed", "none"],
  [{ phase: "completed", outcome: "rolledBack" }, "$(error) thumbnailer (dev): failed and rolled back", "error"],
  [{ phase: "completed", outcome: "aborted" }, "$(circle-slash) thumbnailer (dev): aborted", "none"],
] satisfies [Partial<Deployment>, string, string][])("%j shows as %s", (fields, text, severity) => {
  expect(statusText(RUNNING, deployment(fields))).toMatchObject({ text, severity });
});

it("is heard in words", () => {
  const shown = statusText(RUNNING, deployment({ progress: { done: 3, total: 6, failed: 0 } }));
  expect(shown.spoken).toBe("Sigma: thumbnailer (dev), deploying, 3 of 6 changes done");
});

it("is about the server where that does not run", () => {
  const stopped = statusText({ kind: "stopped", message: "It was not found." }, deployment());
  expect(stopped).toMatchObject({ text: "$(error) Sigma: server stopped", severity: "error" });
  expect(stopped.tooltip[0]).toBe("It was not found.");
});

it("is quiet while there is nothing to say", () => {
  expect(statusText(RUNNING, undefined)).toMatchObject({ text: "$(cloud) Sigma", severity: "none" });
  expect(statusText({ kind: "starting" }, undefined).text).toBe("$(loading~spin) Sigma");
});

it("has the last deployment in its tooltip", () => {
  const endedAt = new Date(2026, 0, 31, 12, 5, 30).toISOString();
  const startedAt = new Date(2026, 0, 31, 12, 5).toISOString();
  const shown = statusText(RUNNING, deployment({ phase: "completed", outcome: "succeeded", message: "Deployed.", startedAt, endedAt }));
  expect(shown.tooltip).toEqual(["Deployed.", "Deployment of stack thumbnailer-dev in eu-west-1, account 123456789012", "Ended 2026-01-31 12:05, took 30 s"]);
});
