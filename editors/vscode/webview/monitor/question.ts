// The open question: its choices as buttons, or a field for each value that is asked for.
import type { Choice, Question } from "../../src/protocol.gen";
import type { Answer } from "../../src/features/monitor/messages";
import { h, icon } from "./dom";
import { button, disable } from "./elements";
import { type Form, formOf } from "./form";

export interface Asked {
  readonly deployment: string;
  readonly question: Question;
  /** How many answers were sent so far: a question that is still there was not answered by the last one. */
  readonly answers: number;
}

type Reply = (asked: Asked, answer: Answer) => void;

export function drawQuestion(asked: Asked, reply: Reply): Node[] {
  const form = formOf(asked.question);
  const text = h("p", { id: "question-text" }, icon("question"), h("span", {}, asked.question.text));
  const buttons = form.buttons.length === 0 ? [] : [choiceButtons(form.buttons, asked, reply)];
  return form.fields.length === 0 ? [text, ...buttons] : [text, valuesForm(form, asked, reply), ...buttons];
}

function choiceButtons(choices: readonly Choice[], asked: Asked, reply: Reply): HTMLElement {
  const group = h("div", { class: "buttons", role: "group", "aria-labelledby": "question-text" });
  const buttons = choices.map(({ id, title, destructive }) =>
    button(title, { ...(destructive === true ? { icon: "warning" } : {}), attributes: { "data-choice": id } }, () => {
      disable(buttons);
      reply(asked, id);
    }),
  );
  group.append(...buttons);
  return group;
}

function valuesForm(form: Form, asked: Asked, reply: Reply): HTMLElement {
  const fields = form.fields.map(({ name, title, secret, value }, index) => {
    const input = h("vscode-textfield", {
      type: secret ? "password" : "text",
      id: `value-${index}`,
      name,
      required: true,
      autocomplete: "off",
      spellcheck: "false",
      placeholder: name,
      ...(value === "" ? {} : { value }),
    });
    return { name, input, row: h("div", { class: "field" }, h("vscode-label", { for: `value-${index}` }, title), input) };
  });
  const submit = button(form.submit, { look: "primary", submits: true });
  const element = h("form", { "aria-labelledby": "question-text" }, ...fields.map(({ row }) => row), submit);
  element.addEventListener("submit", (event: Event) => {
    event.preventDefault();
    disable([submit]);
    reply(asked, Object.fromEntries(fields.map(({ name, input }) => [name, input.value])));
    // What is secret does not stay in the page.
    fields.forEach(({ input }) => (input.value = ""));
  });
  return element;
}
