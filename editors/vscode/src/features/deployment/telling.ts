// Tells people what happens to deployments while they look elsewhere, and carries out what they answer.
import { window } from "vscode";

import type { Deployment } from "../../protocol.gen";
import { type Action, announce, type Announcement } from "./announce";
import { guarded } from "./guarded";
import type { Update } from "./store";
import { title } from "./words";

/** What a person may do about what was told, and what that person sees without being told. */
export interface Surroundings {
  readonly sees: (view: "monitor" | "projects") => boolean;
  /** Whether a deployment was begun in this window: its questions may take the whole window. */
  readonly isMine: (deployment: Deployment) => boolean;
  readonly ask: (deployment: Deployment) => Promise<void>;
  readonly act: (deployment: Deployment, action: Action) => Promise<void>;
  readonly showMonitor: () => Promise<void>;
}

export class Telling {
  private saidThatItGoesOn = false;

  constructor(private readonly surroundings: Surroundings) {}

  /** Who looks at the log sees that it goes on. */
  knowsThatItGoesOn(): void {
    this.saidThatItGoesOn = true;
  }

  /** Once is enough: whoever closed the monitor knows from then on. */
  dismissed(): void {
    if (this.saidThatItGoesOn) {
      return;
    }
    this.saidThatItGoesOn = true;
    void guarded(async () => {
      const show = "Show Deployment Monitor";
      if ((await window.showInformationMessage("The deployment is still running in the background.", show)) === show) {
        await this.surroundings.showMonitor();
      }
    });
  }

  tell(update: Update): void {
    const announcement = announce(update);
    if (announcement !== undefined) {
      void guarded(() => this.announce(update.next, announcement));
    }
  }

  private async announce(deployment: Deployment, announcement: Announcement): Promise<void> {
    const { sees, isMine, ask, act } = this.surroundings;
    if (announcement.kind === "question") {
      if (sees("monitor")) {
        return; // It is there, with what is needed to answer it.
      }
      if (isMine(deployment)) {
        await ask(deployment);
        return;
      }
      const text = `${title(deployment)}: ${announcement.question.text}`;
      if ((await window.showInformationMessage(text, "Answer...")) !== undefined) {
        await ask(deployment);
      }
      return;
    }
    if (announcement.unlessSeen.some(sees)) {
      return;
    }
    const show = {
      information: window.showInformationMessage,
      warning: window.showWarningMessage,
      error: window.showErrorMessage,
    }[announcement.severity];
    const picked = await show(announcement.text, ...announcement.actions);
    if (picked !== undefined) {
      await act(deployment, picked);
    }
  }
}
