import { expect, it } from "vitest";

import { matchGlobPattern } from "../trimmed/globPattern.cjs";

it.each([
  ["**/sigma.{yaml,yml}", "/work/sigma.yaml", true],
  ["**/sigma.{yaml,yml}", "/work/deep/er/sigma.yml", true],
  ["**/sigma.{yaml,yml}", "/work/sigma.yamlx", false],
  ["**/sigma.{yaml,yml}", "/work/sigmaxyaml", false],
  ["**/sigma.{yaml,yml}", "/work/mysigma.yaml", false],
  ["/a/*.js", "/a/b.js", true],
  ["/a/*.js", "/a/b/c.js", false],
  ["/a/?.js", "/a/b.js", true],
  ["/a/**", "/a/b/c", true],
])("%s matches %s: %s", (pattern, path, matches) => {
  expect(matchGlobPattern(pattern, { path })).toBe(matches);
});
