/** How the language server is; `stopped` says why, and which setting is at fault where one is. */
export type ServerState =
  | { readonly kind: "idle" }
  | { readonly kind: "starting" }
  | { readonly kind: "running" }
  | { readonly kind: "stopped"; readonly message: string; readonly setting?: "serverPath" | "interpreter" };
