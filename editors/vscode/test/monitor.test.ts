import { describe, expect, it } from "vitest";

import { placeOf } from "../src/features/monitor/place";
import type { Deployment, Phase } from "../src/protocol.gen";
import { type ActionKind, actions } from "../webview/monitor/actions";
import { failuresOf } from "../webview/monitor/outcome";
import { overview, spoken } from "../webview/monitor/overview";
import { listRows } from "../webview/monitor/rows";
import { steps } from "../webview/monitor/steps";
import { spanOf, windowOf } from "../webview/monitor/window";
import { change, deployment, STAGED } from "./sample";

const NOW = Date.parse("2026-01-01T00:01:00Z");
const location = { uri: "file:///p/sigma.yaml", range: { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } } };

describe("steps", () => {
  const drawn = (fields: Partial<Deployment>): string[] => steps(deployment(fields)).map(({ label, state }) => `${label}: ${state}`);

  it("show in which of the early phases it failed", () => {
    expect(drawn({ phase: "completed", outcome: "failed", reached: "build" }).slice(0, 4)).toEqual([
      "Initialization: done",
      "Build: failed",
      "Preparation: skipped",
      "Staging: skipped",
    ]);
    expect(drawn({ phase: "completed", outcome: "aborted", reached: "staged" }).slice(3, 6)).toEqual([
      "Staging: done",
      "Review: done",
      "Execution: skipped",
    ]);
  });

  it("tell what is done, what goes on and what is to come", () => {
    expect(drawn(STAGED)).toEqual([
      "Initialization: done",
      "Build: done",
      "Preparation: done",
      "Staging: done",
      "Review: current",
      "Execution: upcoming",
      "Monitoring: upcoming",
      "Completion: upcoming",
    ]);
  });

  it("are not done because a later one was begun: a stack is looked at before a consent is asked for", () => {
    expect(drawn({ phase: "preparation", passed: ["initialization"] }).slice(0, 4)).toEqual([
      "Initialization: done",
      "Build: upcoming",
      "Preparation: current",
      "Staging: upcoming",
    ]);
    const declined = { phase: "completed", outcome: "aborted", reached: "preparation", passed: ["initialization", "preparation"] } as const;
    expect(drawn(declined).slice(0, 4)).toEqual(["Initialization: done", "Build: skipped", "Preparation: done", "Staging: skipped"]);
  });

  it("that nobody was asked for are left out: changes that were executed by themselves had no review", () => {
    const passed: Phase[] = ["initialization", "build", "preparation", "staging", "execution"];
    expect(drawn({ phase: "monitoring", passed }).slice(3, 7)).toEqual([
      "Staging: done",
      "Review: skipped",
      "Execution: done",
      "Monitoring: current",
    ]);
    const done = { phase: "completed", outcome: "succeeded", reached: "monitoring", passed: [...passed, "monitoring"] } as const;
    expect(drawn(done).slice(3, 7)).toEqual(["Staging: done", "Review: skipped", "Execution: done", "Monitoring: done"]);
  });

  it("of a removal have no build", () => {
    expect(drawn({ operation: "undeploy" })).not.toContain("Build: done");
  });

  it("tell what failed from what is taken back because of it", () => {
    const changes = [change("A", { status: "failed" })];
    const failed = { changes, progress: { done: 0, total: 1, failed: 1 } };
    expect(drawn({ ...failed, phase: "rollingBack" }).slice(-3)).toEqual(["Monitoring: failed", "Rolling Back: current", "Completion: upcoming"]);
    const back = [change("A", { status: "rolledBack" })];
    expect(drawn({ phase: "completed", outcome: "rolledBack", changes: back }).slice(-3)).toEqual([
      "Monitoring: failed",
      "Rolling Back: done",
      "Completion: failed",
    ]);
    expect(drawn({ phase: "completed", outcome: "failed", reached: "rollingBack", changes }).slice(-3)).toEqual([
      "Monitoring: failed",
      "Rolling Back: failed",
      "Completion: failed",
    ]);
  });

  it("tell what somebody stopped, which is no failure", () => {
    expect(drawn({ phase: "rollingBack" }).slice(-3)).toEqual(["Monitoring: done", "Rolling Back: current", "Completion: upcoming"]);
    expect(drawn({ phase: "completed", outcome: "stopped", reached: "rollingBack" }).slice(-3)).toEqual([
      "Monitoring: done",
      "Rolling Back: done",
      "Completion: skipped",
    ]);
  });

  it("that were not taken are left out", () => {
    expect(drawn({ phase: "completed", outcome: "noChanges" }).slice(-5)).toEqual([
      "Staging: done",
      "Review: skipped",
      "Execution: skipped",
      "Monitoring: skipped",
      "Completion: done",
    ]);
    expect(drawn({ ...STAGED, phase: "completed", outcome: "aborted" }).slice(-4)).toEqual([
      "Review: done",
      "Execution: skipped",
      "Monitoring: skipped",
      "Completion: skipped",
    ]);
    expect(drawn({ phase: "completed", outcome: "refused" }).slice(1, 3)).toEqual(["Build: skipped", "Preparation: skipped"]);
  });

  it("are one at a time in each phase", () => {
    const phases: Phase[] = ["initialization", "build", "preparation", "staging", "staged", "execution", "monitoring", "rollingBack"];
    for (const phase of phases) {
      expect(steps(deployment({ phase })).filter(({ state }) => state === "current")).toHaveLength(1);
    }
  });
});

