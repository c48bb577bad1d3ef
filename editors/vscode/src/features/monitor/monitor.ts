// The Deployment Monitor: a view, in the panel unless a person moves it. Its page (webview/monitor) is thrown away
// whenever it is hidden; what it shows comes from the store each time, so nothing is lost.
import { randomBytes } from "node:crypto";

import {
  commands,
  type Disposable,
  type ExtensionContext,
  Uri,
  type Webview,
  type WebviewView,
  type WebviewViewProvider,
  window,
  workspace,
} from "vscode";

import * as config from "../../config";
import type { ServerState } from "../../server/state";
import type { DeploymentStore } from "../deployment/store";
import { count, progress, title } from "../deployment/words";
import type { Done, Shown } from "./messages";

/** The first time, the view is there only some time after it was asked for, in milliseconds. A generous guess. */
const APPEARS = 5000;
/** At most this often is the page told, in milliseconds: faster than one can read, slower than snapshots come. */
const INTERVAL = 200;

/** Whether it was in view when the window was closed, in the workspace's state. */
const IN_VIEW = "monitorInView";

export const MONITOR = "sigma.monitor";

export class Monitor implements WebviewViewProvider, Disposable {
  private view: WebviewView | undefined;
  private selected: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private appearing = false;
  private hides: NodeJS.Timeout | undefined;
  private answers = 0;
  private server: ServerState["kind"] = "idle";
  private readonly disposables: Disposable[];

  constructor(
    private readonly context: ExtensionContext,
    private readonly store: DeploymentStore,
    private readonly did: (done: Done) => Promise<void>,
    /** A person closed the view. */
    private readonly dismissed: () => void,
  ) {
    this.disposables = [
      window.registerWebviewViewProvider(MONITOR, this),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${config.SECTION}.autoExecute`)) {
          this.refresh();
        }
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    clearTimeout(this.hides);
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }

  /** Whether a person sees it now, or will in a moment. */
  get visible(): boolean {
    return this.view?.visible === true || this.appearing;
  }

  /** Brings it into view, with a deployment in it if one is named; the keyboard stays where it is unless `focus` says so. */
  async show(deployment?: string, { focus = false } = {}): Promise<void> {
    this.selected = deployment ?? this.selected;
    this.tell();
    this.appearing = this.view?.visible !== true;
    clearTimeout(this.hides);
    this.hides = setTimeout(() => {
      this.appearing = false;
    }, APPEARS);
    await commands.executeCommand(`${MONITOR}.focus`, { preserveFocus: !focus });
  }

  /** Shows what the store holds, soon. */
  refresh(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.tell();
    }, INTERVAL);
  }

  serverIs(state: ServerState["kind"]): void {
    this.server = state;
    this.refresh();
  }

  /**
   * Shows it again where it was in view before the window was reloaded.
   *
   * VS Code does that itself only for views that are there from the start; this one is not, so that it is in nobody's way
   * in a folder without a project.
   */
  async restore(): Promise<void> {
    if (this.view === undefined && this.context.workspaceState.get<boolean>(IN_VIEW, false)) {
      await this.show();
    }
  }

  resolveWebviewView(view: WebviewView): void {
    this.view = view;
    this.appearing = false;
    const folder = Uri.joinPath(this.context.extensionUri, "dist", "webview");
    view.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    this.remember(true);
    view.onDidChangeVisibility(() => {
      this.appearing = false;
      this.remember(view.visible);
      if (view.visible) {
        this.tell();
      } else {
        this.dismissed();
      }
    });
    view.onDidDispose(() => {
      if (this.view === view) {
        this.view = undefined;
        this.remember(false);
        this.dismissed();
      }
    });
    view.webview.onDidReceiveMessage((done: Done) => {
      void this.received(done);
    });
    view.webview.html = page(view.webview, folder);
  }

  private remember(inView: boolean): void {
    void this.context.workspaceState.update(IN_VIEW, inView);
  }

  private async received(done: Done): Promise<void> {
    switch (done.kind) {
      case "ready":
        this.selected ??= done.selected;
        this.tell();
        return;
      case "select":
        this.selected = done.deployment;
        this.tell();
        return;
      default:
        await this.did(done);
        this.answers += Number(done.kind === "answer");
        // What a person did may have been refused: then the page shows again what is so.
        this.tell();
    }
  }

  private tell(): void {
    const all = this.store.all();
    const waiting = all.filter((each) => each.can.execute || each.question !== undefined).length;
    if (this.view === undefined) {
      return;
    }
    this.view.badge = waiting === 0 ? undefined : { value: waiting, tooltip: `${count(waiting, "deployment")} waiting for you` };
    const deployment = all.find((each) => each.id === this.selected) ?? all[0];
    this.view.description = deployment === undefined ? undefined : `${title(deployment)}: ${progress(deployment)}`;
    const shown: Shown = {
      kind: "show",
      server: this.server === "idle" ? "starting" : this.server,
      autoExecute: config.autoExecute(),
      listed: all.map((each) => ({ id: each.id, label: `${title(each)}: ${progress(each)}` })),
      answers: this.answers,
      deployment,
    };
    void this.view.webview.postMessage(shown);
  }
}

/** The page: a script and its styles; everything else is made by the script. */
function page(webview: Webview, folder: Uri): string {
  const nonce = randomBytes(16).toString("base64");
  const uri = (name: string): string => webview.asWebviewUri(Uri.joinPath(folder, name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri("monitor.css")}">
<title>Deployment Monitor</title>
</head>
<body>
<script nonce="${nonce}" src="${uri("monitor.js")}"></script>
</body>
</html>`;
}
