import { describe, expect, it } from "vitest";

import { type Places, type Resolution, resolve } from "../src/server/resolve";
import { delayAfter } from "../src/server/restarts";

const NOWHERE: Places = {
  serverPath: "",
  interpreter: "",
  folders: [],
  chosen: () => Promise.resolve(undefined),
  path: [],
  platform: "linux",
};

/** What is found where these files are executable; those with a version are Pythons. */
function found(places: Partial<Places>, executables: Record<string, string | undefined>): Promise<Resolution> {
  return resolve(
    { ...NOWHERE, ...places },
    {
      isExecutable: (path) => path.replaceAll("\\", "/") in executables,
      versionOf: (path) => Promise.resolve(executables[path.replaceAll("\\", "/")]),
    },
  );
}

/** The command line, or why there is none. */
async function started(places: Partial<Places>, executables: Record<string, string | undefined>): Promise<string> {
  const resolution = await found(places, executables);
  return resolution.kind === "found" ? [resolution.command, ...resolution.args].join(" ") : resolution.message;
}

describe("the server that is started", () => {
  const everywhere: Partial<Places> = {
    serverPath: "/set/sigma-ls",
    interpreter: "/set/python",
    folders: ["/w1", "/w2"],
    repository: "/repo",
    bundled: "/ext/start.py",
    chosen: () => Promise.resolve("/chosen/python"),
    path: ["/usr/bin", "/opt/bin"],
  };
  const all: [string, string | undefined][] = [
    ["/set/sigma-ls", undefined],
    ["/set/python", "3.11.0"],
    ["/w1/.venv/bin/sigma-ls", undefined],
    ["/w2/.venv/bin/sigma-ls", undefined],
    ["/repo/.venv/bin/sigma-ls", undefined],
    ["/chosen/python", "3.12.3"],
    ["/usr/bin/python3", "3.13.0"],
    ["/opt/bin/python3", "3.11.2"],
    ["/opt/bin/python3.12", "3.12.0"],
    ["/usr/bin/sigma-ls", undefined],
    ["/opt/bin/sigma-ls", undefined],
  ];
  const from = (first: number) => Object.fromEntries(all.slice(first));

  it("is the first of the places in the documented order", async () => {
    expect(await started(everywhere, from(0))).toBe("/set/sigma-ls");
    expect(await started({ ...everywhere, serverPath: "" }, from(0))).toBe("/set/python -I -S /ext/start.py");
    const unset = { ...everywhere, serverPath: "", interpreter: "" };
    expect(await started(unset, from(2))).toBe("/w1/.venv/bin/sigma-ls");
    expect(await started(unset, from(3))).toBe("/w2/.venv/bin/sigma-ls");
    expect(await started(unset, from(4))).toBe("/repo/.venv/bin/sigma-ls");
    expect(await started(unset, from(5))).toBe("/chosen/python -I -S /ext/start.py");
    expect(await started(unset, from(6))).toBe("/usr/bin/python3 -I -S /ext/start.py");
    expect(await started(unset, from(7))).toBe("/opt/bin/python3 -I -S /ext/start.py");
    expect(await started(unset, from(8))).toBe("/opt/bin/python3.12 -I -S /ext/start.py");
    expect(await started(unset, from(9))).toBe("/usr/bin/sigma-ls");
    expect(await started(unset, from(10))).toBe("/opt/bin/sigma-ls");
  });

  it("does not run on a Python that is too old, or on what only bears its name", async () => {
    const places = { bundled: "/ext/start.py", path: ["/a", "/b", "/c"] };
    const python3 = { "/a/python3": "3.9.2", "/b/python3": undefined, "/c/python3": "3.11.4" };
    expect(await started(places, python3)).toBe("/c/python3 -I -S /ext/start.py");
    expect(await started(places, { "/a/python3": "3.9.2" })).toBe(
      "Sigma needs Python 3.11 or newer, and found only 3.9.2 (/a/python3). Install it, or select an interpreter (setting sigma.interpreter).",
    );
    expect(await started(places, { "/a/python3": "4.0.0" })).toContain("/a/python3 -I");
  });

  it("is not asked of a Python extension where it is known already", async () => {
    const chosen = () => Promise.reject(new Error("asked"));
    expect(await started({ ...everywhere, chosen }, from(0))).toBe("/set/sigma-ls");
    await expect(started({ bundled: "/ext/start.py", chosen }, {})).rejects.toThrow("asked");
  });

  it("is a program of Windows there", async () => {
    const places: Partial<Places> = { folders: ["/w"], bundled: "/ext/start.py", path: ["/p"], platform: "win32" };
    expect((await found(places, { "/w/.venv/Scripts/sigma-ls.exe": undefined })).kind).toBe("found");
    expect((await found(places, { "/p/python.exe": "3.12.0" })).kind).toBe("found");
  });

  it("leaves the Python of macOS alone, which may be a window that wants to install one", async () => {
    const places: Partial<Places> = { bundled: "/ext/start.py", path: ["/usr/bin", "/opt"], platform: "darwin" };
    expect(await started(places, { "/usr/bin/python3": "3.12.0", "/opt/python3": "3.11.0" })).toContain("/opt/python3");
  });

  it("is run from an installed sigma-ls by the interpreter that is set where none comes with the extension", async () => {
    expect(await started({ interpreter: "/set/python" }, { "/set/python": "3.11.0" })).toBe("/set/python -P -m sigma_ls");
  });

  it.each([
    [{ serverPath: "/gone" }, {}, "The setting sigma.serverPath is /gone, which is not an executable file. It names the sigma-ls executable."],
    [{ interpreter: "/gone" }, {}, "The setting sigma.interpreter is /gone, which is not an executable file. It names a Python interpreter."],
    [{ interpreter: "/old" }, { "/old": "3.8.10" }, "The setting sigma.interpreter is /old, which is Python 3.8.10. 3.11 or newer is needed."],
    [{ interpreter: "/cat" }, { "/cat": undefined }, "The setting sigma.interpreter is /cat, which did not say its version as a Python interpreter does."],
  ])("is never another than the one that a setting names: %o", async (places, executables, said) => {
    expect(await started({ ...everywhere, serverPath: "", ...places }, { ...from(2), ...executables })).toBe(`${said} Correct or empty it.`);
  });

  it("is asked for with the next step where there is none", async () => {
    const none = await found({}, {});
    expect(none).toMatchObject({ kind: "missing", fault: "python" });
    expect(await started({}, {})).toContain("Python 3.11 or newer, and found none. Install it");
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