describe("help", () => {
  const help = (fields: Partial<Deployment>): string | undefined => failuresOf(deployment(fields))?.help?.title;

  it("for credentials is there while it runs, since it cannot be watched without", () => {
    expect(help({ phase: "monitoring", code: "credentialsExpired" })).toBe("How to Sign In Again");
    expect(failuresOf(deployment({ phase: "monitoring", code: "unreachable" }))).toBeUndefined();
  });

  it("for the sandbox there is none", () => {
    const failed = { phase: "completed", outcome: "failed", code: "notAuthenticated" } as const;
    expect(help(failed)).toBe("How to Get Credentials");
    expect(help({ ...failed, sandbox: true })).toBeUndefined();
  });
});

describe("buttons", () => {
  const reason = (kind: ActionKind, fields: Partial<Deployment>): string | undefined =>
    actions(deployment(fields)).find((action) => action.kind === kind)?.reason;

  it("that can be pressed have no reason not to", () => {
    expect(reason("execute", STAGED)).toBeUndefined();
    expect(reason("abort", STAGED)).toBeUndefined();
    expect(reason("stop", { can: { execute: false, abort: false, stop: true, stopMeans: "rollback" } })).toBeUndefined();
  });

  it("that can not be pressed say why", () => {
    expect(reason("stop", STAGED)).toBe("Nothing is being changed yet; Abort Changes ends this.");
    expect(reason("stop", { phase: "monitoring" })).toBe("The cloud can not stop this.");
    expect(reason("stop", { phase: "rollingBack" })).toBe("What was changed is being rolled back, which can not be stopped.");
    expect(reason("execute", { phase: "build" })).toBe("The changes are not listed yet.");
    const outdated = { ...STAGED, message: "Others have changed the stack.", can: { execute: false, abort: true, stop: false } };
    expect(reason("execute", outdated)).toBe("Others have changed the stack.");
    expect(reason("execute", { phase: "monitoring" })).toBe("The changes are being made.");
    expect(reason("abort", { phase: "monitoring" })).toBe("The changes are being made; Stop ends that.");
    expect(reason("execute", { phase: "completed", outcome: "succeeded" })).toBe("The deployment has ended.");
    expect(reason("template", { operation: "undeploy" })).toBe("A removal has no template.");
    expect(reason("console", { sandbox: true })).toBe("The sandbox has no console.");
  });

  it("say what stopping means", () => {
    const stop = actions(deployment({ can: { execute: false, abort: false, stop: true, stopMeans: "delete" } }))[2];
    expect(stop?.hint).toBe("Stops, and deletes what was created");
  });
});

