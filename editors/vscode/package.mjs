// Packs what `esbuild.mjs` bundled into dist/sigma-ls.vsix, with the project's licence.
import { copyFileSync } from "node:fs";
import { createVSIX } from "@vscode/vsce";

copyFileSync("../../LICENSE", "LICENSE");
await createVSIX({ dependencies: false, allowMissingRepository: true, packagePath: "dist/sigma-ls.vsix" });
