import { readdirSync } from "node:fs";
import { expect, it } from "vitest";

import { FILES, filled, nameOf, regionOf, wrongName } from "../src/features/create/scaffold";

it("takes the names that manifests take", () => {
  expect(["shop", "Shop-2", "a".repeat(63)].map(wrongName)).toEqual([undefined, undefined, undefined]);
  for (const name of ["", "2shop", "my shop", "shop_1", "a".repeat(64)]) {
    expect(wrongName(name)).toContain("begins with a letter");
  }
});

it("makes a name of every folder's", () => {
  expect(["shop", "My Shop (2)", "2024_plan", "---", "x".repeat(99)].map(nameOf)).toEqual(["shop", "My-Shop-2", "plan", "hello", "x".repeat(63)]);
  expect(["shop", "My Shop (2)", "2024_plan", "---", "x".repeat(99)].map(nameOf).map(wrongName).every((wrong) => wrong === undefined)).toBe(true);
});

it("goes where AWS's own tools would go", () => {
  expect(regionOf({ AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "us-west-2" })).toBe("eu-west-1");
  expect(regionOf({ AWS_DEFAULT_REGION: "us-gov-west-1" })).toBe("us-gov-west-1");
  expect(regionOf({ AWS_REGION: "{{nonsense}}" })).toBe("us-east-1");
  expect(regionOf({})).toBe("us-east-1");
});

it("fills each blank", () => {
  expect(filled("{{name}} in {{region}}, {{name}}", { name: "shop", region: "eu-west-1" })).toBe("shop in eu-west-1, shop");
});

it.each(["python", "node"] as const)("has all the files of %s, and no others", (language) => {
  const there = readdirSync(`templates/${language}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replace(`templates/${language}/`, ""));
  expect(there.sort()).toEqual([...FILES[language]].sort());
});
