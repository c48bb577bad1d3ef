// Runs what people ask for, and says what went wrong.
import { commands, window } from "vscode";

import { said } from "../../log";
import { Refused } from "../../server/server";

/** Runs what a person asked for; what goes wrong is said to that person, and never thrown. */
export async function guarded(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    void sayWhatWentWrong(error);
  }
}

async function sayWhatWentWrong(error: unknown): Promise<void> {
  if (error instanceof Refused && error.code === "untrusted") {
    const manage = "Manage Workspace Trust";
    if ((await window.showWarningMessage(error.message, manage)) === manage) {
      await commands.executeCommand("sigma.manageTrust");
    }
    return;
  }
  void window.showErrorMessage(said(error));
}
