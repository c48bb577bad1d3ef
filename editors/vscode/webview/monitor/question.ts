// The open question: its choices as buttons, or a field for each value that is asked for.
import type { Question } from "../../src/protocol.gen";
import type { Answer } from "../../src/features/monitor/messages";
import { h, icon } from "./dom";

export interface Asked {
  readonly deployment: string;
  readonly question: Question;
  /** How many answers were sent so far: a question that is still there was not answered by the last one. */
  readonly answers: number;
}

type Reply = (asked: Asked, answer: Answer) => void;

export function drawQuestion(asked: Asked, reply: Reply): Node[] {
  const { question } = asked;
  const text = h("p", { id: "question-text" }, icon("question"), h("span", {}, question.text));
  return (question.values ?? []).length > 0 ? [text, valuesForm(asked, reply)] : [text, choiceButtons(asked, reply)];
}

function choiceButtons(asked: Asked, reply: Reply): HTMLElement {
  const group = h("div", { class: "buttons", role: "group", "aria-labelledby": "question-text" });
  // What may lose something comes last, and never looks like the one to take.
  const risky = (destructive: boolean | undefined): number => Number(destructive === true);
  const sorted = [...asked.question.choices].sort((a, b) => risky(a.destructive) - risky(b.destructive));
  for (const { id, title, destructive } of sorted) {
    const button = h("button", { type: "button", class: "secondary", "data-choice": id }, ...(destructive === true ? [icon("warning")] : []), title);
    button.addEventListener("click", () => {
      group.querySelectorAll("button").forEach((each) => (each.disabled = true)); // Once is enough.
      reply(asked, id);
    });
    group.append(button);
  }
  return group;
}

function valuesForm(asked: Asked, reply: Reply): HTMLElement {
  const values = asked.question.values ?? [];
  const fields = values.map(({ name, title, secret }, index) => {
    const input = h("input", {
      type: secret ? "password" : "text",
      id: `value-${index}`,
      name,
      required: true,
      autocomplete: "off",
      spellcheck: "false",
      placeholder: name,
    });
    return { name, input, row: h("div", { class: "field" }, h("label", { for: `value-${index}` }, title), input) };
  });
  const submit = h("button", { type: "submit", class: "primary" }, "Answer");
  const form = h("form", { "aria-labelledby": "question-text" }, ...fields.map(({ row }) => row), submit);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit.disabled = true;
    reply(asked, Object.fromEntries(fields.map(({ name, input }) => [name, input.value])));
    // What is secret does not stay in the page.
    fields.forEach(({ input }) => (input.value = ""));
  });
  return form;
}
