// What Project Info says of a project. Knows no VS Code.
import type { Deployment } from "../../protocol.gen";
import { count, day, duration, look, progress, summary, withoutCause } from "../deployment/words";
import { outputsOf } from "../projects/deployed";
import type { Outline } from "../projects/outline";
import type { Build, Fact, Info, Last, Past } from "./messages";

export interface Circumstances {
  readonly outline: Outline;
  /** The manifest's path, as a person would name it. */
  readonly path: string;
  /** All stages and both targets, the ones that run first, then the newest first. */
  readonly deployments: readonly Deployment[];
  /** The stage and the target that are selected. */
  readonly stage: string;
  readonly sandbox: boolean;
  readonly trusted: boolean;
  readonly build: Build;
}

export function infoOf({ outline, path, deployments, stage, sandbox, trusted, build }: Circumstances): Info {
  const { uri, name, stages, functions, resources } = outline;
  const chosen = stages.find(({ id }) => id === stage)?.id ?? stages[0]?.id ?? null;
  const here = deployments.filter((each) => each.sandbox === sandbox && each.stage === chosen);
  const [last] = here;
  return {
    project: uri,
    name,
    trusted,
    facts: [
      { label: "Manifest", value: path },
      { label: "Functions", value: list(functions) },
      { label: "Resources", value: list(resources) },
      ...(stages.length === 0 ? [] : [{ label: "Stages", value: stages.map(({ id }) => (id === chosen ? `${id} (selected)` : id)).join(", ") }]),
      { label: "Target", value: sandbox ? "the sandbox on this machine" : "the cloud" },
    ],
    build,
    ...(last === undefined ? {} : { last: lastOf(last, here) }),
    history: deployments.map(past),
  };
}

function list(declared: readonly { readonly id: string }[]): string {
  return declared.length === 0 ? "none" : declared.map(({ id }) => id).join(", ");
}

function lastOf(last: Deployment, here: readonly Deployment[]): Last {
  const { stack } = last;
  const took = duration(last.startedAt, last.endedAt);
  const facts: Fact[] = [
    { label: last.endedAt === undefined ? "Began" : "Ended", value: day(last.endedAt ?? last.startedAt) },
    ...(took === undefined ? [] : [{ label: "Took", value: took }]),
    { label: "Stack", value: stack.name },
    { label: "Region", value: stack.region },
    ...(stack.account === undefined || last.sandbox ? [] : [{ label: "Account", value: stack.account }]),
    ...(last.stackStatus === undefined ? [] : [{ label: "Status", value: last.stackStatus }]),
  ];
  return {
    deployment: last.id,
    title: last.stage ?? "",
    result: progress(last),
    look: look(last),
    message: withoutCause(last),
    facts,
    failures: [...last.failures].sort((a, b) => Number(b.rootCause) - Number(a.rootCause)),
    outputs: (outputsOf(here)?.outputs ?? []).map((output) => (output.sensitive ? { ...output, value: "" } : output)),
  };
}

function past(deployment: Deployment): Past {
  const { operation, stage, sandbox, plan, changes } = deployment;
  return {
    deployment: deployment.id,
    when: day(deployment.endedAt ?? deployment.startedAt),
    what: [operation === "deploy" ? "Deployment" : "Removal", ...(stage === null ? [] : [`of ${stage}`]), ...(sandbox ? ["in the sandbox"] : [])].join(" "),
    result: progress(deployment),
    look: look(deployment),
    changes: plan === undefined ? (changes.length === 0 ? "" : count(changes.length, "change")) : summary(plan.summary),
    took: duration(deployment.startedAt, deployment.endedAt) ?? "",
    staged: operation === "deploy" && changes.length > 0,
  };
}

/** Whose template is the one that is deployed now: the last that was deployed well, unless it was removed since. */
export function deployedNow(deployments: readonly Deployment[]): Deployment | undefined {
  const last = deployments.find((each) => each.outcome === "succeeded");
  return last?.operation === "deploy" ? last : undefined;
}

