// Deployments in the editor: takes in what the server tells, shows it, and carries out what people ask for.
import { commands, type Disposable, env, type ExtensionContext, type OutputChannel, Uri, window } from "vscode";

import * as config from "../../config";
import type { Commands, Deployment, Events, Location } from "../../protocol.gen";
import { chooseManifest, saveProject } from "../../projects";
import type { Server } from "../../server/server";
import type { ServerState } from "../../server/state";
import type { Done } from "../monitor/messages";
import { Monitor } from "../monitor/monitor";
import { placeOf } from "../monitor/place";
import { type Action, announce, type Announcement } from "./announce";
import { contextKeys } from "./contexts";
import { guarded } from "./guarded";
import { selectStage, selectTarget } from "./choices";
import { Lenses } from "./lenses";
import { LiveStatus } from "./liveStatus";
import { DeploymentLog } from "./log";
import { openUrl, revealLocation } from "./open";
import { ask } from "./questions";
import { DeploymentStore, isRunning, type Update } from "./store";
import { Templates } from "./templates";
import { DeploymentTree } from "./tree";
import { progress, target, title } from "./words";

export class DeploymentFeature implements Disposable {
  readonly store = new DeploymentStore();
  private readonly tree = new DeploymentTree(this.store);
  private readonly lenses = new Lenses(this.store);
  private readonly live = new LiveStatus(this.store);
  private readonly monitor: Monitor;
  private readonly templates: Templates;
  private readonly log: DeploymentLog;
  /** Begun in this window: a question about one of these may take the whole window. */
  private readonly mine = new Set<string>();
  private readonly listeners: (() => void)[] = [];
  private saidThatItGoesOn = false;

  constructor(
    private readonly server: () => Server,
    context: ExtensionContext,
    channel: OutputChannel,
  ) {
    this.log = new DeploymentLog(channel, server);
    this.templates = new Templates(server);
    this.monitor = new Monitor(
      context,
      this.store,
      (done) => guarded(() => this.done(done)),
      () => {
        this.dismissed();
      },
    );
  }

  dispose(): void {
    this.tree.dispose();
    this.lenses.dispose();
    this.live.dispose();
    this.monitor.dispose();
    this.templates.dispose();
  }

  /** Calls `listener` after each change of the store. */
  onDidChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  // --- what the server tells -----------------------------------------------------------------------------------------

  didChange(deployment: Deployment): void {
    this.heard(this.store.accept(deployment));
  }

  didLog(events: Events): void {
    this.log.append(events);
  }

  serverIs(state: ServerState["kind"]): void {
    if (state === "starting") {
      this.store.serverStarts();
    }
    this.monitor.serverIs(state);
  }

  /** The server runs: shows what it knows, and tells of what happened while nobody was told. */
  async restore(): Promise<void> {
    const updates = this.store.serverKnows(await this.server().execute("sigma.deployments", {}));
    this.show();
    await this.monitor.restore();
    for (const update of updates) {
      // What ended before this window knew of it is shown, but it is no news.
      if (update.previous !== undefined || update.next.phase !== "completed") {
        this.tell(update);
      }
    }
  }

  // --- what people ask for -------------------------------------------------------------------------------------------

