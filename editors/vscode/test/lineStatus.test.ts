import { expect, it } from "vitest";

import { lineStatuses } from "../src/features/deployment/lineStatus";
import type { Change } from "../src/protocol.gen";
import { change, deployment } from "./sample";

function at(line: number, uri = "file:///p/sigma.yaml"): Pick<Change, "location"> {
  return { location: { uri, range: { start: { line, character: 2 }, end: { line, character: 8 } } } };
}

function told(changes: Change[]): string[] {
  return lineStatuses(deployment({ changes })).map(({ line, text, tone }) => `${line}: ${text} (${tone})`);
}

it("says nothing of what is only planned, or was never begun", () => {
  expect(told([change("A", at(3))])).toEqual([]);
  expect(told([change("A", { ...at(3), status: "cancelled" })])).toEqual([]);
});

it("says how each line fares, by what matters most of all that comes from it", () => {
  expect(
    told([
      change("A", { ...at(3), status: "succeeded" }),
      change("ARole", { ...at(3), status: "inProgress" }),
      change("B", { ...at(7), status: "succeeded" }),
      change("C", { ...at(9), status: "failed", reason: "No such code" }),
      change("CRole", { ...at(9), status: "succeeded" }),
      change("Nowhere", { status: "succeeded" }),
      change("Included", { ...at(1, "file:///p/other.yaml"), status: "succeeded" }),
    ]),
  ).toEqual([
    "3: \u2026 in progress (1 of 2 changes) (quiet)",
    "7: \u2713 done (quiet)",
    "9: \u2717 failed: No such code (bad)",
  ]);
});

it("cuts a long reason short in the line, not in the hover", () => {
  const reason = "x".repeat(200);
  const [line] = lineStatuses(deployment({ changes: [change("A", { ...at(3), status: "failed", reason })] }));
  expect(line?.text).toHaveLength("\u2717 failed: ".length + 80);
  expect(line?.hover).toEqual([`AWS::S3::Bucket A: failed: ${reason}`]);
});
