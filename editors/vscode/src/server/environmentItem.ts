// How an environment is listed. Knows no VS Code.
import type { EnvironmentState } from "../protocol.gen";

export interface EnvironmentItem {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

export function environmentItem({ title, purpose, state, size, megabytes, folder }: EnvironmentState): EnvironmentItem {
  const said: Record<EnvironmentState["state"], readonly [icon: string, description: string]> = {
    included: ["check", "part of the server"],
    installed: ["check", `installed, ${Math.round(size / 1e6)} MB in ${folder}`],
    installing: ["loading~spin", "being installed"],
    missing: ["cloud-download", `not installed, about ${megabytes} MB`],
  };
  const [icon, description] = said[state];
  return { label: `$(${icon}) ${capital(title)}`, description, detail: capital(purpose) };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
