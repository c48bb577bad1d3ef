// How functions and resources fare, line by line of their manifest. Knows no VS Code.
import type { Change, ChangeStatus, Deployment } from "../../protocol.gen";
import { count, status } from "./words";

export interface LineStatus {
  /** Zero-based. */
  readonly line: number;
  readonly text: string;
  readonly tone: "quiet" | "bad";
  /** One line for each change that comes from here. */
  readonly hover: readonly string[];
}

/** What matters most first: of all changes that come from one line, the line tells this one. */
const WEIGHTS: readonly ChangeStatus[] = [
  "failed",
  "rollingBack",
  "inProgress",
  "rolledBack",
  "cancelled",
  "pending",
  "retained",
  "succeeded",
];

const SIGNS: Record<ChangeStatus, string> = {
  failed: "\u2717",
  rollingBack: "\u21b6",
  inProgress: "\u2026",
  rolledBack: "\u21b6",
  cancelled: "\u2013",
  pending: "\u2013",
  retained: "\u2013",
  succeeded: "\u2713",
};

/** Characters of a reason that are shown in the line; all of it is in the hover. A guess. */
const REASON = 80;

/** Nothing before the first change begins: a plan is no status. */
export function lineStatuses({ changes, project }: Deployment): LineStatus[] {
  if (changes.every((change) => change.status === "pending" || change.status === "cancelled")) {
    return [];
  }
  const lines = new Map<number, Change[]>();
  for (const change of changes) {
    if (change.location?.uri === project.uri) {
      const { line } = change.location.range.start;
      lines.set(line, [...(lines.get(line) ?? []), change]);
    }
  }
  return [...lines].map(([line, here]) => lineStatus(line, here));
}

function lineStatus(line: number, changes: readonly Change[]): LineStatus {
  const worst = WEIGHTS.find((each) => changes.some((change) => change.status === each)) ?? "pending";
  const told = changes.find((change) => change.status === worst && change.reason !== undefined);
  const done = changes.filter((change) => change.status === "succeeded").length;
  const fraction = worst === "inProgress" && changes.length > 1 ? ` (${done} of ${count(changes.length, "change")})` : "";
  const reason = worst === "failed" && told?.reason !== undefined ? `: ${short(told.reason)}` : "";
  return {
    line,
    text: `${SIGNS[worst]} ${status({ status: worst })}${fraction}${reason}`,
    tone: worst === "failed" ? "bad" : "quiet",
    hover: changes.map(
      (change) => `${change.resource.type} ${change.id}: ${status(change)}${change.reason === undefined ? "" : `: ${change.reason}`}`,
    ),
  };
}

function short(reason: string): string {
  const [first = ""] = reason.split("\n");
  return first.length <= REASON ? first : `${first.slice(0, REASON - 1)}\u2026`;
}
