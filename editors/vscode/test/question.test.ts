import { describe, expect, it } from "vitest";

import type { Question } from "../src/protocol.gen";
import { formOf } from "../webview/monitor/form";

const COMMIT: Question = {
  id: "commit-1-1",
  kind: "commit",
  text: "Uncommitted changes: sigma.yaml. Commit before deploying?",
  choices: [
    { id: "commit", title: "Commit" },
    { id: "skip", title: "Deploy Without Committing" },
    { id: "abort", title: "Abort" },
  ],
  values: [{ name: "message", title: "Commit message", secret: false, default: "Deploy thumbnailer (dev)" }],
};

describe("the form of a question", () => {
  it("takes the message of a commit, and offers to go on without one", () => {
    const { fields, submit, buttons } = formOf(COMMIT);
    expect(fields).toEqual([{ name: "message", title: "Commit message", secret: false, value: "Deploy thumbnailer (dev)" }]);
    expect(submit).toBe("Commit");
    expect(buttons.map(({ id }) => id)).toEqual(["skip", "abort"]);
  });

  it("has no field where nothing can be committed", () => {
    const { id, kind, text, choices } = COMMIT;
    const { fields, buttons } = formOf({ id, kind, text, choices: choices.slice(1) });
    expect(fields).toEqual([]);
    expect(buttons.map((each) => each.id)).toEqual(["skip", "abort"]);
  });

  it("asks for values with one button", () => {
    const values = [{ name: "KEY", title: "The key", secret: true }];
    const { fields, submit, buttons } = formOf({ id: "q", kind: "values", text: "?", choices: [{ id: "abort", title: "Abort" }], values });
    expect(fields).toEqual([{ name: "KEY", title: "The key", secret: true, value: "" }]);
    expect([submit, buttons]).toEqual(["Answer", []]);
  });

  it("puts last what may lose something", () => {
    const choices = [
      { id: "recreate", title: "Delete and Recreate", destructive: true },
      { id: "abort", title: "Abort" },
    ];
    expect(formOf({ id: "q", kind: "recreateStack", text: "?", choices }).buttons.map(({ id }) => id)).toEqual(["abort", "recreate"]);
  });
});
