// Asks a person what a deployment needs to know, and sends the answer.
import { type MessageItem, window } from "vscode";

import type { Choice, Deployment, Question } from "../../protocol.gen";
import { title } from "./words";

export type Answer = string | Record<string, string>;

/** The answer, or undefined where the person closed the question: it stays open then, in the view and the status bar. */
export async function ask(deployment: Deployment, question: Question): Promise<Answer | undefined> {
  const asked = question.values ?? [];
  if (asked.length === 0) {
    return (await choose(deployment, question))?.id;
  }
  if (question.kind === "commit") {
    const picked = await choose(deployment, question);
    if (picked?.id !== "commit") {
      return picked?.id;
    }
  }
  const answers: Record<string, string> = {};
  for (const [index, value] of asked.entries()) {
    const entered = await window.showInputBox({
      title: `${title(deployment)} (${index + 1}/${asked.length})`,
      prompt: `${value.title} (${value.name})`,
      password: value.secret,
      ...(value.default === undefined ? {} : { value: value.default }),
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

interface Button extends MessageItem {
  readonly choice?: Choice;
}

async function choose(deployment: Deployment, question: Question): Promise<Choice | undefined> {
  const risky = question.choices.filter((choice) => choice.destructive === true);
  const safe = question.choices.filter((choice) => choice.destructive !== true);
  const buttons: Button[] = [
    // The first one is what the Enter key takes, so it is none that may lose something.
    ...[...safe, ...risky].map((choice) => ({ title: choice.title, choice })),
    { title: "Decide Later", isCloseAffordance: true },
  ];
  const options = { modal: true, detail: question.text };
  const picked =
    risky.length > 0
      ? await window.showWarningMessage(title(deployment), options, ...buttons)
      : await window.showInformationMessage(title(deployment), options, ...buttons);
  return picked?.choice;
}
