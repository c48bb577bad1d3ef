// What the extension costs a window: nothing where there is no manifest, and its activation where there is one.
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, inEditor, ROOT } from "./workbench.mjs";

const temporary = mkdtempSync(join(tmpdir(), "sigma-activation-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));
const started = join(temporary, "started");
const folder = join(ROOT, "examples/thumbnailer");

/** A server of which it is only known whether it was started. */
function trap() {
  const path = join(temporary, "trap");
  writeFileSync(path, `#!/bin/sh\ntouch ${started}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** What VS Code itself measured of our activation, in milliseconds; undefined where there was none. */
async function activation(workbench) {
  const { page } = workbench;
  await workbench.command("Developer: Startup Performance");
  await page.locator(".tab.active", { hasText: "Startup Performance" }).waitFor();
  for (let attempt = 0; attempt < 20; attempt += 1) {
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Control+c");
    const report = (await page.evaluate(() => navigator.clipboard.readText())).replaceAll("\u00a0", " ");
    if (report.includes("| Load Code |")) {
      const row = /^\| sigma-ls\.sigma-ls +\|[^|]*\| *(\d+) *\| *(\d+) *\| *(\d+) *\|/m.exec(report);
      return row?.slice(1).map(Number);
    }
    await page.waitForTimeout(250); // It is written after its editor is there.
  }
  throw new Error("expected VS Code's report of its start");
}

const nothing = { folder, edit: (copy) => rmSync(join(copy, "sigma.yaml")), settings: { "sigma.serverPath": trap() } };
await inEditor("activation", nothing, async (workbench) => {
  await workbench.open("README.md");
  expect((await activation(workbench)) === undefined, "no activation in a folder without a manifest");
  writeFileSync(join(workbench.folder, "other.yaml"), "a: 1\n");
  await workbench.open("other.yaml");
  expect((await activation(workbench)) !== undefined, "the extension to look whether a YAML file is a manifest");
  expect(!(await workbench.page.locator('[id="sigma-ls.sigma-ls.sigma.status"]').isVisible()), "no status bar item");
  expect(!existsSync(started), "no server without a manifest");
  workbench.saw("nothing where there is no manifest");
});

const env = { SIGMA_FAKE_STORY: join(temporary, "story") };
writeFileSync(env.SIGMA_FAKE_STORY, "works");
const settings = { "sigma.serverPath": fileURLToPath(new URL("fake_server.mjs", import.meta.url)) };
await inEditor("activation", { folder, settings, env }, async (workbench) => {
  for (let time = 0; time < 5; time += 1) {
    await workbench.open("sigma.yaml");
    await workbench.statusReads(/^Sigma$/);
    const [load, call, finish] = (await activation(workbench)) ?? [];
    workbench.saw(`activated: ${load} ms to load the code, ${call} ms to run it, ${finish} ms until it had finished`);
  }
});
console.log("activation: all as expected");
