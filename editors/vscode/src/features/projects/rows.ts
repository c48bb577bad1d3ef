// The rows of the Sigma view, as data: projects, their stages, and what each of those holds. Knows no VS Code.
import type { Deployment, Failure, Output } from "../../protocol.gen";
import { type About, type Line, row, type Row } from "../../tree/rows";
import { helpFor } from "../deployment/help";
import { isRunning } from "../deployment/store";
import { count, day, duration, isUrl, kind, look, type Look, progress, spokenProgress, target } from "../deployment/words";
import { type Deployed, deployedOf, outputsOf, presentOf, type State } from "./deployed";
import { type Declared, isSameProject, type Outline } from "./outline";

export interface Known {
  readonly outline: Outline;
  /** Of this project, all stages and both targets, the ones that run first, then the newest first. */
  readonly deployments: readonly Deployment[];
  /** The stage that is selected; empty: the first one. */
  readonly stage: string;
  /** Whether the sandbox is the target that is selected: only what is there is shown. */
  readonly sandbox: boolean;
  /** Whether the manifest is not there any more, removed or renamed while a deployment runs. */
  readonly gone?: boolean;
}

export function projectRows(projects: readonly Known[], trusted = true): Row[] {
  const rows = projects.map((project) => projectRow(project, projects.length === 1));
  return trusted || rows.length === 0 ? rows : [trustRow(), ...rows];
}

/** Why, is said above all rows. */
function trustRow(): Row {
  const label = "Manage Workspace Trust";
  return row({ id: "sigma.manageTrust", label, icon: { name: "workspace-untrusted" }, action: { kind: "command", command: "sigma.manageTrust" } });
}

/** The projects of deployments that run though their manifests are gone: to be seen to their end, and stopped. */
export function goneProjects(deployments: readonly Deployment[], outlines: readonly Outline[]): Known[] {
  const running = deployments.filter((each) => isRunning(each) && !outlines.some(({ uri }) => isSameProject(uri, each.project.uri)));
  return [...new Set(running.map(({ project }) => project.uri))].map((uri) => {
    const own = running.filter(({ project }) => project.uri === uri);
    const outline = { uri, name: own[0]?.project.name ?? uri, stages: [], functions: [], resources: [] };
    return { outline, deployments: own, stage: "", sandbox: own[0]?.sandbox === true, gone: true };
  });
}

function projectRow(known: Known, alone: boolean): Row {
  const { outline, sandbox, stage: selected } = known;
  if (known.gone === true) {
    return { ...standRow(outline, outline.uri, outline.name, known.deployments, {}, "gone", "no manifest any more"), open: true };
  }
  const { uri, name, stages } = outline;
  const here = known.deployments.filter((each) => each.sandbox === sandbox);
  const about: About = { project: uri, location: { uri, range: START } };
  const where = sandbox ? "sandbox" : "";
  const gone = [...new Set(here.map((each) => each.stage))].filter(
    (stage): stage is string => stage !== null && !stages.some(({ id }) => id === stage),
  );
  if (stages.length === 0 && gone.length === 0) {
    return { ...standRow(outline, uri, name, here, about, "project stage", where), open: true };
  }
  const first = selected === "" ? stages[0]?.id : selected;
  const declared = stages.map(({ id, location }) =>
    stageRow(outline, id, here, { project: uri, stage: id, location }, id === first),
  );
  const others = gone.map((id) => {
    const made = stageRow({ ...outline, functions: [], resources: [] }, id, here, { project: uri, stage: id }, false);
    return { ...made, tooltip: [...made.tooltip, { text: "The manifest has no such stage (any more)." }] };
  });
  return row({
    id: uri,
    label: name,
    description: where,
    spoken: `Project ${join(name, where)}`,
    icon: { name: "package" },
    tooltip: [{ heading: name }, { text: `Deployed to ${sandbox ? "the sandbox" : "the cloud"}.` }],
    context: "project",
    about,
    open: alone || here.some(isRunning),
    children: [...declared, ...others],
  });
}

const START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function stageRow(outline: Outline, stage: string, here: readonly Deployment[], about: About, selected: boolean): Row {
  const own = here.filter((each) => each.stage === stage);
  const made = standRow(outline, `${outline.uri}#${stage}`, stage, own, about, "stage");
  return {
    ...made,
    description: join(made.description, selected ? "selected" : ""),
    spoken: `Stage ${join(made.spoken, selected ? "selected" : "")}`,
    open: selected || own.some((each) => isRunning(each)),
  };
}

