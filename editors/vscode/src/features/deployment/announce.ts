// Which change of a deployment a person is told about, and how. At most one announcement for one revision.
import type { Deployment, Failure, Question } from "../../protocol.gen";
import { helpFor } from "./help";
import type { Update } from "./store";
import { count, isUrl, summary, title } from "./words";

/** A button of a notification, and what it does. */
export type Action =
  | { readonly kind: "execute"; readonly title: string }
  | { readonly kind: "abort"; readonly title: string }
  | { readonly kind: "showChanges"; readonly title: string }
  | { readonly kind: "openUrl"; readonly title: string; readonly url: string }
  | { readonly kind: "showManifest"; readonly title: string; readonly failure: Failure }
  | { readonly kind: "trySandbox"; readonly title: string }
  | { readonly kind: "showLog"; readonly title: string };

export type Announcement =
  | { readonly kind: "question"; readonly question: Question }
  | {
      readonly kind: "message";
      readonly severity: "information" | "warning" | "error";
      readonly text: string;
      readonly actions: readonly Action[];
      /** Of no use to someone who sees one of these views, where the same is shown. */
      readonly unlessSeen: readonly ("monitor" | "projects")[];
    };

/** A toast has room for about this many outputs; the rest are in the monitor. A guess. */
const OUTPUTS_SHOWN = 3;
/** Likewise for buttons that open an address: the others are opened from their rows. */
const URLS_SHOWN = 1;

export function announce({ previous, next }: Update): Announcement | undefined {
  if (next.phase === "completed") {
    return previous?.phase === "completed" ? undefined : ended(next);
  }
  if (next.question !== undefined) {
    return previous?.question?.id === next.question.id ? undefined : { kind: "question", question: next.question };
  }
  if (next.can.execute && !next.autoExecute) {
    const known = previous?.can.execute === true && previous.plan?.id === next.plan?.id;
    return known ? undefined : staged(next);
  }
  return undefined;
}

function staged(deployment: Deployment): Announcement {
  const what = deployment.plan === undefined ? count(deployment.changes.length, "change") : summary(deployment.plan.summary);
  return {
    kind: "message",
    severity: "information",
    text: `${title(deployment)}: ${what}.`,
    actions: [
      { kind: "execute", title: "Execute Changes" },
      { kind: "abort", title: "Abort Changes" },
      { kind: "showChanges", title: "Show Changes" },
    ],
    unlessSeen: ["monitor", "projects"],
  };
}

function ended(deployment: Deployment): Announcement | undefined {
  switch (deployment.outcome) {
    case "succeeded":
      return succeeded(deployment);
    case "noChanges":
    case "stopped":
      return information(`${title(deployment)}: ${sentence(deployment.message)}`);
    case "failed":
      return failed(deployment, "failed");
    case "rolledBack":
      return failed(deployment, "failed, and what it had changed was rolled back");
    case "partiallyApplied":
      return failed(deployment, "failed, and some of its changes stay in place");
    case "refused":
      return failed(deployment, "was refused");
    case "aborted": // Who aborts knows; the monitor and the status bar say it.
    case undefined:
      return undefined;
  }
}

function succeeded(deployment: Deployment): Announcement {
  if (deployment.operation === "undeploy") {
    return information(`${title(deployment)} was removed.`);
  }
  const shown = deployment.outputs.filter((output) => !output.sensitive).slice(0, OUTPUTS_SHOWN);
  const rest = deployment.outputs.length - shown.length;
  const outputs = [
    ...shown.map((output) => `${output.name}: ${output.value}`),
    ...(rest > 0 ? [count(rest, "more output")] : []),
  ];
  const urls = deployment.outputs.filter((output) => !output.sensitive && isUrl(output.value)).slice(0, URLS_SHOWN);
  return {
    kind: "message",
    severity: "information",
    text: [`${title(deployment)} is deployed, ${count(deployment.changes.length, "change")}.`, ...outputs].join(" \u2022 "),
    actions: [
      ...urls.map((output) => ({ kind: "openUrl", title: `Open ${output.name}`, url: output.value }) as const),
      { kind: "showChanges", title: "Show Outputs" },
    ],
    unlessSeen: ["monitor"],
  };
}

/** The root cause first; where no resource is at fault, the server's own line says what is. */
function failed(deployment: Deployment, what: string): Announcement {
  const failure = deployment.failures.find((each) => each.rootCause) ?? deployment.failures[0];
  const more = deployment.failures.length - 1;
  const help = helpFor(deployment);
  const cause = [
    ...(failure === undefined ? [] : [`${failure.resource}: ${sentence(failure.reason)}`]),
    ...(more > 0 ? [`(${count(more, "more failure")})`] : []),
  ];
  return {
    kind: "message",
    severity: "error",
    text:
      failure === undefined
        ? `${title(deployment)}: ${sentence(deployment.message)}`
        : [...cause, `${verb(deployment)} ${title(deployment)} ${what}.`].join(" "),
    actions: [
      ...(failure?.location === undefined ? [] : [{ kind: "showManifest", title: "Show in Manifest", failure } as const]),
      ...(help === undefined ? [] : [{ kind: "openUrl", title: help.title, url: help.url } as const]),
      ...(help?.sandbox === true ? [{ kind: "trySandbox", title: "Try in the Sandbox" } as const] : []),
      { kind: "showLog", title: "Show Log" },
    ],
    unlessSeen: [],
  };
}

function information(text: string): Announcement {
  return { kind: "message", severity: "information", text, actions: [], unlessSeen: [] };
}

function verb(deployment: Deployment): string {
  return deployment.operation === "deploy" ? "Deploying" : "Removing";
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
