// The Deployment Monitor: a view, in the panel unless a person moves it, and an editor for who wants more room. Its page (webview/monitor) is thrown away
// whenever it is hidden; what it shows comes from the store each time, so nothing is lost.
import {
  commands,
  type Disposable,
  type ExtensionContext,
  ViewColumn,
  type Webview,
  type WebviewPanel,
  type WebviewView,
  type WebviewViewProvider,
  window,
  workspace,
} from "vscode";

import * as config from "../../config";
import type { ServerState } from "../../server/state";
import { page, tabIcon, webviewFolder } from "../../webviews";
import type { DeploymentStore } from "../deployment/store";
import { count, progress, title } from "../deployment/words";
import { Answers, Presses } from "./heard";
import type { Done, Shown } from "./messages";

/** The first time, the view is there only some time after it was asked for, in milliseconds. A generous guess. */
const APPEARS = 5000;
/** At most this often is the page told, in milliseconds: faster than one can read, slower than snapshots come. */
const INTERVAL = 200;

/** Whether it was in view when the window was closed, in the workspace's state. */
const IN_VIEW = "monitorInView";

export const MONITOR = "sigma.monitor";
const TAB = "sigma.monitorTab";

export class Monitor implements WebviewViewProvider, Disposable {
  private view: WebviewView | undefined;
  private tab: WebviewPanel | undefined;
  private selected: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private appearing = false;
  private hides: NodeJS.Timeout | undefined;
  private readonly answers = new Answers();
  private readonly presses = new Presses<Webview>();
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
      window.registerWebviewPanelSerializer(TAB, {
        deserializeWebviewPanel: (panel) => {
          this.fillTab(panel);
          return Promise.resolve();
        },
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${config.SECTION}.autoExecute`)) {
          this.refresh();
        }
      }),
      workspace.onDidGrantWorkspaceTrust(() => {
        this.refresh();
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
    return this.view?.visible === true || this.tab?.visible === true || this.appearing;
  }

  /** Brings it into view, with a deployment in it if one is named; the keyboard stays where it is unless `focus` says so. */
  async show(deployment?: string, { focus = false } = {}): Promise<void> {
    this.selected = deployment ?? this.selected;
    this.tell();
    if (this.tab !== undefined) {
      this.tab.reveal(undefined, !focus); // One is enough, and a person has chosen which.
      return;
    }
    this.appearing = this.view?.visible !== true;
    clearTimeout(this.hides);
    this.hides = setTimeout(() => {
      this.appearing = false;
    }, APPEARS);
    await commands.executeCommand(`${MONITOR}.focus`, { preserveFocus: !focus });
  }

  /** Opens it as an editor, which has more room than the panel. */
  showTab(): void {
    if (this.tab === undefined) {
      this.fillTab(window.createWebviewPanel(TAB, "Deployment Monitor", ViewColumn.Active, { enableFindWidget: true }));
    } else {
      this.tab.reveal();
    }
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
    this.fill(view.webview);
    this.remember(true);
    view.onDidChangeVisibility(() => {
      this.appearing = false;
      this.remember(view.visible);
      if (view.visible) {
        this.tell();
      } else {
        this.hidden();
      }
    });
    view.onDidDispose(() => {
      if (this.view === view) {
        this.view = undefined;
        this.remember(false);
        this.hidden();
      }
    });
  }

  private fillTab(panel: WebviewPanel): void {
    this.tab = panel;
    panel.iconPath = tabIcon(this.context.extensionUri);
    this.fill(panel.webview);
    panel.onDidChangeViewState(() => {
      this.tell();
    });
    panel.onDidDispose(() => {
      this.tab = undefined;
      this.hidden();
    });
  }

  private fill(webview: Webview): void {
    const folder = webviewFolder(this.context.extensionUri);
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    webview.onDidReceiveMessage((done: Done) => {
      this.presses.hear(webview, done);
      void this.received(done);
    });
    webview.html = page(webview, folder, "monitor", "Deployment Monitor");
  }

  /** One of its places is gone from view; the other one may be there. */
  private hidden(): void {
    if (!this.visible) {
      this.dismissed();
    }
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
      default: {
        const carriedOut = this.did(done);
        if (done.kind === "autoExecute") {
          this.tell(); // Before it is saved: what was on its way to the page meanwhile shows the old value.
        }
        await carriedOut;
        if (done.kind === "answer") {
          this.answers.count(done.deployment, done.question);
        }
        // What a person did may have been refused: then the page shows again what is so.
        this.tell();
      }
    }
  }

  private tell(): void {
    const all = this.store.all();
    const deployment = all.find((each) => each.id === this.selected) ?? all[0];
    const shown: Omit<Shown, "presses"> = {
      kind: "show",
      server: this.server === "idle" ? "starting" : this.server,
      trusted: workspace.isTrusted,
      autoExecute: config.autoExecute(),
      listed: all.map((each) => ({ id: each.id, label: `${title(each)}: ${progress(each)}` })),
      answers: this.answers.of(deployment),
      deployment,
    };
    if (this.view !== undefined) {
      const waiting = all.filter((each) => each.can.execute || each.question !== undefined).length;
      this.view.badge = waiting === 0 ? undefined : { value: waiting, tooltip: `${count(waiting, "deployment")} waiting for you` };
      this.view.description = deployment === undefined ? undefined : `${title(deployment)}: ${progress(deployment)}`;
    }
    for (const webview of [this.view?.webview, this.tab?.webview]) {
      if (webview !== undefined) {
        const told: Shown = { ...shown, presses: this.presses.of(webview) };
        void webview.postMessage(told);
      }
    }
  }
}