/** A project without stages, or one of its stages: how its last deployment stands, and what there is of it. */
function standRow(outline: Outline, id: string, label: string, deployments: readonly Deployment[], about: About, words: string, where = ""): Row {
  const [last] = deployments;
  const all: About = last === undefined ? about : { ...about, deployment: last.id };
  const allowed = last === undefined ? [] : (["execute", "abort", "stop"] as const).filter((action) => last.can[action]);
  const context = [
    words,
    ...(last === undefined ? [] : ["deployed"]),
    ...(last === undefined || !isRunning(last) ? ["idle"] : []),
    ...allowed,
    ...(last?.question === undefined ? [] : ["question"]),
  ];
  return row({
    id,
    label,
    description: last === undefined ? join("not deployed", where) : stand(last, where),
    spoken: last === undefined ? `${label}, not deployed` : `${label}, ${spokenProgress(last)}, ${last.message}`,
    icon: last === undefined ? { name: "circle-large-outline" } : LOOKS[look(last)],
    tooltip: last === undefined ? [{ heading: label }, { text: "Nothing is deployed yet." }] : lastTooltip(label, last),
    context: context.join(" "),
    about: all,
    children: [
      ...(last === undefined ? [] : [...questionRows(id, last), ...failureRows(id, last)]),
      ...groupRow(id, "Functions", outline.functions, deployments, all),
      ...groupRow(id, "Resources", outline.resources, deployments, all),
      ...outputRows(id, deployments),
    ],
  });
}

/** `deployed, sandbox, 2026-01-31 12:05`: a narrow view cuts off what matters least. */
function stand(last: Deployment, where: string): string {
  return join(progress(last), where, last.endedAt === undefined ? "" : day(last.endedAt));
}

function lastTooltip(label: string, last: Deployment): Line[] {
  const took = duration(last.startedAt, last.endedAt);
  return [
    { heading: label },
    { text: last.message },
    { text: `${last.operation === "deploy" ? "Deployment" : "Removal"} of ${target(last)}.` },
    ...(last.stackStatus === undefined ? [] : [{ code: last.stackStatus }]),
    { text: last.endedAt === undefined ? `Began ${day(last.startedAt)}.` : `Ended ${day(last.endedAt)}${took === undefined ? "" : `, took ${took}`}.` },
  ];
}

function questionRows(id: string, { id: deployment, question }: Deployment): Row[] {
  if (question === undefined) {
    return [];
  }
  return [
    row({
      id: `${id}/question`,
      label: question.text,
      spoken: `Needs an answer: ${question.text}`,
      icon: { name: "question", color: "list.warningForeground" },
      tooltip: [{ text: question.text }],
      context: "question",
      action: { kind: "command", command: "sigma.answerQuestion" },
      about: { deployment },
    }),
  ];
}

function failureRows(id: string, last: Deployment): Row[] {
  if (look(last) !== "bad") {
    return [];
  }
  const sorted = [...last.failures].sort((a, b) => Number(b.rootCause) - Number(a.rootCause));
  const rows = sorted.length === 0 ? [messageRow(id, last)] : sorted.map((failure, index) => failureRow(id, last.id, failure, index));
  return [...rows, ...helpRows(id, last)];
}

/** No resource is at fault: then the server's own line says what is. */
function messageRow(id: string, { id: deployment, message }: Deployment): Row {
  return row({
    id: `${id}/message`,
    label: message,
    icon: { name: "error", color: "list.errorForeground" },
    tooltip: [{ text: message }],
    context: "value",
    about: { deployment, value: message },
  });
}

function failureRow(id: string, deployment: string, failure: Failure, index: number): Row {
  const role = failure.rootCause ? "root cause" : "consequence";
  const { location } = failure;
  return row({
    id: `${id}/failure/${index}`,
    label: failure.resource,
    description: failure.reason,
    spoken: `${failure.resource} failed, ${role}: ${failure.reason}`,
    icon: failure.rootCause
      ? { name: "error", color: "list.errorForeground" }
      : { name: "warning", color: "list.warningForeground" },
    tooltip: [{ heading: `${failure.resource} (${role})` }, { text: failure.reason }],
    context: location === undefined ? "value" : "value source",
    about: { deployment, value: failure.reason, ...(location === undefined ? {} : { location }) },
    ...(location === undefined ? {} : { action: { kind: "reveal", location } }),
  });
}

