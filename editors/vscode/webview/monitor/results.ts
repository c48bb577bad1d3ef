// What came of it: failures, the root cause first, and outputs.
import type { Deployment, Failure, Output } from "../../src/protocol.gen";
import type { Done } from "../../src/features/monitor/messages";
import { isUrl, look } from "../../src/features/deployment/words";
import { h, icon } from "./dom";
import { button, iconButton } from "./elements";

type Send = (done: Done) => void;

export interface Failures {
  readonly deployment: string;
  /** By their place in the snapshot, by which the extension knows them. */
  readonly failures: readonly { readonly index: number; readonly failure: Failure }[];
  /** Said where no resource is at fault. */
  readonly message: string | undefined;
}

export function failuresOf(deployment: Deployment): Failures | undefined {
  const failures = deployment.failures
    .map((failure, index) => ({ index, failure }))
    .sort((a, b) => Number(b.failure.rootCause) - Number(a.failure.rootCause));
  if (failures.length === 0 && look(deployment) !== "bad") {
    return undefined;
  }
  return { deployment: deployment.id, failures, message: failures.length === 0 ? deployment.message : undefined };
}

export function drawFailures({ deployment, failures, message }: Failures, send: Send): Node[] {
  if (message !== undefined) {
    return [h("p", { class: "failure root" }, icon("error"), h("span", { class: "reason" }, message))];
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

export interface Outputs {
  readonly deployment: string;
  readonly outputs: readonly Output[];
}

export function outputsOf({ id, outputs }: Deployment): Outputs | undefined {
  // A hidden value stays out of the page, whatever the server sent.
  const shown = outputs.map((output) => (output.sensitive ? { ...output, value: "" } : output));
  return shown.length === 0 ? undefined : { deployment: id, outputs: shown };
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
