// What is left to look at where a script failed: a picture and the logs as files, and their last lines in the output, which
// is all that there is of a run elsewhere.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

/** At most so many lines of each part, and characters of a line: all of it is to be read at once. */
const SEEN = 8;
const LOGGED = 8;
const WIDE = 400;
/** Milliseconds for what the window may not answer any more. */
const PATIENCE = 5_000;

/** What code-server complains of in every window. */
const USUAL = /native-watchdog|fs-copyfile|status of 404|authentication provider/;
/** Of the logs that VS Code writes, by the ends of their names: the server's, the extension host's, and those of the window itself. */
const LOGS = ["Sigma Language Server.log", "remoteexthost.log", "Sigma Deployment.log"];

/**
 * Writes down how a window looked when its script failed, and prints the gist.
 *
 * Nothing here throws or waits for long: what failed is told in any case.
 */
export async function aftermath(workbench, folder) {
  mkdirSync(folder, { recursive: true });
  const { name, page } = workbench;
  const out = [`--- ${name} failed. Picture and logs: ${basename(folder)}/${name}-failed*`];
  const part = (title, lines, most = SEEN) => {
    const kept = lines.filter((line) => line.trim() !== "").slice(-most);
    out.push(...kept.map((line, at) => `${at === 0 ? `${title}: ` : "  "}${line.trim().slice(0, WIDE)}`));
  };
  await soon(page.screenshot({ path: join(folder, `${name}-failed.png`), timeout: PATIENCE }));
  const seen = await soon(page.evaluate(look));
  for (const [title, lines] of seen ?? [["window", ["it does not answer"]]]) {
    part(title, lines);
  }
  // The page of a webview is a frame in a frame of the window.
  for (const frame of page.frames().filter((each) => each.parentFrame()?.parentFrame() === page.mainFrame())) {
    part("webview", [((await soon(frame.evaluate(() => document.body.innerText))) ?? "").replaceAll(/\s*\n\s*/g, " | ")]);
  }
  part("the page said", workbench.complaints.filter((each) => !USUAL.test(each)), 5);
  for (const path of logs(join(workbench.data, "logs"))) {
    copyFileSync(path, join(folder, `${name}-failed-${basename(path).replaceAll(" ", "-")}`));
    const lines = readFileSync(path, "utf8").split("\n");
    part(basename(path), path.endsWith("remoteexthost.log") ? lines.filter((line) => /\[(error|warning)\]/.test(line) && !USUAL.test(line)) : lines, LOGGED);
  }
  writeFileSync(join(folder, `${name}-failed.txt`), out.join("\n"));
  console.log(out.join("\n"));
}

/** Undefined where it fails or takes too long. */
function soon(promise) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  return Promise.race([promise, late]).catch(() => undefined);
}

/** The newest of each kind. */
function logs(folder) {
  if (!existsSync(folder)) {
    return [];
  }
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return LOGS.map((end) => all.findLast((each) => each.endsWith(end))).filter((each) => each !== undefined).map((each) => join(folder, each));
}

/** Runs in the window: what a person sees of it in words, and where the keyboard is. */
function look() {
  const texts = (selector) => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility()).map((each) => each.innerText.replaceAll(/\s+/g, " "));
  const { activeElement } = document;
  return [
    ["status bar", [(window.statusSeen ?? []).slice(-8).join(" | ")]],
    ["keyboard is on", [`${activeElement?.tagName} ${activeElement?.getAttribute("aria-label") ?? activeElement?.className ?? ""}`]],
    ["keys", [(window.keysSeen ?? []).join(" | ")]],
    ["messages", texts(".notification-toast")],
    ["dialog", texts(".monaco-dialog-box")],
    ["quick input", texts(".quick-input-widget").map((text) => `${document.querySelector(".quick-input-widget input")?.value} ${text}`)],
    ["tabs", [texts(".tab").join(" | ")]],
    ["side bar", [texts(".sidebar .monaco-list-row").join(" | ")]],
    ["lenses", [texts(".codelens-decoration").join(" | ")]],
  ];
}
