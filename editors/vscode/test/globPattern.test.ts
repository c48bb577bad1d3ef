import { expect, it } from "vitest";

import { matchGlobPattern } from "../trimmed/globPattern.cjs";

it.each([
  ["**/sigma.{yaml,yml}", "/home/ada/shop/sigma.yaml", true],
  ["**/sigma.{yaml,yml}", "/home/ada/shop/deep/er/sigma.yml", true],
  ["**/sigma.{yaml,yml}", "/home/ada/shop/sigma.yamlx", false],
  ["**/sigma.{yaml,yml}", "/home/ada/shop/sigmaxyaml", false],
  ["**/sigma.{yaml,yml}", "/home/ada/shop/mysigma.yaml", false],
  ["/a/*.js", "/a/b.js", true],
  ["/a/*.js", "/a/b/c.js", false],
  ["/a/?.js", "/a/b.js", true],
  ["/a/**", "/a/b/c", true],
])("%s matches %s: %s", (pattern, path, matches) => {
  expect(matchGlobPattern(pattern, { path })).toBe(matches);
});
