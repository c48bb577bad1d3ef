// A project from nothing: created, deployed, looked at from all sides. Against a server that only tells stories.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, inEditor, THEMES } from "./workbench.mjs";

const temporary = mkdtempSync(join(tmpdir(), "sigma-story-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));
const env = { SIGMA_FAKE_STORY: join(temporary, "story"), AWS_REGION: "eu-west-1" };
const tell = (story) => writeFileSync(env.SIGMA_FAKE_STORY, story);
tell("works");
const folder = join(temporary, "empty");
mkdirSync(folder);

const settings = {
  "sigma.serverPath": fileURLToPath(new URL("fake_server.mjs", import.meta.url)),
  "workbench.colorTheme": "Default Dark Modern",
};

await inEditor("project", { folder, settings, env }, async (workbench) => {
  const { page, quickInput, tab } = workbench;

  // An empty folder: nothing runs, and the view offers to begin.
  await workbench.openFolder();
  await workbench.showProjects();
  const create = page.locator(".sidebar .welcome-view .monaco-button", { hasText: "Create Project" });
  await create.waitFor();
  await workbench.shot("welcome");
  expect((await workbench.statusHistory(/Sigma/)).length === 0, "no server in a folder without a project");

  // Created with two answers.
  await create.click();
  const input = quickInput.locator("input.input");
  await quickInput.filter({ hasText: "Create Project (1/2)" }).waitFor();
  expect((await input.inputValue()) === "thumbnailer", "the folder's name to be offered");
  await input.fill("my shop");
  await quickInput.filter({ hasText: "A name begins with a letter" }).waitFor();
  await input.fill("shop");
  await page.keyboard.press("Enter");
  await quickInput.filter({ hasText: "Create Project (2/2)" }).waitFor();
  await quickInput.locator(".monaco-list-row", { hasText: "Python" }).filter({ hasText: "AWS" }).click();
  await page.locator(".tab", { hasText: "sigma.yaml" }).waitFor();
  await workbench.statusReads(/^Sigma$/);
  const manifest = readFileSync(join(workbench.folder, "sigma.yaml"), "utf8");
  expect(manifest.startsWith("name: shop\n") && manifest.includes("region: eu-west-1\n"), `a manifest with name and region, not ${manifest}`);
  expect(readFileSync(join(workbench.folder, "src/hello/app.py"), "utf8").includes("def handler"), "a function");
  await workbench.row("hello").filter({ hasText: "not deployed" }).waitFor();
  await workbench.shot("created");
  workbench.saw("a project created, and in the view");

  // A manifest is a language of its own: references stand out in its texts, and the server's state is beside its name.
  await page.locator('[id="status.editor.mode"]', { hasText: "Sigma Manifest" }).waitFor();
  const reference = workbench.editor.locator(".view-line", { hasText: "${api.url}" }).locator("span span", { hasText: /^api$/ });
  await reference.waitFor();
  expect((await reference.getAttribute("class")) !== (await workbench.editor.locator(".view-line span span", { hasText: "app.handler" }).getAttribute("class")), "a reference to look otherwise than a text");
  await workbench.hoverFor(page.locator('[id="status.languageStatus"]'), page.locator(".hover-language-status", { hasText: "Sigma: manifest checked" }));
  await page.keyboard.press("Escape");
  await workbench.command("Sigma: Get Started");
  await page.locator(".gettingStartedContainer", { hasText: "Deploy to the sandbox" }).waitFor();
  await page.locator(".gettingStartedContainer").getByRole("checkbox", { name: "Create a project", checked: true }).waitFor(); // Done above.
  await workbench.shot("walkthrough");
  await page.locator(".tab", { hasText: "Welcome" }).click({ button: "middle" }); // By mouse: it takes the keyboard some time after it is there.
  await workbench.editor.locator(".view-line").first().waitFor();
  workbench.saw("references coloured, the server's state beside the language, and the walkthrough");

  // Deployed by a key.
  await workbench.editor.locator(".view-line").first().click();
  await page.keyboard.press("Control+Alt+d");
  await workbench.statusReads("4 changes ready");
  await workbench.command("Sigma: Execute Changes");
  await workbench.statusReads("deployed");
  await workbench.row("shop").filter({ hasText: "deployed" }).waitFor();

  // All about it, on one page.
  await workbench.command("Sigma: Project Info");
  await tab.getByRole("heading", { name: "shop", exact: true }).waitFor();
  await tab.getByRole("region", { name: "Last deployment" }).filter({ hasText: "thumbnailer-dev" }).waitFor();
  await tab.getByRole("button", { name: "Build Functions" }).click();
  await tab.getByRole("region", { name: "Build" }).filter({ hasText: "4.6 MB" }).waitFor();
  await tab.getByRole("button", { name: "Copy Bucket" }).click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()) === "thumbnailer-dev-thumbnails");
  await workbench.command("View: Hide Panel");
  for (const [theme, name] of THEMES) {
    await workbench.theme(theme, name, tab);
    await workbench.accessible(tab, `on Project Info in ${name}`);
    await workbench.shot(`info-${name}`);
  }
  await page.setViewportSize({ width: 640, height: 400 });
  await workbench.settled();
  const wide = await tab.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
  expect(wide <= 0, `nothing of Project Info to be cut off at 200 %, not ${wide} pixels`);
  await workbench.shot("info-200-percent");
  await page.setViewportSize({ width: 1280, height: 800 });
  tell("fails");
  await tab.getByRole("button", { name: "Deploy Project" }).click();
  await workbench.statusReads("4 changes ready");
  await workbench.command("Sigma: Execute Changes");
  await workbench.statusReads("failed and rolled back");
  const history = tab.getByRole("region", { name: "History" }).getByRole("row");
  await history.nth(1).filter({ hasText: "failed and rolled back" }).waitFor();
  await history.nth(2).filter({ hasText: "deployed" }).waitFor();
  await workbench.command("View: Hide Panel");
  await workbench.shot("info-failed");
  await workbench.command("Notifications: Clear All Notifications");
  workbench.saw("all about a project on one page, kept up to date");

  // It is there again in a window that was loaded again.
  await page.reload();
  workbench.statusFrom = 0;
  await page.locator(".tab", { hasText: "Project Info" }).waitFor();
  await tab.getByRole("heading", { name: "shop", exact: true }).waitFor();
  workbench.saw("the page there again after a reload");

  // The template beside the deployed one.
  tell("works");
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("4 changes ready");
  await workbench.command("Sigma: Execute Changes");
  await workbench.statusReads("deployed");
  await workbench.command("Sigma: Compare Template With Deployed");
  await page.locator(".tab", { hasText: "deployed \u2194 now" }).waitFor();
  await page.locator(".editor.original .view-line", { hasText: "Old" }).waitFor();
  await workbench.shot("compared");
  workbench.saw("the template compared with the deployed one");

  // What a bug report needs.
  await workbench.command("Sigma: Collect Diagnostics");
  const zip = join(workbench.folder, "../collected.zip");
  await workbench.saveAs("Save Diagnostics", ".zip", zip);
  const saved = workbench.toast("Diagnostics were saved to");
  await saved.locator(".monaco-button", { hasText: "Open Folder" }).waitFor(); // The browser's machine may be another one.
  await workbench.press(saved, "Show Report");
  await page.locator(".view-line", { hasText: "Language server: running" }).waitFor();
  expect((await page.locator(".tab.dirty").count()) === 0, "no document that wants to be saved");
  await workbench.shot("diagnostics");
  const names = execFileSync("python3", ["-c", "import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).namelist())", zip], { encoding: "utf8" });
  expect(names.trim().startsWith("report.md server.log events/d"), `report, log and events in the archive, not ${names}`);
  workbench.saw(`diagnostics collected: ${names.trim()}`);

  // The last project gone: the view offers to begin again. A manifest from elsewhere is a project for as long as it is open.
  // Gone while it is deployed, it is seen to its end.
  tell("holds");
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("4 changes ready");
  await workbench.command("Sigma: Execute Changes");
  await workbench.statusReads(/: [1-9]\/4$/);
  rmSync(join(workbench.folder, "sigma.yaml"));
  await workbench.row("no manifest any more").waitFor();
  await workbench.command("Sigma: Show Deployment Monitor");
  await workbench.monitor.locator('vscode-button[data-action="stop"][aria-disabled="false"]').waitFor();
  await workbench.shot("gone-while-deployed");
  tell("works");
  await workbench.statusReads("deployed");
  await create.waitFor();
  const offered = await workbench.palette("Sigma: ", "Sigma: Create Project...");
  expect(!offered.includes("Sigma: Deploy Project"), `nothing to deploy among ${offered.join(", ")}`);
  await workbench.shot("gone");
  mkdirSync(join(workbench.folder, "../elsewhere"));
  writeFileSync(join(workbench.folder, "../elsewhere/sigma.yaml"), "name: elsewhere\nplatform: aws\n");
  await workbench.open("../elsewhere/sigma.yaml");
  await workbench.showProjects();
  await workbench.row("elsewhere").waitFor();
  await workbench.palette("Sigma: Deploy", "Sigma: Deploy Project");
  await workbench.shot("elsewhere");
  workbench.saw("the last project gone, and one from elsewhere");
});
console.log("project: all as expected");
