// The Deployment Monitor's page: shows what the extension sends, and sends back what a person does.
import "@vscode/codicons/dist/codicon.css";
import "./monitor.css";

import type { Deployment } from "../../src/protocol.gen";
import type { Done, Shown } from "../../src/features/monitor/messages";
import { count, NOT_TRUSTED } from "../../src/features/deployment/words";
import { ChangeList } from "./changeList";
import { h, Part, say } from "./dom";
import { button } from "./elements";
import { Head } from "./head";
import { type Failures, failuresOf, type Outputs, outputsOf } from "./outcome";
import { spoken } from "./overview";
import { type Asked, drawQuestion } from "./question";
import { drawFailures, drawOutputs } from "./results";
import { listRows } from "./rows";

/** What outlives the page: it is thrown away whenever it is hidden. Nothing that a person typed is among it. */
interface Kept {
  readonly deployment: string | undefined;
  readonly open: readonly string[];
  readonly active: string | undefined;
  readonly scroll: number;
}

declare function acquireVsCodeApi(): {
  postMessage(message: Done): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
};

const vscode = acquireVsCodeApi();
const kept = vscode.getState();
let open = new Set(kept?.open);
let active = kept?.active;
let scrollTo = kept?.scroll;
let shown: Shown | undefined;
let told: Deployment | undefined;

const send = (done: Done): void => {
  vscode.postMessage(done);
};

const head = new Head(send);
const question = new Part<Asked>(h("section", { class: "question", "aria-label": "Question" }), (asked) =>
  drawQuestion(asked, ({ deployment, question: { id } }, answer) => {
    send({ kind: "answer", deployment, question: id, answer });
  }),
);
const failures = new Part<Failures>(h("section", { class: "failures", "aria-label": "Failures" }), (all) => drawFailures(all, send));
const outputs = new Part<Outputs>(h("section", { class: "outputs", "aria-label": "Outputs" }), (all) => drawOutputs(all, send));
const heading = h("h2", {});
const list = new ChangeList(
  {
    toggle: (change) => {
      open = new Set(open);
      if (!open.delete(change)) {
        open.add(change);
      }
      keep();
      draw();
    },
    reveal: (place) => {
      if (shown?.deployment !== undefined) {
        send({ kind: "reveal", deployment: shown.deployment.id, place });
      }
    },
    moved: (key) => {
      active = key;
      keep();
    },
  },
  active,
);
const live = h("div", { class: "for-the-ear", role: "status", "aria-live": "polite" });
const empty = new Part<Pick<Shown, "server" | "trusted">>(h("section", { class: "empty", "aria-label": "Nothing deployed" }), ({ server, trusted }) => {
  if (server === "starting") {
    return [h("p", {}, "The language server is starting.")];
  }
  if (server === "stopped") {
    const restart = button("Restart Server", { icon: "refresh", look: "primary" }, () => {
      send({ kind: "restartServer" });
    });
    const explain = button("What Can Be Done", { icon: "lightbulb" }, () => {
      send({ kind: "explainServer" });
    });
    return [h("p", {}, "The language server is not running."), h("div", { class: "buttons" }, restart, explain)];
  }
  if (!trusted) {
    const manage = button("Manage Workspace Trust", { icon: "workspace-untrusted", look: "primary" }, () => {
      send({ kind: "manageTrust" });
    });
    return [h("p", {}, NOT_TRUSTED), manage];
  }
  const deploy = button("Deploy Project", { icon: "cloud-upload", look: "primary" }, () => {
    send({ kind: "deployProject" });
  });
  return [h("p", {}, "Nothing is deployed yet. Deploying shows every change before it is made."), deploy];
});
const changes = h("section", { "aria-label": "List of changes" }, heading, list.element);
const main = h("main", {}, head.element, question.element, failures.element, outputs.element, changes);

function draw(): void {
  if (shown === undefined) {
    return;
  }
  const { deployment } = shown;
  main.hidden = deployment === undefined;
  empty.show(deployment === undefined ? { server: shown.server, trusted: shown.trusted } : undefined);
  if (deployment === undefined) {
    return;
  }
  const now = Date.now();
  head.show(shown, now);
  question.show(
    deployment.question === undefined
      ? undefined
      : { deployment: deployment.id, question: deployment.question, answers: shown.answers },
  );
  failures.show(failuresOf(deployment));
  outputs.show(outputsOf(deployment));
  changes.hidden = deployment.changes.length === 0;
  say(heading, count(deployment.changes.length, "Change"));
  list.show(listRows(deployment, open, now));
  if (scrollTo !== undefined) {
    window.scrollTo(0, scrollTo);
    scrollTo = undefined;
  }
}

/** Whether there is something to see at the top that whoever has scrolled down would miss: a question, or the end. */
function isNews(previous: Deployment | undefined, next: Deployment | undefined): boolean {
  return (
    previous !== undefined &&
    previous.id === next?.id &&
    ((next.question !== undefined && previous.question?.id !== next.question.id) || (next.phase === "completed" && previous.phase !== "completed"))
  );
}

function keep(): void {
  vscode.setState({ deployment: shown?.deployment?.id, open: [...open], active, scroll: window.scrollY });
}

window.addEventListener("message", ({ data }: MessageEvent<Shown>) => {
  const before = shown?.deployment?.id ?? kept?.deployment;
  if (isNews(shown?.deployment, data.deployment)) {
    scrollTo = 0;
  }
  shown = data;
  if (data.deployment?.id !== before) {
    open = new Set();
    scrollTo = 0;
  }
  draw();
  keep();
  if (data.deployment !== undefined) {
    const news = spoken(told, data.deployment);
    told = data.deployment;
    if (news !== undefined) {
      say(live, news);
    }
  }
});
document.addEventListener("scroll", keep, { passive: true });
// Times run on while nothing is heard.
setInterval(() => {
  if (shown?.deployment !== undefined && shown.deployment.phase !== "completed") {
    draw();
  }
}, 1000);
document.body.append(main, empty.element, live);
main.hidden = true;
send({ kind: "ready", selected: kept?.deployment });
