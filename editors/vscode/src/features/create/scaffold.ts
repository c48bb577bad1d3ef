// What a new project is called and where it goes. Knows no VS Code; the files are those of `sigma-ls init`, which the build
// copies from `sigma_ls/app/starters` (`esbuild.mjs`).

export type Platform = "aws" | "gcp";
export type Language = "python" | "node";

/** Where a project goes that nobody said more of, as in `sigma_ls/app/starter.py`. */
const REGIONS: Record<Platform, string> = { aws: "eu-west-1", gcp: "europe-west1" };

/** What stands in the blanks of the files; `project` is that of Google Cloud. */
export interface Blanks {
  readonly name: string;
  readonly region: string;
  readonly project: string;
}

/** Why this is no name for a project, as docs/manifest.md has it; undefined: it is one. */
export function wrongName(name: string): string | undefined {
  if (/^[a-zA-Z][a-zA-Z0-9-]{0,62}$/.test(name)) {
    return undefined;
  }
  return "A name begins with a letter and has letters, digits and hyphens, 63 at most.";
}

/** Why this is no id of a Google Cloud project, as docs/manifest.md has it; undefined: it is one. */
export function wrongCloudProject(id: string): string | undefined {
  if (/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(id)) {
    return undefined;
  }
  return "An id begins with a small letter and has small letters, digits and hyphens, 6 to 30 of them.";
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

/** The region that the environment names, as the cloud's own tools read it; else that of `sigma-ls init`. */
export function regionOf(platform: Platform, environment: Readonly<Record<string, string | undefined>>): string {
  const named =
    platform === "aws" ? (environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? "") : (environment["CLOUDSDK_COMPUTE_REGION"] ?? "");
  const pattern = platform === "aws" ? /^[a-z]{2}(-[a-z]+)+-\d$/ : /^[a-z]+-[a-z]+\d+$/;
  return pattern.test(named) ? named : REGIONS[platform];
}

/** A file with its blanks filled in. */
export function filled(text: string, values: Blanks): string {
  return text.replaceAll(/\{\{(name|region|project)\}\}/g, (_, blank: keyof Blanks) => values[blank]);
}