describe("the head", () => {
  it("counts, and says how long it has taken and will take", () => {
    const changes = [change("A", { status: "succeeded" }), change("B", { status: "failed" }), change("C"), change("D")];
    const seen = overview(deployment({ changes, progress: { done: 1, total: 4, failed: 1, etaSeconds: 38 } }), NOW);
    expect(seen.details).toBe("1 of 4 changes done \u2022 1 failed \u2022 1:00 min so far \u2022 about 40 s left");
    expect(seen).toMatchObject({ fraction: 0.5, spins: true, icon: "loading", status: "1/4" });
  });

  it("does not say again what the server's own line says", () => {
    const changes = [change("A", { status: "succeeded" }), change("B")];
    const watched = { changes, progress: { done: 1, total: 2, failed: 0 }, stackStatus: "UPDATE_IN_PROGRESS" };
    const details = (message: string): string => overview(deployment({ ...watched, message }), NOW).details;
    expect(details("1/2 done; stack state: UPDATE_IN_PROGRESS (Not reachable)")).toBe("1:00 min so far");
    expect(details("Watching")).toBe("1 of 2 changes done \u2022 1:00 min so far \u2022 UPDATE_IN_PROGRESS");
  });

  it("sums up what is planned before it begins", () => {
    const seen = overview(deployment(STAGED), NOW);
    expect(seen.details).toBe("2 to add, 1 to modify \u2022 1:00 min so far");
    expect(seen).toMatchObject({ fraction: undefined, spins: false, icon: "checklist" });
    const told = { ...STAGED, message: "Changes are ready for execution: 2 to add, 1 to modify." };
    expect(overview(deployment(told), NOW).details).toBe("1:00 min so far");
  });

  it("leaves to the failures what they say", () => {
    const failed = { phase: "completed", outcome: "failed", message: "There are no credentials." } as const;
    expect(overview(deployment(failed), NOW).message).toBe("");
    const failures = [{ resource: "resize", reason: "No zip.", rootCause: true }];
    expect(overview(deployment({ ...failed, failures }), NOW).message).toBe("There are no credentials.");
  });

  it("says how long it took once it has ended", () => {
    const seen = overview(deployment({ phase: "completed", outcome: "succeeded", endedAt: "2026-01-01T00:00:12Z" }), NOW);
    expect(seen.details).toBe("took 12 s");
  });
});

describe("what is read aloud", () => {
  const running = deployment({ progress: { done: 0, total: 8, failed: 0 } });

  it("is each quarter, not each change", () => {
    expect(spoken(running, { ...running, progress: { done: 1, total: 8, failed: 0 } })).toBeUndefined();
    expect(spoken(running, { ...running, progress: { done: 2, total: 8, failed: 0 } })).toBe("deploying, 2 of 8 changes done");
  });

  it("is a failure at once, with its reason", () => {
    const failing = { ...running, changes: [change("A", { status: "failed", reason: "No such code" })] };
    expect(spoken({ ...running, changes: [change("A")] }, failing)).toBe("a failed: No such code");
    expect(spoken(failing, failing)).toBeUndefined();
  });

  it("is a question, and the end with its root cause", () => {
    const question = { id: "q", kind: "rollback", text: "Roll back?", choices: [] } as const;
    expect(spoken(running, { ...running, question })).toBe("A question: Roll back?");
    const failures = [
      { resource: "b", reason: "Cancelled", rootCause: false },
      { resource: "a", reason: "No such code", rootCause: true },
    ];
    expect(spoken(running, { ...running, phase: "completed", outcome: "rolledBack", failures })).toBe(
      "thumbnailer (dev): failed and rolled back. a: No such code",
    );
  });
});

