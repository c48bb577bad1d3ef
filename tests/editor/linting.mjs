// A fault that only cfn-lint knows: seen at the manifest's line, and followed into the generated template.
import { appendFileSync } from "node:fs";
import { join } from "node:path";

import { expect, inEditor, ROOT } from "./workbench.mjs";

const LONG = 120_000; // cfn-lint takes seconds to load, and more where much else runs.

function addFault(folder) {
  const manifest = join(folder, "sigma.yaml");
  appendFileSync(manifest, `
template:
  Resources:
    Failed:
      Properties: {VisibilityTimeout: one}
`);
}

const settings = { "sigma.serverPath": join(ROOT, ".venv/bin/sigma-ls"), "workbench.colorTheme": "Default Dark Modern" };

await inEditor("linting", { folder: join(ROOT, "examples/thumbnailer"), edit: addFault, settings }, async (workbench) => {
  const { page, editor } = workbench;
  await workbench.open("sigma.yaml");

  // The fault is in what the template block says of a generated resource: it stands there.
  await editor.locator(".view-line").first().click();
  await page.keyboard.press("Control+End");
  await editor.locator(".squiggly-error").first().waitFor({ timeout: LONG });
  await page.keyboard.press("F8");
  const said = page.locator(".peekview-widget, .zone-widget").filter({ hasText: "cfn-lint" }).first();
  await said.waitFor();
  const text = (await said.innerText()).replaceAll(/\s+/g, " ");
  expect(text.includes("SIG703") && text.includes("'one' is not of type 'integer'"), `the finding in: ${text}`);
  workbench.saw(`a finding: ${text}`);
  await workbench.shot("finding");

  // The related place opens the generated template at the same node.
  await said.locator("a", { hasText: "template.yaml" }).last().click();
  const opened = page.locator(".view-line", { hasText: "VisibilityTimeout: one" }).filter({ hasText: "# sigma.yaml:" });
  await opened.first().waitFor();
  workbench.saw(`the template: ${(await opened.first().innerText()).trim()}`);
  await workbench.shot("template");
});
console.log("linting: all as expected");
