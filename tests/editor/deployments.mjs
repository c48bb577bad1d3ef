// Deployments on the real server and the sandbox, in one window: refused where nobody trusts the folder, failed and made
// anew, outlived by the window, executed without asking, stopped, and two at once.
//
// Each waits for a wait condition, so that it is in the midst for as long as this script needs, and not a moment longer.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { BIN, ownSandbox } from "./sandbox.mjs";
import { expect, inEditor } from "./workbench.mjs";

const LONG = 120_000; // The sandbox starts, a function is built, a deployment runs.
const SECRET = "open-sesame-4711";

const env = { ...ownSandbox(), SIGMA_SANDBOX_PACE: "instant", SIGMA_EDITOR_UNTRUSTED: "--log=info" };
const temporary = mkdtempSync(join(tmpdir(), "sigma-projects-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));

/** A wait condition with the address that it is signalled at. */
const waits = (address, condition) => `
  ${address}: {type: AWS::CloudFormation::WaitConditionHandle}
  ${condition}:
    type: AWS::CloudFormation::WaitCondition
    properties: {Handle: "\${${address}.ref}", Timeout: "3600"}`;

const shop = `name: shop
platform: aws
aws: {region: eu-west-1}
functions:
  greet:
    runtime: python3.13
    handler: app.handler
    code: src
    memory: 128
    environment:
      KEY: {ask: Key of the till}
    triggers:
      - url: public
outputs:
  Url: {value: "\${greet.url}"}
resources:
  orders: {type: AWS::SQS::Queue}${waits("approval", "approved")}
`;
const larger = `${shop.replace("memory: 128", "memory: 256").trimEnd()}${waits("review", "reviewed")}
`;
const stock = `name: stock
platform: aws
aws: {region: eu-west-1}
outputs:
  Shelves: {value: "\${shelves.ref}"}
resources:
  shelves: {type: AWS::SQS::Queue}${waits("delivery", "delivered")}
`;
// What the function answers tells that it has the value, and not the value.
const code = `import hashlib
import os


def handler(event, context):
    return {"statusCode": 200, "body": hashlib.sha256(os.environ["KEY"].encode()).hexdigest()}
`;
mkdirSync(join(temporary, "shop/src"), { recursive: true });
mkdirSync(join(temporary, "stock"));
writeFileSync(join(temporary, "shop/sigma.yaml"), shop.replace("memory:", "memroy:"));
writeFileSync(join(temporary, "shop/src/app.py"), code);
writeFileSync(join(temporary, "stock/sigma.yaml"), stock);

const settings = {
  "sigma.serverPath": join(BIN, "sigma-ls"),
  "sigma.sandbox": true,
  "sigma.pollInterval": 0.3,
  "sigma.cfnLint": false,
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
  "workbench.colorTheme": "Default Dark Modern",
};

await inEditor("deployments", { folder: temporary, settings, env }, async (workbench) => {
  const { page, editor, monitor } = workbench;
  const manifest = join(workbench.folder, "shop/sigma.yaml");
  const question = monitor.getByRole("region", { name: "Question" });
  const field = monitor.locator('input[type="password"]');
  const ticked = monitor.getByRole("checkbox", { name: "Start deployment automatically", checked: true });
  const words = monitor.getByText("Start deployment automatically"); // Which lie over the field.
  const row = (change, about) => monitor.locator(`[data-key="change ${change}"][title*="${about}"]`);

  const lens = (text) => editor.locator(".codelens-decoration a", { hasText: text });

  /** Types the value that is asked for, and sends it. */
  async function typeKey(look = async () => {}) {
    await question.getByText("Key of the till", { exact: true }).waitFor({ timeout: LONG });
    await field.pressSequentially(SECRET);
    expect((await field.inputValue()) === SECRET, "what is typed to stay while the monitor is drawn again");
    await look();
    await field.press("Enter");
  }

  /** Signals a wait condition of the deployment that the monitor shows, at the address that it says on hover. */
  async function signal(address, signalled) {
    const [url] = /http:\S+/.exec(await row(address, "http:").getAttribute("title"));
    const body = Buffer.from(JSON.stringify({ UniqueId: "one", Data: "", Reason: "", ...signalled })); // A text would have a type, which AWS refuses.
    const answer = await fetch(url, { method: "PUT", body });
    expect(answer.ok, `${url} to take the signal, not to answer ${answer.status}`);
  }

  // Nobody trusts the folder: it is checked, and each place that offers a deployment leads to trust instead.
  await workbench.open("shop/sigma.yaml");
  await workbench.statusReads(/^Sigma$/);
  await editor.locator(".squiggly-error").first().waitFor();
  await workbench.showProjects();
  await page.locator(".sidebar", { hasText: "The workspace is not trusted" }).waitFor();
  const deploy = lens("Deploy");
  await lens("to the sandbox").waitFor();
  expect((await deploy.count()) === 0, "no Deploy above the manifest");
  const offered = await workbench.palette("Sigma: Deploy", "Sigma: Show Deployment Monitor");
  expect(!offered.includes("Sigma: Deploy Project"), `no Deploy Project among ${offered.join(", ")}`);
  await lens("Manage Workspace Trust").waitFor();
  await workbench.row("Manage Workspace Trust").waitFor();
  await page.locator('.editor-actions a[aria-label^="Manage Workspace Trust"]').waitFor();
  await workbench.command("Sigma: Show Deployment Monitor");
  const manage = workbench.button("Manage Workspace Trust");
  await manage.waitFor();
  expect((await workbench.button("Deploy Project").count()) === 0, "no Deploy Project in the monitor");
  await workbench.accessible(monitor, "where nothing may be deployed");
  await workbench.shot("untrusted");
  expect(!existsSync(join(env.SIGMA_HOME, "state/sandbox")), "no sandbox to be started for it");
  workbench.saw("a folder that is not trusted checked, and not deployed from");

  // Trusted, and mended.
  await manage.click();
  await page.locator(".workspace-trust-editor .monaco-button", { hasText: "Trust" }).first().click();
  await workbench.command("View: Revert and Close Editor");
  await deploy.waitFor();
  await workbench.button("Deploy Project").waitFor();
  await workbench.row("Manage Workspace Trust").waitFor({ state: "detached" });
  writeFileSync(manifest, shop);
  await editor.locator(".squiggly-error").first().waitFor({ state: "detached" });

  // A value is asked for, and typed unseen; the first creation fails.
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("needs an answer", LONG);
  await typeKey(() => workbench.shot("asked"));
  await workbench.statusReads("changes ready", LONG);
  await field.waitFor({ state: "detached" });
  await workbench.button("Execute").click();
  await row("Approved", "in progress").waitFor({ timeout: LONG });
  await row("Greet", "done").waitFor({ timeout: LONG });
  await signal("Approval", { Status: "FAILURE", Reason: "The manager is on holiday." });
  await workbench.statusReads("failed and rolled back", LONG);
  await row("Approved", "The manager is on holiday.").waitFor();
  await row("Greet", "rolled back").waitFor();
  await monitor.getByRole("region", { name: "Failures" }).getByText("The manager is on holiday.").first().waitFor();
  await workbench.toast("The manager is on holiday.").waitFor();
  await workbench.shot("first-creation-failed");
  await workbench.command("Notifications: Clear All Notifications");
  workbench.saw("a first creation failed, with its reason on hover");

  // What it left can only be deleted: that is asked before any value, and then it is made anew.
  await workbench.command("Sigma: Deploy Project");
  await question.filter({ hasText: "ROLLBACK_COMPLETE" }).waitFor({ timeout: LONG });
  expect((await field.count()) === 0, "nothing to be typed before the consent");
  await workbench.shot("consent");
  await workbench.button("Delete and Recreate").click();
  await typeKey();
  await workbench.statusReads("changes ready", LONG);
  await workbench.button("Execute").click();
  await row("Approved", "in progress").waitFor({ timeout: LONG });
  await row("Greet", "done").waitFor({ timeout: LONG });
  workbench.saw("a stack that can only be deleted made anew after consent");

  // In the midst of that the check box is ticked and the window reloaded: both are remembered.
  await words.click();
  await ticked.waitFor();
  await workbench.until(() => workbench.readSettings()["sigma.autoExecute"] === true, "the setting is saved");
  await workbench.reload("shop/sigma.yaml");
  await workbench.statusReads(/: [1-9]\d*\/\d+$/);
  await row("Approved", "in progress").waitFor();
  await row("Greet", "done").waitFor();
  await ticked.waitFor();
  await workbench.shot("taken-up");
  await signal("Approval", { Status: "SUCCESS" });
  await workbench.statusReads("deployed", LONG);
  const output = monitor.locator('[data-output="Url"] .value');
  await output.waitFor();
  await lens("deployed").waitFor();
  await workbench.shot("deployed");
  workbench.saw("taken up after a reload in the midst of it, and seen to its end");

  // The function has the value that was typed.
  const answer = await (await fetch(await output.innerText())).text();
  expect(answer === createHash("sha256").update(SECRET).digest("hex"), `the function to know the value, not to answer ${answer}`);

  // Executed without a question, as the check box said before the reload; then stopped, and rolled back.
  writeFileSync(manifest, larger);
  await editor.locator(".view-line", { hasText: "256" }).waitFor();
  await workbench.command("Sigma: Deploy Project");
  await typeKey();
  await row("Reviewed", "in progress").waitFor({ timeout: LONG });
  await row("Greet", "done").waitFor({ timeout: LONG });
  expect((await workbench.statusHistory(/changes ready/)).length === 0, "no question before the execution");
  await workbench.shot("automatic");
  expect((await workbench.button("Stop").getAttribute("title")) === "Stops, and rolls back what was changed", "what Stop means");
  await workbench.button("Stop").click();
  await workbench.statusReads("rolling back", LONG);
  await workbench.statusReads("stopped", LONG);
  await row("Reviewed", "Resource creation cancelled").waitFor();
  await row("Greet", "rolled back").waitFor();
  await lens("stopped").waitFor();
  await workbench.command("Notifications: Clear All Notifications");
  await row("Reviewed", "cancelled").locator(".twistie").click(); // The same as on hover, for the picture.
  await monitor.locator(".row.detail", { hasText: "Resource creation cancelled" }).scrollIntoViewIfNeeded();
  await workbench.shot("stopped");
  workbench.saw("executed without a question, stopped, and rolled back with the reason on hover");

  // Two projects at once, each by its own row.
  for (const name of ["stock", "shop"]) {
    await workbench.pressInRow(name, "cloud-upload");
    if (name === "shop") {
      await typeKey();
    }
    await workbench.row(name).filter({ hasText: /[1-9]\d*\/\d+/ }).waitFor({ timeout: LONG });
  }
  const chooser = monitor.getByLabel("Deployment", { exact: true });
  const choose = async (name) => {
    const running = chooser.locator("option", { hasText: new RegExp(`^${name}: [1-9]\\d*/\\d+$`) });
    await running.waitFor({ state: "attached" });
    await chooser.selectOption(await running.getAttribute("value"));
    await monitor.getByRole("heading", { name }).waitFor();
  };
  await choose("shop");
  await row("Reviewed", "in progress").waitFor();
  await choose("stock");
  await row("Delivered", "in progress").waitFor();
  await workbench.shot("two-at-once");
  await signal("Delivery", { Status: "SUCCESS" });
  await workbench.row("stock").filter({ hasText: "deployed" }).waitFor({ timeout: LONG });
  await workbench.row("shop").filter({ hasText: /[1-9]\d*\/\d+/ }).waitFor(); // One that ends is not the end of the other.
  await choose("shop");
  await signal("Review", { Status: "SUCCESS" });
  await workbench.row("shop").filter({ hasText: "deployed" }).waitFor({ timeout: LONG });
  await lens("deployed").waitFor();
  await workbench.shot("both-deployed");
  workbench.saw("two projects deployed at once");

  // What is collected for a bug report has neither the value nor the account.
  await workbench.command("Sigma: Collect Diagnostics");
  const zip = join(workbench.folder, "../collected.zip");
  await workbench.saveAs("Save Diagnostics", ".zip", zip);
  await workbench.toast("Diagnostics were saved").waitFor();
  const unpack = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(*(n + chr(10) + z.read(n).decode() for n in z.namelist()), sep=chr(10))";
  const collected = execFileSync("python3", ["-c", unpack, zip], { encoding: "utf8" });
  expect(collected.includes("WaitCondition") && collected.includes("The server is ready"), "events and log in it");
  expect(!collected.includes(SECRET) && !collected.includes("000000000000"), "no value and no account in it");

  // The value that was typed is shown nowhere, and written nowhere.
  const pages = await Promise.all(page.frames().map((frame) => frame.content().catch(() => ""))); // A frame may be just going.
  expect(pages.length > 2 && pages.every((text) => !text.includes(SECRET)), "the value to be in no page");
  let told;
  let looked;
  await workbench.until(() => {
    const all = [workbench.folder, workbench.data, env.SIGMA_HOME].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
    );
    const files = all.filter((path) => lstatSync(path).isFile());
    told = files.filter((path) => readFileSync(path).includes(SECRET));
    looked = files.length;
    return true;
  }, "no file goes while all are read");
  expect(looked > 20, `files to look into, not ${looked}`);
  expect(told.length === 0, `the value to be in no file, not in ${told.join(", ")}`);
  workbench.saw(`a value that was typed four times in none of ${looked} files`);
});
console.log("deployments: all as expected");
