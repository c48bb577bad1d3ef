// As many changes as a stack can have, on the real server and the sandbox, by keyboard alone: deployed, scrolled through while
// they are made, put out of sight and brought back, and copied from.
//
// What is made comes in waves, each of which waits for the signal of a wait condition: so it is in the midst for as long as
// this script needs, and not a moment longer.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { BIN, ownSandbox } from "./sandbox.mjs";
import { expect, inEditor } from "./workbench.mjs";

const LONG = 120_000; // The sandbox starts, a deployment runs.
const WAVES = 5;
const OF_A_WAVE = 80;
const AT_ONCE = 80;
const A_ROW = 22; // Pixels.

const env = { ...ownSandbox(), SIGMA_SANDBOX_PACE: "instant" };
const temporary = mkdtempSync(join(tmpdir(), "sigma-large-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));

const each = (count, line) => Array.from({ length: count }, (_, number) => line(number));
const kinds = ["AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::Logs::LogGroup"];
const resources = [
  ...each(WAVES, (wave) => `  address${wave}: {type: AWS::CloudFormation::WaitConditionHandle}`),
  ...each(WAVES, (wave) => `  approved${wave}: {type: AWS::CloudFormation::WaitCondition, properties: {Handle: "\${address${wave}.ref}", Timeout: "3600"}}`),
  ...each(AT_ONCE, (number) => `  first${number}: {type: ${kinds[number % kinds.length]}}`),
  ...each(WAVES, (wave) =>
    each(OF_A_WAVE, (number) => `  wave${wave}no${number}: {type: AWS::SSM::Parameter, properties: {Type: String, Value: "\${approved${wave}.ref}"}}`),
  ).flat(),
];
const manifest = `name: large
platform: aws
aws: {region: eu-west-1}
resources:
${resources.join("\n")}
outputs:
  First: {value: "\${first0.ref}"}
  Last: {value: "\${wave0no0.ref}"}
`;
mkdirSync(join(temporary, "large"));
writeFileSync(join(temporary, "large/sigma.yaml"), manifest);

const settings = {
  "sigma.serverPath": join(BIN, "sigma-ls"),
  "sigma.sandbox": true,
  "sigma.pollInterval": 0.3,
  "sigma.cfnLint": false,
  "workbench.colorTheme": "Default Dark Modern",
};

await inEditor("large", { folder: join(temporary, "large"), settings, env }, async (workbench) => {
  const { page, monitor } = workbench;
  const all = resources.length;
  const background = workbench.toast("still running in the background");
  const focused = () => monitor.locator(":focus").last(); // What is within an element comes after it.
  const row = (change) => monitor.locator(`[data-key="change ${change}"]`);
  const active = async () => {
    const id = await monitor.getByRole("tree").getAttribute("aria-activedescendant");
    return id === null ? "none" : monitor.locator(`[id="${id}"]`).getAttribute("data-key");
  };
  const keyboardIsInMonitor = () => page.waitForFunction(() => document.activeElement?.tagName === "IFRAME");

  /** Presses Tab until the keyboard is on something. */
  async function tabTo(name) {
    const passed = [];
    while (passed.at(-1) !== name) {
      expect(passed.length < 25, `${name} to be reached by Tab, after ${passed.join(", ")}`);
      await page.keyboard.press("Tab");
      passed.push((await focused().evaluate((element) => element.ariaLabel ?? element.textContent)).trim());
    }
  }

  async function signal(url) {
    const answer = await fetch(url, { method: "PUT", body: Buffer.from(JSON.stringify({ Status: "SUCCESS", UniqueId: "one", Data: "", Reason: "" })) });
    expect(answer.ok, `${url} to take the signal, not to answer ${answer.status}`);
  }

  await workbench.open("sigma.yaml");
  await workbench.statusReads(/^Sigma$/);
  await page.evaluate(() => {
    window.mouseSeen = [];
    for (const type of ["mousedown", "pointerdown", "mousemove", "wheel", "touchstart"]) {
      window.addEventListener(type, ({ target }) => window.mouseSeen.push(`${type} on ${target}`), { capture: true, passive: true });
    }
  });

  // Deployed from the palette, reviewed, executed.
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads(`${all} changes ready`, LONG);
  await monitor.getByText(`${all} to add`).first().waitFor();
  const drawn = await monitor.locator('[role="treeitem"]').count();
  expect(drawn > 0 && drawn < 100, `few rows to be drawn, not ${drawn}`);
  await page.keyboard.press("Control+Alt+m"); // Show Deployment Monitor
  await keyboardIsInMonitor();
  await workbench.shot("staged");
  await tabTo("Execute");
  await page.keyboard.press("Enter");
  await workbench.statusReads(new RegExp(`: [1-9]\\d*/${all}$`), LONG);
  workbench.saw(`${all} changes ready, ${drawn} rows drawn, executed by a key`);

  // Scrolled through while they are made.
  await tabTo("Changes");
  await page.keyboard.press("Home");
  const gates = [];
  for (let wave = 0; wave < WAVES; wave += 1) {
    const gate = row(`Address${wave}`);
    await gate.and(monitor.locator('[title*="http:"]')).waitFor({ state: "attached" });
    gates.push(/http:\S+/.exec(await gate.getAttribute("title"))[0]);
  }
  await monitor.locator("body").evaluate((body) => {
    const { defaultView: view } = body.ownerDocument;
    view.drawn = [];
    let last = performance.now();
    const frame = (now) => {
      view.drawn.push(now - last);
      last = now;
      view.requestAnimationFrame(frame);
    };
    view.requestAnimationFrame(frame);
  });
  for (const [wave, gate] of gates.slice(1).entries()) {
    await signal(gate);
    for (const key of ["PageDown", "PageDown", "PageDown", "PageDown", "End", "PageUp", "PageUp", "ArrowUp", "Home"]) {
      await page.keyboard.press(key);
    }
    await page.keyboard.press("End");
    const done = AT_ONCE + WAVES + (wave + 1) * (OF_A_WAVE + 1);
    await workbench.statusReads(`${done}/${all}`, LONG);
  }
  const frames = await monitor.locator("body").evaluate((body) => body.ownerDocument.defaultView.drawn.sort((a, b) => a - b));
  const [half, most, worst] = [frames[Math.floor(frames.length / 2)], frames[Math.floor(frames.length * 0.9)], frames.at(-1)].map(Math.round);
  expect(half < 100, `most frames to be short, not ${half} ms`); // About 17; the longest is the machine's affair.
  const last = await active();
  expect(last === `change Wave${WAVES - 1}no${OF_A_WAVE - 1}`, `the last change by name to be the active one, not ${last}`);
  await monitor.locator(".details", { hasText: "left" }).waitFor(); // How long it will take.
  await workbench.shot("scrolled");
  workbench.saw(`scrolled while it runs: of ${frames.length} frames half within ${half} ms, nine tenths within ${most} ms, the longest ${worst} ms`);

  // Put out of sight: said once that it goes on. Deploy Project brings it back as it was, and so does the status bar.
  const scrolled = () => monitor.locator("html").evaluate(({ ownerDocument: { defaultView } }) => defaultView.scrollY);
  const before = await scrolled();
  expect(before > 0, "the page to be scrolled");
  await page.keyboard.press("Control+j"); // Toggle Panel
  await background.waitFor();
  await workbench.shot("dismissed");
  await workbench.command("Notifications: Clear All Notifications");
  await background.waitFor({ state: "detached" });
  await workbench.command("Sigma: Deploy Project");
  await workbench.toast("is being deployed already").waitFor();
  const isBack = async () => {
    await monitor.getByText("The changes are being made").or(workbench.button("Stop")).first().waitFor();
    await monitor.locator(`[data-key="${last}"]`).waitFor();
    await workbench.until(async () => (await active()) === last, `${last} is the active one again`);
    // What is above it may be a little higher, and is once its buttons are drawn.
    await workbench.until(async () => Math.abs((await scrolled()) - before) < A_ROW, `it is scrolled to ${before} again`);
  };
  await isBack();
  await workbench.shot("brought-back");
  await workbench.command("Notifications: Clear All Notifications");
  await workbench.command("View: Hide Panel");
  await page.locator(".part.panel").waitFor({ state: "hidden" });
  const inStatusBar = () => page.evaluate(() => document.activeElement?.closest(".statusbar-item, .part.statusbar")?.id || document.activeElement?.closest(".part")?.id);
  /** The keyboard moves some time after the key; where it does not, the next key may move it. */
  const pressUntil = async (key, most, there) => {
    for (let time = 0; time < most && (await inStatusBar()) !== there; time += 1) {
      await page.evaluate(() => (window.keyboardWasOn = document.activeElement));
      await page.keyboard.press(key);
      await page.waitForFunction(() => document.activeElement !== window.keyboardWasOn, undefined, { timeout: 2000 }).catch(() => undefined);
    }
  };
  await pressUntil("F6", 12, "workbench.parts.statusbar"); // Focus Next Part
  await pressUntil("ArrowRight", 30, "sigma-ls.sigma-ls.sigma.status");
  await page.keyboard.press("Enter");
  await keyboardIsInMonitor();
  await isBack();
  expect((await background.count()) === 0, "not to be told a second time that it goes on");
  workbench.saw("put out of sight, and brought back as it was by Deploy Project and by the status bar");

  // Seen to its end, and copied from.
  await signal(gates[0]);
  await workbench.statusReads("deployed", LONG);
  await monitor.locator('[data-output="Last"]').waitFor();
  await tabTo("Copy Last");
  await page.keyboard.press("Enter");
  const value = await monitor.locator('[data-output="Last"] .value').innerText();
  await page.waitForFunction(async (wanted) => (await navigator.clipboard.readText()) === wanted, value);
  await workbench.shot("copied");
  const mouse = await page.evaluate(() => window.mouseSeen);
  expect(mouse.length === 0, `no mouse, not ${mouse.join(", ")}`);
  workbench.saw(`deployed, and the output ${value} copied, all by keyboard`);
});
console.log("large: all as expected");
