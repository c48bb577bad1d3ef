// The server's process: not to be started for want of Python, and one for all folders of a workspace.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, inEditor, ROOT } from "./workbench.mjs";

const temporary = mkdtempSync(join(tmpdir(), "sigma-server-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));
const folder = join(ROOT, "examples/thumbnailer");

/** All programs of this machine but Python. */
function withoutPython() {
  const bin = join(temporary, "bin");
  mkdirSync(bin);
  for (const place of ["/bin", "/usr/bin"]) {
    for (const name of readdirSync(place)) {
      if (!name.startsWith("python") && !existsSync(join(bin, name))) {
        try {
          symlinkSync(join(place, name), join(bin, name));
        } catch {
          // A dangling link of this machine's is there already.
        }
      }
    }
  }
  return bin;
}

// VSCODE_CLI: the editor takes the PATH as it is, and does not ask the login shell for another.
const bare = { SIGMA_EDITOR_SERVER: "", PATH: withoutPython(), VSCODE_CLI: "1" };
await inEditor("no-python", { folder, env: bare }, async (workbench) => {
  await workbench.open("sigma.yaml");
  const toast = workbench.toast("Sigma needs Python 3.11 or newer, and found none.");
  await toast.waitFor();
  const buttons = await toast.locator(".monaco-button").allInnerTexts();
  expect(["Select Interpreter...", "Get Python", "Restart Server"].every((text) => buttons.includes(text)), `the ways out among ${buttons.join(", ")}`);
  await workbench.statusReads("server stopped");
  await workbench.shot("offered");
  workbench.saw("a machine without Python told what to do");
});

// Two folders in one window: one server, which checks both.
const breakBoth = (copy) => {
  cpSync(copy, join(copy, "../second"), { recursive: true });
  for (const name of [copy, join(copy, "../second")]) {
    const manifest = join(name, "sigma.yaml");
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace("deadLetter: failed", "deadLetter: faild"));
  }
  writeFileSync(join(copy, "../both.code-workspace"), JSON.stringify({ folders: [{ path: "thumbnailer" }, { path: "second" }] }));
};
await inEditor("two-folders", { folder, edit: breakBoth, settings: { "sigma.serverPath": join(ROOT, ".venv/bin/sigma-ls") } }, async (workbench) => {
  const { page } = workbench;
  const folders = page.locator(".explorer-folders-view .monaco-list-row", { hasText: /thumbnailer|second/ });
  for (let tries = 3; (await folders.count()) < 2; tries -= 1) {
    expect(tries > 0, "both folders in the explorer");
    await page.goto(`${workbench.address.origin}/?workspace=${encodeURIComponent(join(workbench.folder, "../both.code-workspace"))}`);
    // Now and then VS Code's page begins before it can read files, and then has no settings and no folders.
    await folders.nth(1).waitFor({ timeout: 20_000 }).catch(() => undefined);
  }
  await page.locator('[id="status.problems"]', { hasText: /^\s*2/ }).waitFor({ timeout: 60_000 });
  await workbench.command("View: Toggle Problems");
  const rows = page.locator(".markers-panel .monaco-list-row");
  await rows.filter({ hasText: "second" }).first().waitFor();
  await rows.filter({ hasText: "thumbnailer" }).first().waitFor();
  await workbench.shot("both");
  workbench.saw("the faults of both folders of a workspace");
});
console.log("server: all as expected");
