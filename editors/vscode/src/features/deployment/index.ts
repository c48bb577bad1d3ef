// Deployments in the editor: takes in what the server tells, and shows it; `commands` carries out what people ask for.
import { commands, type Disposable, type ExtensionContext, type OutputChannel, Uri, workspace } from "vscode";

import type { Deployment, Events } from "../../protocol.gen";
import type { Server } from "../../server/server";
import type { ServerState } from "../../server/state";
import { Monitor } from "../monitor/monitor";
import { ProjectInfo } from "../info";
import { Outlines } from "../projects/outlines";
import { ProjectsView } from "../projects/view";
import { Commands } from "./commands";
import { contextKeys } from "./contexts";
import { guarded } from "./guarded";
import { Lenses } from "./lenses";
import { LiveStatus } from "./liveStatus";
import { DeploymentLog } from "./log";
import { Requests } from "./requests";
import { DeploymentStore, isRunning, type Update } from "./store";
import { Telling } from "./telling";
import { Templates } from "./templates";

export class DeploymentFeature implements Disposable {
  readonly store = new DeploymentStore();
  private readonly outlines = new Outlines();
  private readonly projects: ProjectsView;
  private readonly lenses = new Lenses(this.store, this.outlines);
  private readonly live = new LiveStatus(this.store);
  private readonly monitor: Monitor;
  private readonly templates: Templates;
  private readonly requests: Requests;
  private readonly info: ProjectInfo;
  private readonly log: DeploymentLog;
  private readonly asked: Commands;
  /** Begun in this window: a question about one of these may take the whole window. */
  private readonly mine = new Set<string>();
  private readonly listeners: (() => void)[] = [];
  private readonly telling = new Telling({
    sees: (view) => this[view].visible,
    isMine: ({ id }) => this.mine.has(id),
    ask: (deployment) => this.asked.question(deployment),
    act: (deployment, action) => this.asked.act(deployment, action),
    showMonitor: () => this.monitor.show(undefined, { focus: true }),
  });

  constructor(
    private readonly server: () => Server,
    context: ExtensionContext,
    channel: OutputChannel,
    problem: (text: string) => void,
  ) {
    this.projects = new ProjectsView(this.store, this.outlines, server, problem);
    this.info = new ProjectInfo(context, this.projects, this.outlines, server);
    this.log = new DeploymentLog(channel, server);
    this.requests = new Requests(server, (deployment) => {
      this.didChange(deployment);
    });
    this.templates = new Templates(server);
    this.monitor = new Monitor(
      context,
      this.store,
      (done) => guarded(() => this.asked.done(done)),
      () => {
        if (this.store.all().some(isRunning)) {
          this.telling.dismissed();
        }
      },
    );
    this.asked = new Commands({
      server,
      store: this.store,
      outlines: this.outlines,
      projects: this.projects,
      monitor: this.monitor,
      templates: this.templates,
      requests: this.requests,
      info: this.info,
      log: this.log,
      telling: this.telling,
      begun: (deployment) => this.begun(deployment),
    });
  }

  dispose(): void {
    this.projects.dispose();
    this.outlines.dispose();
    this.lenses.dispose();
    this.live.dispose();
    this.monitor.dispose();
    this.templates.dispose();
    this.info.dispose();
  }

  /** Calls `listener` after each change of the store. */
  onDidChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  // --- what the server tells -----------------------------------------------------------------------------------------

  didChange(deployment: Deployment): void {
    if (this.isHere(deployment)) {
      this.heard(this.store.accept(deployment));
    }
  }

  didLog(events: Events): void {
    this.log.append(events);
  }

  serverIs(state: ServerState): void {
    if (state.kind === "starting") {
      this.store.serverStarts();
    }
    this.monitor.serverIs(state.kind);
    this.projects.serverIs(state);
  }

  /** The server runs: shows what it knows, and tells of what happened while nobody was told. */
  async restore(): Promise<void> {
    const known = await this.server().execute("sigma.deployments", {});
    const updates = this.store.serverKnows(known.filter((each) => this.isHere(each)));
    this.show();
    await Promise.all([this.monitor.restore(), this.projects.restore()]);
    for (const update of updates) {
      // What ended before this window knew of it is shown, but it is no news.
      if (update.previous !== undefined || update.next.phase !== "completed") {
        this.telling.tell(update);
      }
    }
  }

  /** Whether it is of a project in this window: the server knows all that is deployed from this machine. */
  private isHere({ id, project }: Deployment): boolean {
    const manifest = Uri.parse(project.uri);
    const isOpen = workspace.textDocuments.some(({ uri }) => uri.toString() === manifest.toString());
    return workspace.getWorkspaceFolder(manifest) !== undefined || isOpen || this.mine.has(id);
  }

  /** The commands, by their names in package.json. */
  commands(): Record<string, (...args: unknown[]) => Promise<void>> {
    return this.asked.all();
  }

  private async begun(deployment: Deployment): Promise<void> {
    this.mine.add(deployment.id);
    const update = this.store.accept(deployment);
    const appearing = this.monitor.show(deployment.id);
    this.heard(update);
    await appearing;
  }

  // --- how it is shown -----------------------------------------------------------------------------------------------

  private heard(update: Update | undefined): void {
    if (update !== undefined) {
      this.show();
      this.telling.tell(update);
      if (update.next.phase === "completed" && update.previous?.phase !== "completed") {
        void this.ended(update.next);
      }
    }
  }

  private async ended(deployment: Deployment): Promise<void> {
    await this.projects.ended(deployment);
    this.info.refresh();
  }

  private show(): void {
    this.projects.refresh();
    this.info.refresh();
    this.lenses.refresh();
    this.live.refresh();
    this.monitor.refresh();
    for (const [key, value] of Object.entries(contextKeys(this.store.all()))) {
      void commands.executeCommand("setContext", key, value);
    }
    for (const listener of this.listeners) {
      listener();
    }
  }
}
