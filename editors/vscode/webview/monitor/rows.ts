// The rows of the list of changes: one for each change, and below an open one what there is to know of it.
import type { Cause, Change, ChangeStatus, Deployment } from "../../src/protocol.gen";
import { count, duration, intent, kind, status } from "../../src/features/deployment/words";
import type { Place } from "../../src/features/monitor/messages";

/** How much a word or an icon wants to be seen. */
export type Tone = "plain" | "good" | "warning" | "bad";

export interface ChangeRow {
  readonly kind: "change";
  /** Stable over snapshots. */
  readonly key: string;
  readonly change: string;
  /** A codicon. */
  readonly icon: string;
  readonly spins: boolean;
  readonly tone: Tone;
  readonly name: string;
  /** The logical id, where others have the same name and type. */
  readonly id: string | undefined;
  readonly type: string;
  readonly action: string;
  readonly badges: readonly { readonly text: string; readonly tone: Tone }[];
  readonly status: string;
  readonly took: string;
  /** All of it, for screen readers. */
  readonly spoken: string;
  readonly hover: string;
  /** Undefined: there is nothing more to know. */
  readonly open: boolean | undefined;
  readonly place: Place | undefined;
  readonly position: number;
  readonly of: number;
}

export interface DetailRow {
  readonly kind: "detail";
  readonly key: string;
  readonly change: string;
  readonly label: string;
  readonly text: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly tone: Tone;
  readonly place: Place | undefined;
  readonly position: number;
  readonly of: number;
}

export type ListRow = ChangeRow | DetailRow;

const ICONS: Record<ChangeStatus, { readonly icon: string; readonly tone: Tone; readonly spins?: boolean }> = {
  pending: { icon: "circle-large-outline", tone: "plain" },
  inProgress: { icon: "loading", tone: "plain", spins: true },
  succeeded: { icon: "pass", tone: "good" },
  failed: { icon: "error", tone: "bad" },
  cancelled: { icon: "circle-slash", tone: "plain" },
  rollingBack: { icon: "loading", tone: "warning", spins: true },
  rolledBack: { icon: "discard", tone: "warning" },
  retained: { icon: "lock", tone: "plain" },
};

/** `open` holds the ids of the changes whose details are shown; `now` is in milliseconds since 1970. */
export function listRows(deployment: Deployment, open: ReadonlySet<string>, now: number): ListRow[] {
  const { changes } = deployment;
  const alike = new Map<string, number>();
  for (const change of changes) {
    alike.set(look(change), (alike.get(look(change)) ?? 0) + 1);
  }
  return changes.flatMap((change, index): ListRow[] => {
    const details = detailRows(change);
    const isOpen = open.has(change.id);
    const row = changeRow(change, {
      position: index + 1,
      of: changes.length,
      id: alike.get(look(change)) === 1 ? undefined : change.id,
      open: details.length === 0 ? undefined : isOpen,
      now,
    });
    return isOpen ? [row, ...details] : [row];
  });
}

/** What tells most changes apart: two routes of an API have the API's name, and one type. */
function look(change: Change): string {
  return `${change.resource.type} ${change.resource.name}`;
}

type Around = Pick<ChangeRow, "position" | "of" | "id" | "open"> & { readonly now: number };

function changeRow(change: Change, { position, of, id, open, now }: Around): ChangeRow {
  const runs = change.status === "inProgress" || change.status === "rollingBack";
  const took = duration(change.startedAt, change.endedAt ?? (runs ? new Date(now).toISOString() : undefined)) ?? "";
  const { icon, tone, spins = false } = ICONS[change.status];
  const reason = change.reason === undefined ? "" : `: ${change.reason}`;
  const causes = change.causes.map(causeText);
  return {
    kind: "change",
    key: `change ${change.id}`,
    change: change.id,
    icon,
    spins,
    tone,
    name: change.resource.name,
    id,
    type: kind(change.resource.type),
    action: change.action,
    badges: badges(change),
    status: status(change),
    took,
    // A time that runs is left out: it would be read again each second.
    spoken: `${change.resource.name}${id === undefined ? "" : ` ${id}`}, ${kind(change.resource.type)}, ${intent(change)}, ${status(change)}${change.endedAt === undefined || took === "" ? "" : `, ${took}`}${reason}${causes.length === 0 ? "" : `, ${count(causes.length, "cause")}`}`,
    hover: [
      `${change.resource.name}: ${intent(change)}, ${status(change)}${reason}`,
      `${change.resource.type} ${change.resource.physicalId ?? change.id}`,
      ...(causes.length === 0 ? [] : ["", "Because of", ...causes]),
    ].join("\n"),
    open,
    place: change.location === undefined ? undefined : { kind: "change", change: change.id },
    position,
    of,
  };
}

function badges(change: Change): ChangeRow["badges"] {
  const replaced =
    change.action === "replace" || change.replacement === "never"
      ? []
      : [{ text: `${change.replacement} be replaced`, tone: "warning" as const }];
  switch (change.risk) {
    case "dataLoss":
      return [...replaced, { text: "data loss", tone: "bad" }];
    case "interruption":
    case "permissions":
      return [...replaced, { text: change.risk, tone: "warning" }];
    case "replacement": // The action or the other badge says so.
    case "none":
      return replaced;
  }
}

function detailRows(change: Change): DetailRow[] {
  const reason =
    change.reason === undefined
      ? []
      : [{ label: change.rootCause === true ? "Root cause" : "Reason", text: change.reason, tone: tone(change) }];
  const physical =
    change.resource.physicalId === undefined
      ? []
      : [{ label: "Resource", text: `${change.resource.type} ${change.resource.physicalId}`, tone: "plain" as const }];
  const lines = [
    ...reason.map((line) => ({ ...line, cause: undefined, index: 0 })),
    ...change.causes.map((cause, index) => ({ label: cause.property, text: "", tone: "plain" as const, cause, index })),
    ...physical.map((line) => ({ ...line, cause: undefined, index: 0 })),
  ];
  return lines.map((line, index) => ({
    kind: "detail",
    key: `detail ${change.id} ${index}`,
    change: change.id,
    label: line.label,
    text: line.text,
    before: line.cause?.before,
    after: line.cause?.after,
    tone: line.tone,
    place: line.cause?.location === undefined ? undefined : { kind: "cause", change: change.id, index: line.index },
    position: index + 1,
    of: lines.length,
  }));
}

function tone(change: Change): Tone {
  return change.status === "failed" ? "bad" : "plain";
}

function causeText({ property, before, after }: Cause): string {
  const values = [before, after].filter((value) => value !== undefined);
  return values.length === 0 ? property : `${property}: ${values.join(" \u2192 ")}`;
}
