// Faults that only cfn-lint knows: seen at the manifest's lines, and followed into the generated template.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, inEditor, ROOT } from "./workbench.mjs";

const LONG = 120_000; // cfn-lint takes seconds to load, and more where much else runs.

// In a resource of CloudFormation's own types, and in what is generated for a trigger.
const RAW = '  cache: {type: "AWS::ElastiCache::CacheCluster", properties: {Engine: redis, CacheNodeType: cache.t4g.micro, NumCacheNodes: one}}';
const PATTERN = "x".repeat(1_100);
const COMPANION = `      - {logs: shop, filter: ${PATTERN}}`;

function addFaults(folder) {
  const manifest = join(folder, "sigma.yaml");
  const text = readFileSync(manifest, "utf8");
  writeFileSync(manifest, text.replace("resources:\n", `resources:\n${RAW}\n`).replace("      - http: GET /images\n", `$&${COMPANION}\n`));
}

const settings = { "sigma.serverPath": join(ROOT, ".venv/bin/sigma-ls"), "workbench.colorTheme": "Default Dark Modern" };

await inEditor("linting", { folder: join(ROOT, "examples/thumbnailer"), edit: addFaults, settings }, async (workbench) => {
  const { page, editor } = workbench;
  await workbench.open("sigma.yaml");
  const lines = readFileSync(join(workbench.folder, "sigma.yaml"), "utf8").split("\n");

  // Both are listed at the lines that they come from.
  await editor.locator(".view-line").first().click();
  await page.keyboard.press("Control+Shift+M");
  for (const [line, fault, said] of [
    [RAW, "one", "'one' is not of type 'integer' (cfn-lint E3012)"],
    [COMPANION, PATTERN, "is longer than 1024 (cfn-lint E3033)"],
  ]) {
    const place = `[Ln ${lines.indexOf(line) + 1}, Col ${line.indexOf(fault) + 1}]`;
    const row = page.locator(".markers-panel-container .monaco-list-row", { hasText: said }).filter({ hasText: place }).first();
    await row.waitFor({ timeout: LONG });
    const text = (await row.innerText()).replaceAll(/\s+/g, " ");
    expect(text.includes("SIG703"), `the code in: ${text}`);
    workbench.saw(`a finding: ${text}`);
  }
  await workbench.shot("findings");

  // The first one in its place; the related place opens the generated template at the same node.
  await editor.locator(".view-line").first().click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("F8");
  const said = page.locator(".peekview-widget, .zone-widget").filter({ hasText: "cfn-lint" }).first();
  await said.waitFor();
  await workbench.shot("finding");
  await said.locator("a", { hasText: "template.yaml" }).last().click();
  await page.locator(".tab.active", { hasText: "template.yaml" }).waitFor();
  const opened = page.locator(".view-line", { hasText: `FilterPattern: ${PATTERN.slice(0, 20)}` }).first();
  await opened.waitFor();
  workbench.saw(`the template: ${(await opened.innerText()).trim()}`);
  await workbench.shot("template");
});
console.log("linting: all as expected");
