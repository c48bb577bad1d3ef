// The deployment view: draws `treeModel`'s rows, and only those that changed.
import {
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCheckboxState,
  TreeItemCollapsibleState,
  type TreeView,
  window,
  workspace,
  type Disposable,
} from "vscode";

import * as config from "../../config";
import { said } from "../../log";
import type { DeploymentStore } from "./store";
import { AUTO_EXECUTE, changedRows, type Line, type Row, rows } from "./treeModel";
import { count } from "./words";

/** At most this often is the view drawn, in milliseconds: faster than one can read, slower than snapshots come. */
const REDRAW_INTERVAL = 200;

export const VIEW = "sigma.deployment";

export class DeploymentTree implements TreeDataProvider<string>, Disposable {
  private top: readonly Row[] = [];
  private byId = new Map<string, { row: Row; parent: string | undefined }>();
  private appearing = 0;
  private redraw: NodeJS.Timeout | undefined;
  private readonly changes = new EventEmitter<string | string[] | undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly view: TreeView<string>;
  private readonly disposables: Disposable[];

  constructor(private readonly store: DeploymentStore) {
    this.view = window.createTreeView(VIEW, { treeDataProvider: this, manageCheckboxStateManually: true });
    this.disposables = [
      this.view,
      this.changes,
      this.view.onDidChangeCheckboxState((event) => {
        const ticked = event.items.find(([id]) => id === AUTO_EXECUTE);
        if (ticked !== undefined) {
          void this.remember(ticked[1] === TreeItemCheckboxState.Checked);
        }
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${config.SECTION}.autoExecute`)) {
          this.refresh();
        }
      }),
    ];
  }

  /** Whether a person sees it now, or will in a moment. */
  get visible(): boolean {
    return this.view.visible || this.appearing > 0;
  }

  /** Shows what the store holds, soon. */
  refresh(): void {
    this.redraw ??= setTimeout(() => {
      this.redraw = undefined;
      this.draw();
    }, REDRAW_INTERVAL);
  }

  /** Brings a deployment into view without taking the keyboard away from the editor. */
  async show(deployment: string): Promise<void> {
    this.draw();
    if (!this.byId.has(deployment)) {
      return;
    }
    this.appearing += 1;
    try {
      await this.view.reveal(deployment, { select: false, focus: false, expand: true });
    } finally {
      this.appearing -= 1;
    }
  }

  row(id: string): Row | undefined {
    return this.byId.get(id)?.row;
  }

  getChildren(id?: string): string[] {
    return (id === undefined ? this.top : (this.row(id)?.children ?? [])).map((row) => row.id);
  }

  getParent(id: string): string | undefined {
    return this.byId.get(id)?.parent;
  }

  getTreeItem(id: string): TreeItem {
    const row = this.row(id);
    return row === undefined ? new TreeItem("") : item(row);
  }

  dispose(): void {
    clearTimeout(this.redraw);
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }

  private async remember(autoExecute: boolean): Promise<void> {
    try {
      await config.setAutoExecute(autoExecute);
    } catch (error) {
      void window.showErrorMessage(`The setting sigma.autoExecute could not be saved: ${said(error)}`);
    }
    this.refresh();
  }

  private draw(): void {
    const deployments = this.store.all();
    const before = this.top;
    this.top = rows(deployments, config.autoExecute());
    this.byId = new Map(flat(this.top, undefined));
    const waiting = deployments.filter((each) => each.can.execute || each.question !== undefined).length;
    this.view.badge =
      waiting === 0 ? undefined : { value: waiting, tooltip: `${count(waiting, "deployment")} waiting for you` };
    const changed = changedRows(before, this.top);
    if (changed === undefined || changed.length > 0) {
      this.changes.fire(changed);
    }
  }
}

function* flat(
  level: readonly Row[],
  parent: string | undefined,
): Generator<[string, { row: Row; parent: string | undefined }]> {
  for (const row of level) {
    yield [row.id, { row, parent }];
    yield* flat(row.children, row.id);
  }
}

function item(row: Row): TreeItem {
  const state =
    row.open === undefined
      ? TreeItemCollapsibleState.None
      : row.open
        ? TreeItemCollapsibleState.Expanded
        : TreeItemCollapsibleState.Collapsed;
  const made = new TreeItem(row.label, state);
  made.id = row.id;
  made.description = row.description;
  made.contextValue = row.context;
  made.accessibilityInformation = { label: row.spoken };
  made.tooltip = row.tooltip.length === 0 ? undefined : tooltip(row.tooltip);
  if (row.icon !== undefined) {
    made.iconPath = new ThemeIcon(
      row.icon.name,
      row.icon.color === undefined ? undefined : new ThemeColor(row.icon.color),
    );
  }
  if (row.checked !== undefined) {
    made.checkboxState = {
      state: row.checked ? TreeItemCheckboxState.Checked : TreeItemCheckboxState.Unchecked,
      accessibilityInformation: { label: row.label, role: "checkbox" },
    };
  }
  if (row.action?.kind === "reveal") {
    made.command = { command: "sigma.revealLocation", title: "Show in Manifest", arguments: [row.action.location] };
  } else if (row.action?.kind === "answer") {
    made.command = { command: "sigma.answerQuestion", title: "Answer Question", arguments: [row.id] };
  }
  return made;
}

function tooltip(lines: readonly Line[]): MarkdownString {
  // Everything goes in as text: what a cloud or a manifest says is never taken for markup.
  const markdown = new MarkdownString();
  for (const line of lines) {
    if ("heading" in line) {
      markdown.appendMarkdown("**").appendText(line.heading).appendMarkdown("**\n\n");
    } else if ("code" in line) {
      markdown.appendCodeblock(line.code, "text");
    } else {
      markdown.appendText(line.text).appendMarkdown("\n\n");
    }
  }
  return markdown;
}