  /** The commands, by their names in package.json. */
  commands(): Record<string, (...args: unknown[]) => Promise<void>> {
    return {
      "sigma.deployProject": (called) => this.deploy(called),
      "sigma.undeployProject": (called) => this.undeploy(called),
      "sigma.executeChanges": (row) =>
        this.with(row, (each) => each.can.execute, "No changes are staged.", (each) => this.execute(each)),
      "sigma.abortChanges": (row) =>
        this.with(row, (each) => each.can.abort, "There is nothing to abort.", (each) => this.abort(each)),
      "sigma.stopDeployment": (row) =>
        this.with(row, (each) => each.can.stop, "No deployment runs that can be stopped.", (each) => this.stop(each)),
      "sigma.answerQuestion": (row) =>
        this.with(row, (each) => each.question !== undefined, "No question is open.", (each) => this.question(each)),
      "sigma.showDeploymentLog": (row) =>
        this.with(row, () => true, "Nothing is deployed yet.", (each) => this.showLog(each)),
      "sigma.showDeploymentMonitor": () => this.monitor.show(undefined, { focus: true }),
      "sigma.showInMonitor": (deployment) => this.monitor.show(String(deployment), { focus: true }),
      "sigma.selectStage": selectStage,
      "sigma.selectTarget": selectTarget,
      "sigma.saveTemplate": (called) => this.template(called, "save"),
      "sigma.showTemplate": (called) => this.template(called, "show"),
      "sigma.copyValue": (row) => this.copy(row),
      "sigma.openUrl": (row) => this.open(row),
      "sigma.revealLocation": (location) => revealLocation(location as Location),
    };
  }

  private async deploy(called: unknown): Promise<void> {
    const manifest = await chooseManifest(called);
    if (manifest === undefined) {
      return;
    }
    await saveProject(manifest);
    const deployment = await this.server().execute("sigma.deploy", {
      project: manifest.toString(),
      autoExecute: config.autoExecute(manifest), // What the check box shows now; the server may be told a moment later.
    });
    await this.begun(deployment);
    if (deployment.attached === true) {
      void window.showInformationMessage(`${title(deployment)} is being deployed already (${progress(deployment)}).`);
    }
  }

  private async undeploy(called: unknown): Promise<void> {
    const manifest = await chooseManifest(called);
    if (manifest !== undefined) {
      await this.begun(await this.server().execute("sigma.undeploy", { project: manifest.toString() }));
    }
  }

  private async template(called: unknown, what: "save" | "show"): Promise<void> {
    const manifest = await chooseManifest(called);
    if (manifest !== undefined) {
      await this.templates[what](manifest);
    }
  }

  private async begun(deployment: Deployment): Promise<void> {
    this.mine.add(deployment.id);
    const update = this.store.accept(deployment);
    const appearing = this.monitor.show(deployment.id);
    this.heard(update);
    await appearing;
  }

  private execute(deployment: Deployment): Promise<void> {
    return this.ask("sigma.execute", { deployment: deployment.id, plan: deployment.plan?.id });
  }

  private abort(deployment: Deployment): Promise<void> {
    return this.ask("sigma.abort", { deployment: deployment.id });
  }

  private async question(deployment: Deployment): Promise<void> {
    const { question } = deployment;
    if (question === undefined) {
      return;
    }
    const answer = await ask(deployment, question);
    if (answer !== undefined) {
      await this.ask("sigma.answer", { deployment: deployment.id, question: question.id, answer });
    }
  }

  private stop(deployment: Deployment): Promise<void> {
    return this.ask("sigma.stop", { deployment: deployment.id });
  }

  private async showLog(deployment: Deployment): Promise<void> {
    this.saidThatItGoesOn = true; // The log takes the monitor's place in the panel, and shows that it goes on.
    await this.log.show(deployment);
  }

  /** What a person did in the monitor. */
  private async done(done: Done): Promise<void> {
    switch (done.kind) {
      case "deployProject":
        return this.deploy(undefined);
      case "autoExecute":
        return config.setAutoExecute(done.value);
      case "ready":
      case "select":
        return; // The monitor's own affair.
      default: {
        const deployment = this.store.get(done.deployment);
        return deployment === undefined ? undefined : this.doneTo(deployment, done);
      }
    }
  }

