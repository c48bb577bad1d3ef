// The Sigma view: draws `rows`, and asks the server for the history that they are told from.
import { type Disposable, Uri, workspace } from "vscode";

import * as config from "../../config";
import { said } from "../../log";
import type { Deployment } from "../../protocol.gen";
import type { Server } from "../../server/server";
import type { ServerState } from "../../server/state";
import type { About } from "../../tree/rows";
import { RowTree } from "../../tree/tree";
import { type DeploymentStore, isRunning } from "../deployment/store";
import { count, NOT_TRUSTED } from "../deployment/words";
import { isSameProject } from "./outline";
import type { Outlines } from "./outlines";
import { goneProjects, type Known, projectRows, stoppedRows } from "./rows";

/** At most this often is the view drawn, in milliseconds: faster than one can read, slower than snapshots come. */
const REDRAW_INTERVAL = 200;

export const VIEW = "sigma.projects";

export class ProjectsView implements Disposable {
  private readonly tree = new RowTree(VIEW);
  /** What ended before, by project. */
  private readonly past = new Map<string, readonly Deployment[]>();
  private state: ServerState = { kind: "idle" };
  private redraw: NodeJS.Timeout | undefined;
  private readonly disposables: Disposable[];

  constructor(
    private readonly store: DeploymentStore,
    private readonly outlines: Outlines,
    private readonly server: () => Server,
    private readonly problem: (text: string) => void,
  ) {
    this.disposables = [
      this.tree,
      outlines.onDidChange(() => {
        void this.remember(outlines.all().map(({ uri }) => uri).filter((uri) => !this.past.has(uri)));
      }),
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

  dispose(): void {
    clearTimeout(this.redraw);
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }

  /** Whether a person sees it now. */
  get visible(): boolean {
    return this.tree.view.visible;
  }

  serverIs(state: ServerState): void {
    this.state = state;
    this.refresh();
  }

  /** The server runs: what it knows is read anew. */
  async restore(): Promise<void> {
    this.past.clear();
    await this.outlines.read();
  }

  /** A deployment has ended: what there is of the project's resources is another now. */
  async ended(deployment: Deployment): Promise<void> {
    await this.remember([deployment.project.uri]);
  }

  /** Shows what is known, soon. */
  refresh(): void {
    this.redraw ??= setTimeout(() => {
      this.redraw = undefined;
      this.draw();
    }, REDRAW_INTERVAL);
  }

  /** What a row is about, by the id that menus and clicks give. */
  about(row: unknown): About | undefined {
    return typeof row === "string" ? this.tree.row(row)?.about : undefined;
  }

  /** Of a project, the ones that run first, then the newest first. */
  deploymentsOf(project: string): Deployment[] {
    const past = this.past.get(project) ?? [];
    const present = this.store.all().filter((each) => isSameProject(each.project.uri, project));
    return [...new Map([...past, ...present].map((each) => [each.id, each])).values()].sort(
      (a, b) => Number(isRunning(b)) - Number(isRunning(a)) || b.startedAt.localeCompare(a.startedAt),
    );
  }

  private async remember(projects: readonly string[]): Promise<void> {
    for (const project of projects) {
      try {
        this.past.set(project, await this.server().execute("sigma.history", { project }));
      } catch (error) {
        this.problem(`The history of ${project} could not be read: ${said(error)}`);
      }
    }
    this.refresh();
  }

  private draw(): void {
    const { view } = this.tree;
    const stopped = this.state.kind === "stopped";
    view.message = this.state.kind === "stopped"
      ? this.state.message
      : workspace.isTrusted || this.outlines.all().length === 0
        ? undefined
        : NOT_TRUSTED;
    const waiting = this.store.all().filter((each) => each.can.execute || each.question !== undefined).length;
    view.badge = waiting === 0 ? undefined : { value: waiting, tooltip: `${count(waiting, "deployment")} waiting for you` };
    const outlines = this.outlines.all();
    const projects = [...outlines.map((outline) => this.known(outline)), ...goneProjects(this.store.all(), outlines)];
    this.tree.show(stopped ? stoppedRows() : projectRows(projects, workspace.isTrusted));
  }

  private known(outline: Known["outline"]): Known {
    const manifest = Uri.parse(outline.uri);
    return {
      outline,
      deployments: this.deploymentsOf(outline.uri),
      stage: config.stage(manifest),
      sandbox: config.sandbox(manifest),
    };
  }
}