/** What to do where credentials are at fault; whoever has no account yet can go on all the same. */
function helpRows(id: string, last: Deployment): Row[] {
  const help = helpFor(last);
  if (help === undefined) {
    return [];
  }
  const about: About = { project: last.project.uri, ...(last.stage === null ? {} : { stage: last.stage }) };
  const other = row({
    id: `${id}/sandbox`,
    label: "Try in the Sandbox",
    description: "no account needed",
    icon: { name: "beaker" },
    action: { kind: "command", command: "sigma.trySandbox" },
    about,
  });
  return [
    row({
      id: `${id}/help`,
      label: help.title,
      description: help.command,
      icon: { name: "book" },
      tooltip: [{ text: help.title }, ...(help.command === "" ? [] : [{ code: help.command }]), { code: help.url }],
      context: "value url",
      action: { kind: "command", command: "sigma.openUrl" },
      about: { ...about, value: help.url },
    }),
    ...(help.sandbox ? [other] : []),
  ];
}

const STATES: Record<State, { name: string; color?: string }> = {
  deployed: { name: "pass", color: "charts.green" },
  absent: { name: "circle-large-outline" },
  unknown: { name: "circle-large-outline" },
  failed: { name: "error", color: "list.errorForeground" },
  busy: { name: "loading~spin" },
  waiting: { name: "circle-large-outline" },
};

function groupRow(id: string, label: string, declared: readonly Declared[], deployments: readonly Deployment[], about: About): Row[] {
  if (declared.length === 0) {
    return [];
  }
  const present = presentOf(deployments);
  const children = declared.map(({ id: name, location }) => {
    const found = deployedOf(name, deployments, present);
    return declaredRow(`${id}/${label}/${name}`, name, found, { ...about, location });
  });
  const there = children.filter((child) => child.context.includes("there")).length;
  const description = there === 0 ? String(declared.length) : `${there} of ${declared.length} deployed`;
  return [
    row({ id: `${id}/${label}`, label, description, icon: undefined, context: "group", about, open: true, children }),
  ];
}

function declaredRow(id: string, label: string, { state, text, reason, present, own }: Deployed, about: About): Row {
  const main = own ?? present[0];
  const type = main === undefined ? "" : kind(main.resource.type);
  const physical = present[0]?.resource.physicalId;
  const { location } = about;
  const isThere = state === "deployed" || present.some((change) => change.id === own?.id);
  return row({
    id,
    label,
    description: join(type, reason === undefined ? text : `${text}: ${reason}`),
    spoken: [label, type, text === "" ? "no deployment tells of it" : text, reason ?? ""].filter((word) => word !== "").join(", "),
    icon: STATES[state],
    tooltip: [
      { heading: label },
      { text: state === "unknown" ? "No deployment that is remembered has made it: it may be new, unused, or have been there before." : (reason ?? text) },
      ...present.map(({ resource, id: logical }) => ({ code: `${resource.type} ${resource.physicalId ?? logical}` })),
    ],
    context: ["source", ...(isThere ? ["there"] : []), ...(physical === undefined ? [] : ["value"])].join(" "),
    about: physical === undefined ? about : { ...about, value: physical },
    ...(location === undefined ? {} : { action: { kind: "reveal", location } }),
  });
}

function outputRows(id: string, deployments: readonly Deployment[]): Row[] {
  const found = outputsOf(deployments);
  if (found === undefined || found.outputs.length === 0) {
    return [];
  }
  return [
    row({
      id: `${id}/outputs`,
      label: "Outputs",
      description: String(found.outputs.length),
      spoken: count(found.outputs.length, "output"),
      context: "group",
      open: true,
      children: found.outputs.map((output) => outputRow(id, found.deployment, output)),
    }),
  ];
}

function outputRow(id: string, deployment: string, output: Output): Row {
  const value = output.sensitive ? "hidden" : output.value;
  return row({
    id: `${id}/output/${output.name}`,
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
    about: output.sensitive ? { deployment } : { deployment, value: output.value },
  });
}

const LOOKS: Record<Look, { name: string; color?: string }> = {
  question: { name: "question", color: "list.warningForeground" },
  ready: { name: "checklist" },
  busy: { name: "loading~spin" },
  good: { name: "pass", color: "charts.green" },
  over: { name: "circle-slash" },
  bad: { name: "error", color: "list.errorForeground" },
};

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}

/** Instead of all else while there is no server: what can be done about it; why there is none is said above. */
export function stoppedRows(): Row[] {
  const offer = (label: string, icon: string, command: string): Row =>
    row({ id: command, label, icon: { name: icon }, action: { kind: "command", command } });
  return [
    offer("Restart Server", "refresh", "sigma.restartServer"),
    offer("What Can Be Done", "lightbulb", "sigma.explainServer"),
    offer("Show Server Log", "output", "sigma.showServerLog"),
  ];
}
