import { describe, expect, it } from "vitest";

import { announce } from "../src/features/deployment/announce";
import type { Deployment } from "../src/protocol.gen";
import { change, deployment, STAGED } from "./sample";

function said(next: Partial<Deployment>, previous?: Partial<Deployment>) {
  return announce({ next: deployment(next), previous: previous === undefined ? undefined : deployment(previous) });
}

/** The text and the titles of the buttons. */
function message(next: Partial<Deployment>, previous?: Partial<Deployment>) {
  const announcement = said(next, previous);
  if (announcement?.kind !== "message") {
    throw new Error(`not a message: ${JSON.stringify(announcement)}`);
  }
  const { severity, text, actions } = announcement;
  return [severity, text, ...actions.map((action) => action.title)];
}

const URL_OUTPUT = { name: "Url", value: "https://x.example/", sensitive: false };

describe("staged changes", () => {
  it("offer to be executed, once for each plan", () => {
    expect(message(STAGED, { phase: "staging" })).toEqual([
      "information",
      "thumbnailer (dev): 2 to add, 1 to modify.",
      "Execute Changes",
      "Abort Changes",
      "Show Changes",
    ]);
    expect(said(STAGED, STAGED)).toBeUndefined();
    const another = { ...STAGED, plan: { id: "p2", summary: { add: 0, modify: 0, replace: 0, remove: 1 } } };
    expect(message(another, STAGED)[1]).toBe("thumbnailer (dev): 1 to remove.");
  });

  it("say nothing where they are executed without asking", () => {
    expect(said({ ...STAGED, autoExecute: true }, { phase: "staging" })).toBeUndefined();
  });
});

it("a question is asked once", () => {
  const question = { id: "q1", kind: "recreateStack", text: "Recreate it?", choices: [] } as const;
  expect(said({ phase: "preparation", question })).toEqual({ kind: "question", question });
  expect(said({ phase: "preparation", question }, { question })).toBeUndefined();
});

it("nothing is said of what only goes on", () => {
  expect(said({ progress: { done: 2, total: 3, failed: 0 } }, { progress: { done: 1, total: 3, failed: 0 } })).toBeUndefined();
});

describe("the end", () => {
  it("is said to whoever sees it anyway only where it went wrong", () => {
    expect(said({ phase: "completed", outcome: "succeeded" }, {})).toMatchObject({ unlessSeen: ["monitor"] });
    expect(said({ phase: "completed", outcome: "rolledBack" }, {})).toMatchObject({ unlessSeen: [] });
  });

  it("comes with the outputs, and opens addresses", () => {
    const outputs = [
      URL_OUTPUT,
      { name: "Bucket", value: "b", sensitive: false },
      { name: "Key", value: "***", sensitive: true },
    ];
    expect(message({ phase: "completed", outcome: "succeeded", changes: [change("A")], outputs }, {})).toEqual([
      "information",
      "thumbnailer (dev) is deployed, 1 change. \u2022 Url: https://x.example/ \u2022 Bucket: b \u2022 1 more output",
      "Open Url",
      "Show Outputs",
    ]);
  });

  it("is said once", () => {
    const ended = { phase: "completed", outcome: "succeeded" } as const;
    expect(said(ended, ended)).toBeUndefined();
  });

  it("names the root cause of a failure first, and goes to its line", () => {
    const range = { start: { line: 3, character: 2 }, end: { line: 3, character: 8 } };
    const failures = [
      { resource: "images", reason: "Resource creation cancelled", rootCause: false },
      { resource: "resize", reason: "No such code", rootCause: true, location: { uri: "file:///p/sigma.yaml", range } },
    ];
    expect(message({ phase: "completed", outcome: "rolledBack", failures }, {})).toEqual([
      "error",
      "resize: No such code. (1 more failure) Deploying thumbnailer (dev) failed, and what it had changed was rolled back.",
      "Show in Manifest",
      "Show Log",
    ]);
  });

  it("without a resource at fault is what the server says", () => {
    expect(message({ phase: "completed", outcome: "refused", message: "The manifest has 2 errors" })).toEqual([
      "error",
      "thumbnailer (dev): The manifest has 2 errors.",
      "Show Log",
    ]);
  });

  it("for want of credentials leads to some, and to the sandbox, which needs none", () => {
    const locked = { phase: "completed", outcome: "failed", message: "There are none.", code: "credentialsMissing" } as const;
    const buttons = (fields: Partial<Deployment>): readonly string[] => message({ ...locked, ...fields }).slice(2);
    expect(buttons({})).toEqual(["How to Get Credentials", "Try in the Sandbox", "Show Log"]);
    expect(buttons({ sandbox: true })).toEqual(["Show Log"]);
    expect(buttons({ engine: "infrastructure-manager" })).toEqual(["How to Get Credentials", "Show Log"]);
    expect(buttons({ code: "credentialsExpired" })).toEqual(["How to Sign In Again", "Show Log"]);
    expect(buttons({ code: "notAllowed" })).toEqual(["How Permissions Are Given", "Show Log"]);
    expect(buttons({ message: "The credentials of the database are wrong.", code: "buildFailed" })).toEqual(["Show Log"]);
  });

  it.each(["noChanges", "stopped"] as const)("as %s is what the server says of it", (outcome) => {
    const words = "The stack thumbnailer-dev is up to date: nothing to change";
    expect(message({ phase: "completed", outcome, message: words }, {})).toEqual([
      "information",
      "thumbnailer (dev): The stack thumbnailer-dev is up to date: nothing to change.",
    ]);
  });

  it("of a removal is said", () => {
    expect(message({ phase: "completed", outcome: "succeeded", operation: "undeploy" }, {})[1]).toBe(
      "thumbnailer (dev) was removed.",
    );
  });

  it("by abort is no news to whoever aborted", () => {
    expect(said({ phase: "completed", outcome: "aborted" }, STAGED)).toBeUndefined();
  });
});