describe("rows", () => {
  const causes = [{ property: "Memory", before: "128", after: "256", location }, { property: "Code" }];
  const changes = [
    change("Images", { status: "inProgress", startedAt: "2026-01-01T00:00:50Z" }),
    change("Resize", { action: "modify", replacement: "may", risk: "dataLoss", causes, status: "failed", reason: "Too big", location }),
  ];
  const drawn = (open: string[]): string[] =>
    listRows(deployment({ changes }), new Set(open), NOW).map((row) =>
      row.kind === "change"
        ? [row.icon, row.name, row.type, row.action, ...row.badges.map(({ text }) => text), row.status, row.took].join(" | ")
        : `  ${[row.label, row.text, row.before, row.after].filter((each) => each !== undefined && each !== "").join(" | ")}`,
    );

  it("show each change with what is to be thought about, and its time", () => {
    expect(drawn([])).toEqual([
      "loading | images | S3 Bucket | add | in progress | 10 s",
      "error | resize | S3 Bucket | modify | may be replaced | data loss | failed | ",
    ]);
  });

  it("show why, property by property, below an open change", () => {
    expect(drawn(["Resize"]).slice(2)).toEqual(["  Reason | Too big", "  Memory | 128 | 256", "  Code"]);
  });

  it("are read aloud whole, without a time that runs", () => {
    const [images, resize] = listRows(deployment({ changes }), new Set(), NOW);
    expect(images).toMatchObject({ spoken: "images, S3 Bucket, add, in progress", open: undefined, position: 1, of: 2 });
    expect(resize).toMatchObject({ spoken: "resize, S3 Bucket, modify, may be replaced, data loss, failed: Too big, 2 causes", open: false });
  });

  it("tells changes of one name and type apart by their logical ids", () => {
    const route = { type: "AWS::ApiGatewayV2::Route", name: "api" };
    const twins = [change("Api", { resource: { ...route, type: "AWS::ApiGatewayV2::Api" } }), change("ApiGet", { resource: route }), change("ApiPost", { resource: route })];
    const rows = listRows(deployment({ changes: twins }), new Set(), NOW).filter((row) => row.kind === "change");
    expect(rows.map(({ id }) => id)).toEqual([undefined, "ApiGet", "ApiPost"]);
    expect(rows.map(({ spoken }) => spoken.split(",").slice(0, 2))).toEqual([
      ["api", " ApiGatewayV2 Api"],
      ["api ApiGet", " ApiGatewayV2 Route"],
      ["api ApiPost", " ApiGatewayV2 Route"],
    ]);
  });

  it("lead to where they come from", () => {
    const [, resize, , memory, code] = listRows(deployment({ changes }), new Set(["Resize"]), NOW);
    expect(resize?.place).toEqual({ kind: "change", change: "Resize" });
    expect(memory?.place).toEqual({ kind: "cause", change: "Resize", index: 0 });
    expect(code?.place).toBeUndefined();
    const failures = [{ resource: "resize", reason: "Too big", rootCause: true, location }];
    const whole = deployment({ changes, failures });
    expect(placeOf(whole, { kind: "cause", change: "Resize", index: 0 })).toEqual(location);
    expect(placeOf(whole, { kind: "failure", index: 0 })).toEqual(location);
    expect(placeOf(whole, { kind: "change", change: "Images" })).toBeUndefined();
  });
});

describe("the window of a long list", () => {
  const heights = Array.from({ length: 500 }, () => 20);

  it("holds what is visible and a margin, and stands in for the rest", () => {
    expect(windowOf(heights, 1000, 1200, 40)).toEqual({ from: 48, to: 62, before: 960, after: 8760 });
  });

  it("begins with the first and ends with the last", () => {
    expect(windowOf(heights, -300, 100, 0)).toEqual({ from: 0, to: 5, before: 0, after: 9900 });
    expect(windowOf(heights, 9900, 10_300, 0)).toEqual({ from: 495, to: 500, before: 9900, after: 0 });
  });

  it("is empty where nothing of the list is visible", () => {
    expect(windowOf(heights, -500, -100, 0)).toEqual({ from: 0, to: 0, before: 0, after: 10_000 });
    expect(windowOf([], 0, 100, 0)).toEqual({ from: 0, to: 0, before: 0, after: 0 });
  });

  it("knows where rows of different heights are", () => {
    expect(spanOf([20, 50, 20], 2)).toEqual({ top: 70, bottom: 90 });
  });
});