  private async doneTo(deployment: Deployment, done: Extract<Done, { deployment: string }>): Promise<void> {
    switch (done.kind) {
      case "execute":
        return this.ask("sigma.execute", { deployment: deployment.id, plan: done.plan });
      case "abort":
        return this.abort(deployment);
      case "stop":
        return this.stop(deployment);
      case "answer":
        return this.ask("sigma.answer", { deployment: deployment.id, question: done.question, answer: done.answer });
      case "template":
        return this.templates.save(Uri.parse(deployment.project.uri), deployment.stage ?? undefined);
      case "logs":
        return this.showLog(deployment);
      case "console":
        return deployment.stack.consoleUrl === undefined ? undefined : openUrl(deployment.stack.consoleUrl);
      case "reveal": {
        const location = placeOf(deployment, done.place);
        return location === undefined ? undefined : revealLocation(location);
      }
      case "copyOutput":
      case "openOutput": {
        const output = deployment.outputs.find((each) => each.name === done.output && !each.sensitive);
        if (output === undefined) {
          return;
        }
        return done.kind === "copyOutput" ? env.clipboard.writeText(output.value) : openUrl(output.value);
      }
      case "select":
        return;
    }
  }

  private async copy(row: unknown): Promise<void> {
    const value = this.tree.row(String(row))?.value;
    if (value !== undefined) {
      await env.clipboard.writeText(value);
    }
  }

  private async open(row: unknown): Promise<void> {
    const value = this.tree.row(String(row))?.value;
    if (value !== undefined) {
      await openUrl(value);
    }
  }

  /** Carries out a command whose answer is the deployment as it is then. */
  private async ask<C extends "sigma.execute" | "sigma.abort" | "sigma.stop" | "sigma.answer">(
    command: C,
    params: Commands[C]["params"],
  ): Promise<void> {
    this.didChange(await this.server().execute(command, params));
  }

  /** Does something with the deployment of a row, or the only suitable one, or the one that a person picks. */
  private async with(
    row: unknown,
    suits: (deployment: Deployment) => boolean,
    none: string,
    action: (deployment: Deployment) => Promise<void>,
  ): Promise<void> {
    const id = typeof row === "string" ? this.tree.row(row)?.deployment : undefined;
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
      this.tell(update);
    }
  }

  private show(): void {
    this.tree.refresh();
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

  /** Whether a person sees what happens without being told. */
  private get seen(): boolean {
    return this.tree.visible || this.monitor.visible;
  }

  /** Once is enough: whoever closed the monitor knows from then on. */
  private dismissed(): void {
    if (this.saidThatItGoesOn || !this.store.all().some(isRunning)) {
      return;
    }
    this.saidThatItGoesOn = true;
    void guarded(async () => {
      const show = "Show Deployment Monitor";
      if ((await window.showInformationMessage("The deployment is still running in the background.", show)) === show) {
        await this.monitor.show(undefined, { focus: true });
      }
    });
  }

  private tell(update: Update): void {
    const announcement = announce(update);
    if (announcement !== undefined) {
      void guarded(() => this.announce(update.next, announcement));
    }
  }

  private async announce(deployment: Deployment, announcement: Announcement): Promise<void> {
    if (announcement.kind === "question") {
      if (this.monitor.visible) {
        return; // It is there, with what is needed to answer it.
      }
      if (this.mine.has(deployment.id)) {
        await this.question(deployment);
        return;
      }
      const text = `${title(deployment)}: ${announcement.question.text}`;
      if ((await window.showInformationMessage(text, "Answer...")) !== undefined) {
        await this.question(deployment);
      }
      return;
    }
    if (announcement.onlyIfHidden && this.seen) {
      return;
    }
    const show = {
      information: window.showInformationMessage,
      warning: window.showWarningMessage,
      error: window.showErrorMessage,
    }[announcement.severity];
    const picked = await show(announcement.text, ...announcement.actions);
    if (picked !== undefined) {
      await this.act(deployment, picked);
    }
  }

  private async act(deployment: Deployment, action: Action): Promise<void> {
    switch (action.kind) {
      case "execute":
        // The plan that the message was about, not a later one.
        return this.execute(deployment);
      case "abort":
        return this.abort(deployment);
      case "showChanges":
        return this.monitor.show(deployment.id);
      case "openUrl":
        return openUrl(action.url);
      case "showManifest":
        return action.failure.location === undefined ? undefined : revealLocation(action.failure.location);
      case "showLog":
        return this.showLog(deployment);
    }
  }
}
