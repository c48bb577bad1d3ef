// What a question has to fill in and to press; `question.ts` draws it.
import type { Choice, Question } from "../../src/protocol.gen";

/** What there is to fill in and to press. */
export interface Form {
  readonly fields: readonly { readonly name: string; readonly title: string; readonly secret: boolean; readonly value: string }[];
  /** What the button says that sends the fields. */
  readonly submit: string;
  readonly buttons: readonly Choice[];
}

export function formOf(question: Question): Form {
  const fields = (question.values ?? []).map((each) => ({
    name: each.name,
    title: each.title,
    secret: each.secret,
    value: each.default ?? "",
  }));
  // What may lose something comes last, and never looks like the one to take.
  const risky = (choice: Choice): number => Number(choice.destructive === true);
  const buttons = [...question.choices].sort((a, b) => risky(a) - risky(b));
  if (fields.length === 0) {
    return { fields, submit: "", buttons };
  }
  if (question.kind !== "commit") {
    return { fields, submit: "Answer", buttons: [] }; // The monitor has an Abort of its own.
  }
  const commit = buttons.find(({ id }) => id === "commit");
  return { fields, submit: commit?.title ?? "Commit", buttons: buttons.filter((each) => each !== commit) };
}
