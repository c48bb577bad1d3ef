// What came of it: failures, the root cause first, and outputs.
import type { Done } from "../../src/features/monitor/messages";
import { isUrl } from "../../src/features/deployment/words";
import { h, icon } from "./dom";
import { button, iconButton } from "./elements";
import type { Failures, Outputs } from "./outcome";

type Send = (done: Done) => void;

export function drawFailures(all: Failures, send: Send): Node[] {
  return [...drawReasons(all, send), ...drawHelp(all, send)];
}

function drawHelp({ deployment, help }: Failures, send: Send): Node[] {
  if (help === undefined) {
    return [];
  }
  const open = button(help.title, { icon: "book" }, () => {
    send({ kind: "help", deployment });
  });
  const local = button("Try in the Sandbox", { icon: "beaker" }, () => {
    send({ kind: "trySandbox", deployment });
  });
  return [
    ...(help.command === "" ? [] : [h("p", { class: "failure" }, "Run", h("code", {}, help.command))]),
    h("div", { class: "buttons", role: "group", "aria-label": "Help" }, open, ...(help.sandbox ? [local] : [])),
  ];
}

function drawReasons({ deployment, failures, message }: Failures, send: Send): Node[] {
  if (message !== undefined) {
    return [h("p", { class: "failure root" }, icon("error"), h("span", { class: "reason" }, message))];
  }
  if (failures.length === 0) {
    return [];
  }
  const items = failures.map(({ index, failure: { resource, reason, rootCause, location } }) => {
    const item = h(
      "li",
      { class: `failure${rootCause ? " root" : ""}` },
      icon(rootCause ? "error" : "warning"),
      h("span", { class: "name" }, resource),
      h("span", { class: "reason" }, reason),
    );
    if (location !== undefined) {
      const go = button("Show in Manifest", { look: "link" }, () => {
        send({ kind: "reveal", deployment, place: { kind: "failure", index } });
      });
      go.append(h("span", { class: "for-the-ear" }, `: ${resource}`));
      item.append(go);
    }
    return item;
  });
  return [h("h2", {}, failures.length === 1 ? "Failure" : `Failures (${failures.length})`), h("ul", {}, ...items)];
}

export function drawOutputs({ deployment, outputs }: Outputs, send: Send): Node[] {
  const rows = outputs.map(({ name, value, sensitive, description }) => {
    const buttons = sensitive
      ? []
      : [
          iconButton("copy", `Copy ${name}`, () => {
            send({ kind: "copyOutput", deployment, output: name });
          }),
          ...(isUrl(value)
            ? [
                iconButton("link-external", `Open ${name} in the browser`, () => {
                  send({ kind: "openOutput", deployment, output: name });
                }),
              ]
            : []),
        ];
    return h(
      "li",
      { class: "output", title: description, "data-output": name },
      h("span", { class: "name" }, name),
      h("span", { class: sensitive ? "hidden-value" : "value" }, sensitive ? "hidden" : value),
      ...buttons,
    );
  });
  return [h("h2", {}, "Outputs"), h("ul", {}, ...rows)];
}
