// The monitor's head: how the whole of it stands, in words for the eye and for the ear.
import type { Deployment } from "../../src/protocol.gen";
import { count, duration, look, type Look, progress, spokenProgress, summary, target, title, withoutCause } from "../../src/features/deployment/words";

export interface Overview {
  readonly title: string;
  readonly target: string;
  readonly look: Look;
  /** A codicon. */
  readonly icon: string;
  readonly spins: boolean;
  readonly status: string;
  readonly message: string;
  /** `2 of 6 done, 1 failed, about 40 s left`, as far as it is known. */
  readonly details: string;
  /** Of all changes, from 0 to 1; undefined: nothing to count, though something goes on or has ended. */
  readonly fraction: number | undefined;
  readonly busy: boolean;
}

const ICONS: Record<Look, string> = {
  question: "question",
  ready: "checklist",
  busy: "loading",
  good: "pass",
  over: "circle-slash",
  bad: "error",
};

/** `now` is in milliseconds since 1970. */
export function overview(deployment: Deployment, now: number): Overview {
  const seen = look(deployment);
  const { done, total, failed, etaSeconds } = deployment.progress;
  const running = deployment.phase !== "completed";
  const took = duration(deployment.startedAt, deployment.endedAt ?? (running ? new Date(now).toISOString() : undefined));
  const begun = deployment.changes.some((change) => change.status !== "pending");
  // While it is watched, the server's line begins with the same figures, and names the state.
  const told = deployment.message.startsWith(`${done}/${total} done`);
  const planned = begun || deployment.plan === undefined ? "" : summary(deployment.plan.summary);
  const details = [
    // The server's line of changes that are ready ends with the same.
    ...(planned === "" || deployment.message.includes(planned) ? [] : [planned]),
    ...(begun && total > 0 && !told && (running || done < total) ? [`${done} of ${count(total, "change")} done`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(took === undefined ? [] : [running ? `${took} so far` : `took ${took}`]),
    ...(running && etaSeconds !== undefined ? [`about ${left(etaSeconds)} left`] : []),
    ...(deployment.stackStatus === undefined || (told && deployment.message.includes(deployment.stackStatus)) ? [] : [deployment.stackStatus]),
  ];
  return {
    title: title(deployment),
    target: `${deployment.operation === "deploy" ? "Deployment" : "Removal"} of ${target(deployment)}`,
    look: seen,
    icon: ICONS[seen],
    spins: seen === "busy",
    status: progress(deployment),
    // Where no resource is at fault, the failures say it.
    message: seen === "bad" && deployment.failures.length === 0 ? "" : withoutCause(deployment),
    details: details.join(" \u2022 "),
    fraction: total > 0 && begun ? Math.min(1, (done + failed) / total) : undefined,
    busy: seen === "busy",
  };
}

/** Rounded, for it is a guess. */
function left(seconds: number): string {
  if (seconds < 90) {
    return `${Math.max(5, Math.ceil(seconds / 5) * 5)} s`;
  }
  return `${Math.round(seconds / 60)} min`;
}

/** A quarter: often enough to know that it goes on, rarely enough to do something else. A guess. */
const SPOKEN_STEPS = 4;

/** What a screen reader says of a new snapshot; undefined: nothing, for it would only interrupt. */
export function spoken(previous: Deployment | undefined, next: Deployment): string | undefined {
  if (previous?.id !== next.id) {
    return `${title(next)}: ${spokenProgress(next)}`;
  }
  if (next.question !== undefined && previous.question?.id !== next.question.id) {
    return `A question: ${next.question.text}`;
  }
  const failure = next.failures.find((each) => each.rootCause) ?? next.failures[0];
  if (next.phase === "completed" && previous.phase !== "completed") {
    const why = failure === undefined ? "" : ` ${failure.resource}: ${failure.reason}`;
    return `${title(next)}: ${progress(next)}.${why}`;
  }
  const broken = next.changes.find((change, index) => change.status === "failed" && previous.changes[index]?.status !== "failed");
  if (broken !== undefined) {
    return `${broken.resource.name} failed${broken.reason === undefined ? "" : `: ${broken.reason}`}`;
  }
  if (previous.phase !== next.phase || quarter(previous) !== quarter(next)) {
    return spokenProgress(next);
  }
  return undefined;
}

function quarter({ progress: { done, total } }: Deployment): number {
  return total === 0 ? 0 : Math.floor((done * SPOKEN_STEPS) / total);
}
