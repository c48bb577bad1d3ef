// The rows of a tree view, as data. Knows no VS Code; every row can be read aloud.
import type { Location } from "../protocol.gen";

/** A line of a tooltip; `code` is shown as it is written. */
export type Line = { readonly text: string } | { readonly code: string } | { readonly heading: string };

export interface Row {
  /** Stable over revisions, so that what is open and selected stays so. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** What a screen reader says instead of label, icon and description. */
  readonly spoken: string;
  /** A codicon and, beside it, a colour of the theme. */
  readonly icon: { readonly name: string; readonly color?: string } | undefined;
  readonly tooltip: readonly Line[];
  /** Words that `menus` in package.json look for. */
  readonly context: string;
  readonly children: readonly Row[];
  /** Whether the children are shown at first; undefined: a row that never has any. */
  readonly open: boolean | undefined;
  readonly action?: RowAction;
  /** What the row is about, for its commands. */
  readonly about: About;
}

/** What a click does. */
export type RowAction =
  | { readonly kind: "reveal"; readonly location: Location }
  | { readonly kind: "command"; readonly command: string };

export interface About {
  /** The URI of a manifest. */
  readonly project?: string;
  readonly stage?: string;
  readonly deployment?: string;
  /** Where in the manifest it stands. */
  readonly location?: Location;
  /** What is copied, or opened. */
  readonly value?: string;
}

/** A row that says no more than what is given. */
export function row(given: Partial<Row> & { id: string; label: string }): Row {
  const { description = "", spoken = [given.label, description].filter((text) => text !== "").join(", ") } = given;
  return { icon: undefined, tooltip: [], context: "", children: [], open: undefined, about: {}, ...given, description, spoken };
}

/**
 * The ids of the rows to draw again so that `after` shows in place of `before`; undefined: all of them.
 *
 * Drawing a row draws all that is below it, so nothing below a named row is named.
 */
export function changedRows(before: readonly Row[], after: readonly Row[]): string[] | undefined {
  if (!sameIds(before, after)) {
    return undefined;
  }
  return after.flatMap((row, index) => {
    const old = before[index];
    if (old === undefined || looks(old) !== looks(row)) {
      return [row.id];
    }
    return changedRows(old.children, row.children) ?? [row.id];
  });
}

function sameIds(a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every((row, index) => row.id === b[index]?.id);
}

function looks(row: Row): string {
  return JSON.stringify({ ...row, children: undefined });
}
