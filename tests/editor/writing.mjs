// A manifest that is written: completed, explained, put right, followed and renamed, by keyboard and mouse.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, inEditor, ROOT } from "./workbench.mjs";

const settings = {
  "sigma.serverPath": join(ROOT, ".venv/bin/sigma-ls"),
  "workbench.colorTheme": "Default Dark Modern",
  "editor.minimap.enabled": false,
};

await inEditor("writing", { folder: join(ROOT, "examples/thumbnailer"), settings }, async (workbench) => {
  const { page, editor } = workbench;
  const saved = () => readFileSync(join(workbench.folder, "sigma.yaml"), "utf8");
  const suggestions = page.locator(".suggest-widget.visible .monaco-list-row");

  async function goTo(line, column) {
    await page.keyboard.press("Control+g");
    await workbench.quickInput.locator("input.input").fill(`:${line}:${column}`);
    await page.keyboard.press("Enter");
    await workbench.quickInput.waitFor({ state: "hidden" });
    await page.locator('[id="status.editor.selection"]', { hasText: new RegExp(`Ln ${line},`) }).waitFor();
  }

  async function take(label) {
    await suggestions.filter({ hasText: label }).first().waitFor();
    await workbench.shot(`offered-${label}`);
    await page.locator(`.suggest-widget.visible .monaco-list-row.focused[aria-label^="${label}"]`).waitFor(); // The first choice.
    await page.keyboard.press("Enter");
    await suggestions.filter({ hasText: label }).first().waitFor({ state: "detached" });
  }

  async function save(expected) {
    await editor.locator(".view-line", { hasText: expected.trim().split("\n").at(-1) }).first().waitFor(); // Whatever changes it does so later.
    await page.keyboard.press("Control+s");
    await workbench.until(() => saved().includes(expected), `${JSON.stringify(expected)} is saved`);
  }

  await workbench.open("sigma.yaml");
  await workbench.serverIsReady(); // Suggestions that nobody has are asked for once only.
  await editor.locator(".view-line").first().click();

  // A key with a place for its value, at the end of a function; then one with a block below it, and a trigger in that.
  await goTo(52, 18);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("mem");
  await take("memory");
  await page.keyboard.type("512");
  await save("      sizes: read\n    memory: 512\n");
  workbench.saw("a key was completed");

  await goTo(50, 26);
  await page.keyboard.press("Enter");
  await page.keyboard.type("- queu");
  await take("queue");
  await take("failed"); // The only queue; the list of those that are opens by itself.
  await save("      - http: GET /images\n      - queue: failed\n");
  workbench.saw("a trigger and its source were completed");

  // A reference in a text opens by itself.
  await goTo(48, 28);
  await page.keyboard.press("Enter");
  await page.keyboard.type("DEAD: ${fai");
  await take("${failed.name}");
  await save("      DEAD: ${failed.name}\n");
  workbench.saw("a reference was completed");

  // What hovering says.
  await goTo(28, 6);
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Control+i");
  const hover = page.locator(".monaco-hover", { hasText: "128 to 10240 MB" }).first();
  await hover.waitFor();
  await workbench.shot("hover");
  await page.keyboard.press("Escape");
  workbench.saw("a key was explained");

  // A misspelt key is put right.
  await goTo(29, 5);
  await page.keyboard.press("Control+Delete");
  await page.keyboard.type("tiemout");
  await page.keyboard.press("Escape");
  await editor.locator(".squiggly-error").first().waitFor();
  const fix = page.locator(".action-widget .monaco-list-row", { hasText: "Change to 'timeout'" }).first();
  await workbench.until(async () => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+.");
    await fix.waitFor({ timeout: 2000 });
    return true;
  }, "there is a fix"); // What is found halfway through the word has none.
  await workbench.shot("fix");
  await page.keyboard.press("Enter");
  await editor.locator(".squiggly-error").first().waitFor({ state: "detached" });
  await save("    timeout: 30\n");
  workbench.saw("a fix was made");

  // An id is renamed wherever it stands.
  await goTo(30, 18);
  await page.keyboard.press("F2");
  const box = page.locator(".rename-box input").first();
  await box.waitFor();
  await box.fill("lost");
  await page.keyboard.press("Enter");
  await page.locator(".rename-box").first().waitFor({ state: "hidden" });
  await save("    deadLetter: lost\n");
  const text = saved();
  for (const expected of ["- queue: lost\n", "DEAD: ${lost.name}\n", "  lost: {type: queue}\n", 'value: "${lost.url}"']) {
    expect(text.includes(expected), `${expected} in:\n${text}`);
  }
  workbench.saw("an id was renamed");

  // A snippet, by its prefix, at the end.
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Home");
  await page.keyboard.type("sigma-sta");
  await take("sigma-stages");
  await editor.locator(".view-line", { hasText: "stages:" }).first().waitFor();
  await page.keyboard.press("Escape");
  await save("\nstages:\n");
  workbench.saw("a snippet was inserted");

  // From the handler to its code.
  await goTo(26, 18);
  await page.keyboard.press("F12");
  await page.locator(".tab.active", { hasText: "app.py" }).first().waitFor();
  await workbench.shot("definition");
  workbench.saw("the handler was opened");
});
console.log("writing: all as expected");
