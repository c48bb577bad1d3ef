// A tree view that is given all of its rows each time, and draws only those that changed.
import {
  type Disposable,
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  window,
} from "vscode";

import { changedRows, type Line, type Row } from "./rows";

export class RowTree implements TreeDataProvider<string>, Disposable {
  private top: readonly Row[] = [];
  private byId = new Map<string, { row: Row; parent: string | undefined }>();
  private readonly changes = new EventEmitter<string | string[] | undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  readonly view: TreeView<string>;

  constructor(id: string) {
    this.view = window.createTreeView(id, { treeDataProvider: this, showCollapseAll: true });
  }

  show(rows: readonly Row[]): void {
    const before = this.top;
    this.top = rows;
    this.byId = new Map(flat(rows, undefined));
    const changed = changedRows(before, rows);
    if (changed === undefined || changed.length > 0) {
      this.changes.fire(changed);
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
    this.view.dispose();
    this.changes.dispose();
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
  if (row.action?.kind === "reveal") {
    made.command = { command: "sigma.revealLocation", title: "Go to Source", arguments: [row.action.location] };
  } else if (row.action?.kind === "command") {
    made.command = { command: row.action.command, title: row.label, arguments: [row.id] };
  }
  return made;
}

/** Everything goes in as text: what a cloud or a manifest says is never taken for markup. */
export function tooltip(lines: readonly Line[]): MarkdownString {
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
