// What came from the monitor's pages, as far as they have to be told of it again. Knows no VS Code.
import type { Deployment } from "../../protocol.gen";
import type { Done } from "./messages";

/** How many answers were sent to each question: one that is still there was not answered by the last of them. */
export class Answers {
  private readonly sent = new Map<string, number>();

  count(deployment: string, question: string): void {
    this.sent.set(key(deployment, question), this.to(deployment, question) + 1);
  }

  /** To the question that a deployment puts now: an answer to an earlier one must not draw it anew while somebody types. */
  of(deployment: Deployment | undefined): number {
    return deployment?.question === undefined ? 0 : this.to(deployment.id, deployment.question.id);
  }

  private to(deployment: string, question: string): number {
    return this.sent.get(key(deployment, question)) ?? 0;
  }
}

function key(deployment: string, question: string): string {
  return JSON.stringify([deployment, question]);
}

/** How often the check box was pressed in each page, since that page is there. */
export class Presses<Page extends object> {
  private readonly heard = new WeakMap<Page, number>();

  hear(page: Page, done: Done): void {
    if (done.kind === "ready") {
      this.heard.set(page, 0); // It is another page, which counts from nothing.
    } else if (done.kind === "autoExecute") {
      this.heard.set(page, this.of(page) + 1);
    }
  }

  of(page: Page): number {
    return this.heard.get(page) ?? 0;
  }
}
