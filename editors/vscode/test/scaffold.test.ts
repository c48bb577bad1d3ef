import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

import { filled, nameOf, regionOf, wrongCloudProject, wrongName } from "../src/features/create/scaffold";

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

it("goes where the cloud's own tools would go", () => {
  expect(regionOf("aws", { AWS_REGION: "eu-west-2", AWS_DEFAULT_REGION: "us-west-2" })).toBe("eu-west-2");
  expect(regionOf("aws", { AWS_DEFAULT_REGION: "us-gov-west-1" })).toBe("us-gov-west-1");
  expect(regionOf("aws", { AWS_REGION: "{{nonsense}}" })).toBe("eu-west-1");
  expect(regionOf("aws", {})).toBe("eu-west-1");
  expect(regionOf("gcp", { CLOUDSDK_COMPUTE_REGION: "us-central1", AWS_REGION: "eu-west-2" })).toBe("us-central1");
  expect(regionOf("gcp", {})).toBe("europe-west1");
});

it("takes the ids that Google Cloud takes", () => {
  expect(wrongCloudProject("my-project-1")).toBeUndefined();
  for (const id of ["", "short", "My-project", "1project", "my_project", "my-project-", "a".repeat(31)]) {
    expect(wrongCloudProject(id)).toContain("begins with a small letter");
  }
});

it("fills each blank, and nothing that a value brings along", () => {
  const blanks = { name: "{{region}}", region: "eu-west-1", project: "my-project" };
  expect(filled("{{name}} in {{region}}, a@{{project}}.iam, ${{{name}}} {{other}}", blanks)).toBe(
    "{{region}} in eu-west-1, a@my-project.iam, ${{{region}}} {{other}}",
  );
});

it.each(["aws", "gcp"])("has a starter for %s in each language, with no blank that is not filled", (platform) => {
  for (const language of ["python", "node"]) {
    const folder = `../../sigma_ls/app/starters/${platform}-${language}`;
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name)).toContain("sigma.yaml");
    for (const { parentPath, name } of files) {
      expect(filled(readFileSync(`${parentPath}/${name}`, "utf8"), { name: "n", region: "r", project: "p" })).not.toContain("{{");
    }
  }
});
