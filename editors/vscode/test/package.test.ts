// What package.json promises: files that are there, commands that somebody carries out.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

interface Contributed {
  readonly command?: string;
  readonly when?: string;
}
interface Package {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly Contributed[]>>;
    readonly keybindings: readonly Contributed[];
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly { readonly description: string; readonly completionEvents: readonly string[]; readonly media: { readonly markdown: string } }[] }[];
    readonly grammars: readonly { readonly path: string; readonly scopeName: string }[];
    readonly snippets: readonly { readonly path: string }[];
    readonly languages: readonly { readonly configuration: string; readonly icon: Readonly<Record<string, string>> }[];
  };
}

const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as Package;
const commands = contributes.commands.map(({ command }) => command);
const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(join("src", name), "utf8"))
  .join("\n");

it("names commands that somebody carries out", () => {
  expect(commands.filter((command) => !sources.includes(`"${command}": `))).toEqual([]);
});

it("shows no command in a menu, a key or a link that it does not name", () => {
  const linked = [...contributes.viewsWelcome.map(({ contents }) => contents), ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ description }) => description))]
    .flatMap((text) => [...text.matchAll(/command:(sigma\.\w+)\)/g)].map(([, command]) => command));
  const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(({ command }) => command);
  expect([...linked, ...used].filter((command) => command !== undefined && !commands.includes(command))).toEqual([]);
  expect(linked.length).toBeGreaterThan(3);
});

it("says of each command when the palette offers it", () => {
  const said = (contributes.menus["commandPalette"] ?? []).map(({ command }) => command);
  expect(commands.filter((command) => !said.includes(command))).toEqual([]);
});

it("names files that are there", () => {
  const files = [
    ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
    ...contributes.grammars.map(({ path }) => path),
    ...contributes.snippets.map(({ path }) => path),
    ...contributes.languages.flatMap(({ configuration, icon }) => [configuration, ...Object.values(icon)]),
  ];
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

it("has grammars under the names by which they are found", () => {
  for (const { path, scopeName } of contributes.grammars) {
    expect((JSON.parse(readFileSync(path, "utf8")) as { scopeName: string }).scopeName).toBe(scopeName);
  }
});

it("offers a deployment in no menu of a workspace that is not trusted, and the way out instead", () => {
  for (const menu of ["editor/title", "view/title", "explorer/context"]) {
    const items = contributes.menus[menu] ?? [];
    const when = (command: string): string[] => items.filter((each) => each.command === command).map((each) => each.when ?? "");
    expect(when("sigma.deployProject").filter((each) => !each.includes("&& isWorkspaceTrusted"))).toEqual([]);
    expect(when("sigma.manageTrust").filter((each) => each.includes("&& sigma.notTrusted"))).toHaveLength(1);
  }
});

it("knows each step of the walkthrough for done by a key that somebody sets, a command, or a view", () => {
  const events = contributes.walkthroughs.flatMap(({ steps }) => steps.flatMap((step) => step.completionEvents));
  const keys = events.flatMap((event) => (event.startsWith("onContext:") ? event.slice("onContext:".length).split(" && ") : []));
  expect(keys.filter((key) => !sources.includes(`"${key}"`))).toEqual([]);
  expect(keys).toContain("sigma.inCloud");
  expect(events.filter((event) => !/^on(Context|Command|View):/.test(event))).toEqual([]);
});
