// What people ask for: the commands, the buttons of messages, and what is done in the monitor.
import { commands, env, Uri, window } from "vscode";

import * as config from "../../config";
import { chooseManifest, saveProject } from "../../projects";
import type { Deployment, Location } from "../../protocol.gen";
import type { Server } from "../../server/server";
import type { ProjectInfo } from "../info";
import { deployedNow } from "../info/model";
import { carryOut } from "../monitor/carryOut";
import type { Done } from "../monitor/messages";
import type { Monitor } from "../monitor/monitor";
import type { Outlines } from "../projects/outlines";
import type { ProjectsView } from "../projects/view";
import type { Action } from "./announce";
import { selectStage, selectTarget } from "./choices";
import type { DeploymentLog } from "./log";
import { openUrl, revealLocation } from "./open";
import { ask } from "./questions";
import type { Requests } from "./requests";
import type { DeploymentStore } from "./store";
import type { Telling } from "./telling";
import type { Templates } from "./templates";
import { progress, target, title } from "./words";

/** What commands are carried out with. */
export interface Parts {
  readonly server: () => Server;
  readonly store: DeploymentStore;
  readonly outlines: Outlines;
  readonly projects: ProjectsView;
  readonly monitor: Monitor;
  readonly templates: Templates;
  readonly requests: Requests;
  readonly info: ProjectInfo;
  readonly log: DeploymentLog;
  readonly telling: Telling;
  /** Takes in a deployment that was begun here, and shows it. */
  readonly begun: (deployment: Deployment) => Promise<void>;
}

export class Commands {
  constructor(private readonly parts: Parts) {}

  /** The commands, by their names in package.json. */
  all(): Record<string, (...args: unknown[]) => Promise<void>> {
    return {
      "sigma.deployProject": (called) => this.deploy(called),
      "sigma.undeployProject": (called) => this.undeploy(called),
      "sigma.executeChanges": (row) =>
        this.with(row, (each) => each.can.execute, "No changes are staged.", (each) => this.parts.requests.execute(each)),
      "sigma.abortChanges": (row) =>
        this.with(row, (each) => each.can.abort, "There is nothing to abort.", (each) => this.parts.requests.abort(each)),
      "sigma.stopDeployment": (row) =>
        this.with(row, (each) => each.can.stop, "No deployment runs that can be stopped.", (each) => this.parts.requests.stop(each)),
      "sigma.answerQuestion": (row) =>
        this.with(row, (each) => each.question !== undefined, "No question is open.", (each) => this.question(each)),
      "sigma.showDeploymentLog": (row) =>
        this.with(row, () => true, "Nothing is deployed yet.", (each) => this.showLog(each)),
      "sigma.showDeploymentMonitor": () => this.parts.monitor.show(undefined, { focus: true }),
      "sigma.openMonitorInEditor": () => {
        this.parts.monitor.showTab();
        return Promise.resolve();
      },
      "sigma.showInMonitor": (deployment) => this.parts.monitor.show(String(deployment), { focus: true }),
      "sigma.selectStage": (called) => selectStage(this.about(called).called, this.parts.outlines),
      "sigma.selectTarget": (called) => selectTarget(this.about(called).called),
      "sigma.saveTemplate": (called) => this.template(called, "save"),
      "sigma.showTemplate": (called) => this.template(called, "show"),
      "sigma.compareTemplate": (called) => this.compare(called),
      "sigma.showStagedTemplate": (manifest, deployment) => this.parts.templates.staged(manifest as Uri, String(deployment)),
      "sigma.showLogOf": (deployment) => this.showLogOf(String(deployment)),
      "sigma.projectInfo": (called) => this.projectInfo(called),
      "sigma.copyValue": (row) => this.copy(row),
      "sigma.openUrl": (row) => this.open(row),
      "sigma.revealLocation": (location) => revealLocation(location as Location),
      "sigma.goToSource": (row) => this.goToSource(row),
      "sigma.trySandbox": (row) => this.trySandbox(this.parts.projects.about(row)?.project, row),
    };
  }

  /** What a command was called on: a row of the Sigma view, else whatever VS Code gave. */
  private about(called: unknown): { readonly called: unknown; readonly stage?: string } {
    const about = this.parts.projects.about(called);
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
    const deployment = await this.parts.server().execute("sigma.deploy", {
      ...this.destination(manifest, stage),
      autoExecute: config.autoExecute(manifest), // What the check box shows now; the server may be told a moment later.
    });
    await this.parts.begun(deployment);
    if (deployment.attached === true) {
      void window.showInformationMessage(`${title(deployment)} is being deployed already (${progress(deployment)}).`);
    }
  }

  private async undeploy(where: unknown): Promise<void> {
    const { called, stage } = this.about(where);
    const manifest = await chooseManifest(called);
    if (manifest !== undefined) {
      await this.parts.begun(await this.parts.server().execute("sigma.undeploy", this.destination(manifest, stage)));
    }
  }

