// Asks a person what a deployment needs to know, and sends the answer.
import { window } from "vscode";

import type { Choice, Deployment, Question } from "../../protocol.gen";
import { title } from "./words";

export type Answer = string | Record<string, string>;

/** The answer, or undefined where the person closed the question: it stays open then, in the view and the status bar. */
export async function ask(deployment: Deployment, question: Question): Promise<Answer | undefined> {
  const asked = question.values ?? [];
  if (asked.length === 0) {
    return (await choose(deployment, question))?.id;
  }
  const answers: Record<string, string> = {};
  for (const [index, value] of asked.entries()) {
    const entered = await window.showInputBox({
      title: `${title(deployment)} (${index + 1}/${asked.length})`,
      prompt: `${value.title} (${value.name})`,
      password: value.secret,
      // Leaving the window to copy a key from elsewhere must not close the box.
      ignoreFocusOut: true,
      validateInput: (text) => (text === "" ? "A value is needed." : undefined),
    });
    if (entered === undefined) {
      return undefined;
    }
    answers[value.name] = entered;
  }
  return answers;
}

async function choose(deployment: Deployment, question: Question): Promise<Choice | undefined> {
  const items = question.choices.map((choice) => ({ title: choice.title, choice }));
  const risky = question.choices.some((choice) => choice.destructive === true);
  const show = risky ? window.showWarningMessage : window.showInformationMessage;
  return (await show(title(deployment), { modal: true, detail: question.text }, ...items))?.choice;
}
