// What a manifest declares, as the server's outline of it has it. Knows no VS Code.
import type { Location, Range } from "../../protocol.gen";

/** Something that a manifest declares: its id, and the place of that id. */
export interface Declared {
  readonly id: string;
  readonly location: Location;
}

export interface Outline {
  /** The manifest's URI. */
  readonly uri: string;
  readonly name: string;
  /** In the manifest's order; the first one is the default. */
  readonly stages: readonly Declared[];
  readonly functions: readonly Declared[];
  readonly resources: readonly Declared[];
}

/** Whether two manifests are one project's: one that was renamed, `.yml` for `.yaml`, is the same one. */
export function isSameProject(a: string, b: string): boolean {
  return a.slice(0, a.lastIndexOf("/")) === b.slice(0, b.lastIndexOf("/"));
}

/** As much of an editor's document symbol as is needed here. */
export interface OutlineSymbol {
  readonly name: string;
  readonly selectionRange: Range;
  readonly children: readonly OutlineSymbol[];
}

/** `name` stands in for a manifest that has none (yet). */
export function outlineOf(uri: string, symbols: readonly OutlineSymbol[], name: string): Outline {
  const section = (of: string): Declared[] =>
    (symbols.find((symbol) => symbol.name === of)?.children ?? []).map((symbol) => ({
      id: symbol.name,
      location: { uri, range: symbol.selectionRange },
    }));
  return { uri, name, stages: section("stages"), functions: section("functions"), resources: section("resources") };
}
