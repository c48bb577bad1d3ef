// What may become of a deployment, and of the window that shows it. Against a server that only tells stories.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, inEditor, ROOT } from "./workbench.mjs";

const temporary = mkdtempSync(join(tmpdir(), "sigma-story-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));
const env = { SIGMA_FAKE_STORY: join(temporary, "story") };
const tell = (story) => writeFileSync(env.SIGMA_FAKE_STORY, story);
const settings = { "sigma.serverPath": fileURLToPath(new URL("fake_server.mjs", import.meta.url)) };
const example = join(ROOT, "examples/thumbnailer");

tell("holds");
await inEditor("life", { folder: example, settings, env }, async (workbench) => {
  const { page, monitor } = workbench;
  await workbench.open("sigma.yaml");
  await workbench.statusReads(/^Sigma$/);

  // Stopped: what was made is rolled back, and each row says why on hover.
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("4 changes ready");
  await workbench.button("Execute").click();
  await workbench.statusReads("2/4");
  await monitor.locator('[data-action="stop"][title="Stops, and rolls back what was changed"]').waitFor();
  await workbench.button("Stop").click();
  await workbench.statusReads("rolling back");
  tell("works");
  await workbench.statusReads("stopped");
  await monitor.locator('[data-key="change Resize"][title*="Resource creation cancelled"]').waitFor(); // The reason on hover.
  await workbench.change("images").filter({ hasText: "rolled back" }).waitFor();
  await workbench.shot("stopped");
  await workbench.command("Notifications: Clear All Notifications");
  workbench.saw("stopped, rolled back, with the reason on hover");

  // A build that is not there: the step that failed, and the line to look at.
  tell("has-no-artifact");
  await workbench.command("Sigma: Deploy Project");
  const missing = workbench.toast("resize: The build artifact dist/resize.zip does not exist.");
  await missing.waitFor();
  await monitor.locator('.step-failed[data-phase="build"]').waitFor();
  await monitor.getByRole("region", { name: "Failures" }).getByText("does not exist").waitFor();
  await workbench.shot("missing-artifact");
  await workbench.press(missing, "Show in Manifest");
  await page.locator('[id="status.editor.selection"]', { hasText: "Ln 3" }).waitFor();
  workbench.saw("a missing artifact, the step that failed, and its line");

  // No credentials: the view says how to get some, and leads to the sandbox.
  tell("locked-out");
  await workbench.showProjects();
  await workbench.command("Sigma: Deploy Project");
  await workbench.row("How to Get Credentials").waitFor();
  await workbench.toasts.filter({ hasText: "credentials" }).locator(".monaco-button", { hasText: "Try in the Sandbox" }).waitFor();
  await workbench.shot("no-credentials");
  await workbench.command("Notifications: Clear All Notifications");
  tell("works");
  await workbench.row("Try in the Sandbox").click();
  await workbench.statusReads("4 changes ready");
  const ofProject = () => JSON.parse(readFileSync(join(workbench.folder, ".vscode/settings.json"), "utf8"));
  await workbench.until(() => ofProject()["sigma.sandbox"] === true, "the sandbox is the target");
  await workbench.row("thumbnailer").filter({ hasText: "sandbox" }).waitFor();
  await workbench.command("Sigma: Abort Changes");
  await workbench.statusReads("aborted");
  workbench.saw("no credentials, and the way to the sandbox");

  // The monitor as an editor: the same, with more room; the view in the panel can go.
  await workbench.command("Sigma: Open Deployment Monitor in Editor");
  await workbench.tab.getByRole("heading", { name: "thumbnailer" }).waitFor();
  await workbench.command("View: Hide Panel");
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("4 changes ready");
  await workbench.tab.getByText("4 to add").waitFor();
  expect(!(await page.locator(".part.panel").isVisible()), "the panel to stay closed");
  await workbench.accessible(workbench.tab, "in the monitor's editor");
  await workbench.tab.getByRole("button", { name: "Abort Changes" }).click();
  await workbench.statusReads("aborted");
  await workbench.shot("monitor-in-editor");
  await workbench.command("View: Revert and Close Editor");
  workbench.saw("the monitor as an editor");

  // The check box outlives the window, and so does what runs.
  await workbench.command("Sigma: Show Deployment Monitor");
  const ticked = monitor.getByRole("checkbox", { name: "Start deployment automatically", checked: true });
  const words = monitor.getByText("Start deployment automatically"); // Which lie over the field.
  await words.click();
  await ticked.waitFor();
  await workbench.until(() => workbench.readSettings()["sigma.autoExecute"] === true, "the setting is saved");
  await workbench.reload("sigma.yaml");
  await workbench.statusReads(/^Sigma$/);
  tell("outlives");
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("2/4");
  expect((await workbench.statusHistory(/changes ready/)).length === 0, "no question before execution");
  workbench.saw("executed without asking, as the check box said before the reload");
  await workbench.reload("sigma.yaml");
  await workbench.statusReads("2/4");
  await workbench.change("resize").filter({ hasText: "in progress" }).waitFor();
  await ticked.waitFor();
  await workbench.shot("taken-up");
  tell("works");
  await workbench.statusReads("deployed");
  await monitor.locator('[data-output="Url"]').waitFor();
  workbench.saw("taken up again after a reload in the midst of it");
});

// Two projects at once: each by its own row, both in the monitor.
const both = join(temporary, "both");
for (const name of ["shop", "stock"]) {
  mkdirSync(join(both, name), { recursive: true });
  writeFileSync(join(both, name, "sigma.yaml"), `name: ${name}\nplatform: aws\nfunctions:\n  resize:\n    runtime: python3.13\n`);
}
tell("holds");
await inEditor("two-projects", { folder: both, settings, env }, async (workbench) => {
  const { page, monitor } = workbench;
  await workbench.openFolder();
  await workbench.showProjects();
  await workbench.row("stock").waitFor();
  for (const name of ["shop", "stock"]) {
    await workbench.pressInRow(name, "cloud-upload");
    await workbench.statusReads(`${name}: 4 changes ready`);
    await workbench.pressInRow(name, "play");
    await workbench.row(name).filter({ hasText: "2/4" }).waitFor();
  }
  const chooser = monitor.getByLabel("Deployment", { exact: true });
  for (const name of ["shop", "stock"]) {
    await chooser.locator("option", { hasText: `${name}: 2/4` }).waitFor({ state: "attached" });
  }
  await chooser.selectOption({ label: "shop: 2/4" });
  await monitor.getByRole("heading", { name: "shop" }).waitFor();
  await workbench.shot("both-running");
  tell("works");
  for (const name of ["shop", "stock"]) {
    await workbench.row(name).filter({ hasText: "deployed" }).waitFor();
  }
  await workbench.rows.filter({ hasText: "Lambda Function, deployed" }).nth(1).waitFor(); // Each with its own function.
  workbench.saw("two projects deployed at once");
});

// A folder that nobody trusts: checked, and nothing else; all of it once it is trusted.
const asking = { ...settings, "security.workspace.trust.startupPrompt": "never", "security.workspace.trust.banner": "never" };
await inEditor("untrusted", { folder: example, settings: asking, env: { ...env, SIGMA_EDITOR_UNTRUSTED: "--log=info" } }, async (workbench) => {
  const { page, editor } = workbench;
  await workbench.open("sigma.yaml");
  await workbench.statusReads(/^Sigma$/);
  await workbench.showProjects();
  await page.locator(".sidebar", { hasText: "The workspace is not trusted" }).waitFor();
  await editor.locator(".view-line", { hasText: "Makes thumbnails" }).click();
  await page.keyboard.press("End");
  await page.keyboard.type(" fault");
  await editor.locator(".squiggly-error").first().waitFor();
  const deploy = editor.locator(".codelens-decoration a", { hasText: "Deploy" });
  await editor.locator(".codelens-decoration a", { hasText: "to the cloud" }).waitFor();
  expect((await deploy.count()) === 0, "no Deploy above the manifest");
  const offered = await workbench.palette("Sigma: Deploy", "Sigma: Show Deployment Monitor");
  expect(!offered.includes("Sigma: Deploy Project"), `no Deploy Project among ${offered.join(", ")}`);
  expect((await workbench.statusHistory(/deployed/)).length === 0, "nothing of what the server knows of other folders");
  await workbench.shot("untrusted");
  await editor.locator(".codelens-decoration a", { hasText: "Manage Workspace Trust" }).click();
  await page.locator(".workspace-trust-editor .monaco-button", { hasText: "Trust" }).first().click();
  await workbench.command("View: Revert and Close Editor");
  await deploy.waitFor();
  workbench.saw("a folder that is not trusted checked only, and deployed from once it is");
});
console.log("life: all as expected");
