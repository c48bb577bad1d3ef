// The Deployment Monitor against a server that only tells stories: by keyboard alone, by mouse, in each kind of theme.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, inEditor, ROOT, THEMES } from "./workbench.mjs";

const temporary = mkdtempSync(join(tmpdir(), "sigma-story-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));
const env = { SIGMA_FAKE_STORY: join(temporary, "story") };
const tell = (story) => writeFileSync(env.SIGMA_FAKE_STORY, story);

const settings = {
  "sigma.serverPath": fileURLToPath(new URL("fake_server.mjs", import.meta.url)),
  "workbench.colorTheme": "Dark Modern",
};

tell("updates");
await inEditor("monitor", { folder: join(ROOT, "examples/thumbnailer"), settings, env }, async (workbench) => {
  const { page, monitor } = workbench;
  const focused = () => monitor.locator(":focus").last(); // What is within an element comes after it.
  const active = async () => {
    const id = await monitor.getByRole("tree").getAttribute("aria-activedescendant");
    return monitor.locator(`[id="${id}"]`).evaluate((row) => row.ariaLabel ?? row.textContent);
  };
  const accessible = (where) => workbench.accessible(monitor, where);
  const refused = [];
  page.on("console", (message) => {
    if (message.text().includes("violates the following Content Security Policy")) {
      refused.push(message.text());
    }
  });
  await workbench.open("sigma.yaml");
  await workbench.statusReads(/^Sigma$/);

  // By keyboard alone: deployed, reviewed, looked into, gone to the manifest, come back, executed.
  await workbench.command("Sigma: Deploy Project");
  await workbench.change("resize").waitFor();
  await workbench.statusReads("4 changes ready");
  expect((await workbench.toasts.count()) === 0, "no message while the monitor shows the same");
  expect(await page.locator(".editor-instance .monaco-editor.focused").count() === 1, "the keyboard to stay in the editor");
  await accessible("while changes are reviewed");
  await workbench.shot("staged-dark");
  await workbench.command("Sigma: Show Deployment Monitor");
  await page.waitForFunction(() => document.activeElement?.tagName === "IFRAME");
  const tabs = [];
  for (let tab = 0; tab < 12 && !tabs.includes("Changes"); tab += 1) {
    await page.keyboard.press("Tab");
    tabs.push((await focused().evaluate((element) => element.ariaLabel ?? element.textContent)).trim());
  }
  const order = ["Execute", "Abort Changes", "Stop", "Save Template\u2026", "Logs\u2026", "Open in Console", "Changes"];
  expect(tabs.slice(1).join() === order.join(), `the check box, the buttons, then the list, not ${tabs.join(", ")}`);
  workbench.saw(`by Tab: ${tabs.join(", ")}`);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  expect((await active()).startsWith("resize, Lambda Function, modify, may be replaced, interruption"), `resize, not ${await active()}`);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  expect((await active()) === "MemorySize, before: 128, after: 256", `its first cause, not ${await active()}`);
  await workbench.shot("opened-dark");
  await accessible("with a change opened");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await page.locator('[id="status.editor.selection"]', { hasText: "Ln 3" }).waitFor();
  workbench.saw("a change opened, and its line in the manifest");
  await workbench.command("Sigma: Show Deployment Monitor");
  await page.waitForFunction(() => document.activeElement?.tagName === "IFRAME");
  await monitor.locator('[data-action="execute"]').press("Enter");
  await workbench.statusReads("2/4");
  await monitor.locator('[data-action="stop"][aria-disabled="false"]').waitFor();
  await monitor.locator('[role="progressbar"][aria-valuenow="50"]').waitFor();
  expect((await workbench.button("Execute").getAttribute("title")) === "The changes are being made.", "why Execute is off");
  await monitor.locator(".details", { hasText: "left" }).waitFor(); // How long it will take.
  await workbench.shot("running-dark");
  const scrolled = () => monitor.locator("html").evaluate(({ ownerDocument: { defaultView } }) => defaultView.scrollY);
  await monitor.locator("html").evaluate(({ ownerDocument: { defaultView } }) => defaultView.scrollTo(0, 9999));
  expect((await scrolled()) > 0, "the page to be scrolled");
  tell("works");
  await workbench.statusReads("deployed");
  await monitor.locator('[data-output="Url"]').waitFor();
  expect((await scrolled()) === 0, "the end to be seen by whoever has scrolled down");
  expect((await monitor.getByRole("status").innerText()).includes("deployed"), "the end said to screen readers");
  expect((await workbench.toasts.count()) === 0, "no message about what the monitor shows");
  await accessible("at the end");
  await workbench.shot("deployed-dark");
  workbench.saw("deployed by keyboard alone");

  // Outputs are copied; a hidden one can not be.
  await monitor.getByRole("button", { name: "Copy Bucket" }).click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()) === "thumbnailer-dev-thumbnails");
  expect((await monitor.locator('[data-output="Key"]').getByRole("button").count()) === 0, "no button on a hidden output");
  const key = (event) => workbench.button("Stop").evaluate((button, each) => button.dispatchEvent(new KeyboardEvent("keydown", { cancelable: true, ...each })), event);
  expect(!(await key({ key: " " })) && (await key({ key: "Tab" })), "Space to press a button, and not to scroll the page as well");

  // The commit question is answered with a message, then by mouse; the template is shown and saved.
  tell("commits");
  await workbench.button("Deploy Project").click();
  await monitor.getByRole("region", { name: "Question" }).waitFor();
  await accessible("with a question");
  await workbench.shot("question-dark");
  const message = monitor.getByLabel("Commit message");
  expect((await message.inputValue()) === "Deploy thumbnailer (dev)", "a message is suggested");
  await message.fill("Resize larger images");
  await monitor.getByRole("button", { name: "Commit", exact: true }).click();
  await monitor.getByRole("region", { name: "Question" }).getByText("A commit hook refused it: unused import.").waitFor();
  await workbench.button("Deploy Without Committing").click();
  await workbench.statusReads("4 changes ready");
  await workbench.command("Sigma: Show Template");
  await page.locator(".tab", { hasText: "thumbnailer.template.yaml" }).waitFor();
  await page.locator(".view-line", { hasText: "Resources: {}" }).waitFor();
  await workbench.command("View: Revert and Close Editor");
  await workbench.button("Save Template\u2026").click();
  await workbench.saveAs("Save Template", "thumbnailer.template.yaml");
  await workbench.until(() => readFileSync(join(workbench.folder, "thumbnailer.template.yaml"), "utf8") === "Resources: {}\n", "the template is saved");
  await workbench.dismiss(workbench.toast("The template was saved"));
  workbench.saw("a question answered, and the template shown and saved");

  // Closed and brought back; what runs goes on in the background, which is said once.
  await workbench.button("Abort Changes").click();
  await workbench.statusReads("aborted");
  tell("holds");
  await workbench.button("Deploy Project").click();
  await workbench.statusReads("4 changes ready");
  await workbench.button("Execute").click();
  await workbench.statusReads("2/4");
  await workbench.command("View: Hide Panel");
  const background = workbench.toast("still running in the background");
  await background.waitFor();
  tell("fails");
  await workbench.toast("thumbnailer is deployed").waitFor();
  await workbench.command("Notifications: Clear All Notifications");
  await workbench.command("Sigma: Show Deployment Monitor");
  await monitor.locator('[data-output="Url"]').waitFor();
  workbench.saw("closed, and brought back with all that happened");

  // Each kind of theme, and a window at 200 %.
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("4 changes ready");
  await workbench.button("Execute").click();
  await workbench.statusReads("failed and rolled back");
  await monitor.locator(".failure.root").waitFor();
  await workbench.command("Notifications: Clear All Notifications");
  for (const [theme, name] of THEMES) {
    await workbench.theme(theme, name, monitor);
    await accessible(`in ${name}`);
    await workbench.shot(`failed-${name}`);
  }
  await page.setViewportSize({ width: 640, height: 400 });
  await workbench.settled();
  const wide = await monitor.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
  expect(wide <= 0, `nothing to be cut off at 200 %, not ${wide} pixels`);
  await workbench.shot("failed-200-percent");
  await page.setViewportSize({ width: 1280, height: 800 });

  // 500 changes: few are drawn, the last one is reached by a key, and it ends.
  tell("many");
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("500 changes ready");
  await workbench.change("queue-0").waitFor();
  const drawn = await monitor.locator('[role="treeitem"]').count();
  expect(drawn < 100, `few rows to be drawn, not ${drawn}`);
  await monitor.getByRole("tree").focus();
  await page.keyboard.press("End");
  await workbench.change("queue-499").waitFor();
  expect((await active()).startsWith("queue-499"), "the last change to be the active one");
  await page.keyboard.press("Home");
  await workbench.change("queue-0").waitFor();
  await accessible("with 500 changes");
  const measured = monitor.locator("body").evaluate(
    (body) =>
      new Promise((resolve) => {
        let last = performance.now();
        const frames = [];
        const frame = (now) => {
          frames.push(now - last);
          last = now;
          if (body.querySelector('[data-output="Url"]') === null) {
            requestAnimationFrame(frame);
          } else {
            resolve(frames.sort((a, b) => a - b));
          }
        };
        requestAnimationFrame(frame);
      }),
  );
  await workbench.button("Execute").click();
  await workbench.shot("many-running");
  await workbench.statusReads("deployed", 60_000);
  const frames = await measured;
  const [half, worst] = [frames[Math.floor(frames.length / 2)], frames.at(-1)].map(Math.round);
  workbench.saw(`500 changes, ${drawn} rows drawn, half of the frames within ${half} ms, the longest ${worst} ms`);
  expect(half < 100, `most frames to be short, not ${half} ms`); // About 17; the longest is the machine's affair.

  // Reloaded: the view is there again.
  await workbench.reload("sigma.yaml");
  await monitor.getByText("Nothing is deployed yet.").waitFor();
  workbench.saw("there again after a reload");
  expect(refused.length === 0, `nothing that the page's policy refuses, not ${refused.join("\n")}`);
});
console.log("monitor: all as expected");
