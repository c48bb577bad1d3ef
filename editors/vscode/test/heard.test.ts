import { describe, expect, it } from "vitest";

import { Answers, Presses } from "../src/features/monitor/heard";
import type { Question } from "../src/protocol.gen";
import { Check } from "../webview/monitor/check";
import { deployment } from "./sample";

describe("answers", () => {
  const asks = (id: string) => {
    const question: Question = { id, kind: "values", text: "One value is needed.", choices: [] };
    return deployment({ id: "d1", question });
  };

  it("are counted for the question that they were sent to", () => {
    const answers = new Answers();
    expect(answers.of(asks("q1"))).toBe(0);
    answers.count("d1", "q1");
    expect(answers.of(asks("q1"))).toBe(1);
  });

  it("to one question draw no other one anew, in which somebody types already", () => {
    const answers = new Answers();
    answers.count("d1", "q1");
    answers.count("d2", "q2");
    expect(answers.of(asks("q2"))).toBe(0);
    expect(answers.of(deployment({ id: "d1" }))).toBe(0);
    expect(answers.of(undefined)).toBe(0);
  });
});

describe("the check box", () => {
  it("stays as it was pressed until the extension has heard of it", () => {
    const check = new Check();
    const page = {};
    const presses = new Presses();
    const says = (autoExecute: boolean) => check.of({ autoExecute, presses: presses.of(page) });
    expect(says(false)).toBe(false);
    check.press();
    expect(says(false)).toBeUndefined(); // Drawn again meanwhile, as each second, or told something else.
    check.press();
    presses.hear(page, { kind: "autoExecute", value: true });
    expect(says(true)).toBeUndefined(); // It was pressed again since.
    presses.hear(page, { kind: "autoExecute", value: false });
    expect(says(false)).toBe(false);
  });

  it("follows the setting in a page that is there again, whatever an earlier one has pressed", () => {
    const page = {};
    const presses = new Presses();
    presses.hear(page, { kind: "autoExecute", value: true });
    presses.hear({}, { kind: "autoExecute", value: true });
    expect(presses.of(page)).toBe(1);
    presses.hear(page, { kind: "ready", selected: undefined });
    expect(new Check().of({ autoExecute: true, presses: presses.of(page) })).toBe(true);
  });
});
