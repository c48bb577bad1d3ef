// Bundles the extension into one file, and the pages of its webviews into one each.
// `--production` leaves out the source maps and what only people need.
import { rmSync } from "node:fs";

import { build } from "esbuild";

const production = process.argv.includes("--production");
const shared = { bundle: true, minify: production, sourcemap: production ? false : "linked", logLevel: "warning" };

rmSync("dist", { recursive: true, force: true }); // All that is in it is packed.
await build({
  ...shared,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  alias: { "semver/functions/parse": "./versionChecked.cjs", "semver/functions/satisfies": "./versionChecked.cjs" },
});
await build({
  ...shared,
  entryPoints: { monitor: "webview/monitor/main.ts", info: "webview/info/main.ts" },
  outdir: "dist/webview",
  platform: "browser",
  format: "iife",
  target: "chrome128", // That of VS Code 1.96, see `engines` in package.json.
  loader: { ".ttf": "file" },
  assetNames: "[name]",
});
