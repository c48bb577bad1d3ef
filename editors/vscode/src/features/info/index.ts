// Project Info: a page in the editor area for each project that somebody wants to know about.
import { commands, type Disposable, env, type ExtensionContext, Uri, ViewColumn, type WebviewPanel, window, workspace } from "vscode";

import * as config from "../../config";
import { said } from "../../log";
import type { Server } from "../../server/server";
import { page, tabIcon, webviewFolder } from "../../webviews";
import { guarded } from "../deployment/guarded";
import { openUrl } from "../deployment/open";
import type { Outlines } from "../projects/outlines";
import type { ProjectsView } from "../projects/view";
import type { Build, Done, Info, Kept } from "./messages";
import { infoOf } from "./model";

/** At most this often is a page told, in milliseconds. */
const INTERVAL = 200;

const TYPE = "sigma.info";
/** The project that was looked at last, in the workspace's state. */
const LAST = "infoProject";

export class ProjectInfo implements Disposable {
  private readonly panels = new Map<string, WebviewPanel>();
  private readonly builds = new Map<string, Build>();
  private timer: NodeJS.Timeout | undefined;
  private readonly disposables: Disposable[];

  constructor(
    private readonly context: ExtensionContext,
    private readonly projects: ProjectsView,
    private readonly outlines: Outlines,
    private readonly server: () => Server,
  ) {
    this.disposables = [
      outlines.onDidChange(() => {
        this.refresh();
      }),
      window.registerWebviewPanelSerializer(TYPE, {
        deserializeWebviewPanel: (panel, kept: Kept | undefined) => {
          // A browser that is closed may lose what the page kept.
          const project = kept?.project ?? this.context.workspaceState.get<string>(LAST);
          if (project === undefined) {
            panel.dispose();
          } else {
            this.open(project, panel);
          }
          return Promise.resolve();
        },
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const disposable of [...this.disposables, ...this.panels.values()]) {
      disposable.dispose();
    }
  }

  async show(manifest: Uri): Promise<void> {
    await this.outlines.read();
    const project = manifest.toString();
    const there = this.panels.get(project);
    if (there !== undefined) {
      there.reveal();
      return;
    }
    this.open(project, window.createWebviewPanel(TYPE, "Project Info", ViewColumn.Active, { enableFindWidget: true }));
  }

  /** Shows what is known, soon. */
  refresh(): void {
    if (this.panels.size > 0) {
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        for (const project of this.panels.keys()) {
          this.tell(project);
        }
      }, INTERVAL);
    }
  }

  private open(project: string, panel: WebviewPanel): void {
    this.panels.set(project, panel);
    void this.context.workspaceState.update(LAST, project);
    const folder = webviewFolder(this.context.extensionUri);
    panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    panel.iconPath = tabIcon(this.context.extensionUri);
    panel.onDidDispose(() => {
      this.panels.delete(project);
    });
    panel.webview.onDidReceiveMessage((done: Done) => {
      void guarded(() => this.done(project, done));
    });
    panel.webview.html = page(panel.webview, folder, "info", "Project Info");
  }

  private info(project: string): Info | undefined {
    const manifest = Uri.parse(project);
    const outline = this.outlines.of(manifest);
    return outline && infoOf({
      outline,
      path: workspace.asRelativePath(manifest),
      deployments: this.projects.deploymentsOf(project),
      stage: config.stage(manifest),
      sandbox: config.sandbox(manifest),
      trusted: workspace.isTrusted,
      build: this.builds.get(project) ?? { kind: "unknown" },
    });
  }

  private tell(project: string): void {
    const info = this.info(project);
    const panel = this.panels.get(project);
    if (info !== undefined && panel !== undefined) {
      panel.title = `Project Info: ${info.name}`;
      void panel.webview.postMessage(info);
    }
  }

  private async done(project: string, done: Done): Promise<void> {
    const manifest = Uri.parse(project);
    const output = (name: string): string | undefined =>
      this.info(project)?.last?.outputs.find((each) => each.name === name && !each.sensitive)?.value;
    switch (done.kind) {
      case "ready":
        this.tell(project);
        return;
      case "build":
        return this.build(project);
      case "deploy":
        return commands.executeCommand("sigma.deployProject", manifest);
      case "trust":
        return commands.executeCommand("sigma.manageTrust");
      case "template":
        return commands.executeCommand("sigma.showTemplate", manifest);
      case "compare":
        return commands.executeCommand("sigma.compareTemplate", manifest);
      case "source":
        await window.showTextDocument(manifest);
        return;
      case "monitor":
        return commands.executeCommand("sigma.showInMonitor", done.deployment);
      case "logs":
        return commands.executeCommand("sigma.showLogOf", done.deployment);
      case "staged":
        return commands.executeCommand("sigma.showStagedTemplate", manifest, done.deployment);
      case "copyOutput": {
        const value = output(done.output);
        return value === undefined ? undefined : env.clipboard.writeText(value);
      }
      case "openOutput": {
        const value = output(done.output);
        return value === undefined ? undefined : openUrl(value);
      }
    }
  }

  private async build(project: string): Promise<void> {
    const become = (build: Build): void => {
      this.builds.set(project, build);
      this.tell(project);
    };
    become({ kind: "building" });
    try {
      const { artifacts } = await this.server().execute("sigma.build", { project });
      become({ kind: "built", artifacts });
    } catch (error) {
      become({ kind: "failed", message: said(error) }); // Shown in the page, where it was asked for.
    }
  }
}
