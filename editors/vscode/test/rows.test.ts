import { describe, expect, it } from "vitest";

import { changedRows, row, type Row } from "../src/tree/rows";

const tree = (...children: Row[]): Row[] => [row({ id: "top", label: "Top", open: true, children })];
const a = row({ id: "a", label: "A" });
const b = row({ id: "b", label: "B", description: "b" });

it("reads a row aloud by its label and description", () => {
  expect([a.spoken, b.spoken]).toEqual(["A", "B, b"]);
});

describe("drawing again", () => {
  it("spares what looks the same", () => {
    expect(changedRows(tree(a, b), tree({ ...a }, b))).toEqual([]);
  });

  it("names the one row that changed", () => {
    expect(changedRows(tree(a, b), tree(a, { ...b, description: "c" }))).toEqual(["b"]);
  });

  it("names the parent of rows that came", () => {
    expect(changedRows(tree(a), tree(a, b))).toEqual(["top"]);
  });

  it("draws everything where a row came at the top", () => {
    expect(changedRows(tree(a), [...tree(a), b])).toBeUndefined();
  });
});
