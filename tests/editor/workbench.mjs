// VS Code in a headless browser, as a person uses it: by keyboard, mouse and eye. No test lives here.
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { aftermath } from "./aftermath.mjs";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CACHE = process.env.SIGMA_EDITOR_CACHE ?? join(ROOT, ".cache/editor");
const SHOTS = process.env.SIGMA_EDITOR_SHOTS ?? join(CACHE, "screenshots");
const AXE = readFileSync(createRequire(join(ROOT, "editors/vscode/package.json")).resolve("axe-core/axe.min.js"), "utf8");
const EDITOR = join(ROOT, "tools/editor/editor.sh");

/** One of each kind, with the name of the kind; the last one is that of the tests. */
export const THEMES = [
  ["Light Modern", "light"],
  ["Dark High Contrast", "high-contrast"],
  ["Light High Contrast", "high-contrast-light"],
  ["Dark Modern", "dark"],
];

const QUICK_INPUT = ".quick-input-widget";

/** For what only needs the editor to react; generous, since a busy machine is no fault of the product's. */
export const SOON = 30_000;

/**
 * Runs `scenes` in a new window on a copy of a folder, in an editor of its own, and clears everything away.
 *
 * @param name      of the test; its screenshots are named after it
 * @param options   `folder` to copy, `edit(path)` to prepare the copy, user `settings`, `env` of the editor's processes
 */
export async function inEditor(name, { folder, edit = () => {}, settings = {}, env = {} }, scenes) {
  const temporary = mkdtempSync(join(tmpdir(), "sigma-editor-"));
  const workspace = join(temporary, "thumbnailer");
  cpSync(folder, workspace, { recursive: true });
  edit(workspace);
  const environment = {
    ...process.env,
    ...env,
    SIGMA_EDITOR_RUN: join(temporary, "editor"),
    SIGMA_EDITOR_PORT: "0",
    SIGMA_EDITOR_SETTINGS: join(temporary, "settings.json"),
  };
  writeFileSync(environment.SIGMA_EDITOR_SETTINGS, JSON.stringify(settings));
  let starting;
  let workbench;
  const clear = () => {
    starting?.child.kill();
    killed(environment.SIGMA_EDITOR_RUN);
    rmSync(temporary, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  const interrupted = async () => {
    console.log(`${name}: interrupted, for it took too long`);
    await (workbench && aftermath(workbench, SHOTS));
    clear();
    process.exit(1);
  };
  process.once("SIGTERM", interrupted).once("SIGINT", interrupted);
  let browser;
  try {
    starting = promisify(execFile)(EDITOR, ["start", workspace], { env: environment, encoding: "utf8" });
    browser = await chromium().launch({
      executablePath: chromiumPath(),
      headless: true,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    const address = (await starting).stdout.trim();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(address).origin });
    const page = await context.newPage();
    await page.addInitScript(remember);
    page.setDefaultTimeout(SOON);
    workbench = new Workbench(name, page, new URL(address), workspace, join(environment.SIGMA_EDITOR_RUN, "data"));
    try {
      await scenes(workbench);
    } catch (error) {
      await aftermath(workbench, SHOTS);
      throw error;
    }
  } finally {
    await browser?.close();
    clear();
    process.off("SIGTERM", interrupted).off("SIGINT", interrupted);
  }
}

/** Ends an editor with its extension host and its server at once: nobody will look at what they would put in order. */
function killed(run) {
  const file = join(run, "pid");
  if (existsSync(file)) {
    try {
      process.kill(-Number(readFileSync(file, "utf8")), "SIGKILL"); // It leads a group, see `editor.sh`.
    } catch (error) {
      if (error.code !== "ESRCH") {
        throw error;
      }
    }
  }
}

/**
 * Runs in the page: notes each text of our status bar item, for some are there for a moment only, and where keys and clicks go.
 *
 * Asked at each change, not at each frame: a page that is drawn sixty times a second without need takes a core for it. What
 * was there and gone again before anybody could ask is in the records of the change.
 */
function remember() {
  window.statusSeen = [];
  const ITEM = "sigma-ls.sigma-ls.sigma.status";
  const note = (text) => {
    if (text !== undefined && text !== window.statusSeen.at(-1)) {
      window.statusSeen.push(text);
    }
  };
  new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      if (addedNodes.length > 0 && target.closest?.(`[id="${ITEM}"] a`)) {
        note([...addedNodes].map(({ textContent }) => textContent).join("").trim() || undefined);
      }
    }
    note(document.getElementById(ITEM)?.textContent?.trim());
  }).observe(document, { subtree: true, childList: true, characterData: true });

  window.keysSeen = [];
  /** Where the next key has to go, as a selector: elsewhere it does nothing. */
  window.onlyTo = undefined;
  window.addEventListener(
    "keydown",
    (event) => {
      const within = window.onlyTo === undefined || event.target.closest(window.onlyTo) !== null;
      window.keysSeen = [...window.keysSeen, `${event.key.length === 1 ? "a letter" : event.key}${within ? "" : " (went astray)"}`].slice(-8);
      if (!within) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    { capture: true },
  );
  /** The classes of what was clicked on last, as they were then. */
  window.clicked = "";
  window.addEventListener("click", ({ target }) => (window.clicked = target.className), { capture: true });
}

