// A sandbox of its own for a script that deploys for real; what is installed for it is shared with all others.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT } from "./workbench.mjs";

export const BIN = join(ROOT, ".venv/bin");

/** The environment in which the server has that sandbox; it is cleared away when the script ends. */
export function ownSandbox() {
  const home = mkdtempSync(join(tmpdir(), "sigma-home-"));
  const env = { SIGMA_HOME: home, SIGMA_ENVIRONMENTS: process.env.SIGMA_ENVIRONMENTS ?? sharedSandbox() };
  process.on("exit", () => {
    execFileSync(join(BIN, "sigma-ls"), ["sandbox", "stop"], { env: { ...process.env, ...env }, encoding: "utf8" });
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  return env;
}

function sharedSandbox() {
  const code = "from sigma_ls.runtime.places import environments_dir; print(environments_dir())";
  return execFileSync(join(BIN, "python"), ["-c", code], { encoding: "utf8" }).trim();
}
