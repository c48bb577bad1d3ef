import type { Fault } from "./resolve";

/** How the language server is; `stopped` says why, and what is at fault where it is not the server itself. */
export type ServerState =
  | { readonly kind: "idle" }
  | { readonly kind: "starting" }
  | { readonly kind: "running" }
  | { readonly kind: "stopped"; readonly message: string; readonly fault?: Fault };