function chromium() {
  return createRequire(join(CACHE, "app/package.json"))("playwright-core").chromium;
}

function chromiumPath() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const paths = process.env.PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return paths.find((path) => existsSync(path));
}

/** What VS Code puts a webview into that reaches the window's upper edge, as those of editors do and those of the panel do not. */
const IN_EDITOR = ".webview-overlay-outer-top";

export class Workbench {
  constructor(name, page, address, folder, data) {
    Object.assign(this, { name, page, address, folder, data, shots: 0 });
    /** What the page says of what goes wrong in it. */
    this.complaints = [];
    page.on("console", (message) => message.type() === "error" && this.complaints.push(message.text()));
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("crash", () => this.complaints.push("The page has crashed."));
    this.quickInput = page.locator(QUICK_INPUT);
    this.toasts = page.locator(".notifications-toasts .notification-toast");
    this.dialog = page.locator(".monaco-dialog-box");
    this.editor = page.locator(".editor-instance .monaco-editor").first();
    this.monitor = page.frameLocator(`iframe.webview.ready:not(${IN_EDITOR} *)`).frameLocator("iframe#active-frame");
    /** The page of a webview in the editor area. */
    this.tab = page.frameLocator(`${IN_EDITOR} iframe.webview.ready`).frameLocator("iframe#active-frame");
    this.rows = page.locator(".pane-body .monaco-list-row");
  }

  /** Says what was seen, so that a run reads as a story. */
  saw(what) {
    console.log(`  ${this.name}: ${what}`);
  }

  async open(file) {
    const target = `vscode-remote://${this.address.host}${this.folder}/${file}`;
    const payload = encodeURIComponent(JSON.stringify([["openFile", target]]));
    await this.page.goto(`${this.address.origin}/?folder=${encodeURIComponent(this.folder)}&payload=${payload}`);
    await this.loaded(file);
  }

  /** Opens the folder with no file in it. */
  async openFolder() {
    await this.page.goto(`${this.address.origin}/?folder=${encodeURIComponent(this.folder)}`);
    this.statusFrom = 0;
    await this.page.locator(".monaco-workbench").waitFor({ timeout: 60_000 });
    await this.page.locator(".statusbar-item").first().waitFor();
  }

  /** Shows the Sigma view in the side bar. */
  async showProjects() {
    await this.page.locator('.activitybar a[aria-label^="Sigma"]').click();
    await this.page.locator(".sidebar .title-label", { hasText: "Sigma" }).waitFor();
  }

