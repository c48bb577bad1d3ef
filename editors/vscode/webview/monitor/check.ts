// What the check box shows while its presses are on their way. Knows no page.
import type { Shown } from "../../src/features/monitor/messages";

export class Check {
  private presses = 0;

  press(): void {
    this.presses += 1;
  }

  /** Undefined: what the extension says is of before the last press, so that the box stays as it is. */
  of({ autoExecute, presses }: Pick<Shown, "autoExecute" | "presses">): boolean | undefined {
    return presses === this.presses ? autoExecute : undefined;
  }
}
