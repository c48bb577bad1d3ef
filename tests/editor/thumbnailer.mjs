// The example from a fault in its manifest to a function that answers, against the real server and the sandbox.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { BIN, ownSandbox } from "./sandbox.mjs";
import { expect, inEditor, ROOT } from "./workbench.mjs";

const LONG = 120_000; // A build with its dependencies, then a whole deployment at the sandbox's own pace.

const env = ownSandbox();

function breakManifest(folder) {
  const manifest = join(folder, "sigma.yaml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("deadLetter: failed", "deadLetter: faild"));
}

const settings = {
  "sigma.serverPath": join(BIN, "sigma-ls"),
  "sigma.sandbox": true,
  "workbench.colorTheme": "Default Dark Modern",
};

await inEditor("thumbnailer", { folder: join(ROOT, "examples/thumbnailer"), edit: breakManifest, settings, env }, async (workbench) => {
  const { page, editor, monitor } = workbench;
  await workbench.open("sigma.yaml");

  // The fault is seen where it is, said in words, and mended by keyboard.
  await editor.locator(".squiggly-error").first().waitFor();
  await editor.locator(".view-line").first().click();
  await page.keyboard.press("F8");
  const said = page.locator(".peekview-widget, .zone-widget").filter({ hasText: "faild" }).first();
  await said.waitFor();
  workbench.saw(`a fault: ${(await said.innerText()).replaceAll(/\s+/g, " ")}`);
  await workbench.shot("fault");
  await page.keyboard.press("Shift+Escape");
  await said.waitFor({ state: "hidden" });
  await page.keyboard.press("Control+Delete");
  await page.keyboard.type("failed");
  await page.keyboard.press("Control+s");
  await editor.locator(".squiggly-error").first().waitFor({ state: "detached" });
  workbench.saw("no fault after it was corrected");

  // Deployed by the palette, reviewed, and thought better of.
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("changes ready", LONG);
  await workbench.change("thumbnails").filter({ hasText: "add" }).waitFor();
  await workbench.shot("staged");
  await workbench.command("Sigma: Abort Changes");
  await workbench.statusReads("aborted");
  workbench.saw("changes listed, and aborted");

  // Deployed again by mouse.
  await page.locator('.editor-actions a[aria-label^="Deploy Project"]').first().click();
  await workbench.statusReads("changes ready", LONG);
  const [, listed] = /(\d+) changes ready/.exec((await workbench.statusHistory(/changes ready/)).at(-1));
  await workbench.button("Execute").click();
  await workbench.statusReads(/: [1-9]\d*\/\d+$/, LONG);
  await workbench.change("in progress").waitFor();
  await workbench.shot("in-progress");
  await workbench.command("View: Hide Panel");
  const background = workbench.toast("still running in the background");
  await background.waitFor();
  await workbench.dismiss(background);
  await workbench.statusReads("deployed", LONG);
  const fractions = await workbench.statusHistory(/\d+\/\d+$/);
  expect(fractions.length >= 3, `progress to be seen in steps, not only ${fractions.join(", ")}`);
  expect(fractions.every((text) => text.endsWith(`/${listed}`)), `each of ${fractions.join(", ")} to be of ${listed}`);
  workbench.saw(`progress: ${fractions.join(", ")}`);
  const told = workbench.toast("is deployed");
  await told.filter({ hasText: /Url: http/ }).waitFor(); // Nobody sees the monitor: the message has the outputs.
  await workbench.shot("told");
  await workbench.press(told, "Show Outputs");
  const output = monitor.locator('[data-output="Url"] .value');
  await output.waitFor();
  await workbench.shot("deployed");

  // What was deployed answers.
  const url = await output.innerText();
  const answer = await fetch(url);
  expect(answer.ok, `${url} to answer, not with ${answer.status}`);
  workbench.saw(`${url} answers ${await answer.text()}`);

  // It is there after a reload, and there is nothing to do a second time.
  await workbench.reload("sigma.yaml");
  await workbench.statusReads("deployed");
  expect((await workbench.toasts.count()) === 0, "no old news after a reload");
  await workbench.command("Sigma: Deploy Project");
  const again = workbench.toast("nothing to change");
  await again.waitFor({ timeout: LONG });
  await workbench.statusReads("up to date");
  await workbench.dismiss(again);

  // What the status bar says on hover; what the Explorer offers on a manifest; the template as it is now beside the deployed one.
  const tip = page.locator(".monaco-hover:not(.hidden)", { hasText: "stack thumbnailer" });
  await workbench.hoverFor(page.locator('[id="sigma-ls.sigma-ls.sigma.status"]'), tip.filter({ hasText: /Ended\s\d{4}-\d\d-\d\d/ }));
  await workbench.shot("status-bar");
  await page.locator(".tab", { hasText: "sigma.yaml" }).click();
  await tip.waitFor({ state: "hidden" });
  const manifest = join(workbench.folder, "sigma.yaml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("that was posted", "that somebody posted"));
  await workbench.command("View: Focus Active Editor Group");
  await page.keyboard.press("Control+Home");
  await editor.locator(".view-line", { hasText: "that somebody posted" }).first().waitFor();
  await workbench.command("View: Show Explorer");
  await page.locator(".explorer-folders-view .monaco-list-row", { hasText: "sigma.yaml" }).click({ button: "right" });
  const offered = (name) => page.getByRole("menuitem", { name }).first();
  for (const name of ["Deploy Project", "Show Template", "Project Info"]) {
    await offered(name).waitFor();
  }
  await workbench.shot("explorer");
  await offered("Compare Template With Deployed").click();
  await page.locator(".tab.active", { hasText: "deployed \u2194 now" }).waitFor();
  await page.locator(".editor.original .view-line", { hasText: "that was posted" }).first().waitFor({ timeout: LONG });
  await page.locator(".editor.modified .view-line", { hasText: "that somebody posted" }).first().waitFor();
  await workbench.shot("compared");
  await workbench.command("View: Revert and Close Editor");
  workbench.saw("its last deployment on hover, its commands in the Explorer, and its template compared with the deployed one");

  // Away with it.
  await workbench.command("Sigma: Undeploy Project");
  await monitor.getByRole("region", { name: "Question" }).filter({ hasText: "data lost" }).waitFor({ timeout: LONG });
  await monitor.getByText("to remove").first().waitFor();
  await workbench.shot("consent");
  await monitor.getByRole("button", { name: "Lose Their Data" }).click();
  await workbench.statusReads("changes ready", LONG);
  await workbench.command("Sigma: Execute Changes");
  await workbench.statusReads("removed", LONG);
  workbench.saw("undeployed");
});
console.log("thumbnailer: all as expected");
