// Takes the pictures of the README from the real thing: the example, the real server, the sandbox. `make screenshots`.
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { BIN, ownSandbox } from "../../tests/editor/sandbox.mjs";
import { expect, inEditor, ROOT } from "../../tests/editor/workbench.mjs";

const PICTURES = join(ROOT, "docs/images");
/** Bytes: a page with all pictures is to load at once. */
const MOST = 150_000;
const LONG = 120_000;

function breakManifest(folder) {
  const manifest = join(folder, "sigma.yaml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("deadLetter: failed", "deadLetter: faild"));
}

const settings = {
  "sigma.serverPath": join(BIN, "sigma-ls"),
  "sigma.sandbox": true,
  "breadcrumbs.enabled": false,
  "editor.minimap.enabled": false,
  "editor.stickyScroll.enabled": false,
  "window.commandCenter": false,
  "workbench.colorTheme": "Default Dark Modern",
};

mkdirSync(PICTURES, { recursive: true });
await inEditor("screenshots", { folder: join(ROOT, "examples/thumbnailer"), edit: breakManifest, settings, env: ownSandbox() }, async (workbench) => {
  const { page, editor, monitor } = workbench;
  const picture = async (name) => {
    await page.mouse.move(150, 12); // Where nothing has a tip.
    await page.waitForTimeout(500); // What fades in or out is done by then.
    const path = join(PICTURES, `${name}.png`);
    await page.screenshot({ path });
    expect(statSync(path).size <= MOST, `${path} to have ${MOST} bytes at most, not ${statSync(path).size}`);
    console.log(`wrote ${path} (${Math.round(statSync(path).size / 1000)} kB)`);
  };
  await page.setViewportSize({ width: 1120, height: 700 });
  await workbench.open("sigma.yaml");
  await workbench.showProjects();
  await editor.locator(".squiggly-error").first().waitFor();
  await editor.locator(".view-line").first().click();
  await page.keyboard.press("F8");
  await page.locator(".zone-widget").filter({ hasText: "faild" }).first().waitFor();
  await picture("fault");

  await page.keyboard.press("Shift+Escape");
  await page.keyboard.press("Control+Delete");
  await page.keyboard.type("failed");
  await page.keyboard.press("Control+s");
  await editor.locator(".squiggly-error").first().waitFor({ state: "detached" });
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("changes ready", LONG);
  // Which rows a small panel shows is its own affair.
  await monitor.locator('[role="treeitem"]').first().waitFor();
  await workbench.button("Execute").click();
  await workbench.statusReads(/: [3-9]\/\d+$/, LONG);
  await picture("running");
  await workbench.statusReads("deployed", LONG);
  await monitor.locator('[data-output="Url"]').waitFor();
  await workbench.row("thumbnailer").filter({ hasText: "deployed" }).waitFor();
  await picture("deployed");
});
