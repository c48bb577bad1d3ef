// Packs what `esbuild.mjs` bundled and what `tools/bundle/bundle.py` put into bundled/ into dist/sigma-ls.vsix, with the
// project's licence. The same input gives the same bytes.
import { copyFileSync, existsSync, statSync } from "node:fs";
import { createVSIX } from "@vscode/vsce";

const PACKED = "dist/sigma-ls.vsix";

if (!existsSync("bundled/start.py")) {
  console.error("error: the server is not in bundled/ yet. Run `make vsix` in the repository.");
  process.exit(1);
}
copyFileSync("../../LICENSE", "LICENSE");
// Archives hold local times since 1980: all files are of its first second, wherever this runs.
process.env.TZ = "UTC";
process.env.SOURCE_DATE_EPOCH = "315532800";
await createVSIX({ dependencies: false, allowMissingRepository: true, packagePath: PACKED });
console.log(`${PACKED}: ${(statSync(PACKED).size / 1e6).toFixed(1)} MB, of which the extension: ${kilobytes("dist/extension.js", "dist/main.js", "dist/client.js")}`);

function kilobytes(...paths) {
  return `${Math.round(paths.reduce((sum, path) => sum + statSync(path).size, 0) / 1000)} kB`;
}
