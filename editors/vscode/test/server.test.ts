import { describe, expect, it } from "vitest";

import { type Places, resolve } from "../src/server/resolve";
import { delayAfter } from "../src/server/restarts";

const NOWHERE: Places = { serverPath: "", interpreter: "", folders: [], path: [], windows: false };

/** What is started where these files are executable. */
function started(places: Partial<Places>, ...executables: string[]): string {
  const found = resolve({ ...NOWHERE, ...places }, (path) => executables.includes(path));
  return found.kind === "found" ? [found.command, ...found.args].join(" ") : found.message;
}

describe("the server that is started", () => {
  const everywhere: Partial<Places> = {
    serverPath: "/set/sigma-ls",
    interpreter: "/set/python",
    folders: ["/w1", "/w2"],
    repository: "/repo",
    path: ["/usr/bin", "/opt/bin"],
  };
  const all = [
    "/set/sigma-ls",
    "/set/python",
    "/w1/.venv/bin/sigma-ls",
    "/w2/.venv/bin/sigma-ls",
    "/repo/.venv/bin/sigma-ls",
    "/usr/bin/sigma-ls",
    "/opt/bin/sigma-ls",
  ];

  it("is the first of the places in the documented order", () => {
    expect(started(everywhere, ...all)).toBe("/set/sigma-ls");
    expect(started({ ...everywhere, serverPath: "" }, ...all)).toBe("/set/python -P -m sigma_ls");
    const unset = { ...everywhere, serverPath: "", interpreter: "" };
    expect(started(unset, ...all.slice(2))).toBe("/w1/.venv/bin/sigma-ls");
    expect(started(unset, ...all.slice(3))).toBe("/w2/.venv/bin/sigma-ls");
    expect(started(unset, ...all.slice(4))).toBe("/repo/.venv/bin/sigma-ls");
    expect(started(unset, ...all.slice(5))).toBe("/usr/bin/sigma-ls");
    expect(started(unset, ...all.slice(6))).toBe("/opt/bin/sigma-ls");
  });

  it("is a program of Windows there", () => {
    const program = (path: string) => path.replaceAll("\\", "/") === "/w/.venv/Scripts/sigma-ls.exe";
    expect(resolve({ ...NOWHERE, folders: ["/w"], windows: true }, program).kind).toBe("found");
  });

  it("is never another than the one that a setting names", () => {
    expect(started({ ...everywhere, serverPath: "/gone" }, ...all)).toBe(
      "The setting sigma.serverPath is /gone, which is not an executable file. It names the sigma-ls executable. Correct or empty it.",
    );
  });

  it("is asked for with the next step where there is none", () => {
    expect(started({})).toContain("pip install sigma-ls");
    expect(started({})).toContain("sigma.serverPath");
  });
});

describe("a server that died", () => {
  it("is started again, a little later each time", () => {
    expect(delayAfter([0])).toBe(500);
    expect(delayAfter([0, 1000])).toBe(1000);
    expect(delayAfter([0, 1000, 2000])).toBe(2000);
  });

  it("is given up after the fourth time within three minutes", () => {
    expect(delayAfter([0, 1000, 2000, 3000])).toBeUndefined();
  });

  it("is forgiven what is long ago", () => {
    expect(delayAfter([0, 1000, 2000, 600_000])).toBe(500);
  });
});
