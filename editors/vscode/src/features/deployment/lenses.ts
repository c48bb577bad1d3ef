// The code lenses on top of a manifest: deploy it, to which stage and place, and how that went the last time.
import { CodeLens, type CodeLensProvider, type Disposable, EventEmitter, languages, Range, type TextDocument, workspace } from "vscode";

import * as config from "../../config";
import { isManifest } from "../../projects";
import type { Outlines } from "../projects/outlines";
import { lenses } from "./lensTexts";
import type { DeploymentStore } from "./store";

/** At most this often are the lenses asked for anew, in milliseconds: drawing them moves the lines of the editor. */
const INTERVAL = 500;

export class Lenses implements CodeLensProvider, Disposable {
  private readonly changes = new EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changes.event;
  private timer: NodeJS.Timeout | undefined;
  private readonly disposables: Disposable[];

  constructor(
    private readonly store: DeploymentStore,
    private readonly outlines: Outlines,
  ) {
    this.disposables = [
      this.changes,
      outlines.onDidChange(() => {
        this.refresh();
      }),
      languages.registerCodeLensProvider({ scheme: "file", pattern: "**/sigma.{yaml,yml}" }, this),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(config.SECTION)) {
          this.refresh();
        }
      }),
      workspace.onDidGrantWorkspaceTrust(() => {
        this.refresh();
      }),
    ];
  }

  refresh(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.changes.fire();
    }, INTERVAL);
  }

  provideCodeLenses({ uri }: TextDocument): CodeLens[] {
    if (!isManifest(uri)) {
      return [];
    }
    const all = this.store.all().filter((deployment) => deployment.project.uri === uri.toString());
    const stages = this.outlines.of(uri)?.stages.map(({ id }) => id) ?? [];
    const chosen = { stage: config.stage(uri), stages, sandbox: config.sandbox(uri) };
    return lenses(all, chosen, workspace.isTrusted).map(
      ({ text, hover, command, deployment }) =>
        new CodeLens(new Range(0, 0, 0, 0), {
          title: text,
          tooltip: hover,
          command,
          arguments: [deployment ?? uri],
        }),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }
}
