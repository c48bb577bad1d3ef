// Shows beside each function and resource of an open manifest how it fares, during and after a deployment.
import {
  type DecorationOptions,
  type Disposable,
  MarkdownString,
  Range,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  window,
  workspace,
} from "vscode";

import type { Deployment } from "../../protocol.gen";
import { lineStatuses } from "./lineStatus";
import { isRunning, type DeploymentStore } from "./store";

/** At most this often are lines drawn, in milliseconds. */
const INTERVAL = 200;

export class LiveStatus implements Disposable {
  private timer: NodeJS.Timeout | undefined;
  /** Ended deployments whose manifest was edited since: what they say of its lines is no longer so. */
  private readonly stale = new Set<string>();
  private readonly quiet = decoration("editorCodeLens.foreground");
  private readonly bad = decoration("list.errorForeground");
  private readonly disposables: Disposable[];

  constructor(private readonly store: DeploymentStore) {
    this.disposables = [
      this.quiet,
      this.bad,
      window.onDidChangeVisibleTextEditors(() => {
        this.refresh();
      }),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const deployment = this.of(document.uri.toString());
        if (contentChanges.length > 0 && deployment !== undefined && !isRunning(deployment)) {
          this.stale.add(deployment.id);
          this.refresh();
        }
      }),
    ];
  }

  refresh(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      window.visibleTextEditors.forEach((editor) => {
        this.draw(editor);
      });
    }, INTERVAL);
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }

  private of(uri: string): Deployment | undefined {
    return this.store.all().find((each) => each.project.uri === uri);
  }

  private draw(editor: TextEditor): void {
    const deployment = this.of(editor.document.uri.toString());
    if (deployment === undefined) {
      editor.setDecorations(this.quiet, []);
      editor.setDecorations(this.bad, []);
      return;
    }
    const shown = this.stale.has(deployment.id) ? [] : lineStatuses(deployment);
    for (const [tone, type] of [["quiet", this.quiet], ["bad", this.bad]] as const) {
      const lines = shown.filter((each) => each.tone === tone && each.line < editor.document.lineCount);
      editor.setDecorations(
        type,
        lines.map(({ line, text, hover }): DecorationOptions => {
          const { end } = editor.document.lineAt(line).range;
          const hoverMessage = hover.map((each) => new MarkdownString().appendText(each));
          return { range: new Range(end, end), hoverMessage, renderOptions: { after: { contentText: text } } };
        }),
      );
    }
  }
}

function decoration(color: string): TextEditorDecorationType {
  return window.createTextEditorDecorationType({ after: { color: new ThemeColor(color), margin: "0 0 0 2em" } });
}
