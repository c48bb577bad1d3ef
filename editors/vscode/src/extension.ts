// What VS Code loads when it activates the extension, and waits for: the commands' names. All that carries them out is in
// `main.ts`, a bundle of its own (`esbuild.mjs`), which is loaded once VS Code goes on.
import { commands, type ExtensionContext } from "vscode";

import type { Main } from "./main";

let main: Promise<Main> | undefined;

export function activate(context: ExtensionContext): void {
  const begun = performance.now();
  const named = contributed(context.extension.packageJSON);
  const started = (): Promise<Main> => (main ??= loaded(context, named, taken));
  for (const command of named) {
    context.subscriptions.push(
      commands.registerCommand(command, async (...args: unknown[]) => {
        await (await started()).run(command, args);
      }),
    );
  }
  const taken = performance.now() - begun;
  setImmediate(() => void started());
}

async function loaded(context: ExtensionContext, named: readonly string[], activated: number): Promise<Main> {
  const begun = performance.now();
  const { start } = await import("./main");
  return start(context, named, { begun, activated });
}

export async function deactivate(): Promise<void> {
  await (await main)?.stop();
}

/** The commands that package.json names: whoever has the extension activated by one finds it registered. */
function contributed(packageJson: unknown): string[] {
  const { contributes } = packageJson as { readonly contributes: { readonly commands: readonly { readonly command: string }[] } };
  return contributes.commands.map(({ command }) => command);
}
