// The Project Info page: shows what the extension sends, and sends back what a person does.
import "@vscode/codicons/dist/codicon.css";
import "../monitor/monitor.css";
import "./info.css";

import type { Build, Done, Fact, Info, Kept, Last, Past } from "../../src/features/info/messages";
import { isUrl, type Look } from "../../src/features/deployment/words";
import { h, icon, iconClass, Part, say } from "../monitor/dom";
import { type Button, button, iconButton } from "../monitor/elements";
import { size } from "./size";

declare function acquireVsCodeApi(): {
  postMessage(message: Done): void;
  setState(state: Kept): void;
};

const vscode = acquireVsCodeApi();
const send = (done: Done): void => {
  vscode.postMessage(done);
};

const title = h("h1", {});
const deploy = sends("Deploy Project", "cloud-upload", { kind: "deploy" }, "primary");
const trust = sends("Manage Workspace Trust", "workspace-untrusted", { kind: "trust" }, "primary");
const toolbar = h(
  "div",
  { class: "buttons", role: "group", "aria-label": "Actions" },
  deploy,
  trust,
  sends("Show Template", "open-preview", { kind: "template" }),
  sends("Compare With Deployed", "diff", { kind: "compare" }),
  sends("Go to Source", "go-to-file", { kind: "source" }),
);
const overview = new Part<readonly Fact[]>(h("section", { "aria-label": "Overview" }), (facts) => [h("h2", {}, "Overview"), list(facts)]);
const last = new Part<{ readonly last: Last | undefined }>(h("section", { "aria-label": "Last deployment" }), ({ last: shown }) => [
  h("h2", {}, "Last Deployment"),
  ...(shown === undefined ? [h("p", {}, "Nothing is deployed yet.")] : drawLast(shown)),
]);
const build = new Part<{ readonly build: Build; readonly trusted: boolean }>(h("section", { "aria-label": "Build" }), (shown) => [
  h("h2", {}, "Build"),
  ...drawBuild(shown.build, shown.trusted),
]);
const history = new Part<readonly Past[]>(h("section", { "aria-label": "History" }), drawHistory);
document.body.append(
  h("main", { class: "info" }, h("header", {}, title, toolbar), overview.element, build.element, last.element, history.element),
);

window.addEventListener("message", ({ data }: MessageEvent<Info>) => {
  vscode.setState({ project: data.project });
  say(title, data.name);
  deploy.hidden = !data.trusted;
  trust.hidden = data.trusted;
  overview.show(data.facts);
  build.show({ build: data.build, trusted: data.trusted });
  last.show({ last: data.last });
  history.show(data.history.length === 0 ? undefined : data.history);
});
send({ kind: "ready" });

function sends(label: string, name: string, done: Done, look: "primary" | "secondary" = "secondary"): Button {
  return button(label, { icon: name, look }, () => {
    send(done);
  });
}

function iconSends(name: string, label: string, done: Done): HTMLElement {
  return iconButton(name, label, () => {
    send(done);
  });
}

function list(facts: readonly Fact[]): HTMLElement {
  return h("dl", {}, ...facts.flatMap(({ label, value }) => [h("dt", {}, label), h("dd", {}, value)]));
}

const LOOKS: Record<Look, string> = {
  question: "question",
  ready: "checklist",
  busy: "loading",
  good: "pass",
  over: "circle-slash",
  bad: "error",
};

function result(look: Look, text: string): HTMLElement {
  return h("span", { class: "result" }, h("span", { class: `${iconClass(LOOKS[look], look === "busy")} look-${look}`, "aria-hidden": "true" }), text);
}

function drawLast({ deployment, title: stage, result: text, look, message, facts, failures, outputs }: Last): Node[] {
  return [
    h("p", {}, ...(stage === "" ? [] : [h("strong", {}, stage), " "]), result(look, text)),
    ...(repeats(message, text) ? [] : [h("p", { class: "quiet" }, message)]),
    list(facts),
    ...(failures.length === 0
      ? []
      : [h("h3", {}, "Failures"), h("ul", {}, ...failures.map(({ resource, reason, rootCause }) => h("li", { class: `failure${rootCause ? " root" : ""}` }, icon(rootCause ? "error" : "warning"), h("span", { class: "name" }, resource), h("span", { class: "reason" }, reason))))]),
    ...(outputs.length === 0
      ? []
      : [
          h("h3", {}, "Outputs"),
          h(
            "ul",
            {},
            ...outputs.map(({ name, value, sensitive, description }) =>
              h(
                "li",
                { class: "output", title: description, "data-output": name },
                h("span", { class: "name" }, name),
                h("span", { class: sensitive ? "hidden-value" : "value" }, sensitive ? "hidden" : value),
                ...(sensitive ? [] : [iconSends("copy", `Copy ${name}`, { kind: "copyOutput", output: name })]),
                ...(sensitive || !isUrl(value) ? [] : [iconSends("link-external", `Open ${name} in the browser`, { kind: "openOutput", output: name })]),
              ),
            ),
          ),
        ]),
    h(
      "div",
      { class: "buttons" },
      sends("Show in Monitor", "checklist", { kind: "monitor", deployment }),
      sends("Logs\u2026", "output", { kind: "logs", deployment }),
    ),
  ];
}

/** Whether a message is only the result again, as a sentence. */
function repeats(message: string, result: string): boolean {
  return message.toLowerCase().replace(/[.]$/, "") === result.toLowerCase();
}

function drawBuild(shown: Build, trusted: boolean): Node[] {
  const again = sends(shown.kind === "unknown" ? "Build Functions" : "Build Again", "package", { kind: "build" });
  switch (shown.kind) {
    case "unknown":
      return trusted
        ? [h("p", { class: "quiet" }, "Functions are built when they are deployed. They can be built before, to see whether they can be."), again]
        : [h("p", { class: "quiet" }, "The workspace is not trusted: nothing of it is built.")];
    case "building":
      return [h("p", { role: "status" }, h("span", { class: iconClass("loading", true), "aria-hidden": "true" }), " Building\u2026")];
    case "failed":
      return [h("p", { class: "failure root", role: "alert" }, icon("error"), h("span", { class: "reason" }, shown.message)), again];
    case "built":
      return [
        table(
          ["Function", "Archive", "Hash", ""],
          shown.artifacts.map((artifact) => [
            artifact.function,
            size(artifact.size),
            h("code", {}, artifact.hash.slice(0, 12)),
            artifact.upToDate ? "unchanged" : "built",
          ]),
        ),
        again,
      ];
  }
}

function drawHistory(all: readonly Past[]): Node[] {
  return [
    h("h2", {}, "History"),
    table(
      ["When", "What", "Result", "Changes", "Took", ""],
      all.map((past) => [
        past.when,
        past.what,
        result(past.look, past.result),
        past.changes,
        past.took,
        h(
          "span",
          {},
          iconSends("output", `Logs of ${past.when}`, { kind: "logs", deployment: past.deployment }),
          ...(past.staged ? [iconSends("open-preview", `Template of ${past.when}`, { kind: "staged", deployment: past.deployment })] : []),
        ),
      ]),
    ),
  ];
}

function table(head: readonly string[], rows: readonly (readonly (Node | string)[])[]): HTMLElement {
  const name = (text: string): HTMLElement => (text === "" ? h("td", {}) : h("th", { scope: "col" }, text));
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, ...head.map(name))),
    h("tbody", {}, ...rows.map((cells) => h("tr", {}, ...cells.map((cell) => h("td", {}, cell))))),
  );
}
