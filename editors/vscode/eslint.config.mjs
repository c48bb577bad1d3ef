import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["bundled/", "trimmed/", "dist/", "node_modules/", "src/protocol.gen.ts", "**/*.mjs", "**/*.cjs"] },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // VS Code takes anything with a dispose method for a Disposable.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      // A number in a template string is fine.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
);
