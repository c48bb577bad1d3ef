// The rows of the deployment view, as data. Knows no VS Code; every row can be read aloud.
import type { Change, ChangeStatus, Deployment, Failure, Location, Output } from "../../protocol.gen";
import { count, duration, intent, isUrl, kind, look, type Look, progress, spokenProgress, status, summary, target, title } from "./words";

/** A line of a tooltip; `code` is shown as it is written. */
export type Line = { readonly text: string } | { readonly code: string } | { readonly heading: string };

export interface Row {
  /** Stable over revisions, so that what is open and selected stays so. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** What a screen reader says instead of label, icon and description. */
  readonly spoken: string;
  /** A codicon and, beside it, a colour of the theme. */
  readonly icon: { readonly name: string; readonly color?: string } | undefined;
  readonly tooltip: readonly Line[];
  /** Words that `menus` in package.json look for. */
  readonly context: string;
  readonly children: readonly Row[];
  /** Whether the children are shown at first; undefined: a row that never has any. */
  readonly open: boolean | undefined;
  readonly action?: RowAction;
  /** A check box, and whether it is ticked. */
  readonly checked?: boolean;
  /** What the row is about, for its commands. */
  readonly deployment?: string;
  readonly value?: string;
}

export type RowAction =
  | { readonly kind: "reveal"; readonly location: Location }
  | { readonly kind: "answer"; readonly deployment: string };

/** The row whose check box is the setting. */
export const AUTO_EXECUTE = "autoExecute";

export function rows(deployments: readonly Deployment[], autoExecute: boolean): Row[] {
  if (deployments.length === 0) {
    return []; // Then the view shows its welcome text.
  }
  return [autoExecuteRow(autoExecute), ...deployments.map((deployment, index) => deploymentRow(deployment, index === 0))];
}

function autoExecuteRow(checked: boolean): Row {
  const label = "Start deployment automatically";
  const description = "when changes are ready"; // Of the two, this is the one that a narrow view cuts short.
  return leaf({
    id: AUTO_EXECUTE,
    label,
    description,
    spoken: `${label} ${description}`,
    checked,
    tooltip: [{ text: `${label} ${description} (the setting sigma.autoExecute).` }],
  });
}

function deploymentRow(deployment: Deployment, open: boolean): Row {
  const { id, can } = deployment;
  const allowed = (["execute", "abort", "stop"] as const).filter((action) => can[action]);
  const took = duration(deployment.startedAt, deployment.endedAt);
  return {
    id,
    label: title(deployment),
    description: progress(deployment),
    spoken: `${title(deployment)}, ${spokenProgress(deployment)}, ${deployment.message}`,
    icon: DEPLOYMENT_ICONS[look(deployment)],
    tooltip: [
      { heading: title(deployment) },
      { text: deployment.message },
      { text: `${deployment.operation === "deploy" ? "Deployment" : "Removal"} of ${target(deployment)}.` },
      ...(deployment.stackStatus === undefined ? [] : [{ code: deployment.stackStatus }]),
      ...(took === undefined ? [] : [{ text: `Took ${took}.` }]),
      ...(can.stop && can.stopMeans !== undefined ? [{ text: STOP_MEANS[can.stopMeans] }] : []),
    ],
    context: ["deployment", ...allowed, ...(deployment.question === undefined ? [] : ["question"])].join(" "),
    children: [
      ...questionRows(deployment),
      ...failureRows(deployment),
      ...changeRows(deployment),
      ...outputRows(deployment),
    ],
    open,
    deployment: id,
  };
}

const STOP_MEANS = {
  rollback: "Stopping rolls back what was changed.",
  delete: "Stopping deletes what was created.",
  halt: "Stopping leaves what was changed as it is.",
};

function questionRows(deployment: Deployment): Row[] {
  const { id, question } = deployment;
  if (question === undefined) {
    return [];
  }
  return [
    leaf({
      id: `${id}/question`,
      label: question.text,
      spoken: `Needs an answer: ${question.text}`,
      icon: { name: "question", color: "list.warningForeground" },
      tooltip: [{ text: question.text }],
      context: "question",
      action: { kind: "answer", deployment: id },
      deployment: id,
    }),
  ];
}

function failureRows(deployment: Deployment): Row[] {
  if (deployment.failures.length === 0) {
    return look(deployment) === "bad" ? [messageRow(deployment)] : [];
  }
  const sorted = [...deployment.failures].sort((a, b) => Number(b.rootCause) - Number(a.rootCause));
  return [
    group(deployment, "failures", "Failures", String(sorted.length), count(sorted.length, "failure"), true, [
      ...sorted.map((failure, index) => failureRow(deployment.id, failure, index)),
    ]),
  ];
}

/** No resource is at fault: then the server's own line says what is. */
function messageRow({ id, message }: Deployment): Row {
  return leaf({
    id: `${id}/message`,
    label: message,
    spoken: message,
    icon: { name: "error", color: "list.errorForeground" },
    tooltip: [{ text: message }],
    context: "value",
    value: message,
  });
}

function failureRow(deployment: string, failure: Failure, index: number): Row {
  const role = failure.rootCause ? "root cause" : "consequence";
  return leaf({
    id: `${deployment}/failure/${index}`,
    label: failure.resource,
    description: failure.reason,
    spoken: `${failure.resource} failed, ${role}: ${failure.reason}`,
    icon: failure.rootCause
      ? { name: "error", color: "list.errorForeground" }
      : { name: "warning", color: "list.warningForeground" },
    tooltip: [{ heading: `${failure.resource} (${role})` }, { text: failure.reason }],
    context: "value",
    value: failure.reason,
    ...reveal(failure.location),
  });
}

