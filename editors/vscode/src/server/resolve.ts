// Which program is the language server. Knows no VS Code, so that every place it looks at is tested.
import { homedir } from "node:os";
import { join } from "node:path";

/** The oldest Python that the server runs on, as `requires-python` in pyproject.toml says. */
const OLDEST = [3, 11] as const;

/** Where to look; the README's section "Which server is started" is the promise that this keeps. */
export interface Places {
  /** The setting `sigma.serverPath`; empty: not set. */
  readonly serverPath: string;
  /** The setting `sigma.interpreter`; empty: not set. */
  readonly interpreter: string;
  /** The workspace's folders; none where it is not trusted, since a `.venv` in it could hold anything. */
  readonly folders: readonly string[];
  /** The repository that the extension is developed in; absent in an installed extension. */
  readonly repository?: string;
  /** `start.py` of the server that comes with the extension; absent where the extension was not packed. */
  readonly bundled?: string;
  /** The interpreter that was chosen in the Python extension: asked for late, since that extension may have to start. */
  readonly chosen: () => Promise<string | undefined>;
  /** The folders of the environment variable `PATH`. */
  readonly path: readonly string[];
  readonly platform: NodeJS.Platform;
}

/** What is there on this machine. */
export interface Machine {
  readonly isExecutable: (path: string) => boolean;
  /** Such as 3.12.1; undefined for what is no Python. */
  readonly versionOf: (interpreter: string) => Promise<string | undefined>;
}

export type Resolution =
  | { readonly kind: "found"; readonly command: string; readonly args: readonly string[]; readonly because: string }
  | { readonly kind: "missing"; readonly message: string; readonly fault: Fault };

/** What the user has to mend: a setting, or Python, which is not there. */
export type Fault = "serverPath" | "interpreter" | "python";

/** The first of the places that holds a server. */
export async function resolve(places: Places, machine: Machine): Promise<Resolution> {
  if (places.serverPath !== "") {
    const command = atHome(places.serverPath);
    return machine.isExecutable(command)
      ? { kind: "found", command, args: [], because: "the setting sigma.serverPath" }
      : missing("serverPath", command, "is not an executable file. It names the sigma-ls executable.");
  }
  if (places.interpreter !== "") {
    return await ofSetting(atHome(places.interpreter), places, machine);
  }
  const windows = places.platform === "win32";
  const [bin, program] = windows ? ["Scripts", "sigma-ls.exe"] : ["bin", "sigma-ls"];
  for (const folder of places.folders) {
    const command = join(folder, ".venv", bin, program);
    if (machine.isExecutable(command)) {
      return { kind: "found", command, args: [], because: `.venv of the workspace folder ${folder}` };
    }
  }
  if (places.repository !== undefined) {
    const command = join(places.repository, ".venv", bin, program);
    if (machine.isExecutable(command)) {
      return { kind: "found", command, args: [], because: ".venv of the extension's repository" };
    }
  }
  const tooOld: string[] = [];
  if (places.bundled !== undefined) {
    const found = await anyPython(places, machine, tooOld);
    if (found !== undefined) {
      return { kind: "found", command: found.python, args: isolated(places.bundled), because: found.because };
    }
  }
  for (const folder of places.path) {
    const command = join(folder, program);
    if (machine.isExecutable(command)) {
      return { kind: "found", command, args: [], because: "the PATH" };
    }
  }
  return {
    kind: "missing",
    fault: "python",
    message:
      `Sigma needs Python ${OLDEST.join(".")} or newer, and found ${tooOld.length === 0 ? "none" : `only ${tooOld.join(", ")}`}. ` +
      "Install it, or select an interpreter (setting sigma.interpreter).",
  };
}

// With nothing but Python's own library on the path: no package of the user's takes the place of one of ours.
function isolated(start: string): readonly string[] {
  return ["-I", "-S", start];
}

async function ofSetting(python: string, places: Places, machine: Machine): Promise<Resolution> {
  if (!machine.isExecutable(python)) {
    return missing("interpreter", python, "is not an executable file. It names a Python interpreter.");
  }
  const version = await machine.versionOf(python);
  if (version === undefined) {
    return missing("interpreter", python, "did not say its version as a Python interpreter does.");
  }
  if (!isNewEnough(version)) {
    return missing("interpreter", python, `is Python ${version}. ${OLDEST.join(".")} or newer is needed.`);
  }
  // -P keeps the server's working folder, the workspace, from being searched for modules.
  const args = places.bundled === undefined ? ["-P", "-m", "sigma_ls"] : isolated(places.bundled);
  return { kind: "found", command: python, args, because: "the setting sigma.interpreter" };
}

async function anyPython(
  places: Places,
  machine: Machine,
  tooOld: string[],
): Promise<{ python: string; because: string } | undefined> {
  const fits = async (python: string): Promise<boolean> => {
    if (!machine.isExecutable(python)) {
      return false;
    }
    const version = await machine.versionOf(python);
    if (version !== undefined && !isNewEnough(version)) {
      tooOld.push(`${version} (${python})`);
    }
    return version !== undefined && isNewEnough(version);
  };
  const chosen = await places.chosen();
  if (chosen !== undefined && (await fits(chosen))) {
    return { python: chosen, because: "the interpreter of the Python extension" };
  }
  for (const python of onPath(places)) {
    if (await fits(python)) {
      return { python, because: "Python on the PATH" };
    }
  }
  return undefined;
}

function onPath({ path, platform }: Places): string[] {
  const names =
    platform === "win32"
      ? ["python.exe", "python3.exe"]
      : ["python3", "python", "python3.15", "python3.14", "python3.13", "python3.12", "python3.11"];
  const all = names.flatMap((name) => path.map((folder) => join(folder, name)));
  // That of macOS itself is 3.9 at most, and where there is none, asking for it opens a window that wants to install one.
  return platform === "darwin" ? all.filter((python) => !python.startsWith("/usr/bin/")) : all;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function missing(setting: "serverPath" | "interpreter", command: string, why: string): Resolution {
  return { kind: "missing", fault: setting, message: `The setting sigma.${setting} is ${command}, which ${why} Correct or empty it.` };
}

function atHome(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}
