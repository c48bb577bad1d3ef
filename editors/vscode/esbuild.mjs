// Bundles the extension into three files, and the pages of its webviews into one each.
// `--analyze` prints what the extension's bundle is made of, `--production` leaves out the source maps and what only people need.
import { cpSync, readFileSync, rmSync } from "node:fs";

import { fileURLToPath } from "node:url";

import { analyzeMetafile, build } from "esbuild";

const production = process.argv.includes("--production");
const shared = { bundle: true, minify: production, sourcemap: production ? false : "linked", logLevel: "warning" };

process.umask(0o022); // Who packs is not to be seen in the archive.
// What of the language client is replaced, and by what; see the files.
const OMITTED =
  /^\.\/(callHierarchy|codeLens|colorProvider|declaration|fileOperations|formatting|implementation|inlayHint|inlineCompletion|inlineValue|linkedEditingRange|notebook|semanticTokens|signatureHelp|typeDefinition|typeHierarchy|workspaceSymbol)$/;
const trimmed = {
  name: "trimmed",
  setup({ onResolve, onLoad }) {
    const replace = (filter, file) => {
      const path = fileURLToPath(new URL(`trimmed/${file}`, import.meta.url));
      onResolve({ filter }, ({ importer }) => (/vscode-languageclient/.test(importer) ? { path } : undefined));
    };
    // What TypeScript wrote into each file, said shorter: 50 kB less.
    onLoad({ filter: /node_modules.vscode-(languageclient|languageserver-protocol|jsonrpc).lib.(common|node).*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8")
        .replace(/^var __(?:createBinding|importDefault) = \(this[^]*?(?=^Object\.defineProperty\(exports, "__esModule")/m, "")
        .replace(/^Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+)\.(\w+); \} \}\);$/gm, '__createBinding(exports, $2, "$3", "$1");'),
    }));
    replace(OMITTED, "features.cjs");
    replace(/\/globPattern$/, "globPattern.cjs");
    replace(/^semver\/functions\//, "versionChecked.cjs");
  },
};

rmSync("dist", { recursive: true, force: true }); // All that is in it is packed.
const { metafile } = await build({
  ...shared,
  // A window waits for the first one only; the second is loaded after the activation, the third with the server.
  entryPoints: { extension: "src/extension.ts", main: "src/main.ts", client: "src/server/client.ts" },
  outdir: "dist",
  supported: { "dynamic-import": false },
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode", "./main", "./client"],
  plugins: [trimmed],
  inject: ["trimmed/helpers.mjs"],
  metafile: process.argv.includes("--analyze"),
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
// For YAML extensions of others, where somebody has a manifest opened as YAML.
cpSync("../../docs/sigma.schema.json", "dist/sigma.schema.json");
// What Create Project writes is what `sigma-ls init` writes.
cpSync("../../sigma_ls/app/starters", "dist/starters", { recursive: true, filter: (path) => !path.includes("__pycache__") });
if (metafile !== undefined) {
  console.log(await analyzeMetafile(metafile));
}
