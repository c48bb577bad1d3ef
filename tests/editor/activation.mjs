// What the extension costs a window without a manifest: nothing. What it costs one with a manifest: bench/activation.mjs.
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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

const nothing = { folder, edit: (copy) => rmSync(join(copy, "sigma.yaml")), settings: { "sigma.serverPath": trap() } };
await inEditor("activation", nothing, async (workbench) => {
  await workbench.open("README.md");
  expect((await workbench.activation()) === undefined, "no activation in a folder without a manifest");
  writeFileSync(join(workbench.folder, "other.yaml"), "a: 1\n");
  await workbench.open("other.yaml");
  expect((await workbench.activation()) === undefined, "no activation for a YAML file that is no manifest");
  expect(!(await workbench.page.locator('[id="sigma-ls.sigma-ls.sigma.status"]').isVisible()), "no status bar item");
  expect(!existsSync(started), "no server without a manifest");
  workbench.saw("nothing where there is no manifest");
});

console.log("activation: all as expected");
