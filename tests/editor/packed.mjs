// The packed extension on a machine that knows nothing of us: no .venv of the repository, no sigma-ls on the PATH, an
// empty home. Its own server checks the manifest, and what a deployment needs is installed after consent.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect, inEditor, ROOT } from "./workbench.mjs";

const BIN = join(ROOT, ".venv/bin");
const LONG = 180_000; // Two installations, a build with its dependencies, and a deployment.

const home = mkdtempSync(join(tmpdir(), "sigma-clean-"));
const python = execFileSync(join(BIN, "python"), ["-c", "import sys; print(sys._base_executable)"], { encoding: "utf8" }).trim();
const env = {
  HOME: home,
  PATH: [dirname(python), "/usr/bin", "/bin"].join(":"),
  SIGMA_EDITOR_SERVER: "", // Not that of the repository.
  SIGMA_HOME: "",
  SIGMA_ENVIRONMENTS: "",
  SIGMA_SANDBOX_PACE: "instant",
  VIRTUAL_ENV: "",
  XDG_DATA_HOME: "",
  XDG_STATE_HOME: "",
  // In the place of the package index; tools/make/packages.py fills it.
  PIP_CONFIG_FILE: "/dev/null",
  PIP_NO_INDEX: "1",
  PIP_FIND_LINKS: join(ROOT, ".cache/packages"),
  UV_CACHE_DIR: process.env.UV_CACHE_DIR ?? join(homedir(), ".cache/uv"),
  UV_OFFLINE: "1",
};

process.on("exit", () => {
  execFileSync(join(BIN, "sigma-ls"), ["sandbox", "stop"], { env: { ...process.env, ...env } });
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

function breakManifest(folder) {
  const manifest = join(folder, "sigma.yaml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("deadLetter: failed", "deadLetter: faild"));
}

/** The command lines of the servers that run for this window. */
function servers(workbench) {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
      } catch {
        return ""; // It has ended meanwhile.
      }
    })
    .filter((command) => command.includes(dirname(workbench.data)) && command.includes("start.py"));
}

const environments = join(home, ".local/share/sigma-ls/environments");
const installed = () => (existsSync(environments) ? readdirSync(environments).filter((name) => !name.endsWith(".lock")).map((name) => name.split("-python")[0]) : []);

const settings = { "sigma.sandbox": true, "workbench.colorTheme": "Default Dark Modern" };
await inEditor("packed", { folder: join(ROOT, "examples/thumbnailer"), edit: breakManifest, settings, env }, async (workbench) => {
  const { page, editor, monitor, quickInput, dialog } = workbench;
  await workbench.open("sigma.yaml");

  // The server of the extension finds the fault.
  await editor.locator(".squiggly-error").first().waitFor({ timeout: LONG });
  const [server, ...others] = servers(workbench);
  expect(others.length === 0 && server.includes(" -I -S ") && server.includes("bundled/start.py"), `the extension's own server, not ${server}`);
  workbench.saw(`a fault, found by ${server.replace(dirname(workbench.data), "…")}`);
  await editor.locator(".view-line").first().click();
  await page.keyboard.press("F8");
  const said = page.locator(".peekview-widget, .zone-widget").filter({ hasText: "faild" }).first();
  await said.waitFor();
  await workbench.shot("fault");
  await page.keyboard.press("Shift+Escape");
  await said.waitFor({ state: "hidden" });
  await page.keyboard.press("Control+Delete");
  await page.keyboard.type("failed");
  await page.keyboard.press("Control+s");
  await editor.locator(".squiggly-error").first().waitFor({ state: "detached" });

  // cfn-lint is offered, and taken no for an answer.
  const offer = workbench.toast(/Cfn-lint .* is not installed yet/);
  await offer.waitFor();
  await workbench.shot("offer");
  await workbench.press(offer, "Don't Ask Again");
  await offer.waitFor({ state: "detached" });

  // Without consent nothing is installed, and the deployment says so.
  await workbench.command("Sigma: Deploy Project");
  const question = workbench.toast(/The sandbox .* and the build toolkit .* are not installed yet/);
  await question.waitFor({ timeout: LONG });
  await workbench.shot("consent");
  await workbench.press(question, "Not Now");
  await monitor.getByText("are not installed").first().waitFor();
  await workbench.shot("declined");
  expect(installed().length === 0, `nothing to be installed without consent, not ${installed().join(", ")}`);
  await workbench.command("Notifications: Clear All Notifications");

  // With consent, the deployment waits for the installation and goes on.
  await workbench.command("Sigma: Deploy Project");
  await question.waitFor();
  await workbench.press(question, "Install");
  await monitor.getByText(/Installing/).first().waitFor();
  await workbench.shot("installing");
  await workbench.statusReads("changes ready", LONG);
  expect(installed().sort().join() === "build-tools,sandbox", `both to be installed, not ${installed().join(", ")}`);
  await workbench.button("Execute").click();
  await workbench.statusReads("deployed", LONG);
  await monitor.locator('[data-output="Url"]').waitFor();
  await workbench.shot("deployed");
  workbench.saw("deployed to the sandbox after consent");

  // What was installed is listed and removed again.
  await workbench.command("Notifications: Clear All Notifications");
  await workbench.command("Sigma: Manage Environments...");
  await quickInput.locator(".monaco-list-row", { hasText: "installed, " }).first().waitFor();
  await workbench.shot("environments");
  await quickInput.locator(".monaco-list-row", { hasText: "The sandbox" }).click();
  await dialog.locator(".monaco-button", { hasText: "Remove" }).click();
  await workbench.toast("Removed the sandbox.").waitFor({ timeout: LONG });
  expect(installed().join() === "build-tools", `only the build toolkit to be left, not ${installed().join(", ")}`);
  workbench.saw("environments listed, and one removed");
});
console.log("packed: all as expected");
