// Deployments in the editor: takes in what the server tells, shows it, and carries out what people ask for.
import { commands, type Disposable, env, type ExtensionContext, type OutputChannel, Uri, window, workspace } from "vscode";

import * as config from "../../config";
import type { Deployment, Events, Location } from "../../protocol.gen";
import { chooseManifest, saveProject } from "../../projects";
import type { Server } from "../../server/server";
import type { ServerState } from "../../server/state";
import { carryOut } from "../monitor/carryOut";
import type { Done } from "../monitor/messages";
import { Monitor } from "../monitor/monitor";
import { ProjectInfo } from "../info";
import { deployedNow } from "../info/model";
import { Outlines } from "../projects/outlines";
import { ProjectsView } from "../projects/view";
import type { Action } from "./announce";
import { contextKeys } from "./contexts";
import { guarded } from "./guarded";
import { selectStage, selectTarget } from "./choices";
import { Lenses } from "./lenses";
import { LiveStatus } from "./liveStatus";
import { DeploymentLog } from "./log";
import { openUrl, revealLocation } from "./open";
import { ask } from "./questions";
import { Requests } from "./requests";
import { DeploymentStore, isRunning, type Update } from "./store";
import { Telling } from "./telling";
import { Templates } from "./templates";
import { progress, target, title } from "./words";

