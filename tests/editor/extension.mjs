// The extension against a server that only tells stories: what people see in each of them.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, inEditor, ROOT } from "./workbench.mjs";

const temporary = mkdtempSync(join(tmpdir(), "sigma-story-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));
const env = { SIGMA_FAKE_STORY: join(temporary, "story") };
const tell = (story) => writeFileSync(env.SIGMA_FAKE_STORY, story);
tell("holds");

const settings = { "sigma.serverPath": fileURLToPath(new URL("fake_server.mjs", import.meta.url)) };

const edit = (folder) => appendFileSync(join(folder, "sigma.yaml"), "\nstages:\n  dev: {}\n  prod: {}\n");

await inEditor("extension", { folder: join(ROOT, "examples/thumbnailer"), edit, settings, env }, async (workbench) => {
  const { page, editor, quickInput, dialog, monitor } = workbench;
  await workbench.open("sigma.yaml");
  await workbench.statusReads(/^Sigma$/);

  // A fault shows where it is typed, and goes when it is corrected.
  await editor.locator(".view-line", { hasText: "Makes thumbnails" }).click();
  await page.keyboard.press("End");
  await page.keyboard.type(" fault");
  await editor.locator(".squiggly-error").first().waitFor();
  for (let letter = 0; letter < " fault".length; letter += 1) {
    await page.keyboard.press("Backspace");
  }
  await editor.locator(".squiggly-error").first().waitFor({ state: "detached" });
  workbench.saw("a fault underlined, and gone once corrected");
  const offered = await workbench.palette("Sigma: ", "Sigma: Deploy Project");
  expect(!offered.includes("Sigma: Execute Changes"), "no Execute Changes while nothing is staged");
  await workbench.shot("idle");

  // Stage and target are selected above the manifest, and remembered with the project.
  const lens = (text) => editor.locator(".codelens-decoration a", { hasText: text });
  const ofProject = () => JSON.parse(readFileSync(join(workbench.folder, ".vscode/settings.json"), "utf8"));
  await lens("stage dev").click();
  await quickInput.locator(".monaco-list-row", { hasText: "prod" }).click();
  await lens("stage prod").waitFor();
  await lens("to the cloud").click();
  await quickInput.locator(".monaco-list-row", { hasText: "Sandbox" }).click();
  await lens("to the sandbox").waitFor();
  expect(ofProject()["sigma.stage"] === "prod" && ofProject()["sigma.sandbox"] === true, "both to be the project's settings");
  await workbench.command("Sigma: Select Target...");
  await quickInput.locator(".monaco-list-row", { hasText: "The account" }).click();
  await lens("to the cloud").waitFor();
  writeFileSync(join(workbench.folder, ".vscode/settings.json"), "{}");
  await lens("stage dev").waitFor();
  workbench.saw("stage and target selected");

  // The whole way by keyboard: deploy, review, execute.
  await workbench.command("Sigma: Deploy Project");
  await monitor.getByText("4 to add").waitFor();
  await workbench.statusReads("4 changes ready");
  await workbench.change("resize").filter({ hasText: "Lambda Function" }).waitFor();
  expect((await workbench.toasts.count()) === 0, "no message while the monitor shows the same");
  await workbench.shot("staged");
  await workbench.command("Sigma: Execute Changes");
  await workbench.statusReads("2/4");
  await workbench.shot("running");
  await workbench.command("View: Hide Panel");
  const background = workbench.toast("The deployment is still running in the background.");
  await background.waitFor();
  await workbench.dismiss(background);
  tell("works");
  const deployed = workbench.toast("thumbnailer (dev) is deployed, 4 changes.");
  await deployed.waitFor();
  expect((await deployed.innerText()).includes("Url: http://127.0.0.1:9/images"), "the output in the message");
  await deployed.locator(".monaco-button", { hasText: "Open Url" }).waitFor();
  await workbench.statusReads("deployed");
  expect((await workbench.toasts.count()) === 1, "one message, not two");
  await workbench.shot("deployed");
  await workbench.press(deployed, "Show Outputs");
  await monitor.locator('[data-output="Url"]').waitFor();
  workbench.saw("deployed in the background, with outputs in the message and in the monitor");

  // The Sigma view shows what there is; an output is copied from its row, a function leads to its line.
  await page.locator('.activitybar a[aria-label^="Sigma"]').click();
  await workbench.row("dev").filter({ hasText: "deployed" }).waitFor();
  await workbench.row("resize").filter({ hasText: "Lambda Function, deployed" }).waitFor();
  await workbench.row("prod").filter({ hasText: "not deployed" }).waitFor();
  await workbench.shot("sigma-view");
  await workbench.row("resize").click();
  await page.locator('[id="status.editor.selection"]', { hasText: "Ln 23" }).waitFor();
  await workbench.pressInRow("thumbnailer-dev-thumbnails", "copy");
  await page.waitForFunction(async () => (await navigator.clipboard.readText()) === "thumbnailer-dev-thumbnails");
  workbench.saw("an output copied");

  // What ended is there again after a reload, and is no news.
  await workbench.reload("sigma.yaml");
  await workbench.statusReads(/^Sigma$/);
  expect((await workbench.toasts.count()) === 0, "no old news after a reload");

  // A failure: the root cause first, and the way to its line.
  tell("rolls-back");
  await editor.locator(".view-line").first().click();
  await page.keyboard.press("Control+Home"); // Where the window was scrolled to is remembered, or is not.
  await page.locator('.editor-actions a[aria-label^="Deploy Project"]').first().click();
  await workbench.statusReads("4 changes ready");
  await workbench.pressInRow("dev", "play");
  await workbench.statusReads("rolling back");
  tell("works");
  const failed = workbench.toast("resize: The code of resize is not a zip archive.");
  await failed.waitFor();
  await workbench.statusReads("failed and rolled back");
  await lens("failed and rolled back").waitFor();
  await workbench.besideALine("failed: The code of resize is not a zip archive.");
  await workbench.shot("failed-and-rolled-back");
  await workbench.press(failed, "Show in Manifest");
  await page.locator('[id="status.editor.selection"]', { hasText: "Ln 3" }).waitFor();
  workbench.saw("a failure with its root cause, and its line");
  await workbench.command("Sigma: Show Deployment Log");
  await page.locator(".panel .view-line", { hasText: "CREATE_FAILED" }).waitFor();

  // Values are asked for in the monitor, and typed unseen; whoever closed it is asked by the command.
  tell("asks");
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("needs an answer");
  const field = monitor.locator('input[type="password"]');
  await field.waitFor();
  expect(!(await quickInput.isVisible()), "one place to answer, not two");
  await workbench.shot("asked");
  await field.fill("s3cret");
  await field.press("Enter");
  await workbench.statusReads("4 changes ready");
  await workbench.command("Sigma: Abort Changes");
  await workbench.statusReads("aborted");
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("needs an answer");
  await workbench.command("View: Hide Panel");
  await workbench.command("Sigma: Answer Question...");
  const input = quickInput.locator('input.input[type="password"]');
  await input.pressSequentially("s3cret");
  await input.press("Enter");
  await workbench.statusReads("4 changes ready");
  await workbench.command("Sigma: Abort Changes");
  await workbench.statusReads("aborted");
  workbench.saw("a value asked, in the monitor and by the command; changes aborted");

  // What may lose something is asked in the monitor, or in the way by the command.
  tell("unrecoverable");
  await workbench.command("Sigma: Deploy Project");
  await monitor.getByRole("region", { name: "Question" }).filter({ hasText: "ROLLBACK_COMPLETE" }).waitFor();
  await workbench.shot("consent");
  await workbench.button("Delete and Create Again").click();
  await workbench.statusReads("4 changes ready");
  await workbench.button("Abort Changes").click();
  await workbench.statusReads("aborted");
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("needs an answer");
  await workbench.command("Sigma: Answer Question...");
  await dialog.filter({ hasText: "ROLLBACK_COMPLETE" }).waitFor();
  await dialog.locator(".monaco-button", { hasText: "Leave It" }).click();
  await workbench.statusReads("aborted");

  // The check box is the setting, and the setting is obeyed.
  tell("works");
  const box = { name: "Start deployment automatically" };
  const automatically = monitor.getByRole("checkbox", box);
  const words = monitor.getByText("Start deployment automatically"); // Which lie over the field.
  const saved = async (value) => {
    await workbench.until(() => (workbench.readSettings()["sigma.autoExecute"] ?? false) === value, `the setting is saved as ${value}`);
    await monitor.getByRole("checkbox", { ...box, checked: value }).waitFor(); // What it shows is what a click changes.
  };
  await automatically.evaluate((field) => field.click()); // As a screen reader presses it.
  await saved(true);
  await words.click();
  await saved(false);
  await words.click();
  await saved(true);
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("deployed");
  await monitor.locator('[data-output="Url"]').waitFor();
  await saved(true); // It stays ticked.
  workbench.saw("deployed without asking, as the check box says");

  // A server that dies is started again; what it knew, this one does not know any more.
  tell("crashes");
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("1/4");
  tell("works");
  await workbench.statusReads(/^Sigma$/);
  workbench.settings({ "sigma.serverPath": "/nowhere/sigma-ls" }, "Machine");
  const lost = workbench.toast("/nowhere/sigma-ls");
  await lost.waitFor();
  await workbench.statusReads("server stopped");
  expect((await workbench.toasts.count()) === 1, "one message about it");
  await workbench.button("Restart Server").waitFor();
  await workbench.button("What Can Be Done").waitFor();
  await workbench.shot("server-missing");
  workbench.settings(settings, "Machine");
  await workbench.statusReads(/^Sigma$/);
  workbench.saw("a server that died started again, one that is missing explained");
});
console.log("extension: all as expected");