  /** Lets axe look at a webview's page. */
  async accessible(frame, where) {
    const { violations, passes } = await frame.locator("body").evaluate(async (body, axe) => {
      const { window } = body.ownerDocument.defaultView;
      if (window.axe === undefined) {
        new Function(axe).call(window);
      }
      // What is behind the page is not in it: axe has to be told which colour that is.
      body.style.background = "var(--vscode-panel-background)";
      try {
        return await window.axe.run(body);
      } finally {
        body.style.background = "";
      }
    }, AXE);
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`);
    expect(found.length === 0, `no violations ${where}, not ${found.join("\n")}`);
    expect(passes.length > 10, `axe to have looked at something ${where}`);
  }

  async reload(file) {
    await this.page.reload();
    await this.loaded(file);
  }

  async loaded(file) {
    this.statusFrom = 0;
    await this.page.locator(".monaco-workbench").waitFor({ timeout: 60_000 });
    await this.page.locator(".tab", { hasText: basename(file) }).first().waitFor();
    await this.editor.locator(".view-line").first().waitFor();
  }

  /**
   * Runs a command of the palette, by keyboard alone.
   *
   * The palette shows what there was when it was opened (whether a folder is trusted is known later than its files), and a dialog that is just closing takes it along: it is opened
   * again until it offers the command.
   */
  async command(label) {
    const first = this.quickInput.locator(".quick-input-list .monaco-list-row").first().filter({ hasText: label });
    const end = Date.now() + SOON;
    for (;;) {
      try {
        await this.page.keyboard.press("F1");
        await this.quickInput.locator("input.input").fill(`>${label}`, { timeout: 1000 });
        await first.waitFor({ timeout: 1000 });
        await this.takeIt(`>${label}`);
        return;
      } catch (error) {
        if (Date.now() > end) {
          throw error;
        }
        await this.page.keyboard.press("Escape");
      }
    }
  }

  /**
   * Presses Enter in the list that is open, and makes sure that it is taken.
   *
   * A list is closed by whatever takes the keyboard, such as a webview that is just there: the key then does nothing
   * elsewhere. One that is just being filtered takes nothing.
   */
  async takeIt(typed) {
    const isOpen = (only) => {
      window.onlyTo = only;
      return document.activeElement?.closest(only) != null && document.querySelector(`${only} input.input`)?.value;
    };
    try {
      let open = await this.page.evaluate(isOpen, QUICK_INPUT);
      expect(open === typed, `a list of ${typed}, not of ${open}`);
      const end = Date.now() + SOON;
      while (open === typed) {
        expect(Date.now() < end, `${typed} to be taken`);
        await this.page.keyboard.press("Enter");
        open = await this.page.evaluate(isOpen, QUICK_INPUT);
      }
      expect(!(await this.page.evaluate(() => window.keysSeen.at(-1))).includes("astray"), "the list to stay open until it is used");
    } finally {
      await this.page.evaluate(() => (window.onlyTo = undefined));
    }
  }

  /**
   * Presses a button of a row in the deployment view, which is drawn anew whenever there is news.
   *
   * A browser tells nobody of a click on what is replaced while the button of the mouse is down.
   */
  async pressInRow(text, icon) {
    const end = Date.now() + SOON;
    for (;;) {
      await this.row(text).hover();
      await this.page.evaluate(() => (window.clicked = ""));
      await this.row(text).locator(`.codicon-${icon}`).click();
      if (String(await this.page.evaluate(() => window.clicked)).includes(`codicon-${icon}`)) {
        return;
      }
      expect(Date.now() < end, `${icon} of ${text} to be clicked on`);
    }
  }

  /** Hovers until what is said then is there: it is closed where what is hovered over changes, and does not come again. */
  async hoverFor(place, said) {
    const end = Date.now() + SOON;
    for (;;) {
      await place.hover();
      try {
        await said.waitFor({ timeout: 5000 });
        return;
      } catch (error) {
        if (Date.now() > end) {
          throw error;
        }
        await this.page.mouse.move(640, 300);
      }
    }
  }

  /** The labels that the palette offers for a text, once it offers what is expected among them. */
  async palette(text, expected) {
    const list = this.quickInput.locator(".quick-input-list .monaco-list-row .label-name");
    const end = Date.now() + SOON;
    for (;;) {
      await this.page.keyboard.press("F1");
      try {
        await this.quickInput.locator("input.input").fill(`>${text}`, { timeout: 1000 });
        await list.first().waitFor({ timeout: 1000 });
      } catch (error) {
        if (Date.now() > end) {
          throw error;
        }
        await this.page.keyboard.press("Escape");
        continue;
      }
      const labels = await list.allInnerTexts();
      await this.page.keyboard.press("Escape");
      await this.quickInput.waitFor({ state: "hidden" });
      if (labels.includes(expected)) {
        return labels;
      }
      expect(Date.now() < end, `${expected} among ${labels.join(", ")}`);
    }
  }

  /**
   * What VS Code itself measured of our activation, in milliseconds; undefined where there was none.
   *
   * `load` and `run` are by the marks that its extension host sets right before and after our code is loaded, and before
   * and after `activate` has ended; `shown` is the row of the table, in which the host also loads whatever other
   * extensions it has begun with meanwhile.
   */
  async activation() {
    const report = async () => {
      await this.command("Developer: Startup Performance");
      await this.page.locator(".tab.active", { hasText: "Startup Performance" }).waitFor();
    };
    await report();
    const end = Date.now() + SOON;
    while (Date.now() < end) {
      await this.page.keyboard.press("Control+a");
      await this.page.keyboard.press("Control+c");
      const text = (await this.page.evaluate(() => navigator.clipboard.readText())).replaceAll("\u00a0", " ");
      if (text.includes("| Load Code |") && text.includes("code/extHost/ready")) {
        const row = /^\| sigma-ls\.sigma-ls +\|[^|]*\| *(\d+) *\| *(\d+) *\| *(\d+) *\|/m.exec(text);
        const mark = (name) => Number(new RegExp(`^code/extHost/${name}/sigma-ls\\.sigma-ls\\s+(\\d+)`, "m").exec(text)?.[1]);
        if (row === null) {
          return undefined;
        }
        const load = mark("didLoadExtensionCode") - mark("willLoadExtensionCode");
        const run = mark("didActivateExtension") - mark("willActivateExtension");
        if (Number.isFinite(load + run)) {
          return { load, run, shown: row.slice(1).reduce((sum, each) => sum + Number(each), 0) };
        }
        await this.command("View: Close Editor"); // The host's marks come to the window a moment after the table's figures.
        await report();
      }
      await this.page.waitForTimeout(250); // It is written after its editor is there.
    }
    throw new Error("expected VS Code's report of its start");
  }

  /** Waits until the server answers: the status bar says no more of one that starts than of one that idles. */
  async serverIsReady() {
    await this.until(() => this.serverLog().includes("The server is ready"), "the server is ready");
  }

  /** What the extension has logged of the server. */
  serverLog() {
    const logs = join(this.data, "logs");
    const files = readdirSync(logs, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith("Sigma Language Server.log"));
    return files.map((name) => readFileSync(join(logs, name), "utf8")).join("");
  }

  /** Takes another colour theme, and waits until a webview has its colours. A webview that just takes the keyboard closes the list: it is opened again until it offers the theme. */
  async theme(theme, kind, frame) {
    const end = Date.now() + SOON;
    for (;;) {
      try {
        await this.page.keyboard.press("Control+k");
        await this.page.keyboard.press("Control+t"); // Color Theme
        await this.quickInput.locator("input.input").fill(theme, { timeout: 2000 });
        await this.quickInput.locator(".monaco-list-row.focused").filter({ hasText: theme }).waitFor({ timeout: 2000 });
        await this.takeIt(theme);
        break;
      } catch (error) {
        if (Date.now() > end) {
          throw error;
        }
        await this.page.keyboard.press("Escape");
      }
    }
    await frame.locator(`body.vscode-${kind}`).waitFor();
    await this.page.waitForTimeout(300); // The colours follow the class a moment later.
  }

  /** The processes of sigma-ls that run for this window. */
  servers() {
    const [leader] = readFileSync(join(this.data, "../pid"), "utf8").split("\n");
    return readdirSync("/proc")
      .filter((pid) => /^\d+$/.test(pid))
      .filter((pid) => {
        try {
          const session = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ")[3];
          const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
          return session === leader && command.slice(0, 2).some((part) => part.endsWith("/sigma-ls"));
        } catch {
          return false; // It has ended meanwhile.
        }
      })
      .map(Number);
  }

  /** A row of the monitor's list of changes. */
  change(text) {
    return this.monitor.locator('[role="treeitem"]').filter({ hasText: text }).first();
  }

  /** A button of the monitor. */
  button(name) {
    return this.monitor.getByRole("button", { name, exact: true });
  }

  /** A row of the deployment view. */
  row(text) {
    return this.rows.filter({ hasText: text }).first();
  }

  /** Waits for a text that is drawn behind a line of the editor, which is in no element. */
  async besideALine(text) {
    await this.page.waitForFunction(
      (wanted) => [...document.querySelectorAll(".view-line span")].some((span) => getComputedStyle(span, "::after").content.replaceAll("\u00a0", " ").includes(wanted)),
      text,
    );
  }

  /** Takes what a dialog for files offers, once it has found out what is there, or `path` instead. */
  async saveAs(title, name, path) {
    const dialog = this.quickInput.filter({ hasText: title });
    await dialog.waitFor();
    const named = (wanted) => this.page.waitForFunction((end) => document.querySelector(".quick-input-widget input.input")?.value.endsWith(end), wanted);
    await named(name);
    await dialog.locator(".monaco-list-row").first().waitFor();
    if (path !== undefined) {
      await dialog.locator("input.input").fill(path);
      await dialog.locator(".monaco-list-row").first().waitFor();
    }
    const end = Date.now() + SOON;
    for (;;) {
      await dialog.locator(".monaco-button", { hasText: "OK" }).click({ timeout: 5000 });
      try {
        await dialog.waitFor({ state: "hidden", timeout: 2000 });
        return;
      } catch (error) {
        expect(Date.now() < end, `${title} to be done, but: ${error}`); // It takes nothing while it looks into a folder.
      }
    }
  }

  /** A message in the corner. */
  toast(text) {
    return this.toasts.filter({ hasText: text });
  }

  async press(toast, button) {
    await toast.locator(".monaco-button", { hasText: button }).first().click();
  }

  async dismiss(toast) {
    await toast.hover();
    await toast.locator(".codicon-notifications-clear").first().click();
    await toast.waitFor({ state: "detached" });
  }

  /** Waits until the status bar item has read so at some time since it last read what was waited for. */
  async statusReads(text, timeout = SOON) {
    const pattern = text instanceof RegExp ? text.source : text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const found = await this.page.waitForFunction(
      ([source, from]) => {
        const at = window.statusSeen.findIndex((seen, index) => index >= from && new RegExp(source).test(seen));
        return at < 0 ? null : { at };
      },
      [pattern, this.statusFrom],
      { timeout },
    );
    this.statusFrom = (await found.jsonValue()).at;
  }

  /** All that the status bar item has read since the window was loaded, as far as it matches. */
  async statusHistory(pattern) {
    return (await this.page.evaluate(() => window.statusSeen)).filter((text) => pattern.test(text));
  }

  /** Changes settings in their file, as people do; `place` is Machine for those of scope "machine". */
  settings(values, place = "User") {
    writeFileSync(this.settingsFile(place), JSON.stringify({ ...this.readSettings(place), ...values }, null, 2));
  }

  readSettings(place = "User") {
    return JSON.parse(readFileSync(this.settingsFile(place), "utf8"));
  }

  settingsFile(place) {
    return join(this.data, place, "settings.json");
  }

  /** Waits for what is not seen in the page; what throws, such as a file that is half written, is not so yet. */
  async until(condition, what) {
    const end = Date.now() + SOON;
    for (;;) {
      try {
        if (await condition()) {
          return;
        }
      } catch (error) {
        expect(Date.now() < end, `that ${what}, but: ${error}`);
      }
      expect(Date.now() < end, `that ${what}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Waits until what fades in or out, here and in the webviews, has done so; spinners never do. */
  async settled() {
    const still = () =>
      new Promise((resolve) => {
        // An animation begins with the frame after what caused it.
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            const ending = document.getAnimations().filter((each) => Number.isFinite(each.effect?.getComputedTiming().endTime));
            resolve(Promise.allSettled(ending.map(({ finished }) => finished)).then(() => undefined));
          }),
        );
      });
    await Promise.all(this.page.frames().map((frame) => frame.evaluate(still).catch(() => undefined))); // A frame may be just going.
  }

  async shot(what) {
    mkdirSync(SHOTS, { recursive: true });
    this.shots += 1;
    await this.settled();
    await this.page.screenshot({ path: join(SHOTS, `${this.name}-${String(this.shots).padStart(2, "0")}-${what}.png`) });
  }
}

export function expect(condition, what) {
  if (!condition) {
    throw new Error(`expected ${what}`);
  }
}