/** Where AWS itself explains how a program on this machine gets credentials. */
const CREDENTIALS_HELP = "https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-authentication.html";

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
  /** Begun in this window: a question about one of these may take the whole window. */
  private readonly mine = new Set<string>();
  private readonly listeners: (() => void)[] = [];
  private readonly telling = new Telling({
    sees: (view) => this[view].visible,
    isMine: ({ id }) => this.mine.has(id),
    ask: (deployment) => this.question(deployment),
    act: (deployment, action) => this.act(deployment, action),
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
      (done) => guarded(() => this.done(done)),
      () => {
        if (this.store.all().some(isRunning)) {
          this.telling.dismissed();
        }
      },
    );
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

  // --- what people ask for -------------------------------------------------------------------------------------------

  /** The commands, by their names in package.json. */
  commands(): Record<string, (...args: unknown[]) => Promise<void>> {
    return {
      "sigma.deployProject": (called) => this.deploy(called),
      "sigma.undeployProject": (called) => this.undeploy(called),
      "sigma.executeChanges": (row) =>
        this.with(row, (each) => each.can.execute, "No changes are staged.", (each) => this.requests.execute(each)),
      "sigma.abortChanges": (row) =>
        this.with(row, (each) => each.can.abort, "There is nothing to abort.", (each) => this.requests.abort(each)),
      "sigma.stopDeployment": (row) =>
        this.with(row, (each) => each.can.stop, "No deployment runs that can be stopped.", (each) => this.requests.stop(each)),
      "sigma.answerQuestion": (row) =>
        this.with(row, (each) => each.question !== undefined, "No question is open.", (each) => this.question(each)),
      "sigma.showDeploymentLog": (row) =>
        this.with(row, () => true, "Nothing is deployed yet.", (each) => this.showLog(each)),
      "sigma.showDeploymentMonitor": () => this.monitor.show(undefined, { focus: true }),
      "sigma.openMonitorInEditor": () => {
        this.monitor.showTab();
        return Promise.resolve();
      },
      "sigma.showInMonitor": (deployment) => this.monitor.show(String(deployment), { focus: true }),
      "sigma.selectStage": (called) => selectStage(this.about(called).called, this.outlines),
      "sigma.selectTarget": (called) => selectTarget(this.about(called).called),
      "sigma.saveTemplate": (called) => this.template(called, "save"),
      "sigma.showTemplate": (called) => this.template(called, "show"),
      "sigma.compareTemplate": (called) => this.compare(called),
      "sigma.showStagedTemplate": (manifest, deployment) => this.templates.staged(manifest as Uri, String(deployment)),
      "sigma.showLogOf": (deployment) => this.showLogOf(String(deployment)),
      "sigma.projectInfo": (called) => this.projectInfo(called),
      "sigma.copyValue": (row) => this.copy(row),
      "sigma.openUrl": (row) => this.open(row),
      "sigma.revealLocation": (location) => revealLocation(location as Location),
      "sigma.goToSource": (row) => this.goToSource(row),
      "sigma.trySandbox": (row) => this.trySandbox(this.projects.about(row)?.project, row),
      "sigma.credentialsHelp": () => openUrl(CREDENTIALS_HELP),
    };
  }

  /** What a command was called on: a row of the Sigma view, else whatever VS Code gave. */
  private about(called: unknown): { readonly called: unknown; readonly stage?: string } {
    const about = this.projects.about(called);
    if (about?.project === undefined) {
      return { called };
    }
    return { called: Uri.parse(about.project), ...(about.stage === undefined ? {} : { stage: about.stage }) };
  }

  private async deploy(where: unknown): Promise<void> {
    const { called, stage } = this.about(where);
    const manifest = await chooseManifest(called);
    if (manifest === undefined) {
      return;
    }
    await saveProject(manifest);
    const deployment = await this.server().execute("sigma.deploy", {
      project: manifest.toString(),
      ...(stage === undefined ? {} : { stage }),
      autoExecute: config.autoExecute(manifest), // What the check box shows now; the server may be told a moment later.
    });
    await this.begun(deployment);
    if (deployment.attached === true) {
      void window.showInformationMessage(`${title(deployment)} is being deployed already (${progress(deployment)}).`);
    }
  }

  private async undeploy(where: unknown): Promise<void> {
    const { called, stage } = this.about(where);
    const manifest = await chooseManifest(called);
    if (manifest !== undefined) {
      const project = manifest.toString();
      await this.begun(await this.server().execute("sigma.undeploy", stage === undefined ? { project } : { project, stage }));
    }
  }

  private async template(where: unknown, what: "save" | "show"): Promise<void> {
    const { called, stage } = this.about(where);
    const manifest = await chooseManifest(called);
    if (manifest !== undefined) {
      await this.templates[what](manifest, stage);
    }
  }

  private async projectInfo(where: unknown): Promise<void> {
    const manifest = await chooseManifest(this.about(where).called);
    if (manifest !== undefined) {
      await this.info.show(manifest);
    }
  }

  /** Sets the template of the manifest as it is now beside that of the last deployment that went well. */
  private async compare(where: unknown): Promise<void> {
    const { called, stage } = this.about(where);
    const manifest = await chooseManifest(called);
    if (manifest === undefined) {
      return;
    }
    await this.outlines.read();
    const stages = this.outlines.of(manifest)?.stages.map(({ id }) => id) ?? [];
    const chosen = stage ?? stages.find((each) => each === config.stage(manifest)) ?? stages[0] ?? null;
    const there = this.projects
      .deploymentsOf(manifest.toString())
      .filter((each) => each.stage === chosen && each.sandbox === config.sandbox(manifest));
    const deployed = deployedNow(there);
    if (deployed === undefined) {
      void window.showInformationMessage("Nothing is deployed yet that the template could be compared with.");
      return;
    }
    await this.templates.compare(manifest, deployed, chosen ?? undefined);
  }

  /** The sandbox is the target from now on: nobody who has no account wants the cloud the next time. */
  private async trySandbox(project: string | undefined, where: unknown): Promise<void> {
    if (project !== undefined) {
      await config.setSandbox(true, Uri.parse(project));
      await this.deploy(where);
    }
  }

  private async goToSource(row: unknown): Promise<void> {
    const location = this.projects.about(row)?.location;
    if (location !== undefined) {
      await revealLocation(location);
    }
  }

  private async begun(deployment: Deployment): Promise<void> {
    this.mine.add(deployment.id);
    const update = this.store.accept(deployment);
    const appearing = this.monitor.show(deployment.id);
    this.heard(update);
    await appearing;
  }

  private async question(deployment: Deployment): Promise<void> {
    const { question } = deployment;
    if (question === undefined) {
      return;
    }
    const answer = await ask(deployment, question);
    if (answer !== undefined) {
      await this.requests.answer(deployment, question.id, answer);
    }
  }

  private async showLog(deployment: Deployment): Promise<void> {
    this.telling.knowsThatItGoesOn(); // The log takes the monitor's place in the panel.
    await this.log.show(deployment);
  }

  /** Of one that may have ended before this window knew of any. */
  private async showLogOf(id: string): Promise<void> {
    const known = this.outlines.all().flatMap(({ uri }) => this.projects.deploymentsOf(uri));
    const deployment = this.store.get(id) ?? known.find((each) => each.id === id);
    if (deployment !== undefined) {
      await this.showLog(deployment);
    }
  }

  /** What a person did in the monitor. */
  private async done(done: Done): Promise<void> {
    switch (done.kind) {
      case "deployProject":
        return this.deploy(undefined);
      case "manageTrust":
      case "restartServer":
      case "explainServer":
        return commands.executeCommand(`sigma.${done.kind}`);
      case "autoExecute":
        return config.setAutoExecute(done.value);
      case "ready":
      case "select":
        return; // The monitor's own affair.
      default: {
        const deployment = this.store.get(done.deployment);
        return deployment === undefined
          ? undefined
          : carryOut(deployment, done, {
              requests: this.requests,
              templates: this.templates,
              showLog: (each) => this.showLog(each),
            });
      }
    }
  }

  /** A button of a message that told of a deployment. */
  private async act(deployment: Deployment, action: Action): Promise<void> {
    switch (action.kind) {
      case "execute":
        // The plan that the message was about, not a later one.
        return this.requests.execute(deployment);
      case "abort":
        return this.requests.abort(deployment);
      case "showChanges":
        return this.monitor.show(deployment.id);
      case "openUrl":
        return openUrl(action.url);
      case "showManifest":
        return action.failure.location === undefined ? undefined : revealLocation(action.failure.location);
      case "credentialsHelp":
        return openUrl(CREDENTIALS_HELP);
      case "trySandbox":
        return this.trySandbox(deployment.project.uri, Uri.parse(deployment.project.uri));
      case "showLog":
        return this.showLog(deployment);
    }
  }

  private async copy(row: unknown): Promise<void> {
    const value = this.projects.about(row)?.value;
    if (value !== undefined) {
      await env.clipboard.writeText(value);
    }
  }

  private async open(row: unknown): Promise<void> {
    const value = this.projects.about(row)?.value;
    if (value !== undefined) {
      await openUrl(value);
    }
  }

  /** Does something with the deployment of a row, or the only suitable one, or the one that a person picks. */
  private async with(
    row: unknown,
    suits: (deployment: Deployment) => boolean,
    none: string,
    action: (deployment: Deployment) => Promise<void>,
  ): Promise<void> {
    const id = this.projects.about(row)?.deployment;
    const suitable = this.store.all().filter((each) => suits(each) && (id === undefined || each.id === id));
    const [only] = suitable;
    if (only === undefined) {
      void window.showInformationMessage(none);
      return;
    }
    if (suitable.length === 1) {
      await action(only);
      return;
    }
    const picked = await window.showQuickPick(
      suitable.map((deployment) => ({
        label: title(deployment),
        description: progress(deployment),
        detail: target(deployment),
        deployment,
      })),
      { title: "Which deployment?" },
    );
    if (picked !== undefined) {
      await action(picked.deployment);
    }
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
