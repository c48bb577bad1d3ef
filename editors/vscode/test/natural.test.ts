import { expect, it } from "vitest";

import { byName } from "../src/natural";

it("puts names in the order in which people look for them", () => {
  expect(["first10", "Second", "first2", "first"].sort(byName)).toEqual(["first", "first2", "first10", "Second"]);
});
