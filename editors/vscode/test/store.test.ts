import { expect, it } from "vitest";

import { DeploymentStore } from "../src/features/deployment/store";
import { deployment } from "./sample";

it("takes only newer revisions in", () => {
  const store = new DeploymentStore();
  expect(store.accept(deployment({ revision: 2 }))?.previous).toBeUndefined();
  expect(store.accept(deployment({ revision: 2 }))).toBeUndefined();
  expect(store.accept(deployment({ revision: 1, message: "late" }))).toBeUndefined();
  expect(store.accept(deployment({ revision: 3 }))?.previous?.revision).toBe(2);
  expect(store.current()?.revision).toBe(3);
});

it("shows running ones first, and of the ended ones the last of each place", () => {
  const store = new DeploymentStore();
  const ended = { phase: "completed", outcome: "succeeded" } as const;
  store.accept(deployment({ id: "old", startedAt: "2026-01-01T00:00:00Z", ...ended }));
  store.accept(deployment({ id: "last", startedAt: "2026-01-02T00:00:00Z", ...ended }));
  store.accept(deployment({ id: "prod", stage: "prod", startedAt: "2026-01-03T00:00:00Z", ...ended }));
  store.accept(deployment({ id: "sandbox", sandbox: true, startedAt: "2026-01-01T00:00:00Z" }));
  expect(store.all().map((each) => each.id)).toEqual(["sandbox", "prod", "last"]);
});

it("hides the last result of a place while the next deployment of it runs", () => {
  const store = new DeploymentStore();
  store.accept(deployment({ id: "last", phase: "completed", outcome: "failed" }));
  store.accept(deployment({ id: "now" }));
  expect(store.all().map((each) => each.id)).toEqual(["now"]);
});

it("starts over with a new server, whose revisions begin anew", () => {
  const store = new DeploymentStore();
  store.accept(deployment({ id: "a", revision: 7 }));
  store.accept(deployment({ id: "gone", revision: 7, stage: "prod" }));
  store.serverStarts();
  expect(store.all().map((each) => each.id)).toEqual(["a", "gone"]);
  const [update] = store.serverKnows([deployment({ id: "a", revision: 1 })]);
  expect(update?.previous?.revision).toBe(7);
  expect(store.all().map((each) => [each.id, each.revision])).toEqual([["a", 1]]);
});

it("keeps what the new server told before it answered", () => {
  const store = new DeploymentStore();
  store.serverStarts();
  store.accept(deployment({ revision: 5 }));
  expect(store.serverKnows([deployment({ revision: 4 })])).toEqual([]);
  expect(store.current()?.revision).toBe(5);
});