function changeRows(deployment: Deployment): Row[] {
  const { changes, plan, progress: all } = deployment;
  if (changes.length === 0) {
    return [];
  }
  const begun = changes.some((change) => change.status !== "pending");
  const description = !begun && plan !== undefined ? summary(plan.summary) : `${all.done}/${all.total}`;
  const spoken = !begun && plan !== undefined ? description : `${all.done} of ${all.total} done`;
  return [
    group(deployment, "changes", "Changes", description, `${count(changes.length, "change")}, ${spoken}`, true, [
      ...changes.map((change) => changeRow(deployment.id, change)),
    ]),
  ];
}

const CHANGE_ICONS: Record<ChangeStatus, { name: string; color?: string }> = {
  pending: { name: "circle-large-outline" },
  inProgress: { name: "loading~spin" },
  succeeded: { name: "pass", color: "testing.iconPassed" },
  failed: { name: "error", color: "list.errorForeground" },
  cancelled: { name: "circle-slash" },
  rollingBack: { name: "loading~spin", color: "list.warningForeground" },
  rolledBack: { name: "discard", color: "list.warningForeground" },
  retained: { name: "lock" },
};

function changeRow(deployment: string, change: Change): Row {
  const took = duration(change.startedAt, change.endedAt);
  // What to think about beforehand goes once it has begun; a time says that it is done.
  const begun = [change.action, ...(change.status === "succeeded" && took !== undefined ? [] : [status(change)])];
  const words = [...(change.status === "pending" ? [intent(change)] : begun), ...(took === undefined ? [] : [took])];
  const causes = change.causes.map((cause): Line => {
    const values = [cause.before, cause.after].filter((value) => value !== undefined);
    return { code: values.length === 0 ? cause.property : `${cause.property}: ${values.join(" \u2192 ")}` };
  });
  return leaf({
    id: `${deployment}/change/${change.id}`,
    label: change.resource.name,
    description: `${kind(change.resource.type)} \u2022 ${words.join(", ")}`,
    spoken: `${change.resource.name}, ${kind(change.resource.type)}, ${intent(change)}, ${status(change)}${change.reason === undefined ? "" : `: ${change.reason}`}`,
    icon: CHANGE_ICONS[change.status],
    tooltip: [
      { heading: change.resource.name },
      { text: [intent(change), status(change), ...(took === undefined ? [] : [took])].join(", ") },
      ...(change.reason === undefined ? [] : [{ text: change.reason }]),
      { code: `${change.resource.type} ${change.resource.physicalId ?? change.id}` },
      ...(causes.length === 0 ? [] : [{ text: "Because of" }, ...causes]),
    ],
    context: "change",
    ...reveal(change.location),
  });
}

function outputRows(deployment: Deployment): Row[] {
  const { outputs } = deployment;
  if (outputs.length === 0) {
    return [];
  }
  return [
    group(deployment, "outputs", "Outputs", String(outputs.length), count(outputs.length, "output"), true, [
      ...outputs.map((output) => outputRow(deployment.id, output)),
    ]),
  ];
}

function outputRow(deployment: string, output: Output): Row {
  const value = output.sensitive ? "hidden" : output.value;
  return leaf({
    id: `${deployment}/output/${output.name}`,
    label: output.name,
    description: value,
    spoken: `Output ${output.name}: ${value}`,
    icon: { name: output.sensitive ? "lock" : isUrl(value) ? "link" : "symbol-string" },
    tooltip: [
      { heading: output.name },
      ...(output.description === undefined ? [] : [{ text: output.description }]),
      { code: value },
    ],
    context: output.sensitive ? "hidden" : isUrl(value) ? "value url" : "value",
    value: output.sensitive ? undefined : output.value,
  });
}

const DEPLOYMENT_ICONS: Record<Look, { name: string; color?: string }> = {
  question: { name: "question", color: "list.warningForeground" },
  ready: { name: "checklist" },
  busy: { name: "loading~spin" },
  good: { name: "pass", color: "testing.iconPassed" },
  over: { name: "circle-slash" },
  bad: { name: "error", color: "list.errorForeground" },
};

function reveal(location: Location | undefined): { action?: RowAction } {
  return location === undefined ? {} : { action: { kind: "reveal", location } };
}

function group(
  deployment: Deployment,
  name: string,
  label: string,
  description: string,
  spoken: string,
  open: boolean,
  children: Row[],
): Row {
  return {
    id: `${deployment.id}/${name}`,
    label,
    description,
    spoken,
    icon: undefined,
    tooltip: [],
    context: name,
    children,
    open,
    deployment: deployment.id,
  };
}

function leaf(row: Partial<Row> & { id: string; label: string; spoken: string }): Row {
  return { description: "", icon: undefined, tooltip: [], context: "", children: [], open: undefined, ...row };
}

/**
 * The ids of the rows to draw again so that `after` shows in place of `before`; undefined: all of them.
 *
 * Drawing a row draws all that is below it, so nothing below a named row is named.
 */
export function changedRows(before: readonly Row[], after: readonly Row[]): string[] | undefined {
  if (!sameIds(before, after)) {
    return undefined;
  }
  return after.flatMap((row, index) => {
    const old = before[index];
    if (old === undefined || looks(old) !== looks(row)) {
      return [row.id];
    }
    return changedRows(old.children, row.children) ?? [row.id];
  });
}

function sameIds(a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every((row, index) => row.id === b[index]?.id);
}

function looks(row: Row): string {
  return JSON.stringify({ ...row, children: undefined });
}
