// What goes wrong on the way, against the real server and the sandbox: an archive that nobody has built, credentials that
// expire in the midst of a deployment, a server that is killed in the midst of one, and one that is killed again and again.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { BIN, ownSandbox } from "./sandbox.mjs";
import { expect, inEditor, ROOT } from "./workbench.mjs";

const LONG = 120_000; // A build with its dependencies, then a whole deployment at the sandbox's own pace.

const env = { ...ownSandbox(), AWS_ACCESS_KEY_ID: "mine", AWS_SECRET_ACCESS_KEY: "mine", AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
const started = execFileSync(join(BIN, "sigma-ls"), ["sandbox", "start"], { env: { ...process.env, ...env }, encoding: "utf8" });
const [endpoint] = /http:\/\/[^ \n]+/.exec(started);

/** What the cloud answers in place of what it is asked, by operation. */
function answers(faults) {
  const code = `from sigma_ls.sandbox import cloud; cloud.set_api_faults(${JSON.stringify(faults)})`;
  execFileSync(join(BIN, "python"), ["-c", code], { env: { ...process.env, ...env } });
}
const expired = { "*": { code: "ExpiredToken", message: "The security token included in the request is expired", status: 403 } };

const settings = {
  "sigma.serverPath": join(BIN, "sigma-ls"),
  "sigma.endpointUrl": endpoint, // A cloud like any other, as far as the extension knows.
  "sigma.pollInterval": 0.5,
  "sigma.cfnLint": false,
  "workbench.colorTheme": "Default Dark Modern",
};

const edit = (folder) => {
  const manifest = join(folder, "sigma.yaml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("code: src/upload", "code: dist/upload.zip"));
};

await inEditor("troubles", { folder: join(ROOT, "examples/thumbnailer"), edit, settings, env }, async (workbench) => {
  const { page, editor, monitor } = workbench;
  await workbench.open("sigma.yaml");
  await workbench.statusReads(/^Sigma$/);

  // An archive that is not there is underlined; whoever deploys all the same is told so, and led to the line.
  await editor.locator(".squiggly-error").first().waitFor();
  await workbench.command("Sigma: Deploy Project");
  const missing = workbench.toast("dist/upload.zip");
  await missing.waitFor({ timeout: LONG });
  await workbench.shot("missing-artifact");
  workbench.saw(`a missing artifact: ${(await missing.innerText()).replaceAll(/\s+/g, " ")}`);
  await workbench.press(missing, "Show in Manifest");
  await page.locator('[id="status.editor.selection"]', { hasText: "Ln 15" }).waitFor();
  await workbench.command("Notifications: Clear All Notifications");
  writeFileSync(join(workbench.folder, "sigma.yaml"), readFileSync(join(ROOT, "examples/thumbnailer/sigma.yaml"), "utf8"));
  await editor.locator(".squiggly-error").first().waitFor({ state: "detached" });

  // Credentials that have expired already: nothing is begun, and the view leads to new ones.
  await workbench.showProjects();
  answers(expired);
  await workbench.command("Sigma: Deploy Project");
  const refused = workbench.toast("Your AWS credentials have expired");
  await refused.waitFor({ timeout: LONG });
  await workbench.row("How to Sign In Again").waitFor();
  await workbench.shot("expired-before");
  await workbench.command("Notifications: Clear All Notifications");
  answers({});

  // Credentials that expire in the midst of it: what runs goes on, and is found again with new ones.
  await workbench.command("Sigma: Deploy Project");
  await workbench.statusReads("changes ready", LONG);
  await workbench.button("Execute").click();
  await workbench.statusReads(/: [1-9]\d*\/\d+$/, LONG);
  answers(expired);
  await monitor.getByText("credentials have expired").first().waitFor();
  await workbench.shot("expired-in-the-midst");
  expect((await workbench.toasts.filter({ hasText: "failed" }).count()) === 0, "a deployment that is not seen not to be called failed");

  // The server is killed in the midst of it as well: the next one goes on watching.
  const ready = () => workbench.serverLog().split("The server is ready").length - 1;
  process.kill(workbench.servers()[0], "SIGKILL");
  await workbench.until(() => ready() === 2, "the server is started again");
  answers({});
  await workbench.statusReads("deployed", LONG);
  await monitor.locator('[data-output="Url"]').waitFor();
  await workbench.shot("deployed-after-all");
  workbench.saw("credentials that expired and a server that was killed in the midst of a deployment, which went well all the same");

  // Killed again and again, it is given up, and offered.
  await workbench.command("Notifications: Clear All Notifications");
  for (let time = 2; time <= 4; time += 1) {
    await workbench.until(() => ready() === time, `the server is ready for the ${time}th time`);
    process.kill(workbench.servers()[0], "SIGKILL");
  }
  const given = workbench.toast("stopped unexpectedly, 4 times in a row");
  await given.waitFor();
  await workbench.statusReads("server stopped");
  expect((await workbench.toasts.count()) === 1, "one message, and none for the crashes before");
  expect(workbench.servers().length === 0, "no server to be started any more");
  await workbench.shot("given-up");
  await workbench.press(given, "Restart Server");
  await workbench.statusReads("deployed");
  expect(workbench.servers().length === 1, "one server");
  workbench.saw("a server that was killed started again three times, given up, and restarted on demand");
});
console.log("troubles: all as expected");
