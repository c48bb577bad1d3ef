import { expect, it } from "vitest";

import { environmentItem } from "../src/server/environmentItem";

const SANDBOX = {
  name: "sandbox",
  title: "the sandbox",
  purpose: "the embedded cloud on this machine",
  folder: "/data/sandbox",
  size: 231_400_000,
  megabytes: 65,
};

it.each([
  ["missing", "$(cloud-download) The sandbox", "not installed, about 65 MB"],
  ["installing", "$(loading~spin) The sandbox", "being installed"],
  ["installed", "$(check) The sandbox", "installed, 231 MB in /data/sandbox"],
  ["included", "$(check) The sandbox", "part of the server"],
] as const)("says of an environment that is %s what it takes", (state, label, description) => {
  expect(environmentItem({ ...SANDBOX, state })).toEqual({ label, description, detail: "The embedded cloud on this machine" });
});
