// Which program is the language server. Knows no VS Code, so that every place it looks at is tested.
import { homedir } from "node:os";
import { join } from "node:path";

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
  /** The folders of the environment variable `PATH`. */
  readonly path: readonly string[];
  readonly windows: boolean;
}

export type Resolution =
  | { readonly kind: "found"; readonly command: string; readonly args: readonly string[]; readonly because: string }
  | { readonly kind: "missing"; readonly message: string; readonly setting?: "serverPath" | "interpreter" };

/** The first of the places that holds a server. */
export function resolve(places: Places, isExecutable: (path: string) => boolean): Resolution {
  if (places.serverPath !== "") {
    const command = atHome(places.serverPath);
    return isExecutable(command)
      ? { kind: "found", command, args: [], because: "the setting sigma.serverPath" }
      : missing("serverPath", command, "It names the sigma-ls executable.");
  }
  if (places.interpreter !== "") {
    const command = atHome(places.interpreter);
    return isExecutable(command)
      ? // -P keeps the server's working folder, the workspace, from being searched for modules.
        { kind: "found", command, args: ["-P", "-m", "sigma_ls"], because: "the setting sigma.interpreter" }
      : missing("interpreter", command, "It names a Python interpreter.");
  }
  const [bin, program] = places.windows ? ["Scripts", "sigma-ls.exe"] : ["bin", "sigma-ls"];
  for (const folder of places.folders) {
    const command = join(folder, ".venv", bin, program);
    if (isExecutable(command)) {
      return { kind: "found", command, args: [], because: `.venv of the workspace folder ${folder}` };
    }
  }
  if (places.repository !== undefined) {
    const command = join(places.repository, ".venv", bin, program);
    if (isExecutable(command)) {
      return { kind: "found", command, args: [], because: ".venv of the extension's repository" };
    }
  }
  for (const folder of places.path) {
    const command = join(folder, program);
    if (isExecutable(command)) {
      return { kind: "found", command, args: [], because: "the PATH" };
    }
  }
  return {
    kind: "missing",
    message:
      "The Sigma language server was not found: no .venv with sigma-ls in a trusted workspace folder, and no sigma-ls " +
      "on the PATH. Install it with 'pip install sigma-ls' (Python 3.11 or newer), or name it in the setting " +
      "sigma.serverPath.",
  };
}

function missing(setting: "serverPath" | "interpreter", command: string, purpose: string): Resolution {
  return {
    kind: "missing",
    setting,
    message: `The setting sigma.${setting} is ${command}, which is not an executable file. ${purpose} Correct or empty it.`,
  };
}

function atHome(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}