  /** What the lenses and the Sigma view show now: the server may be told a moment later, and knows no settings of single folders. */
  private destination(manifest: Uri, stage: string | undefined): { project: string; stage?: string; sandbox: boolean } {
    const usual = this.parts.outlines.of(manifest)?.stages.find(({ id }) => id === config.stage(manifest))?.id;
    const chosen = stage ?? usual;
    return { project: manifest.toString(), ...(chosen === undefined ? {} : { stage: chosen }), sandbox: config.sandbox(manifest) };
  }

  private async template(where: unknown, what: "save" | "show"): Promise<void> {
    const { called, stage } = this.about(where);
    const manifest = await chooseManifest(called);
    if (manifest !== undefined) {
      await this.parts.templates[what](manifest, stage);
    }
  }

  private async projectInfo(where: unknown): Promise<void> {
    const manifest = await chooseManifest(this.about(where).called);
    if (manifest !== undefined) {
      await this.parts.info.show(manifest);
    }
  }

  /** Sets the template of the manifest as it is now beside that of the last deployment that went well. */
  private async compare(where: unknown): Promise<void> {
    const { called, stage } = this.about(where);
    const manifest = await chooseManifest(called);
    if (manifest === undefined) {
      return;
    }
    await this.parts.outlines.read();
    const stages = this.parts.outlines.of(manifest)?.stages.map(({ id }) => id) ?? [];
    const chosen = stage ?? stages.find((each) => each === config.stage(manifest)) ?? stages[0] ?? null;
    const there = this.parts.projects
      .deploymentsOf(manifest.toString())
      .filter((each) => each.stage === chosen && each.sandbox === config.sandbox(manifest));
    const deployed = deployedNow(there);
    if (deployed === undefined) {
      void window.showInformationMessage("Nothing is deployed yet that the template could be compared with.");
      return;
    }
    await this.parts.templates.compare(manifest, deployed, chosen ?? undefined);
  }

  /** The sandbox is the target from now on: nobody who has no account wants the cloud the next time. */
  private async trySandbox(project: string | undefined, where: unknown): Promise<void> {
    if (project !== undefined) {
      await config.setSandbox(true, Uri.parse(project));
      await this.deploy(where);
    }
  }

  private async goToSource(row: unknown): Promise<void> {
    const location = this.parts.projects.about(row)?.location;
    if (location !== undefined) {
      await revealLocation(location);
      return;
    }
    const manifest = await chooseManifest(row); // Called by no row, as by the walkthrough.
    if (manifest !== undefined) {
      await window.showTextDocument(manifest);
    }
  }

  /** Puts the open question of a deployment. */
  async question(deployment: Deployment): Promise<void> {
    const { question } = deployment;
    if (question === undefined) {
      return;
    }
    const answer = await ask(deployment, question);
    if (answer !== undefined) {
      await this.parts.requests.answer(deployment, question.id, answer);
    }
  }

  /** Shows what the cloud said of a deployment. */
  async showLog(deployment: Deployment): Promise<void> {
    this.parts.telling.knowsThatItGoesOn(); // The log takes the monitor's place in the panel.
    await this.parts.log.show(deployment);
  }

  /** Of one that may have ended before this window knew of any. */
  private async showLogOf(id: string): Promise<void> {
    const known = this.parts.outlines.all().flatMap(({ uri }) => this.parts.projects.deploymentsOf(uri));
    const deployment = this.parts.store.get(id) ?? known.find((each) => each.id === id);
    if (deployment !== undefined) {
      await this.showLog(deployment);
    }
  }

  /** What a person did in the monitor. */
  async done(done: Done): Promise<void> {
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
        const deployment = this.parts.store.get(done.deployment);
        return deployment === undefined
          ? undefined
          : carryOut(deployment, done, {
              requests: this.parts.requests,
              templates: this.parts.templates,
              showLog: (each) => this.showLog(each),
              trySandbox: (each) => this.trySandbox(each.project.uri, Uri.parse(each.project.uri)),
            });
      }
    }
  }

  /** A button of a message that told of a deployment. */
  async act(deployment: Deployment, action: Action): Promise<void> {
    switch (action.kind) {
      case "execute":
        // The plan that the message was about, not a later one.
        return this.parts.requests.execute(deployment);
      case "abort":
        return this.parts.requests.abort(deployment);
      case "showChanges":
        return this.parts.monitor.show(deployment.id);
      case "openUrl":
        return openUrl(action.url);
      case "showManifest":
        return action.failure.location === undefined ? undefined : revealLocation(action.failure.location);
      case "trySandbox":
        return this.trySandbox(deployment.project.uri, Uri.parse(deployment.project.uri));
      case "showLog":
        return this.showLog(deployment);
    }
  }

  private async copy(row: unknown): Promise<void> {
    const value = this.parts.projects.about(row)?.value;
    if (value !== undefined) {
      await env.clipboard.writeText(value);
    }
  }

  private async open(row: unknown): Promise<void> {
    const value = this.parts.projects.about(row)?.value;
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
    const id = this.parts.projects.about(row)?.deployment;
    const suitable = this.parts.store.all().filter((each) => suits(each) && (id === undefined || each.id === id));
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
}
