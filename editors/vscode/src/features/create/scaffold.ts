// What a new project is called, and what its manifest says. Knows no VS Code; its files are in the folder `templates`.

export type Language = "python" | "node";

/** Each language's files in `templates/<language>`, by their paths in the project too. */
export const FILES: Record<Language, readonly string[]> = {
  python: ["sigma.yaml", "src/hello/app.py"],
  node: ["sigma.yaml", "src/hello/index.mjs"],
};

/** Why this is no name for a project, as docs/manifest.md has it; undefined: it is one. */
export function wrongName(name: string): string | undefined {
  if (/^[a-zA-Z][a-zA-Z0-9-]{0,62}$/.test(name)) {
    return undefined;
  }
  return "A name begins with a letter and has letters, digits and hyphens, 63 at most.";
}

/** A name made of a folder's. */
export function nameOf(folder: string): string {
  const name = folder
    .replaceAll(/[^a-zA-Z0-9-]+/g, "-")
    .replace(/^[^a-zA-Z]+/, "")
    .replace(/-+$/, "")
    .slice(0, 63);
  return name === "" ? "hello" : name;
}

/** The region that the environment names, as AWS's own tools read it; else the one that has all services. */
export function regionOf(environment: Readonly<Record<string, string | undefined>>): string {
  const named = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? "";
  return /^[a-z]{2}(-[a-z]+)+-\d$/.test(named) ? named : "us-east-1";
}

/** A file of `templates` with its blanks filled in. */
export function filled(text: string, values: Readonly<Record<"name" | "region", string>>): string {
  return text.replaceAll("{{name}}", values.name).replaceAll("{{region}}", values.region);
}
